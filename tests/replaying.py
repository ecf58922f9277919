"""What a page sends when its reader asks, seen once in a real browser and then sent for other readers, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from browsing import Visit
from chat_servers import WAIT

if TYPE_CHECKING:
    from playwright.sync_api import Request

_JOIN, _EVENTS = "/gradio_api/queue/join", "/gradio_api/queue/data"


@dataclass(frozen=True, slots=True)
class Sent:
    """One request of a page: where it went, and its JSON."""

    path: str
    body: str


@contextmanager
def recorded(visit: Visit) -> Iterator[list[Sent]]:
    """Everything the page posts meanwhile."""
    sent: list[Sent] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(Sent(urlsplit(request.url).path, request.post_data or ""))

    visit.page.on("request", note)
    yield sent
    visit.page.remove_listener("request", note)


def replayed(address: str, sent: Sequence[Sent], changes: dict[str, str], session: str) -> list[Any]:
    """What another reader, with a cookie of its own, is sent back for the same requests with other words in them."""
    with httpx.Client(base_url=address, timeout=2 * WAIT) as client:
        client.get("/").raise_for_status()
        return [_one(client, one, changes, session) for one in sent]


def _one(client: httpx.Client, sent: Sent, changes: dict[str, str], session: str) -> Any:
    body = sent.body
    for old, new in changes.items():
        body = body.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])
    posted = client.post(sent.path, json=json.loads(body) | {"session_hash": session}).raise_for_status()
    return _finished(client, session) if sent.path == _JOIN else posted.json()


def _finished(client: httpx.Client, session: str) -> Any:
    """The last words of the queue about what was joined."""
    with client.stream("GET", _EVENTS, params={"session_hash": session}) as events:
        for line in events.iter_lines():
            told = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
            if told.get("msg") == "process_completed":
                return told
    raise AssertionError("the queue ended without an answer")
