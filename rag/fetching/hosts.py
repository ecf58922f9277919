"""One polite queue per host: one request at a time, and a pause before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from rag.errors import InputError
from rag.fetching.threads import Cut

PATIENCE = 60.0
"""Seconds that a host may ask to be left alone and still be waited for."""
MOST = 10_000
"""Hosts remembered; one whose pause is over may be forgotten."""
_GLANCE = 0.2
"""Seconds between looks at whether a wait was cut off."""


class AsksToWait(InputError):
    """A host wants to be left alone for a while."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"The host {host!r} asks to wait {seconds:.0f} seconds. Try again then.")
        self.seconds = seconds


@dataclass(slots=True)
class Turn:
    """One request's place in the queue; says how long the next must wait."""

    pause: float
    asked: float = 0.0
    """Seconds that the host itself asked for, in its answer."""


@dataclass(slots=True)
class _Queue:
    lock: Lock = field(default_factory=Lock)
    free_at: float = float("-inf")
    asked_until: float = float("-inf")
    users: int = 0


class Hosts:
    """The queues; shared between threads."""

    def __init__(self, *, clock: Callable[[], float], sleep: Callable[[float], object]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._queues: dict[str, _Queue] = {}

    def ready(self, host: str) -> float:
        """When the host may be asked again, by the clock."""
        with self._lock:
            queue = self._queues.get(_name(host))
            return queue.free_at if queue else float("-inf")

    @contextmanager
    def turn(self, host: str, *, pause: float, cut: Cut) -> Iterator[Turn]:
        """Waits until the host may be asked, and keeps all others waiting until ``pause`` seconds after the end.

        Raises:
            AsksToWait: the host asked for more time than it is worth waiting.
        """
        queue = self._entered(_name(host))
        try:
            while not queue.lock.acquire(timeout=_GLANCE):
                cut.check()
            try:
                self._wait(host, queue, cut)
                yield from self._held(queue, Turn(pause))
            finally:
                queue.lock.release()
        finally:
            with self._lock:
                queue.users -= 1

    def _held(self, queue: _Queue, turn: Turn) -> Iterator[Turn]:
        try:
            yield turn
        finally:
            now = self._clock()
            queue.asked_until = max(queue.asked_until, now + turn.asked)
            queue.free_at = max(now + turn.pause, queue.asked_until)

    def _wait(self, host: str, queue: _Queue, cut: Cut) -> None:
        asked = queue.asked_until - self._clock()
        if asked > PATIENCE:
            raise AsksToWait(host, asked)
        cut.check()
        while (left := queue.free_at - self._clock()) > 0:
            self._sleep(min(left, _GLANCE))
            cut.check()

    def _entered(self, host: str) -> _Queue:
        with self._lock:
            if host not in self._queues and len(self._queues) >= MOST:
                self._forget()
            queue = self._queues.setdefault(host, _Queue())
            queue.users += 1
            return queue

    def _forget(self) -> None:
        now = self._clock()
        self._queues = {host: queue for host, queue in self._queues.items() if queue.users or queue.free_at > now}


def _name(host: str) -> str:
    return host.lower().rstrip(".")
