"""All of a reader's conversations as one file, however many: ``GET /conversations.md``, ``.html`` and ``.json``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rag.errors import GroundwireError
from ui.exports.conversations import exported_conversations
from ui.http.api.faults import refused, wrong
from ui.readers import reader_of
from ui.text.forms import MEDIA, SUFFIXES, Form

if TYPE_CHECKING:
    from ui.kept.conversations import Conversation, Conversations

_NAMELESS = "This browser keeps no cookies, so no conversations are kept of it. Open the page to be given one."


def routes(conversations: Conversations) -> list[Route]:
    """A file in each form; each conversation is read and sent before the next, so that no more than one is held."""
    return [_route(conversations, form, f"conversations{suffix}") for form, suffix in SUFFIXES.items()]


def _route(conversations: Conversations, form: Form, name: str) -> Route:
    async def exported(request: Request) -> Response:
        reader = reader_of(request.cookies)
        if reader is None:
            return wrong(404, _NAMELESS)
        try:
            entries = (await asyncio.to_thread(conversations.listed, reader, limit=-1)).entries
        except GroundwireError as error:
            return refused(error)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        if request.method == "HEAD":
            return Response(media_type=MEDIA[form], headers=headers)
        pieces = exported_conversations(_read(conversations, reader, [one.id for one in entries]), form)
        return StreamingResponse(pieces, media_type=MEDIA[form], headers=headers)

    return Route(f"/{name}", exported, methods=["GET"])


def _read(conversations: Conversations, reader: str, ids: Iterable[str]) -> Iterator[Conversation]:
    """Those that are still there when their turn comes."""
    for id in ids:
        if (found := conversations.load(reader, id)) is not None:
            yield found
