"""What goes wrong, as OpenAI's clients read it: a status and ``{"error": {"message", "type", "param", "code"}}``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rag.errors import ContextTooLong, GroundwireError, ModelError, UnknownArticle, UsageError
from ui import calls
from ui.admission import Busy


class Refused(GroundwireError):
    """A request is not what can be answered."""

    def __init__(self, message: str, *, param: str | None, code: str = "invalid_value", status: int = 400) -> None:
        """``param`` is the part at fault, such as ``messages[2].content``; ``code`` is OpenAI's word for it."""
        super().__init__(message)
        self.param = param
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Fault:
    """A reply that says what went wrong."""

    status: int
    code: str
    message: str
    param: str | None = None
    wait: int | None = None
    """Seconds until it is worth trying again."""

    @property
    def body(self) -> dict[str, Any]:
        """The object that is sent."""
        kind = "rate_limit_error" if self.status == 429 else "invalid_request_error"
        kind = "server_error" if self.status >= 500 else kind
        return {"error": {"message": self.message, "type": kind, "param": self.param, "code": self.code}}

    @property
    def headers(self) -> dict[str, str]:
        """Whether and when to try again. A model was already asked again as often as makes sense."""
        if self.wait is not None:
            return {"Retry-After": str(self.wait)}
        return {"X-Should-Retry": "false"} if self.code == "model_failed" else {}


def fault(error: GroundwireError) -> Fault:
    """How an error is told."""
    match error:
        case Refused():
            return Fault(error.status, error.code, str(error), error.param)
        case Busy():
            code = "rate_limit_exceeded" if error.status == 429 else "overloaded"
            return Fault(error.status, code, str(error), wait=error.seconds)
        case UsageError() | UnknownArticle():
            return Fault(400, "invalid_value", str(error))
        case ContextTooLong():
            return Fault(400, "context_length_exceeded", str(error), "messages")
        case ModelError():
            return Fault(502, "model_failed", str(error))
        case _:
            return Fault(503, "unavailable", calls.line(error))
