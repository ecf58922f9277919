from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Lock

import pytest

from rag.errors import InputError
from rag.fetching import abreast
from rag.fetching.threads import Cut, Stopped


def host(item: str) -> str:
    return item[0]


def at_once(item: str) -> float:
    return 0.0


def test_each_host_does_one_thing_at_a_time_and_all_is_done() -> None:
    busy: set[str] = set()
    lock = Lock()

    def do(item: str, cut: Cut) -> str:
        with lock:
            assert host(item) not in busy
            assert len(busy) < abreast.AT_ONCE
            busy.add(host(item))
        Event().wait(0.001)
        with lock:
            busy.remove(host(item))
        return item.upper()

    wanted = [f"{letter}{number}" for letter in "abcdefghijkl" for number in range(9)]
    found = list(abreast.each(wanted, do, host=host, ready=at_once))
    assert sorted(found) == sorted((item, item.upper()) for item in wanted)


def test_one_slow_host_keeps_no_other_waiting() -> None:
    slow = Event()

    def do(item: str, cut: Cut) -> str:
        if item == "a0":
            assert slow.wait(5)
        return item

    found = abreast.each(["a0", "a1", "b0", "b1"], do, host=host, ready=at_once)
    assert [next(found)[0], next(found)[0]] == ["b0", "b1"]
    slow.set()
    assert [item for item, _ in found] == ["a0", "a1"]


def test_a_failure_of_one_is_given_and_a_fault_of_ours_is_raised() -> None:
    def do(item: str, cut: Cut) -> str:
        raise InputError("no page") if item == "a" else ZeroDivisionError

    found = abreast.each(["a", "aa"], do, host=host, ready=at_once)
    assert str(next(found)[1]) == "no page"
    with pytest.raises(ZeroDivisionError):
        next(found)


def test_closing_begins_no_more_and_cuts_off_the_rest() -> None:
    ended, begun = Event(), []

    def do(item: str, cut: Cut) -> str:
        begun.append(item)
        if item != "b0":
            try:
                while not ended.wait(0.001):
                    cut.check()
            except Stopped:
                ended.set()
        return item

    found = abreast.each(["a0", "b0", "a1"], do, host=host, ready=at_once)
    assert next(found) == ("b0", "b0")
    found.close()
    assert ended.wait(5)
    assert sorted(begun) == ["a0", "b0"]


def test_no_more_is_read_than_needed() -> None:
    read = 0

    def wanted() -> Iterator[str]:
        nonlocal read
        for read in range(1, 10_000):
            yield chr(read % 50 + 200)

    found = abreast.each(wanted(), lambda item, cut: item, host=host, ready=at_once)
    next(found)
    assert read <= abreast.AT_ONCE
    found.close()
