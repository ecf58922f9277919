"""Replies as they are sent: JSON that can always be sent, whole or as server-sent events."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

from starlette.responses import JSONResponse, StreamingResponse
from starlette.types import Receive, Scope, Send

EVENTS = "text/event-stream"
GONE = 499
"""Status of the reply to nobody."""
_NOT_KEPT = {"Cache-Control": "no-store"}


class Reply(JSONResponse):
    """JSON in which half a surrogate pair, which cannot be sent, is a question mark."""

    def render(self, content: Any) -> bytes:
        return _written(content)


class Events(StreamingResponse):
    """Server-sent events. What they hold is let go when the last is sent, or whoever reads them has left."""

    def __init__(self, lines: AsyncIterator[str], held: AsyncExitStack) -> None:
        super().__init__(lines, media_type=EVENTS, headers=_NOT_KEPT)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them. What is held is not let go by the events themselves: they may never be begun."""
        async with self._held:
            await super().__call__(scope, receive, send)


def event(value: object, kind: str | None = None) -> str:
    """One event, under its kind's name where it has one."""
    named = f"event: {kind}\n" if kind else ""
    return f"{named}data: {_written(value).decode()}\n\n"


def _written(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")
