"""Work in other threads: begun, and cut off when nobody wants it any more."""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Lock, Thread
from typing import TypeVar

from rag.errors import InputError

Result = TypeVar("Result")


class Stopped(InputError):
    """It was cut off before its end."""

    def __init__(self) -> None:
        super().__init__("It was stopped before its end. Ingest it again.")


class Cut:
    """Ends network work from another thread: its open connections at once, its waits soon."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._open: set[socket.socket] = set()
        self._made = False

    def make(self) -> None:
        with self._lock:
            self._made = True
            for connection in self._open:
                _hang_up(connection)

    def check(self) -> None:
        if self._made:
            raise Stopped

    def watch(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)
            if self._made:
                _hang_up(connection)

    def forget(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)


def begun(work: Callable[[], Result], *, then: Callable[[Future[Result]], object] | None = None) -> Future[Result]:
    """What will come of work in a thread, which keeps no program from ending; ``then`` is told when it has come."""
    future: Future[Result] = Future()
    if then:
        future.add_done_callback(then)

    def do() -> None:
        try:
            result = work()
        except BaseException as error:  # whatever it is: it belongs to whoever asks for the result
            future.set_exception(error)
        else:
            future.set_result(result)

    Thread(target=do, daemon=True).start()
    return future


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        # Of the plain socket: that of TLS first drops what the thread reading from it still holds.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)
