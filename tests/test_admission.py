"""Questions at once: how many, in whose turn, how often; and what those are told who are not let in."""

import asyncio
from contextlib import ExitStack, suppress
from threading import Barrier, Event, Lock, Thread

import pytest
from chat_servers import WAIT
from hypothesis import given
from hypothesis import strategies as st

from ui.admission import _MOST, Admission, Busy, _Places, _Ticket


class Clock:
    """Stands still until it is set."""

    now = 1000.0

    def __call__(self):
        return self.now


def ticket(places, who, called=None):
    asked = _Ticket(who, lambda: called.append(who) if called is not None else None)
    places.ask(asked)
    return asked


def test_no_more_are_at_work_than_there_are_places():
    admission, together, lock = Admission(at_once=4, waiting=100, patience=WAIT, per_minute=1000), Barrier(40), Lock()
    at_work, most = [], []

    def ask(who):
        together.wait(WAIT)
        with admission.admitted(who):
            with lock:
                at_work.append(who)
                most.append(len(at_work))
            with lock:
                at_work.remove(who)

    threads = [Thread(target=ask, args=(f"reader {number}",)) for number in range(40)]
    [thread.start() for thread in threads]
    [thread.join(WAIT) for thread in threads]
    assert len(most) == 40
    assert max(most) <= 4


def test_who_waits_is_let_in_when_a_place_comes_free():
    admission, inside = Admission(at_once=1, patience=WAIT), Event()

    def ask():
        with admission.admitted("second"):
            inside.set()

    with admission.admitted("first"):
        thread = Thread(target=ask)
        thread.start()
        assert not inside.is_set()
    assert inside.wait(WAIT)
    thread.join(WAIT)
    assert admission.in_line == 0


def test_who_waited_in_vain_is_told_what_is_going_on_and_leaves_the_line():
    admission = Admission(at_once=2, patience=0)
    with admission.admitted("a"), admission.admitted("b"):
        with pytest.raises(Busy, match=r"^Busy: 2 questions are being answered\. Try again in 1 s\.$") as busy:
            admission.admitted("c").__enter__()
        assert (busy.value.status, busy.value.seconds, admission.in_line) == (503, 1, 0)
    with admission.admitted("c"):
        pass


def test_one_reader_leaves_a_quarter_of_the_places_to_others():
    admission = Admission(at_once=4, patience=0)
    with ExitStack() as held:
        for _ in range(3):
            held.enter_context(admission.admitted("eager"))
        with pytest.raises(Busy, match="3 questions of yours are being answered"):
            admission.admitted("eager").__enter__()
        held.enter_context(admission.admitted("other"))


def test_a_place_goes_to_the_reader_with_the_fewest_at_work_then_to_who_waits_longest():
    places, called = _Places(2, 60), []
    held = [ticket(places, "eager"), ticket(places, "eager")]
    for who in ["eager"] * 48 + ["late", "later"]:
        ticket(places, who, called)
    places.leave(held[0])
    places.leave(held[1])
    assert called == ["late", "later"]


def test_in_a_full_line_the_reader_with_most_in_it_gives_way():
    places, called = _Places(1, 3), []
    seated = ticket(places, "eager")
    waiting = [ticket(places, "eager", called) for _ in range(3)]
    other = ticket(places, "other", called)
    assert places.line == [*waiting[:2], other]
    assert called == ["eager"]
    places.leave(seated)
    assert other.seated


def test_in_a_line_of_equals_the_newcomer_is_sent_away():
    places, called = _Places(1, 2), []
    for who in "abcd":
        ticket(places, who, called)
    assert [one.who for one in places.line] == ["b", "c"]
    assert called == ["a", "d"]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans())), st.integers(1, 5), st.integers(0, 4))
def test_places_and_line_keep_their_bounds_and_no_place_is_lost(steps, at_once, waiting):
    places, asked = _Places(at_once, waiting), []
    for who, leaves in steps:
        if leaves and asked:
            places.leave(asked.pop(0))
        else:
            asked.append(ticket(places, who))
        seated = [one for one in asked if one.seated]
        assert len(seated) <= at_once
        assert len(places.line) <= waiting
    for one in asked:
        places.leave(one)
    assert (places.line, places._served, places._at_work.total()) == ([], {}, 0)
    assert ticket(places, "anyone").seated


