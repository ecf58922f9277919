"""What is wrong with a request, or went wrong with it, as one line with the right status."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from rag.errors import (
    ArchiveError,
    GroundwireError,
    InputError,
    ModelError,
    Stopped,
    UnknownArticle,
    UsageError,
)
from ui import calls
from ui.admission import Busy
from ui.http.sent import GONE, Reply
from ui.http.told import Wrong

JSON = "application/json"
_LONGEST = 500
_NO_JSON = 'The body is no JSON: {}. Send a JSON object, such as {{"question": "…"}}.'
_STATUS: tuple[tuple[type[GroundwireError], int], ...] = (
    (UnknownArticle, 404),
    (UsageError, 400),
    (InputError, 400),
    (ModelError, 502),
    (ArchiveError, 503),
    (Stopped, GONE),
)
_SAID = {
    400: "The request makes no sense as it stands; the line says what and where.",
    401: "The server demands a token, and this is none of its.",
    404: "There is no such article, or no such revision of it.",
    413: "It is larger than what is taken in; the line says what.",
    415: "The body is of another type than those named.",
    429: "This caller asked too often; Retry-After says when to come again.",
    502: "The language model's server failed.",
    503: "The archive, or everyone who answers, is busy; Retry-After says when to come again.",
}


class JsonRoute(APIRoute):
    """An endpoint whose faults, raised on purpose or found in the request, are replies of the form ``{"error"}``."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        takes_json = self.body_field is not None
        taken = [one.field_info.annotation for one in (*self.dependant.query_params, *self.dependant.body_params)]

        async def handled(request: Request) -> Response:
            if takes_json and not is_json(request):
                return wrong(415, f"The body is '{request.headers['content-type']}'. Send {JSON}.")
            try:
                return await answer(request)
            except RequestValidationError as error:
                return wrong(400, fault(error.errors(), *taken))
            except GroundwireError as error:
                return refused(error)
            except HTTPException as error:
                return wrong(error.status_code, not_json(error.__context__ or error))

        return handled


def is_json(request: Request) -> bool:
    """Whether a request says that its body is JSON; one that says nothing is taken to be."""
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    return kind == JSON or (kind.startswith("application/") and kind.endswith("+json"))


def wrong(status: int, line: str, *, again: int | None = None) -> Reply:
    """One line on what is wrong; ``again`` is the seconds after which another try makes sense."""
    headers = {} if again is None else {"Retry-After": str(again)}
    return Reply({"error": one_line(line)}, status_code=status, headers=headers)


def refused(error: GroundwireError) -> Reply:
    """The reply to a request that ended in an error raised on purpose."""
    if isinstance(error, Busy):
        return wrong(error.status, str(error), again=error.seconds)
    again = calls.AGAIN if isinstance(error, ArchiveError) else None
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    return wrong(status, calls.line(error), again=again)


def not_json(error: BaseException) -> str:
    """Why a body cannot be read as JSON, as one line."""
    match error:
        case UnicodeDecodeError():
            why = "it is not UTF-8"
        case RecursionError():
            why = "it is too deep"
        case json.JSONDecodeError():
            why = f"{error.msg} at character {error.pos + 1}"
        case _:
            why = "it holds a number with too many digits"
    return _NO_JSON.format(why)


def fault(errors: Sequence[Any], *taken: Any) -> str:
    """The first of the faults that a request was found to have, as one line; ``taken`` is what it may hold."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return _NO_JSON.format(f"{first['ctx']['error']} at character {first['loc'][1] + 1}")
    if first["loc"] == ("body",) and first["type"] != "string_unicode":
        return "The body is no JSON object. Send a JSON object with the fields that GET /docs names."
    return calls.fault(first | {"loc": first["loc"][1:]}, [name for model in taken for name in _names(model)])


def _names(model: Any) -> list[str]:
    return model.names() if issubclass(model, calls.Call) else list(model.model_fields)


def one_line(text: str) -> str:
    """A text on one line, cut where it is very long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of the replies with these statuses."""
    return {status: {"model": Wrong, "description": _SAID[status]} for status in statuses}
