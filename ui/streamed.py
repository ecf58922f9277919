"""Streaming answers over HTTP: ``POST /api/ask/stream`` sends each event as it comes about, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from rag.contract import event_json
from rag.errors import GroundwireError
from rag.records import Turn

if TYPE_CHECKING:
    from rag import Archive
    from rag.stream import AnswerStream

PATH = "/api/ask/stream"
_STRINGS = frozenset({"since", "until", "source", "language", "article", "as_of", "fallback"})
_WRONG = (
    'Send a JSON object: {"question": "…"}, and if wanted "history" (a list of {"question", "answer"}), "k", "deep",'
    f' "repair", {", ".join(sorted(_STRINGS))}.'
)


def route(archive: Archive, *, model: str | None = None) -> Route:
    """The endpoint on an archive. Which model answers is the server's choice, never the caller's."""

    async def ask(request: Request) -> Response:
        try:
            question, chosen = _asked(await request.body())
            stream = await asyncio.to_thread(archive.ask_stream, question, model=model, **chosen)
        except ValueError:
            return JSONResponse({"error": _WRONG}, status_code=400)
        except GroundwireError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return StreamingResponse(_sent(stream), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    return Route(PATH, ask, methods=["POST"])


async def _sent(stream: AnswerStream) -> AsyncIterator[str]:
    """Each event as server-sent lines; a caller that goes away stops the model."""
    try:
        while (event := await asyncio.to_thread(next, stream, None)) is not None:
            yield _lines(event.kind, event_json(event))
    except GroundwireError as error:
        yield _lines("error", {"event": "error", "error": str(error)})
    finally:
        stream.close()


def _lines(kind: str, value: object) -> str:
    text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()
    return f"event: {kind}\ndata: {text}\n\n"


def _asked(body: bytes) -> tuple[str, dict[str, Any]]:
    """The question and options of a request. Raises ValueError where they are not what is told in ``_WRONG``."""
    told = json.loads(body)
    if not isinstance(told, dict) or not isinstance(told.get("question"), str):
        raise ValueError(body)
    chosen = {name: value for name, value in told.items() if name != "question" and value is not None}
    for name, value in chosen.items():
        fits = (
            (name in _STRINGS and isinstance(value, str))
            or (name in ("deep", "repair") and isinstance(value, bool))
            or (name == "k" and isinstance(value, int) and not isinstance(value, bool))
            or (name == "history" and isinstance(value, list))
        )
        if not fits:
            raise ValueError(name)
    chosen["history"] = [_turn(turn) for turn in chosen.get("history", [])]
    return told["question"].encode("utf-8", "replace").decode(), chosen


def _turn(told: object) -> Turn:
    match told:
        case {"question": str(question), "answer": str(answer)}:
            return Turn(question, answer)
        case _:
            raise ValueError(told)
