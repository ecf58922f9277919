"""How many questions are answered at once, and how often one reader or address may ask; others wait in line."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from copy import copy
from threading import Event, Lock
from typing import Self

from rag.errors import GroundwireError

_MINUTE = 60.0
READERS = 10
"""How many readers' questions come from one address, which several may share and one give itself many names at."""
_MOST = 10_000
"""Readers, and addresses, whose questions are counted."""


class Busy(GroundwireError):
    """No place came free in time, or one reader asked too often."""

    def __init__(self, message: str, *, seconds: int, status: int) -> None:
        """``seconds`` until it is worth trying again; ``status`` is HTTP's: 429 asked too often, 503 no place."""
        super().__init__(message)
        self.seconds = seconds
        self.status = status


class Admission:
    """Lets questions in: so many at once, so many a minute of each reader, and ten times as many of each address.

    Safe to share between threads and loops.

    One reader's many questions do not starve another's one: a place goes to the waiting reader with the fewest at
    work, of those to the one served longest ago; nobody holds more than three quarters of the places; and in a full
    line the reader with most in it gives way.
    """

    def __init__(
        self,
        *,
        at_once: int = 32,
        waiting: int = 64,
        per_minute: int = 120,
        patience: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``waiting`` may stand in line at most, each for ``patience`` seconds."""
        self._lock = Lock()
        self._places = _Places(at_once, waiting)
        self._readers = _Rate(per_minute, "reader", clock)
        self._origins = _Rate(READERS * per_minute, "address", clock)
        self._patience = patience
        self._origin = ""

    def of(self, origin: str) -> Self:
        """The same, let into from one address, ``""`` for none, whoever they say they are that come from there."""
        door = copy(self)
        door._origin = origin
        return door

    @contextmanager
    def admitted(self, who: str) -> Iterator[None]:
        """Hold a place for a reader, or for an address where there is none; blocks for a while if all are taken.

        Raises:
            Busy: the line is full, no place came free in time, or this reader asked too often.
        """
        called = Event()
        ticket = self._asked(who, called.set)
        try:
            called.wait(self._patience)
            self._check(ticket)
            yield
        finally:
            self._leave(ticket)

    @asynccontextmanager
    async def admitted_soon(self, who: str) -> AsyncIterator[None]:
        """The same for a coroutine, which waits without holding a thread. Raises Busy as ``admitted`` does."""
        loop, called = asyncio.get_running_loop(), asyncio.Event()
        ticket = self._asked(who, lambda: _tell(loop, called))
        try:
            await _within(called, self._patience)
            self._check(ticket)
            yield
        finally:
            self._leave(ticket)

    @property
    def in_line(self) -> int:
        """How many wait for a place now."""
        with self._lock:
            return len(self._places.line)

    def _asked(self, who: str, wake: Callable[[], None]) -> _Ticket:
        with self._lock:
            self._count(who)
            ticket = _Ticket(who, wake)
            self._places.ask(ticket)
            return ticket

    def _count(self, who: str) -> None:
        self._readers.check(who)
        if self._origin:
            self._origins.check(self._origin)
            self._origins.count(self._origin)
        self._readers.count(who)

    def _check(self, ticket: _Ticket) -> None:
        with self._lock:
            if not ticket.seated:
                seconds = max(1, math.ceil(self._patience))
                raise Busy(
                    f"Busy: {self._places.taken(ticket.who)} being answered. Try again in {seconds} s.",
                    seconds=seconds,
                    status=503,
                )

    def _leave(self, ticket: _Ticket) -> None:
        with self._lock:
            self._places.leave(ticket)


class _Ticket:
    """One question, in line or at work; ``wake`` is called when it is given a place or sent away."""

    __slots__ = ("seated", "wake", "who")

    def __init__(self, who: str, wake: Callable[[], None]) -> None:
        self.who = who
        self.wake = wake
        self.seated = False


class _Places:
    """Who is at work and who waits, the longest first; not safe by itself: its owner holds a lock."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._at_once = at_once
        self._each = at_once - at_once // 4
        self._waiting = waiting
        self._at_work: Counter[str] = Counter()
        self._served: dict[str, int] = {}
        self._turn = 0
        self.line: list[_Ticket] = []

    def ask(self, ticket: _Ticket) -> None:
        """Seat it, or put it in line; where that is full, whoever has most in it loses the last that came."""
        self.line.append(ticket)
        self._seat()
        if len(self.line) > self._waiting:
            self._send_away()

    def leave(self, ticket: _Ticket) -> None:
        """Give its place to the next; one that has none just goes."""
        if ticket.seated:
            ticket.seated = False
            self._at_work[ticket.who] -= 1
            self._seat()
        elif ticket in self.line:
            self.line.remove(ticket)
        self._forget(ticket.who)

    def taken(self, who: str) -> str:
        """What stands in a reader's way: ``32 questions are``."""
        own = self._at_work[who]
        count, whose = (own, " of yours") if own >= self._each else (self._at_work.total(), "")
        return f"{count} question{whose} is" if count == 1 else f"{count} questions{whose} are"

    def _seat(self) -> None:
        while self._at_work.total() < self._at_once and (ticket := self._next()):
            self.line.remove(ticket)
            self._at_work[ticket.who] += 1
            self._turn += 1
            self._served[ticket.who] = self._turn
            ticket.seated = True
            ticket.wake()

    def _next(self) -> _Ticket | None:
        may = (ticket for ticket in self.line if self._at_work[ticket.who] < self._each)
        return min(may, key=lambda one: (self._at_work[one.who], self._served.get(one.who, 0)), default=None)

    def _send_away(self) -> None:
        held = Counter(ticket.who for ticket in self.line)
        most = max(held.values())
        ticket = next(ticket for ticket in reversed(self.line) if held[ticket.who] == most)
        self.line.remove(ticket)
        ticket.wake()

    def _forget(self, who: str) -> None:
        if not self._at_work[who] and all(ticket.who != who for ticket in self.line):
            del self._at_work[who]
            self._served.pop(who, None)


class _Rate:
    """How often each asked within the last minute; who asked nothing since is forgotten."""

    def __init__(self, per_minute: int, each: str, clock: Callable[[], float]) -> None:
        self._most = per_minute
        self._each = each
        self._clock = clock
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, who: str) -> None:
        """Raise Busy where one asked as often as they may."""
        since = self._clock() - _MINUTE
        self._forget(since)
        times = self._asked.get(who, deque())
        while times and times[0] <= since:
            times.popleft()
        if len(times) >= self._most:
            seconds = max(1, math.ceil(times[0] - since))
            limit = f"{self._most:,} a minute are answered for each {self._each}"
            raise Busy(f"Too many questions: {limit}. Try again in {seconds} s.", seconds=seconds, status=429)

    def count(self, who: str) -> None:
        """Count one question more; of too many who asked, the one who asked longest ago is forgotten."""
        self._asked.setdefault(who, deque()).append(self._clock())
        self._asked.move_to_end(who)
        if len(self._asked) > _MOST:
            self._asked.popitem(last=False)

    def _forget(self, before: float) -> None:
        while self._asked and next(iter(self._asked.values()))[-1] <= before:
            self._asked.popitem(last=False)


def _tell(loop: asyncio.AbstractEventLoop, called: asyncio.Event) -> None:
    # A loop that is closed has nobody left to tell.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(called.set)


async def _within(called: asyncio.Event, seconds: float) -> None:
    # Whether there is a place now, is for the caller to see.
    with suppress(TimeoutError):
        await asyncio.wait_for(called.wait(), seconds)
