"""How other programs learn what they may ask: ``GET /openapi.json``, and the same as a page at ``GET /docs``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from ui.html.manual import manual_html
from ui.http.api.faults import wrong

_TAGS = [
    {"name": "Questions", "description": "Every sentence told is tied to the exact words of an article."},
    {"name": "Articles", "description": "What the archive holds, and how more is taken in."},
    {"name": "Server", "description": "For those who run it."},
]
_ABOUT = """\
Answers to questions about news articles, and summaries of them, every sentence tied to the exact words that bear it.

The records are those that the commands print with `--json`. A fault is told as `{"error": "one line"}`. Where the
server asks for a log-in, a program sends its token as `Authorization: Bearer TOKEN`. Which language model answers, or
that none does, is the server's choice.

OpenAI's clients find the archive at `/v1` (model `groundwire`), and assistants its tools at `/mcp`.
"""
_AGAIN = {"description": "Seconds after which another try makes sense.", "schema": {"type": "integer"}}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "The server's token, where it demands one.",
}


def document(router: APIRouter) -> dict[str, Any]:
    """The endpoints of a router as OpenAPI 3.1; a token may be sent and is demanded only by some servers."""
    told = get_openapi(
        title="Groundwire",
        version=version("groundwire"),
        description=_ABOUT,
        routes=router.routes,
        tags=_TAGS,
        servers=[{"url": "/", "description": "This server"}],
    )
    told["components"]["securitySchemes"] = {"token": _TOKEN}
    told["security"] = [{}, {"token": []}]
    for path in told["paths"].values():
        for operation in path.values():
            operation["responses"] = _ours(operation["responses"])
    told["paths"]["/healthz"]["get"]["security"] = []
    for name in ("HTTPValidationError", "ValidationError"):
        told["components"]["schemas"].pop(name, None)
    return told


def routes(router: APIRouter) -> list[BaseRoute]:
    """The document, its page, and a line for what is asked of ``/api`` and is not there. Come after the router's."""
    told = document(router)
    written = json.dumps(told, ensure_ascii=False).encode()
    page = manual_html(told).encode()

    async def openapi(request: Request) -> Response:
        return Response(written, media_type="application/json")

    async def docs(request: Request) -> Response:
        return HTMLResponse(page)

    own = [Route("/openapi.json", openapi, methods=["GET"]), Route("/docs", docs, methods=["GET"])]
    return [*own, _Elsewhere([*router.routes, *own])]


class _Elsewhere(BaseRoute):
    """What is asked of a path that there is in a way that it does not take, or of one below ``/api`` that is not."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether it is asked of what is ours; a name may hold a line break, which no pattern of paths admits."""
        near = scope["type"] == "http" and (scope["path"].startswith("/api/") or bool(self._taken(scope)))
        return (Match.FULL if near else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Say so: 405 with what it takes, or 404."""
        if taken := ", ".join(self._taken(scope)):
            reply = wrong(405, f"This takes {taken}, not {scope['method']}. See GET /docs.")
            reply.headers["Allow"] = taken
        else:
            reply = wrong(404, "There is nothing here. GET /docs names what there is.")
        await reply(scope, receive, send)

    def _taken(self, scope: Scope) -> list[str]:
        near = [route for route in self._routes if route.matches(scope)[0] is Match.PARTIAL]
        return sorted({method for route in near for method in getattr(route, "methods", None) or ()})


def _ours(responses: dict[str, Any]) -> dict[str, Any]:
    """The replies in order, without that of FastAPI to a fault, which is never sent."""
    kept = {status: responses[status] for status in sorted(responses) if status != "422"}
    kept["200"]["description"] = kept["200"]["description"].replace("Successful Response", "What was asked for.")
    for status in {"429", "503"} & set(kept):
        kept[status]["headers"] = {"Retry-After": _AGAIN}
    return kept
