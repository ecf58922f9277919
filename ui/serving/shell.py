"""What stands between the page and the network: who may ask, what the browser may load, and the page's own head."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from http.cookies import SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.html.login import arrival_page
from ui.http import framed
from ui.readers import COOKIE, new_reader, reader_of
from ui.serving.access import Access
from ui.serving.body import LARGEST_HEAD, Body, largest, too_large
from ui.serving.gate import Gate
from ui.serving.origins import LOOPBACK, Names, foreign, is_arrival
from ui.serving.refusals import refused

__all__ = ["LOOPBACK", "Shell", "own_head"]

# Of what Gradio opens, the page and its clients use these; to upload, relay, run code, link or watch stays shut.
_GRADIO = "/gradio_api/"
_USED = re.compile(r"(app_id|info|queue|call|run|cancel|reset|heartbeat|startup-events|theme\.css)(/.*)?")
_SHUT = ("/monitoring", "/login/", "/logout/", "/svelte/", "/pwa_icon", "/manifest.json")
# Proxies are believed by the server alone, and those that it was told of; Gradio would believe anyone.
_CLAIMED = (b"x-forwarded-", b"forwarded", b"x-gradio-server", b"x-direct-url")
_STATIC = ("/page/", "/assets/", "/static/")
_READER_SECONDS = 400 * 24 * 3600
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_POLICY = (
    "default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_OTHERS = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_OUTSIDE_META = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*')
_STYLES = (
    b"paper",
    b"page",
    b"result",
    b"asking",
    b"sources",
    b"forms",
    b"summary",
    b"library",
    b"history",
    b"evaluation",
)
_SCRIPTS = (b"connection", b"quotes", b"page", b"views")
_HEAD = (
    b'<meta name="color-scheme" content="light dark">'
    + b"".join(b'<link rel="stylesheet" href="page/%s.css">' % name for name in _STYLES)
    + b"".join(b'<script src="page/%s.js"></script>' % name for name in _SCRIPTS)
    + b"</head>"
)
_GRADIOS = b"<gradio-app"
_LOGGED_IN = b'<link rel="stylesheet" href="page/login.css">'
_LEAVE = b'<form id="leave" method="post" action="logout"><button>Log out</button></form>'
_OPENING = (
    b'<div id="notice" role="alert"></div><div id="said" role="status"></div>'
    b'<div id="opening"><h1>Groundwire</h1><p>Opening the archive\xe2\x80\xa6</p>'
    b"<noscript><p>This page needs JavaScript, all of it from this machine.</p></noscript></div><gradio-app"
)


class Shell:
    """Refuses what does not come from a page or program that may ask, and gives every answer its headers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        names: Names | None = None,
        gate: Gate | None = None,
        ends: Sequence[Callable[[], None]] = (),
    ) -> None:
        """Without names and a gate, as on this machine alone. ``ends`` break off what the server would wait for."""
        self._app = app
        self._names = names or Names()
        self._gate = gate or Gate(Access(), port=0)
        self._closing = asyncio.Event()
        self._ends = ends

    @property
    def proxy(self) -> str | None:
        """The address of the proxy whose word is taken for who asks."""
        return self._gate.access.proxy

    def close(self) -> None:
        """Tell the streams that open pages hold that their reader is gone, so that the server can end.

        What is still made for a page that was closed has no such stream, and is broken off.
        """
        self._closing.set()
        for end in self._ends:
            end()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(_without_claims(scope), receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = Body(receive, self._closing, scope["path"])
        reply = self._reply(scope, send)
        outgoing = _Outgoing(reply.send, body)
        try:
            await (self._stopped(scope) or self._app)(scope, body.receive, outgoing.send)
        except Exception as error:
            # An application that meets the end of what it reads may raise; the reader is told why it ended. A stream
            # that a page of before a restart asks for is told so by Gradio, which then raises what it told.
            if not body.refused and not (outgoing.started and isinstance(error.__cause__, HTTPException)):
                raise
        if body.refused and not outgoing.started:
            await refused(scope, *body.refused)(scope, receive, reply.send)

    def _stopped(self, scope: Scope) -> Response | None:
        if line := self._refusal(scope):
            return refused(scope, *line)
        if _arrives(scope):
            return HTMLResponse(arrival_page(), headers={"Content-Security-Policy": f"{_OTHERS}; script-src 'self'"})
        return self._gate.stops(scope)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
            return 431, f"The headers are larger than {LARGEST_HEAD:,} bytes."
        if line := self._names.refusal(headers) or foreign(scope["method"], headers):
            return line
        if _is_shut(scope["path"]):
            return 404, "Not found."
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit()) or int(length[:20]) > largest(scope["path"]):
            return too_large(scope["path"])
        return None

    def _reply(self, scope: Scope, send: Send) -> _Reply | _Framed:
        if framed.is_framed(scope["path"]):
            return _Framed(send)
        return _Reply(send, scope, demanded=self._gate.access.demanded)


