"""One line for a request that is refused, in the form that whoever sent it can read."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

_FOR_PROGRAMS = ("/api/", "/v1/", "/mcp", "/gradio_api/")
_OPENAI = "/v1/"


def refused(
    scope: Scope, status: int, line: str, *, headers: Mapping[str, str] | None = None, as_json: bool = False
) -> Response:
    """The line as JSON where programs ask or ``as_json`` says so, as OpenAI's clients read it under ``/v1``."""
    path = scope["path"]
    if path.startswith(_OPENAI):
        kind = "server_error" if status >= 500 else "invalid_request_error"
        error = {"message": line, "type": kind, "param": None, "code": None}
        return JSONResponse({"error": error}, status_code=status, headers=headers)
    if as_json or path.startswith(_FOR_PROGRAMS) or "json" in Headers(scope=scope).get("accept", ""):
        return JSONResponse({"error": line}, status_code=status, headers=headers)
    return PlainTextResponse(line, status_code=status, headers=headers)
