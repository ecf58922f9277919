"""An asynchronous stream read as a plain one, which can be closed at any moment, from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from functools import cache
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")
_END = object()


class Pulled(Iterator[T], Generic[T]):
    """What a source yields, in order; whatever it raises is raised here. It runs in a thread of its own."""

    def __init__(self, source: Callable[[], AsyncGenerator[T]]) -> None:
        self._items: SimpleQueue[object] = SimpleQueue()
        self._over = False
        self._running = asyncio.run_coroutine_threadsafe(self._pull(source), _loop())

    def __next__(self) -> T:
        item = _END if self._over else self._items.get()
        if item is _END:
            self._over = True
            raise StopIteration
        if isinstance(item, _Raised):
            self._over = True
            raise item.error
        return item  # type: ignore[return-value]

    def close(self) -> None:
        """Cancel the source where it stands, also while it waits. Whoever waits for its next item gets none."""
        self._running.cancel()
        self._items.put(_END)

    async def _pull(self, source: Callable[[], AsyncGenerator[T]]) -> None:
        try:
            async with aclosing(source()) as items:
                async for item in items:
                    self._items.put(item)
            self._items.put(_END)
        except Exception as error:  # handed over to the thread that reads
            self._items.put(_Raised(error))


class _Raised:
    """What the source raised."""

    def __init__(self, error: Exception) -> None:
        self.error = error


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="chat-models", daemon=True).start()
    return loop
