"""The archive over HTTP: the library's own JSON, and one line for whatever is wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from chat_servers import WAIT, failing, reply, script
from pytest_httpserver import HTTPServer
from serving import serving
from starlette.testclient import TestClient
from ui_records import ANSWER, REFUSED
from v1_client import user

from rag import Archive, Turn
from rag.contract import answer_json, article_json, hits_json, listed_article_json, summary_json
from rag.errors import ArchiveBusy, ArchiveError
from ui.admission import Admission
from ui.http import told
from ui.serving import app
from ui.serving.access import Access
from ui.serving.app import build_app

QUESTION = "How many ships did the strike stop?"
TIMED = {"seconds", "as_of"}
"""Differ from call to call."""


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Archive]:
    """An archive of two articles."""
    told = [
        {"id": "harbour", "title": "Harbour opens", "source": "Post", "published_at": "2024-03-02", "text": "The strike had stopped 40 ships. Mayor Ada Finch spoke."},
        {"id": "tram", "title": "Tram costs", "source": "Courier", "published_at": "2024-03-01", "text": "The Quillhaven tram cost £310m, the council said."},
    ]  # fmt: skip
    (tmp_path / "news.jsonl").write_text("\n".join(map(json.dumps, told)))
    with Archive.open(tmp_path / "archive") as archive:
        archive.ingest([tmp_path / "news.jsonl"])
        yield archive


@pytest.fixture
def client(held: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    """A program that talks to the archive's server."""
    with talking(held, monkeypatch) as client:
        yield client


@contextmanager
def talking(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    with serving(archive, monkeypatch) as address, httpx.Client(base_url=address, timeout=WAIT) as client:
        yield client


def untimed(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in TIMED}


def test_each_endpoint_tells_what_the_library_tells(client: httpx.Client, held: Archive) -> None:
    asked = client.post("/api/ask", json={"question": QUESTION, "k": 3, "as_of": "2024-03-05"}).json()
    assert untimed(asked) == untimed(answer_json(held.ask(QUESTION, k=3, as_of="2024-03-05")))
    assert asked["as_of"] == "2024-03-05T23:59:59.999999Z"
    found = client.post("/api/search", json={"query": "tram", "source": "courier", "k": 1}).json()
    assert found == hits_json(held.search("tram", source="courier", k=1))
    summary = client.post("/api/summarize", json={"ids": ["harbour"], "sentences": 1, "style": "bullets"}).json()
    assert untimed(summary) == untimed(summary_json(held.summarize(["harbour"], sentences=1, style="bullets")))
    assert client.get("/api/articles/tram").json() == article_json(held.article("tram"))
    assert client.get("/api/articles/tram/revisions").json() == [article_json(one) for one in held.revisions("tram")]


def test_a_follow_up_is_understood_by_what_was_said_before(client: httpx.Client, held: Archive) -> None:
    said = {"question": "What about the harbour strike?", "answer": "It ended."}
    asked = client.post("/api/ask", json={"question": "How many ships did it stop?", "history": [said]}).json()
    answer = held.ask("How many ships did it stop?", history=[Turn(said["question"], said["answer"])])
    assert asked["statements"] == answer_json(answer)["statements"] != []


def test_articles_are_listed_a_part_at_a_time(client: httpx.Client, held: Archive) -> None:
    whole = client.get("/api/articles").json()
    assert [one["id"] for one in whole["articles"]] == ["harbour", "tram"]
    for one in whole["articles"]:
        record = listed_article_json(held.article(one["id"]))
        assert one == {name: record[name] for name in one if name != "copies"} | {"copies": 0}
    part = client.get("/api/articles", params={"sort": "oldest", "offset": 1, "limit": 1}).json()
    assert ([one["id"] for one in part["articles"]], part["total"]) == (["harbour"], 2)
    assert client.get("/api/articles", params={"q": "TRAM", "until": "2024-03-01"}).json()["total"] == 1


def test_a_removed_article_is_gone_at_once(client: httpx.Client) -> None:
    assert client.delete("/api/articles/tram").json() == {"removed": ["tram"]}
    for gone in (client.get("/api/articles/tram"), client.delete("/api/articles/tram")):
        assert gone.status_code == 404
        assert gone.json()["error"].startswith("Article 'tram' was removed on ")
    assert client.post("/api/search", json={"query": "tram"}).json()[0]["article_id"] == "harbour"


def test_health_is_told_whole_only_to_who_is_known(held: Archive) -> None:
    whole = {"status": "ok", "articles": 2, "newest": "2024-03-02T00:00:00Z", "model": "extractive"}
    for access, shown in ((Access(), whole), (Access(password="long enough"), {"status": "ok"})):
        built = build_app(held, access=access)
        assert TestClient(built, base_url="http://127.0.0.1").get("/healthz").json() == shown


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ArchiveError("'/srv/secret' is damaged."), "The archive cannot be read or written."),
        (ArchiveBusy("'/srv/secret' is locked."), "Another program is writing to the archive. Try again in 5 s."),
    ],
)
def test_an_archive_that_cannot_be_used_is_503_and_names_no_folder(
    client: httpx.Client, held: Archive, monkeypatch: pytest.MonkeyPatch, error: ArchiveError, line: str
) -> None:
    def broken(*given: object, **named: object) -> None:
        raise error

    for name in ("overview", "ask_stream", "article"):
        monkeypatch.setattr(held, name, broken)
    replies = [
        client.get("/healthz"),
        client.post("/api/ask", json={"question": "Who?"}),
        client.get("/api/articles/a"),
        client.post("/v1/chat/completions", json={"model": "groundwire", "messages": [user("Who?")]}),
    ]
    assert [one.status_code for one in replies] == [503, 503, 503, 503]
    assert all(line in one.text and "secret" not in one.text for one in replies)
    assert replies[1].headers["retry-after"] == "5"


