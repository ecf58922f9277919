"""Many pieces of work at several hosts at once, one at a time at each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Generic, TypeVar

from rag.errors import InputError
from rag.fetching.threads import Cut, begun

Wanted = TypeVar("Wanted")
Got = TypeVar("Got")

AT_ONCE = 8
AHEAD = 1000
"""Pieces of work looked at ahead of their turn, in search of another host."""


def each(
    wanted: Iterable[Wanted],
    do: Callable[[Wanted, Cut], Got],
    *,
    host: Callable[[Wanted], str],
    ready: Callable[[str], float],
) -> Generator[tuple[Wanted, Got | InputError], None, None]:
    """What comes of every piece of work, in the order of their ends; an InputError is what came of one.

    No more is under way, or done and not yet asked for, than AT_ONCE; ``wanted`` is read in the caller's own thread,
    no further than needed. Hosts take turns, the one that is ``ready`` first going first. Closing the iterator cuts
    off what is under way.
    """
    queues = _Queues(iter(wanted), host, ready)
    done: SimpleQueue[tuple[Wanted, Future[Got]]] = SimpleQueue()
    cut = Cut()
    try:
        while True:
            while len(queues.busy) < AT_ONCE and (found := queues.next()) is not None:
                _begin(found[0], do, cut, done)
            if not queues.busy:
                return
            item, future = done.get()
            queues.busy.discard(host(item))
            error = future.exception()
            yield item, error if isinstance(error, InputError) else future.result()
    finally:
        cut.make()


def _begin(
    item: Wanted, do: Callable[[Wanted, Cut], Got], cut: Cut, done: SimpleQueue[tuple[Wanted, Future[Got]]]
) -> None:
    begun(lambda: do(item, cut), then=lambda future: done.put((item, future)))


class _Queues(Generic[Wanted]):
    """What waits at each host, and which hosts are busy."""

    def __init__(
        self, wanted: Iterator[Wanted], host: Callable[[Wanted], str], ready: Callable[[str], float]
    ) -> None:
        self.busy: set[str] = set()
        self._wanted = wanted
        self._host = host
        self._ready = ready
        self._waiting: dict[str, deque[Wanted]] = {}

    def next(self) -> tuple[Wanted] | None:
        """One piece of work whose host is idle, which is then busy."""
        self._look_ahead()
        idle = [host for host in self._waiting if host not in self.busy]
        if not idle:
            return None
        host = min(idle, key=self._ready)
        queue = self._waiting.pop(host)
        item = queue.popleft()
        if queue:
            self._waiting[host] = queue  # last, so that of equals the others come first
        self.busy.add(host)
        return (item,)

    def _look_ahead(self) -> None:
        count = sum(map(len, self._waiting.values()))
        while count < AHEAD and self._waiting.keys() <= self.busy:
            for item in self._wanted:
                self._waiting.setdefault(self._host(item), deque()).append(item)
                count += 1
                break
            else:
                return