def test_a_reader_asks_so_often_a_minute_and_others_are_not_held_to_it():
    clock = Clock()
    admission = Admission(per_minute=2, clock=clock)
    for clock.now in (1000.0, 1010.0):
        with admission.admitted("a"):
            pass
    with pytest.raises(Busy, match=r"2 a minute are answered for each reader\. Try again in 50 s\.") as busy:
        admission.admitted("a").__enter__()
    assert (busy.value.status, busy.value.seconds) == (429, 50)
    with admission.admitted("b"):
        pass
    clock.now = 1060.0
    with admission.admitted("a"):
        pass


def test_an_address_asks_as_often_as_ten_readers_whatever_they_are_called():
    clock = Clock()
    admission = Admission(per_minute=2, clock=clock)
    here, there = admission.of("192.0.2.1"), admission.of("192.0.2.2")
    for number in range(20):
        with here.admitted(f"made up {number}"):
            pass
    with pytest.raises(Busy, match=r"20 a minute are answered for each address\. Try again in 60 s\.") as busy:
        here.admitted("made up 20").__enter__()
    assert busy.value.status == 429
    with there.admitted("made up 20"), admission.admitted("made up 21"):
        pass


def test_one_who_is_refused_uses_up_nothing_of_an_address():
    here = Admission(per_minute=2, clock=Clock()).of("192.0.2.1")
    for _ in range(30):
        with suppress(Busy), here.admitted("eager"):
            pass
    for number in range(18):
        with here.admitted(f"neighbour {number}"):
            pass
    with pytest.raises(Busy, match="for each address"):
        here.admitted("neighbour 18").__enter__()


def test_twenty_four_readers_of_one_address_may_ask_every_other_second():
    clock, patient = Clock(), []
    here = Admission(clock=clock).of("192.0.2.1")
    for clock.now in range(1000, 1240, 2):
        for reader in range(24):
            with here.admitted(f"reader {reader}"):
                patient.append(reader)
    assert len(patient) == 24 * 120


def test_of_very_many_readers_and_addresses_only_the_latest_are_remembered():
    admission = Admission(clock=Clock())
    for number in range(_MOST + 50):
        with admission.of(f"origin {number}").admitted(f"made up {number}"):
            pass
    assert (len(admission._readers._asked), len(admission._origins._asked)) == (_MOST, _MOST)


def test_who_asked_nothing_for_a_minute_is_forgotten():
    clock = Clock()
    admission = Admission(clock=clock)
    for number in range(500):
        clock.now += 1
        with admission.admitted(f"made up {number}"):
            pass
    assert len(admission._readers._asked) == 60


def test_a_place_is_given_back_after_an_error():
    admission = Admission(at_once=1, patience=0)
    with pytest.raises(ValueError, match="broken"), admission.admitted("a"):
        raise ValueError("broken")
    with admission.admitted("a"):
        pass


def test_a_coroutine_waits_for_a_thread_to_leave():
    admission, order = Admission(at_once=1, patience=WAIT), []

    async def ask():
        async with admission.admitted_soon("b"):
            order.append("in")

    async def both():
        place = admission.admitted("a")
        place.__enter__()
        waiting = asyncio.create_task(ask())
        while not admission.in_line:
            await asyncio.sleep(0)
        order.append("left")
        await asyncio.to_thread(place.__exit__, None, None, None)
        await waiting

    asyncio.run(both())
    assert order == ["left", "in"]


def test_a_coroutine_that_is_broken_off_leaves_the_line():
    admission = Admission(at_once=1, patience=WAIT)

    async def ask():
        async with admission.admitted_soon("b"):
            raise AssertionError

    async def broken():
        with admission.admitted("a"):
            waiting = asyncio.create_task(ask())
            while not admission.in_line:
                await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])

    asyncio.run(broken())
    assert admission.in_line == 0


def test_a_coroutine_is_told_that_it_is_busy():
    admission = Admission(at_once=1, patience=0)

    async def ask():
        with admission.admitted("a"):
            async with admission.admitted_soon("b"):
                raise AssertionError

    with pytest.raises(Busy, match="1 question is being answered"):
        asyncio.run(ask())