class _Outgoing:
    """What an application sends, which stops where its request was refused while it read it."""

    def __init__(self, send: Send, body: Body) -> None:
        self._send = send
        self._body = body
        self.started = False

    async def send(self, message: Message) -> None:
        if self._body.refused and not self.started:
            return
        self.started = True
        await self._send(message)


class _Reply:
    """One response on its way out; an HTML page is held until it is whole, then given our head."""

    def __init__(self, send: Send, scope: Scope, *, demanded: bool) -> None:
        self._send = send
        self._scope = scope
        self._demanded = demanded
        self._start: Message | None = None
        self._page: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            headers.update(_HEADERS)
            headers.setdefault("Content-Security-Policy", _OTHERS)
            if not self._scope["path"].startswith(_STATIC):
                headers.setdefault("Cache-Control", "private, no-cache")
            if _is_page(headers):
                self._start = message
                return
        elif self._start is not None:
            await self._held(self._start, message)
            return
        await self._send(message)

    async def _held(self, start: Message, message: Message) -> None:
        self._page.append(message.get("body", b""))
        if message.get("more_body"):
            return
        page = b"".join(self._page)
        headers = MutableHeaders(raw=start["headers"])
        if _GRADIOS in page:
            page = own_head(page, demanded=self._demanded)
            headers.update({"Content-Security-Policy": _policy(page), "Content-Length": str(len(page))})
            _name_reader(self._scope, headers)
        await self._send(start)
        await self._send({"type": "http.response.body", "body": page})


class _Framed:
    """The response with a report: whole as it is, under the policy for what is shown in a frame."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(raw=message["headers"]).update({**_HEADERS, **framed.HEADERS})
        await self._send(message)


def own_head(page: bytes, *, demanded: bool = False) -> bytes:
    """Gradio's page with our style sheet and first paint, without the outside addresses in its head.

    ``demanded`` adds what whoever is logged in needs: to log out, and to be told when the session is over.
    """
    page = _OUTSIDE_META.sub(b"", page)
    if demanded:
        page = page.replace(b"</head>", _LOGGED_IN + b"</head>", 1).replace(b"</body>", _LEAVE + b"</body>", 1)
    return page.replace(b"</head>", _HEAD, 1).replace(_GRADIOS, _OPENING, 1)


def _policy(page: bytes) -> str:
    # Gradio compiles its HTML component's template with Function(), hence unsafe-eval. Inline scripts run only
    # where the page that the server sent holds them: a handler or script in an article's text never does.
    return _POLICY.format(scripts=" ".join(["'unsafe-eval'", *_hashes(_INLINE_SCRIPT.findall(page))]))


def _hashes(scripts: Iterable[bytes]) -> list[str]:
    return [f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts]


def _is_page(headers: MutableHeaders) -> bool:
    """Whether a reply is HTML to be shown: not packed, nor a file to be kept, which may be of any length."""
    kept = "content-encoding" in headers or "content-disposition" in headers
    return headers.get("content-type", "").startswith("text/html") and not kept


def _is_shut(path: str) -> bool:
    if path.startswith(_GRADIO):
        return _USED.fullmatch(path.removeprefix(_GRADIO)) is None
    return path.startswith(_SHUT)


def _without_claims(scope: Scope) -> Scope:
    return {**scope, "headers": [(name, value) for name, value in scope["headers"] if not name.startswith(_CLAIMED)]}


def _arrives(scope: Scope) -> bool:
    """Whether a page is opened by another site's link, with which browsers send no cookie even if they have one."""
    request = HTTPConnection(scope)
    return is_arrival(scope["method"], request.headers) and reader_of(request.cookies) is None


def _name_reader(scope: Scope, headers: MutableHeaders) -> None:
    """Have a browser that has no reader's name keep one."""
    if reader_of(HTTPConnection(scope).cookies) is not None:
        return
    cookie = SimpleCookie({COOKIE: new_reader()})
    cookie[COOKIE].update(
        {
            "path": "/",
            "max-age": _READER_SECONDS,
            "httponly": True,
            "samesite": "Strict",
            "secure": scope["scheme"] == "https",
        }
    )
    headers.append("Set-Cookie", cookie[COOKIE].OutputString())
