from __future__ import annotations

from threading import Barrier, Event

import pytest
from talking import Clock

from rag.fetching import hosts
from rag.fetching.hosts import AsksToWait, Hosts
from rag.fetching.threads import Cut, Stopped, begun


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queues(clock: Clock) -> Hosts:
    return Hosts(clock=clock, sleep=clock.sleep)


def take(queues: Hosts, host: str, *, pause: float = 1, asked: float = 0) -> None:
    with queues.turn(host, pause=pause, cut=Cut()) as turn:
        turn.asked = asked


def test_a_host_in_any_spelling_rests_between_requests_and_no_other_waits(queues: Hosts, clock: Clock) -> None:
    for host in ("post.example", "Post.Example.", "times.example"):
        take(queues, host, pause=5)
    assert clock.now == pytest.approx(1005)
    assert queues.ready("POST.example") == pytest.approx(1010)


def test_a_request_that_fails_is_rested_after_too(queues: Hosts, clock: Clock) -> None:
    with pytest.raises(OSError, match="broken"), queues.turn("post.example", pause=5, cut=Cut()):
        raise OSError("broken")
    take(queues, "post.example")
    assert clock.now == pytest.approx(1005)


def test_a_host_that_asks_for_long_is_not_asked_before(queues: Hosts, clock: Clock) -> None:
    take(queues, "post.example", asked=100)
    with pytest.raises(AsksToWait, match="asks to wait 100 seconds"):
        take(queues, "post.example")
    clock.now += 50
    take(queues, "post.example")
    assert clock.now == pytest.approx(1100)


def test_threads_take_turns_at_a_host(queues: Hosts, clock: Clock) -> None:
    inside: list[float] = []

    def work() -> None:
        start.wait(5)
        with queues.turn("post.example", pause=2, cut=Cut()):
            inside.append(clock.now)

    start = Barrier(4)
    for one in [begun(work) for _ in range(4)]:
        one.result(5)
    assert inside == pytest.approx([1000, 1002, 1004, 1006])


def test_a_wait_behind_another_thread_can_be_cut_off(queues: Hosts) -> None:
    inside, leave, cut = Event(), Event(), Cut()

    def hold() -> None:
        with queues.turn("post.example", pause=0, cut=Cut()):
            inside.set()
            leave.wait(5)

    holding = begun(hold)
    inside.wait(5)
    cut.make()
    with pytest.raises(Stopped), queues.turn("post.example", pause=0, cut=cut):
        pass
    leave.set()
    holding.result(5)


def test_only_hosts_whose_pause_is_over_are_forgotten(
    queues: Hosts, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hosts, "MOST", 2)
    for host, pause in (("a.example", 50), ("b.example", 0), ("c.example", 0)):
        take(queues, host, pause=pause)
    assert queues.ready("a.example") == 1050
    assert queues.ready("b.example") < 0
