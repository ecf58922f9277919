"""Streaming answers over HTTP, from the running server: events as they come, one line for what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import httpx
import pytest
from chat_servers import WAIT, Slow, reply
from pytest_httpserver import HTTPServer
from serving import serving

from rag import Archive

QUESTION = "How many ships did the strike stop?"


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> Iterator[str]:
    """The page's server on an archive of one article, with a model at another local server."""
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    (tmp_path / "harbour.txt").write_text("Harbour\n\nThe strike had stopped 40 ships. The town had lost $1.2bn.")
    with Archive.open(tmp_path / "archive", model="openai:m") as archive:
        archive.ingest([tmp_path / "harbour.txt"])
        with serving(archive, monkeypatch) as address:
            yield address


@contextmanager
def post(address: str, body: str) -> Iterator[httpx.Response]:
    with httpx.stream("POST", f"{address}api/ask/stream", content=body, timeout=WAIT) as response:
        yield response


def events(response: httpx.Response) -> Iterator[dict[str, object]]:
    for line in response.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line[6:])


def test_an_answer_comes_as_events(address: str, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 40 ships [1]. The strike stopped 99 ships [1].")
    with post(address, json.dumps({"question": QUESTION, "k": 3, "history": []})) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert [event["event"] for event in events(response)] == [
            *("searching", "hits", "statement", "rejected", "done")
        ]


def test_a_caller_that_goes_away_stops_the_model(address: str, httpserver: HTTPServer) -> None:
    model = Slow(httpserver, "The strike stopped 40 ships [1]. The town ")
    with post(address, json.dumps({"question": QUESTION})) as response:
        told = events(response)
        assert [next(told)["event"] for _ in range(3)] == ["searching", "hits", "statement"]
    assert model.left.wait(WAIT)


def left(address: str, path: str, begun: Event) -> None:
    """Ask, and go away once the work has begun."""
    asking = HTTPConnection(urlsplit(address).netloc, timeout=WAIT)
    asking.request("POST", path, json.dumps({"question": QUESTION} if path == "/api/ask" else {}))
    assert begun.wait(WAIT)
    asking.close()


def test_a_caller_that_does_not_wait_for_the_answer_stops_the_model(address: str, httpserver: HTTPServer) -> None:
    model = Slow(httpserver, "The strike stopped 40 ships [1]. The town ")
    left(address, "/api/ask", model.asked)
    assert model.left.wait(WAIT)


def test_a_caller_that_does_not_wait_for_a_summary_stops_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, stopped = Event(), Event()

    def endless(ids: object, *, progress: Callable[[None], None], **_: object) -> None:
        begun.set()
        try:
            while not stopped.wait(0.01):
                progress(None)
        finally:
            stopped.set()

    monkeypatch.setattr(archive, "summarize", endless)
    with serving(archive, monkeypatch) as served:
        left(served, "/api/summarize", begun)
        assert stopped.wait(WAIT)


def test_a_model_that_fails_is_the_last_event(address: str, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/chat/completions").respond_with_data("no", status=401)
    with post(address, json.dumps({"question": QUESTION})) as response:
        *_, last = events(response)
    assert last["event"] == "error"
    assert "refuses the key" in str(last["error"])


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "Send a JSON object"),
        ("[]", "Send a JSON object"),
        ("{", "Send a JSON object"),
        ('{"question": 3}', "question: Input should be a valid string"),
        ('{"question": "Who?", "model": "openai:other"}', "There is no option 'model'"),
        ('{"question": "Who?", "k": true}', "k: Input should be a valid integer"),
        ('{"question": "Who?", "history": [3]}', "history.0: Input should be a valid"),
        ('{"question": "Who?", "since": "soon"}', "since is 'soon'"),
        ('{"question": " "}', "The question is empty"),
    ],
)
def test_what_makes_no_sense_is_one_line(address: str, body: str, error: str) -> None:
    with post(address, body) as response:
        assert response.status_code == 400
        assert error in json.loads(response.read())["error"]
