"""``POST /v1/chat/completions``, ``GET /v1/models`` and ``/v1/models/ID``; any other path of ``/v1`` is unknown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from rag.errors import GroundwireError, Stopped
from rag.stream import Done, Stated
from ui import calls
from ui.http import sent
from ui.http.completions.content import Content
from ui.http.completions.faults import Refused, fault
from ui.http.completions.reply import Json, Reply, model_json
from ui.http.completions.request import Asked, check_known, read
from ui.http.waiting import answered, awaited, wanted
from ui.readers import origin_of, who

if TYPE_CHECKING:
    from rag import Archive
    from rag.stream import AnswerStream
    from ui.admission import Admission

QUIET = 15.0
"""Seconds without a sentence after which a stream says that it still lives: what stands between may cut it off."""
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def routes(archive: Archive, *, admission: Admission, model: str | None = None) -> list[Route]:
    """The endpoints on an archive. Which model answers is the server's choice, never the caller's."""
    began = int(time.time())

    async def complete(request: Request) -> Response:
        try:
            asked = read(await request.body())
            reply = Reply(str(request.base_url), asked.usage)
            if asked.streamed:
                return await _streamed(archive, admission, request, asked, reply, model)
            answer = await answered(
                admission, request, lambda stop: calls.ask(archive, asked.call, model=model, stop=stop)
            )
            return _json(reply.completion(answer))
        except (Stopped, ClientDisconnect):
            return Response(status_code=sent.GONE)
        except GroundwireError as error:
            return _refused(error)

    async def models(request: Request) -> Response:
        return _json({"object": "list", "data": [model_json(began)]})

    async def one(request: Request) -> Response:
        try:
            check_known(request.path_params["id"])
        except Refused as error:
            return _refused(error)
        return _json(model_json(began))

    return [
        Route("/v1/chat/completions", complete, methods=["POST"]),
        Route("/v1/models", models, methods=["GET"]),
        Route("/v1/models/{id:path}", one, methods=["GET"]),
        Route("/v1/{path:path}", _unknown, methods=_METHODS),
    ]


async def _streamed(
    archive: Archive, admission: Admission, request: Request, asked: Asked, reply: Reply, model: str | None
) -> Response:
    """The reply in chunks. It begins with the first sentence, so that what fails before has a status of its own."""
    async with AsyncExitStack() as held:
        await held.enter_async_context(admission.of(origin_of(request)).admitted_soon(who(request)))
        stream = await awaited(partial(calls.ask_stream, archive, asked.call, model=model))
        held.callback(stream.close)
        first = _next(stream)
        held.callback(first.cancel)
        async with wanted(request) as stop:
            with stop.closing(stream.close):
                await asyncio.wait({first}, timeout=QUIET)
        if first.done():
            first.result()
        return sent.Events(_lines(first, stream, reply), held.pop_all())


async def _lines(told: asyncio.Task[Any], stream: AnswerStream, reply: Reply) -> AsyncIterator[str]:
    """Server-sent events: a chunk each, a comment where there is nothing to tell, an error in place of the end."""
    content = Content()
    yield sent.event(reply.opening())
    try:
        while True:
            while not (await asyncio.wait({told}, timeout=QUIET))[0]:
                yield ": still at work\n\n"
            if (event := told.result()) is None:
                break
            for chunk in reply.chunks(event, content):
                yield sent.event(chunk)
            told = _next(stream)
    except GroundwireError as error:
        yield sent.event(fault(error).body)
    finally:
        told.cancel()
    yield "data: [DONE]\n\n"


def _next(stream: AnswerStream) -> asyncio.Task[Stated | Done | None]:
    """The next sentence, or the whole answer; nothing after it, and where the stream was closed."""
    told = (event for event in stream if isinstance(event, Stated | Done))
    return asyncio.ensure_future(awaited(lambda: next(told, None)))


async def _unknown(request: Request) -> Response:
    asked = f"{request.method} {request.url.path}"[:200]
    offered = "POST /v1/chat/completions, GET /v1/models"
    return _refused(Refused(f"Unknown: {asked}. There are {offered}.", param=None, code="unknown_url", status=404))


def _refused(error: GroundwireError) -> Response:
    told = fault(error)
    return _json(told.body, told.status, told.headers)


def _json(value: Json, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return sent.Reply(value, status, {"Cache-Control": "no-store"} | (headers or {}))
