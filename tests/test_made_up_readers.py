"""Readers that a program makes up, a cookie for each question: where they come from is counted, whoever they say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from chat_servers import WAIT
from serving import serving
from ui_records import Shelf
from ui_summaries import Desk

from ui.admission import READERS, Admission
from ui.readers import COOKIE, block, new_reader
from ui.serving import app
from ui.serving.access import Access

# Gradio sums up the times of its queue after some answers, with an option that pandas has given up.
pytestmark = pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting:DeprecationWarning")
REFUSED = f"Too many questions: {READERS} a minute are answered for each address. Try again in 60 s."


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reader may ask once."""
    monkeypatch.setattr(app, "Admission", partial(Admission, per_minute=1, clock=lambda: 100.0))


@pytest.fixture
def address(strict: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serving(Desk(), monkeypatch) as address:  # type: ignore[arg-type]
        yield address


def made_up(address: str, **headers: str) -> httpx.Client:
    """Someone with a name that no server gave out."""
    return httpx.Client(base_url=address, cookies={COOKIE: new_reader()}, headers=headers, timeout=WAIT)


def named(address: str, **headers: str) -> httpx.Response:
    """A call that Gradio's clients make."""
    with made_up(address, **headers) as client:
        return client.post("/gradio_api/run/article", json={"data": ["tour", None]})


def put(address: str, elem_id: str, data: list[Any]) -> str:
    """All that the page is sent after a press of its button, in a window of its own."""
    with made_up(address) as client:
        config = client.get("/config").json()
        pressed = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == elem_id)
        call = next(one["id"] for one in config["dependencies"] if [pressed, "click"] in one["targets"])
        session = new_reader()
        client.post("/gradio_api/queue/join", json={"data": data, "fn_index": call, "session_hash": session})
        return client.get("/gradio_api/queue/data", params={"session_hash": session}).text


def test_made_up_readers_of_one_address_are_held_to_what_ten_may_ask(address: str) -> None:
    replies = [named(address) for _ in range(READERS + 1)]
    assert [one.status_code for one in replies] == [200] * READERS + [500]
    assert replies[-1].json()["error"] == REFUSED
    asked = {"model": "groundwire", "messages": [{"role": "user", "content": "Who?"}]}
    with made_up(address) as client:
        refused = client.post("/v1/chat/completions", json=asked)
        others = [client.post(f"/api/{path}", json={"question": "Who?"}) for path in ("ask", "ask/stream")]
    assert refused.json()["error"]["message"] == REFUSED
    assert [(one.status_code, one.json()["error"]) for one in others] == [(429, REFUSED)] * 2


def test_the_page_counts_them_too(address: str) -> None:
    shown = [put(address, "ask", ["Who is the plant named after?", "", ""]) for _ in range(READERS + 1)]
    assert ["Yuri Gagarin" in one for one in shown] == [True] * READERS + [False]
    assert REFUSED in shown[-1]


def test_summaries_are_counted_with_the_questions(address: str) -> None:
    form = ["", "", "", "", "", "paragraph", "", "sentences"]
    shown = [put(address, "summarise", form) for _ in range(READERS)] + [put(address, "ask", ["Who?", "", ""])]
    assert ['class=\\"summary' in one for one in shown] == [True] * READERS + [False]
    assert REFUSED in shown[-1]


def test_behind_a_proxy_the_address_is_the_one_that_it_tells(strict: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.serving.server.Access", partial(Access, proxy="127.0.0.1"))
    with serving(Shelf(), monkeypatch) as address:  # type: ignore[arg-type]
        here = [named(address, **{"X-Forwarded-For": "192.0.2.1"}).status_code for _ in range(READERS + 1)]
        there = named(address, **{"X-Forwarded-For": "192.0.2.2"}).status_code
    assert (here[-2:], there) == ([200, 500], 200)


def test_without_a_proxy_nobody_is_believed_about_their_address(address: str) -> None:
    told = [named(address, **{"X-Forwarded-For": f"192.0.2.{place}"}).status_code for place in range(READERS + 1)]
    assert told[-1] == 500


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_line_of_the_net_is_one_address(address: str, told: str) -> None:
    assert block(address) == told
