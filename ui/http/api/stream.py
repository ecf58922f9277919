"""Streaming answers over HTTP: each event as soon as it is certain, as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request

from rag.contract import event_json
from rag.errors import GroundwireError
from rag.stream import Done, Found, Rejected, Searching, Stated
from ui import calls
from ui.http.sent import EVENTS, Events, event
from ui.http.waiting import awaited
from ui.readers import origin_of, who

if TYPE_CHECKING:
    from rag import Archive
    from rag.stream import AnswerStream
    from ui.admission import Admission

_SHOWN = """\
event: searching
data: {"event": "searching", "question": "…"}

event: hits
data: {"event": "hits", "question": "…", "hits": […]}

event: statement
data: {"event": "statement", "statement": {…}, "citations": […]}

event: done
data: {"event": "done", "answer": {…}}
"""
_KINDS = [*(kind.kind for kind in (Searching, Found, Stated, Rejected, Done)), "error"]
_EVENT = {
    "type": "object",
    "properties": {"event": {"enum": _KINDS}, "data": {"type": "string", "contentMediaType": "application/json"}},
    "required": ["event", "data"],
    "additionalProperties": False,
}
TOLD = {
    "description": "Server-sent events; `done` carries what `POST /api/ask` replies.",
    "content": {EVENTS: {"schema": _EVENT, "example": _SHOWN}},
}
"""What the OpenAPI page says of the reply."""


async def streaming(
    archive: Archive, admission: Admission, request: Request, call: calls.Ask, *, model: str | None
) -> Events:
    """The reply that tells an answer as it comes about; its place among those being answered is held to its end."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(admission.of(origin_of(request)).admitted_soon(who(request)))
        stream = await awaited(partial(calls.ask_stream, archive, call, model=model))
        stack.callback(stream.close)
        return Events(_sent(stream), stack.pop_all())


async def _sent(stream: AnswerStream) -> AsyncIterator[str]:
    try:
        while (told := await awaited(partial(next, stream, None))) is not None:
            yield event(event_json(told), told.kind)
    except GroundwireError as error:
        yield event({"event": "error", "error": calls.line(error)}, "error")
