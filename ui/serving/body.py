"""A request's body on its way in: no larger than it may be, and not slower than a line can be."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

from starlette.types import Message, Receive

LARGEST = 1_000_000
"""Bytes of a request's body."""
LARGEST_UPLOAD = 100_000_000
"""Bytes of one that brings articles."""
LARGEST_HEAD = 32_000
"""Bytes of a request's headers."""
UPLOADS = "/api/ingest"
_PATIENCE = 30.0
_SLOWEST = 1_000  # bytes a second, once patience is spent
_GONE: Message = {"type": "http.disconnect"}


def largest(path: str) -> int:
    """How many bytes the body of a request may have."""
    return LARGEST_UPLOAD if path == UPLOADS else LARGEST


def too_large(path: str) -> tuple[int, str]:
    """What is replied where it has more."""
    return 413, f"The request is larger than {largest(path):,} bytes."


class Body:
    """What an application receives; once the body is refused, or the server ends, as if its reader had gone."""

    def __init__(self, receive: Receive, closing: asyncio.Event, path: str) -> None:
        self._receive = receive
        self._closing = closing
        self._path = path
        self._whole = False
        self._received = 0
        self._waited = 0.0
        self.refused: tuple[int, str] | None = None
        """Why it is refused, status and line, if it is."""

    async def receive(self) -> Message:
        """The next part; a body is refused by the part that is one too many."""
        if self.refused:
            return _GONE
        message = await self._next()
        if message is None:
            self.refused = 408, "The request came too slowly. Send it again."
        elif message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._received > largest(self._path):
                self.refused = too_large(self._path)
        return _GONE if message is None or self.refused else message

    async def _next(self) -> Message | None:
        """What comes next: a part, the end of whoever sends it or of the server; ``None`` if that takes too long."""
        asked = asyncio.ensure_future(_received(self._receive()))
        closing = asyncio.ensure_future(self._closing.wait())
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            await asyncio.wait({asked, closing}, timeout=self._left(), return_when=asyncio.FIRST_COMPLETED)
            if asked.done():
                return asked.result()
            return _GONE if closing.done() else None
        finally:
            # What the application does between two parts is not its sender's time.
            self._waited += clock() - begun
            asked.cancel()
            closing.cancel()

    def _left(self) -> float | None:
        """Seconds for the next part; none are counted once all are here and only the reader's going is awaited."""
        if self._whole:
            return None
        return max(0.0, _PATIENCE + self._received / _SLOWEST - self._waited)


async def _received(message: Awaitable[Message]) -> Message:
    return await message
