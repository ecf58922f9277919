"""Who passes: whoever has a session or sends the token, where the server demands either; all others log in."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlencode

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import Scope

from ui.readers import address_of
from ui.serving.access import Access
from ui.serving.refusals import refused
from ui.serving.sessions import Sessions
from ui.serving.tries import Tries

LOG_IN = "/login"
OPEN = frozenset(
    {"/healthz", LOG_IN, "/page/login.css", "/page/page.css", "/page/paper.css", "/page/arrive.js", "/favicon.ico"}
)
"""What is served to anyone: whether the server lives, the log-in page, and what the pages before it need."""
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Groundwire"'}


class Gate:
    """One server's door, and the sessions of those who passed it."""

    def __init__(self, access: Access, *, port: int, clock: Callable[[], float] = time.monotonic) -> None:
        """The cookie is named after the port: browsers send those of one machine to all of its ports."""
        self.access = access
        self.cookie = f"groundwire_session_{port}"
        self.sessions = Sessions(clock=clock)
        self.tries = Tries(clock=clock)
        self._of_tokens = Tries(clock=clock)

    def stops(self, scope: Scope) -> Response | None:
        """What a request gets that does not pass: the log-in page for a page, 401 and one line for data."""
        request = HTTPConnection(scope)
        if not self.access.demanded or scope["path"] in OPEN or self.knows(request):
            return None
        if authorization := request.headers.get("authorization"):
            return self._by_token(request, authorization)
        expired = bool(request.cookies.get(self.cookie))
        if _is_page(request):
            return RedirectResponse(_log_in(request, expired=expired), status_code=303)
        said = (
            f"Your session has expired. Log in again at {LOG_IN}."
            if expired
            else f"Log in at {LOG_IN}, or send 'Authorization: Bearer TOKEN'."
        )
        return refused(scope, 401, said, headers=_CHALLENGE, as_json=True)

    def knows(self, request: HTTPConnection) -> bool:
        """Whether a request comes from a browser that is logged in."""
        return self.sessions.holds(request.cookies.get(self.cookie, ""))

    def _by_token(self, request: HTTPConnection, authorization: str) -> Response | None:
        address = address_of(request)
        if wait := self._of_tokens.wait(address):
            headers = {"Retry-After": str(wait)}
            return refused(
                request.scope, 429, f"Too many wrong tokens. Wait {wait} s.", headers=headers, as_json=True
            )
        scheme, _, told = authorization.partition(" ")
        if scheme.lower() == "bearer" and self.access.is_token(told.strip()):
            self._of_tokens.right(address)
            return None
        self._of_tokens.wrong(address)
        return refused(request.scope, 401, "The token is wrong.", headers=_CHALLENGE, as_json=True)


def _is_page(request: HTTPConnection) -> bool:
    return (
        request.scope["method"] in ("GET", "HEAD")
        and "text/html" in request.headers.get("accept", "")
        and request.headers.get("sec-fetch-dest", "document") == "document"
    )


def _log_in(request: HTTPConnection, *, expired: bool) -> str:
    """The log-in page's address, with what led there, to go on to it."""
    path, query = request.scope["path"], request.scope["query_string"].decode("latin-1")
    asked = {} if path == "/" and not query else {"next": f"{path}?{query}" if query else path}
    said = "&".join(part for part in ("expired" if expired else "", urlencode(asked)) if part)
    return f"{LOG_IN}?{said}" if said else LOG_IN
