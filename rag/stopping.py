"""Whether an answer is still wanted: set from any thread, it closes what the answer is waiting for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from rag.errors import Stopped


class Stop:
    """One answer's. ``set`` may be called at any moment, from any thread, more than once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._set = False
        self._closing: list[Callable[[], None]] = []

    def set(self) -> None:
        """Close all that is being waited for."""
        with self._lock:
            self._set = True
            closing = list(self._closing)
        for close in closing:
            close()

    def check(self) -> None:
        """Raises Stopped once it is set."""
        if self._set:
            raise Stopped("The answer was stopped.")

    @contextmanager
    def closing(self, close: Callable[[], None]) -> Iterator[None]:
        """While inside, ``set`` calls ``close``. Raises Stopped on leaving, or at once, where it is set."""
        with self._lock:
            self._closing.append(close)
        try:
            self.check()
            yield
        finally:
            with self._lock:
                self._closing.remove(close)
        self.check()
