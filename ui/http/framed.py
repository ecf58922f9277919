"""The reports of kept runs as pages of their own, in a frame of the page or alone: ``GET /evaluations/NAME``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from rag.errors import GroundwireError

if TYPE_CHECKING:
    from ui.page.evaluations import Evaluations

_PATH = re.compile(r"/evaluations/[^/]+(/against/[^/]+)?")
HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
    ),
}
"""Only the page itself may frame a report, which has no origin and fetches nothing, framed or alone. Which script may
run is said in the report's own head, which holds besides."""


def is_framed(path: str) -> bool:
    """Whether a request's path is that of a report."""
    return _PATH.fullmatch(path) is not None


def routes(evaluations: Evaluations) -> list[Route]:
    """The reports that are kept. A name is looked up among them; one there is not, is said to be."""

    def shown(request: Request) -> Response:
        named = request.path_params
        try:
            document = evaluations.document(named["name"], named.get("other"))
        except GroundwireError as error:
            return _sent(PlainTextResponse(str(error).encode("utf-8", "replace"), status_code=404))
        return _sent(HTMLResponse(document))

    return [Route(f"/evaluations/{path}", shown, methods=["GET"]) for path in ("{name}", "{name}/against/{other}")]


def _sent(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
