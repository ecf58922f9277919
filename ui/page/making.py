"""Something in the making, in a thread of its own: its steps as they come, and breaking it off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Event, Thread
from typing import Generic, TypeVar

from rag.errors import Stopped

Step = TypeVar("Step")
Made = TypeVar("Made")


class Making(Generic[Step, Made]):
    """Made by ``make``, which is given what to call with how far it has come."""

    def __init__(self, make: Callable[[Callable[[Step], None]], Made], *, stopped: str) -> None:
        """``stopped`` is the line said when it was broken off."""
        self._make = make
        self._line = stopped
        self._steps: SimpleQueue[tuple[Step | Made | Exception, bool]] = SimpleQueue()
        self._stopped = Event()

    def steps(self) -> Iterator[Step | Made]:
        """How far it has come, each time that is told, and at last what was made; to leave off early stops it.

        Raises:
            Stopped: it was stopped.
        """
        Thread(target=self._work, daemon=True).start()
        try:
            while True:
                step, last = self._steps.get()
                if isinstance(step, Exception):
                    raise step
                yield step
                if last:
                    return
        finally:
            self._stopped.set()

    def stop(self) -> None:
        """Wait for it no longer, and have it end at its next step."""
        self.end()
        self._steps.put((Stopped(self._line), True))

    def end(self) -> None:
        """Have it end at its next step, and wait until it has."""
        self._stopped.set()

    def _work(self) -> None:
        try:
            self._steps.put((self._make(self._watch), True))
        except Exception as error:  # raised again where the steps are read
            self._steps.put((error, True))

    def _watch(self, step: Step) -> None:
        if self._stopped.is_set():
            raise Stopped(self._line)
        self._steps.put((step, False))