def test_a_model_that_fails_is_502(held: Archive, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    script(httpserver, failing(401, "no"))
    with Archive.open(held.folder, model="openai:m") as archive, talking(archive, monkeypatch) as client:
        refused = client.post("/api/ask", json={"question": QUESTION})
        fallen_back = client.post("/api/ask", json={"question": QUESTION, "fallback": "extractive"})
    assert (refused.status_code, fallen_back.status_code) == (502, 200)
    assert "refuses the key" in refused.json()["error"]
    assert fallen_back.json()["model"] == "extractive"


def test_what_a_model_wrote_fits_the_document(
    held: Archive, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    reply(
        httpserver,
        "The strike stopped 40 ships [1]. The strike stopped 99 ships [1].\nNOT COVERED: who led the strike",
    )
    with Archive.open(held.folder, model="openai:m") as archive, talking(archive, monkeypatch) as client:
        answer = client.post("/api/ask", json={"question": QUESTION, "repair": False}).json()
        summary = client.post("/api/summarize", json={"ids": ["harbour"], "repair": False}).json()
    assert (answer["usage"]["input_tokens"], answer["unanswered"]) == (321, ["who led the strike"])
    told.Answer.model_validate(answer, strict=True)
    told.Summary.model_validate(summary, strict=True)


@pytest.mark.parametrize("answer", [ANSWER, REFUSED])
def test_records_made_by_hand_fit_the_document(answer: Any) -> None:
    told.Answer.model_validate(answer_json(answer), strict=True)


@pytest.mark.parametrize("style", ["paragraph", "timeline", "digest", "differences", "headline"])
def test_every_form_of_summary_fits_the_document(seeded: Archive, style: Any) -> None:
    told.Summary.model_validate(summary_json(seeded.summarize(query="Kim", style=style, k=6)), strict=True)


def test_who_asks_too_often_is_told_when_to_come_again(held: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "Admission", partial(Admission, per_minute=1, clock=lambda: 100.0))
    with talking(held, monkeypatch) as client:
        replies = [client.post("/api/search", json={"query": "tram"}) for _ in range(2)]
        streamed = client.post("/api/ask/stream", json={"question": "Who?"})
    assert [one.status_code for one in (*replies, streamed)] == [200, 429, 429]
    assert replies[1].headers["retry-after"] == "60"
    assert "Try again in 60 s" in replies[1].json()["error"]


def test_a_place_is_free_again_once_an_answer_has_been_streamed(
    held: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "Admission", partial(Admission, at_once=1, waiting=0))
    with talking(held, monkeypatch) as client:
        for _ in range(3):
            assert "event: done" in client.post("/api/ask/stream", json={"question": QUESTION}).text


def test_a_question_that_takes_long_holds_nobody_else_up(
    client: httpx.Client, held: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go, search = threading.Event(), threading.Event(), held.search

    def slow(*given: Any, **named: Any) -> Any:
        begun.set()
        assert go.wait(WAIT)
        return search(*given, **named)

    monkeypatch.setattr(held, "search", slow)
    found: list[httpx.Response] = []
    waiting = threading.Thread(target=lambda: found.append(client.post("/api/search", json={"query": "tram"})))
    waiting.start()
    assert begun.wait(WAIT)
    assert client.get("/healthz").status_code == 200
    assert client.post("/api/ask", json={"question": QUESTION}).status_code == 200
    go.set()
    waiting.join(WAIT)
    assert found[0].status_code == 200
