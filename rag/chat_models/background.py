"""Asynchronous iterators read from plain code: they run on one event loop in one background thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None = None


class Flow(Generic[T]):
    """The items of an asynchronous generator, which starts at once and in the context of its caller.

    What it raises is raised here, after the items that came before. ``close`` stops it where it waits, and with it
    whatever connection it holds.
    """

    def __init__(self, source: AsyncGenerator[T, None]) -> None:
        self._items: SimpleQueue[T | _End] = SimpleQueue()
        # asyncio copies the caller's context variables: LangChain finds its callbacks in them, and LangSmith
        # whether it may trace.
        self._running = asyncio.run_coroutine_threadsafe(_pump(source, self._items), _loop())
        self._ended = False

    def __iter__(self) -> Flow[T]:
        return self

    def __next__(self) -> T:
        if self._ended:
            raise StopIteration
        item = self._items.get()
        if not isinstance(item, _End):
            return item
        self._ended = True
        raise item.error or StopIteration

    def close(self) -> None:
        """Stop it now. Whoever waits for the next item sees the end."""
        self._ended = True
        self._running.cancel()
        # What is cancelled before its first step does not run at all, and tells no end.
        self._items.put(_End())


async def _pump(source: AsyncGenerator[T, None], items: SimpleQueue[T | _End]) -> None:
    end = _End()
    try:
        async with aclosing(source):
            async for item in source:
                items.put(item)
    except Exception as error:  # whatever it is, it belongs to the one who reads
        end = _End(error)
    finally:
        items.put(end)


def _loop() -> asyncio.AbstractEventLoop:
    with _lock:
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat models", daemon=True).start()
    return loop
