"""A summary in the making, in a thread of its own: its steps as they come, and breaking it off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Event, Thread

from rag.errors import Stopped
from rag.summary import Progress, Summary, Watch


class Making:
    """Made by ``make``, which is given what to call with how far it has come."""

    def __init__(self, make: Callable[[Watch], Summary]) -> None:
        self._make = make
        self._steps: SimpleQueue[Progress | Summary | Exception] = SimpleQueue()
        self._stopped = Event()

    def steps(self) -> Iterator[Progress | Summary]:
        """How far it has come, each time that is told, and at last the summary; to leave off early stops it.

        Raises:
            Stopped: it was stopped.
        """
        Thread(target=self._work, daemon=True).start()
        try:
            while True:
                step = self._steps.get()
                if isinstance(step, Exception):
                    raise step
                yield step
                if isinstance(step, Summary):
                    return
        finally:
            self._stopped.set()

    def stop(self) -> None:
        """Wait for it no longer, and ask no model further."""
        self._stopped.set()
        self._steps.put(Stopped("Stopped before the summary was written."))

    def _work(self) -> None:
        try:
            self._steps.put(self._make(self._watch))
        except Exception as error:  # raised again where the steps are read
            self._steps.put(error)

    def _watch(self, progress: Progress) -> None:
        if self._stopped.is_set():
            raise Stopped("The summary is not wanted any more.")
        self._steps.put(progress)
