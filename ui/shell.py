"""What stands between the page and the network: who may ask, what the browser may load, and the page's own head."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Iterable
from functools import partial
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import framed

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LARGEST_BODY = 1_000_000
# The page uploads nothing, relays nothing and has no log-in: what Gradio opens for these stays shut.
_SHUT = ("/gradio_api/upload", "/gradio_api/proxy=", "/gradio_api/deep_link", "/monitoring", "/login")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_POLICY = (
    "default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_OUTSIDE_META = re.compile(rb'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*')
_HEAD = (
    b'<meta name="color-scheme" content="light dark">'
    b'<link rel="stylesheet" href="page/page.css"><link rel="stylesheet" href="page/evaluation.css">'
    b'<script src="page/page.js"></script></head>'
)
_OPENING = (
    b'<div id="opening"><h1>Groundwire</h1><p>Opening the archive\xe2\x80\xa6</p>'
    b"<noscript><p>This page needs JavaScript, all of it from this machine.</p></noscript></div><gradio-app"
)


class Shell:
    """Refuses what does not come from this machine's own page, and sends every answer with the headers above."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._closing = asyncio.Event()

    def close(self) -> None:
        """Tell the streams that open pages hold that their reader is gone, so that the server can end."""
        self._closing.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = _refusal(scope)
        app = PlainTextResponse(refused[1], status_code=refused[0]) if refused else self._app
        reply = _Framed(send) if framed.is_framed(scope["path"]) else _Reply(send)
        await app(scope, partial(self._receive, receive), reply.send)

    async def _receive(self, receive: Receive) -> Message:
        asked = asyncio.ensure_future(receive())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({asked, closing}, return_when=asyncio.FIRST_COMPLETED)
            return asked.result() if asked.done() else {"type": "http.disconnect"}
        finally:
            asked.cancel()
            closing.cancel()


class _Reply:
    """One response on its way out; an HTML page is held until it is whole, then given our head."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._page: list[bytes] = []

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            headers.update({**_HEADERS, "Content-Security-Policy": _policy(b"")})
            if headers.get("content-type", "").startswith("text/html") and "content-encoding" not in headers:
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
        page = own_head(b"".join(self._page))
        headers = MutableHeaders(raw=start["headers"])
        headers.update({"Content-Security-Policy": _policy(page), "Content-Length": str(len(page))})
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


def own_head(page: bytes) -> bytes:
    """Gradio's page with our style sheet and first paint, without the outside addresses in its head."""
    page = _OUTSIDE_META.sub(b"", page)
    return page.replace(b"</head>", _HEAD, 1).replace(b"<gradio-app", _OPENING, 1)


def _policy(page: bytes) -> str:
    # Gradio compiles its HTML component's template with Function(), hence unsafe-eval. Inline scripts run only
    # where the page that the server sent holds them: a handler or script in an article's text never does.
    return _POLICY.format(scripts=" ".join(["'unsafe-eval'", *_hashes(_INLINE_SCRIPT.findall(page))]))


def _hashes(scripts: Iterable[bytes]) -> list[str]:
    return [f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'" for script in scripts]


def _refusal(scope: Scope) -> tuple[int, str] | None:
    headers = Headers(scope=scope)
    host = _name(f"//{headers.get('host', '')}")
    if host not in LOOPBACK:
        # Another name that resolves to this machine is how a foreign page would read the archive.
        return 421, "This page answers to 127.0.0.1 and localhost only."
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers["host"]:
        return 403, "A request from another site's page is refused."
    if scope["path"].startswith(_SHUT):
        return 404, "Not found."
    length = headers.get("content-length", "0")
    if not length.isdigit() or int(length) > _LARGEST_BODY:
        return 413, f"The request is larger than {_LARGEST_BODY:,} bytes."
    return None


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
