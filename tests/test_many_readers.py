"""Twenty-four readers at once, over real HTTP on one server: each gets the answer to its own question, none in turn.

The model answers nobody before all twenty-four are with it, so that a server that takes readers one after another
fails without any clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import crowds
import httpx
import pytest
from browsing import visiting
from chat_servers import WAIT
from crowds import READERS, TOWNS, Gathering
from pytest_httpserver import HTTPServer
from replaying import recorded, replayed
from serving import serving
from ui_records import Page

from rag import Archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Json = dict[str, Any]
FIRST = "Who won the football final in Lisbon?"
"""Refused before any model is asked."""


@contextmanager
def towns(folder: Path, monkeypatch: pytest.MonkeyPatch, model: str) -> Iterator[str]:
    """The page's server on an archive of one article for each reader."""
    with Archive.open(folder / "archive", model=model) as archive:
        crowds.fill(archive, folder)
        with serving(archive, monkeypatch) as address:
            yield address


@pytest.fixture
def keyless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with towns(tmp_path, monkeypatch, "extractive") as address:
        yield address


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gathering]:
    """One that waits for all."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url_for("/v1"))
        yield Gathering(server)


@pytest.fixture
def gathered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: Gathering) -> Iterator[str]:
    with towns(tmp_path, monkeypatch, "openai:m") as address:
        yield address


def streamed(address: str, place: int) -> Json:
    """The last event of one reader's stream."""
    asked = {"question": crowds.question(place)}
    with httpx.stream("POST", f"{address}api/ask/stream", json=asked, timeout=2 * WAIT) as response:
        lines = [line for line in response.iter_lines() if line.startswith("data: ")]
    last: Json = json.loads(lines[-1].removeprefix("data: "))
    return dict(last["answer"])


def completed(address: str, place: int) -> Json:
    """What one reader is answered as OpenAI's clients ask."""
    asked = {"model": "groundwire", "messages": [{"role": "user", "content": crowds.question(place)}]}
    posted = httpx.post(f"{address}v1/chat/completions", json=asked, timeout=2 * WAIT).raise_for_status()
    return dict(posted.json()["groundwire"])


def own(told: Json, place: int) -> bool:
    """Whether an answer is that reader's: its question, its words, its citation and nobody else's."""
    quotes = {(one["article_id"], one["quote"]) for one in told["citations"]}
    words = told["answer"].replace(" [1]", "")
    return (told["question"], words, quotes) == (
        crowds.question(place),
        crowds.told(place),
        {(TOWNS[place].lower(), crowds.told(place))},
    )


def whose(shown: Sequence[Any]) -> set[str]:
    """The towns that the page of one reader names."""
    pages = [value for value in _texts(shown) if value.startswith("<")]
    text = " ".join(Page(one).text for one in pages if 'class="welcome"' not in one)
    return {town for town in TOWNS if town in text}


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from _texts(list(value.values()))
        case list():
            for one in value:
                yield from _texts(one)


def asked_on_page(browser: Browser, address: str) -> Callable[[int], set[str]]:
    """What asks as the page does, for one reader each, and says whose answer came."""
    with visiting(browser, address, {}) as visit, recorded(visit) as sent:
        visit.ask(FIRST)
        visit.page.wait_for_load_state()
    assert any(FIRST in one.body for one in sent)

    def ask(place: int) -> set[str]:
        shown = replayed(address, sent, {FIRST: crowds.question(place)}, f"reader{place}")
        assert crowds.told(place) in json.dumps(shown)
        return whose(shown)

    return ask


@pytest.mark.parametrize("ask", [streamed, completed])
def test_keyless_answers_are_not_mixed_up(keyless: str, ask: Callable[[str, int], Json]) -> None:
    got = crowds.at_once(lambda place: ask(keyless, place))
    assert [own(told, place) for place, told in enumerate(got)] == [True] * READERS


@pytest.mark.parametrize("ask", [streamed, completed])
def test_all_are_answered_by_the_model_at_once(gathered: str, ask: Callable[[str, int], Json]) -> None:
    got = crowds.at_once(lambda place: ask(gathered, place))
    assert [own(told, place) for place, told in enumerate(got)] == [True] * READERS


def test_the_pages_of_all_show_their_own_answer(browser: Browser, keyless: str) -> None:
    ask = asked_on_page(browser, keyless)
    assert crowds.at_once(ask) == [{town} for town in TOWNS]


def test_the_pages_of_all_are_answered_by_the_model_at_once(
    browser: Browser, gathered: str, model: Gathering
) -> None:
    ask = asked_on_page(browser, gathered)
    assert crowds.at_once(ask) == [{town} for town in TOWNS]
