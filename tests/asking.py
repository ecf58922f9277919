"""A server that may demand a password, and requests to it as they are written: no redirect followed, no cookie kept."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from browsing import served
from chat_servers import WAIT

PAGE = {"Accept": "text/html,application/xhtml+xml"}
"""What a browser says when it opens a page."""

SERVE = """
import json, sys
from ui_summaries import Desk
from ui.serving.access import Access
from ui.serving.server import serve
options = json.loads(sys.argv[1])
host = options.pop("host", "127.0.0.1")
serve(Desk(), host=host, port=0, access=Access(**options), ready=lambda address: print(address, flush=True))
"""


@contextmanager
def guarded(*, environment: Mapping[str, str] | None = None, **options: Any) -> Iterator[str]:
    """The address of a page served in a process of its own, as two in one process end it; options are ``Access``'s."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PYTHONPATH": "tests", **(environment or {})}.items():
            patch.setenv(name, value)
        with served(SERVE, json.dumps(options)) as address:
            yield address


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Message
    text: str


def asked(
    address: str,
    path: str = "/",
    method: str = "GET",
    *,
    headers: Mapping[str, str] | None = None,
    body: str | bytes | Iterable[bytes] | None = None,
) -> Reply:
    """The reply to one request; a body in pieces goes out chunked."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=WAIT)
    try:
        chunked = body is not None and not isinstance(body, str | bytes)
        sent = {**({"Transfer-Encoding": "chunked"} if chunked else {}), **(headers or {})}
        connection.request(method, path, body, sent, encode_chunked=chunked)
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read().decode("utf-8", "replace"))
    finally:
        connection.close()


def told(address: str, sent: bytes) -> str:
    """All that comes back, until the server ends the connection, to these very bytes."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=WAIT) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")
