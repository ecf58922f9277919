"""All conversations of a reader as one file over HTTP: sent as it is read, whole however long, and nobody else's."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from chat_servers import WAIT
from serving import serving
from ui_records import ANSWER, AS_OF, Shelf

from rag.history import FILE
from ui.exports.conversations import exported_conversations
from ui.kept.conversations import Conversation, Conversations
from ui.kept.exchange import Exchange
from ui.readers import COOKIE
from ui.text.forms import FORMS, SUFFIXES, Form

ADA, BEN = "a" * 32, "b" * 32
LONG = tuple(Exchange(f"Question {number}?", replace(ANSWER, notes=("x" * 2_000,)), key="k") for number in range(50))


def conversations(count: int) -> Iterator[Conversation]:
    """Each of fifty answers, made when it is asked for."""
    for number in range(count):
        yield Conversation(f"{number:032x}", "Who?", AS_OF, AS_OF, LONG)


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    kept = Conversations(shelf.folder)
    for reader, question in ((ADA, "Who came?"), (ADA, "Half a pair \ud83d?"), (BEN, "Whose is it?")):
        kept.put(reader, kept.begin(), Exchange(question, ANSWER, key="1", asked_at=AS_OF))
    kept.close()
    return shelf


@pytest.fixture
def address(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with serving(shelf, monkeypatch) as address:  # type: ignore[arg-type]
        yield address


def got(address: str, form: Form, reader: str | None = ADA) -> httpx.Response:
    cookies = {} if reader is None else {COOKIE: reader}
    return httpx.get(f"{address}conversations{SUFFIXES[form]}", cookies=cookies, timeout=WAIT)


@pytest.mark.parametrize("form", FORMS)
def test_five_thousand_answers_take_no_more_memory_than_fifty(form: Form) -> None:
    def peak(count: int) -> tuple[int, int]:
        tracemalloc.reset_peak()
        length = sum(map(len, exported_conversations(conversations(count), form)))
        return length, tracemalloc.get_traced_memory()[1]

    peak(1)  # what is read or compiled once
    tracemalloc.start()
    try:
        (_, few), (length, many) = peak(1), peak(100)
    finally:
        tracemalloc.stop()
    assert length > 10 * many
    assert many < 2 * few


@pytest.mark.parametrize("form", FORMS)
def test_the_file_has_a_name_and_all_of_its_readers_and_nothing_of_anothers(address: str, form: Form) -> None:
    reply = got(address, form)
    assert reply.status_code == 200
    assert reply.headers["content-disposition"] == f'attachment; filename="conversations{SUFFIXES[form]}"'
    assert "content-length" not in reply.headers
    assert "Who came?" in reply.text
    assert "Half a pair ??" in reply.text
    assert "Whose is it?" not in reply.text


def test_whether_there_is_a_file_can_be_asked_without_it(address: str) -> None:
    reply = httpx.head(f"{address}conversations.json", cookies={COOKIE: ADA}, timeout=WAIT)
    assert (reply.status_code, reply.headers["content-length"]) == (200, "0")


def test_the_json_reads_back_with_the_newest_first(address: str) -> None:
    told = got(address, "json").json()["conversations"]
    assert [one["exchanges"][0]["question"] for one in told] == ["Half a pair ??", "Who came?"]
    assert told[0]["exchanges"][0]["answer"]["citations"][0]["quote"] == ANSWER.citations[0].quote


def test_a_browser_without_a_name_is_told_so_in_one_line(address: str) -> None:
    for reader in (None, "made up"):
        reply = got(address, "json", reader)
        assert (reply.status_code, list(reply.json())) == (404, ["error"])


def test_a_history_that_cannot_be_read_is_one_line(shelf: Shelf, address: str) -> None:
    Path(shelf.folder, FILE).write_bytes(b"no database " * 99)
    reply = got(address, "html")
    assert (reply.status_code, list(json.loads(reply.text))) == (503, ["error"])
