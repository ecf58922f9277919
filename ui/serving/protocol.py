"""The connections of the server: how many there may be, how large a request's head, and how long it may be coming."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ui.serving.body import LARGEST_HEAD

MOST_CONNECTIONS = 1_000
HEAD_SECONDS = 15.0
"""How long a connection waits for the head of a request, its first byte included."""


class Bounded(HttpToolsProtocol):
    """uvicorn's own connection, which by itself takes in heads of any size for as long as they come."""

    _in_head = False
    _head = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request; one connection too many is told so and closed."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._end(503, "Busy: too many connections are open. Try again in 5 s.")
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        """Take in a piece of a request; an endless head is cut off."""
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head += len(data)
            # The first piece may hold the end of what came before: the shell counts exactly.
            if self._head > 2 * LARGEST_HEAD:
                self._end(431, f"The headers are larger than {LARGEST_HEAD:,} bytes.")
                return
        if self._is_idle():
            self._watch()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._in_head, self._head = True, 0

    def on_headers_complete(self) -> None:
        """Its head is here."""
        self._in_head = False
        self._leave_off()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there to wait for."""
        self._leave_off()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Say that what came is no request."""
        self._end(400, "The request is not HTTP.")

    def _is_idle(self) -> bool:
        return self._in_head or self.cycle is None or self.cycle.response_complete

    def _watch(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self._late)

    def _leave_off(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self._in_head:
            self._end(408, "The request came too slowly. Send it again.")
        elif self._is_idle():
            self.transport.close()

    def _end(self, status: int, line: str) -> None:
        if self.transport.is_closing():
            return
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(line)}\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        )
        self.transport.write((head + line).encode("ascii"))
        self.transport.close()
