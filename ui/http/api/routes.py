"""The archive for other programs: the commands' own JSON over HTTP, as the OpenAPI page documents it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from rag.contract import answer_json, article_json, hits_json, listing_json, overview_json, summary_json
from rag.errors import ArchiveError
from ui import calls
from ui.http import told
from ui.http.api import asked
from ui.http.api.faults import JsonRoute, errors, wrong
from ui.http.api.ingesting import Ingesting, body
from ui.http.api.stream import TOLD, streaming
from ui.http.api.uploads import Bounds
from ui.http.sent import Reply
from ui.http.waiting import answered

if TYPE_CHECKING:
    from rag import Archive
    from ui.admission import Admission

_BUSY = (429, 503)
_ID = Path(description="The article's id.", examples=["kim-plant-visit"])


def anyone(request: Request) -> bool:
    """Knows everyone: for a server that demands no log-in."""
    return True


def router(
    archive: Archive,
    *,
    admission: Admission,
    known: Callable[[Request], bool] = anyone,
    model: str | None = None,
    bounds: Bounds | None = None,
) -> APIRouter:
    """The endpoints on an archive; ``known`` tells who has logged in, where ``/healthz`` need not be asked by such.

    Which model answers is the server's choice, never the caller's.
    """
    made = APIRouter(route_class=JsonRoute, strict_content_type=False, redirect_slashes=False)
    _answering(made, archive, admission, model)
    _articles(made, archive)
    _ingesting(made, archive, bounds or Bounds())
    _health(made, archive, known)
    return made


def _answering(made: APIRouter, archive: Archive, admission: Admission, model: str | None) -> None:
    @made.post(
        "/api/ask", operation_id="ask", tags=["Questions"], summary="Answer a question",
        response_model=told.Answer, responses=errors(400, 401, 404, 413, 415, 502, *_BUSY),
    )  # fmt: skip
    async def ask(request: Request, call: calls.Ask) -> Response:
        """Answers from the articles, every sentence cited and checked, or refuses with the reason. Going away stops
        the model."""
        answer = await answered(admission, request, lambda stop: calls.ask(archive, call, model=model, stop=stop))
        return Reply(answer_json(answer))

    @made.post(
        "/api/ask/stream", operation_id="ask_stream", tags=["Questions"], summary="Answer sentence by sentence",
        response_class=StreamingResponse, responses={200: TOLD, **errors(400, 401, 404, 413, 415, 502, *_BUSY)},
    )  # fmt: skip
    async def ask_stream(request: Request, call: calls.Ask) -> Response:
        """Tells the answer as it comes about: `searching`, `hits`, then each `statement` once it is complete and
        checked, or `rejected` where it does not hold, and `done` with the whole answer; `error` where the model
        fails. Going away stops the model."""
        return await streaming(archive, admission, request, call, model=model)

    @made.post(
        "/api/search", operation_id="search", tags=["Questions"], summary="Find passages",
        response_model=list[told.Hit], responses=errors(400, 401, 404, 413, 415, *_BUSY),
    )  # fmt: skip
    async def search(request: Request, call: calls.Search) -> Response:
        """The passages that fit a query best, the best first."""
        return Reply(hits_json(await answered(admission, request, lambda _: calls.search(archive, call))))

    @made.post(
        "/api/summarize", operation_id="summarize", tags=["Questions"], summary="Summarise articles",
        response_model=told.Summary, responses=errors(400, 401, 404, 413, 415, 502, *_BUSY),
    )  # fmt: skip
    async def summarize(request: Request, call: calls.Summarize) -> Response:
        """Reads whole articles: those named, about a query, of a story, or all that the filters admit. Going away
        stops it at the model's next reply."""
        summary = await answered(
            admission, request, lambda stop: calls.summarize(archive, call, model=model, stop=stop)
        )
        return Reply(summary_json(summary))


def _articles(made: APIRouter, archive: Archive) -> None:
    @made.get(
        "/api/articles", operation_id="list_articles", tags=["Articles"], summary="List articles",
        response_model=told.Listing, responses=errors(400, 401, 503),
    )  # fmt: skip
    async def list_articles(chosen: Annotated[asked.Listed, Query()]) -> Response:
        """The articles that fit, in order and without their texts, a part at a time."""
        found = await asyncio.to_thread(archive.listing, query=chosen.q, **chosen.chosen("q"))
        part = {"total": found.total, "offset": chosen.offset, "limit": chosen.limit}
        return Reply({"articles": listing_json(found)} | part)

    @made.get(
        "/api/articles/{id}", operation_id="get_article", tags=["Articles"], summary="Show an article",
        response_model=told.Article, responses=errors(400, 401, 404, 503),
    )  # fmt: skip
    async def get_article(id: Annotated[str, _ID], which: Annotated[asked.Revision, Query()]) -> Response:
        """One article with the text that citations index: `text[start:end] == quote`."""
        return Reply(article_json(await asyncio.to_thread(archive.article, id, which.revision)))

    @made.get(
        "/api/articles/{id}/revisions", operation_id="get_revisions", tags=["Articles"], summary="Show its revisions",
        response_model=list[told.Article], responses=errors(400, 401, 404, 503),
    )  # fmt: skip
    async def get_revisions(id: Annotated[str, _ID]) -> Response:
        """Every revision of an article, the first one first."""
        return Reply([article_json(one) for one in await asyncio.to_thread(archive.revisions, id)])

    @made.delete(
        "/api/articles/{id}", operation_id="remove_article", tags=["Articles"], summary="Remove an article",
        response_model=told.Removed, responses=errors(400, 401, 404, 503),
    )  # fmt: skip
    async def remove_article(id: Annotated[str, _ID]) -> Response:
        """Forgets an article and all its revisions, in search at once."""
        await asyncio.to_thread(archive.remove, id)
        return Reply({"removed": [id]})


def _ingesting(made: APIRouter, archive: Archive, bounds: Bounds) -> None:
    ingesting = Ingesting(archive, bounds)

    @made.post(
        "/api/ingest", operation_id="ingest", tags=["Articles"], summary="Take in articles",
        response_model=told.Ingested, responses=errors(400, 401, 413, 415, *_BUSY), openapi_extra=body(bounds),
    )  # fmt: skip
    async def ingest(request: Request) -> Response:
        """Takes in files that are sent, or what is at addresses: pages, feeds, site maps. What is known and unchanged
        is passed over; what holds no article is told in `failed`, and the rest goes on. Going away stops it after
        the articles in hand."""
        return await ingesting.reply(request)


def _health(made: APIRouter, archive: Archive, known: Callable[[Request], bool]) -> None:
    @made.get(
        "/healthz", operation_id="health", tags=["Server"], summary="Say whether the archive can be read",
        response_model=told.Health, responses=errors(503),
    )  # fmt: skip
    async def health(request: Request) -> Response:
        """Needs no log-in; who has not logged in is told the status alone."""
        try:
            found = overview_json(await asyncio.to_thread(archive.overview)) | {"model": archive.model}
        except ArchiveError as error:
            return wrong(503, calls.line(error))
        return Reply({"status": "ok"} | (found if known(request) else {}))
