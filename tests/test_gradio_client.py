"""Gradio's own client calls the page by stable names, and gets the library's own answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from serving import serving
from ui_records import Shelf

from rag import Archive
from rag.contract import answer_json, article_json, hits_json, summary_json
from ui.admission import Admission
from ui.serving import app

QUESTION = "How much did the dock strike cost?"
LIMITS = ["since", "until", "source", "language", "article"]


@pytest.fixture(scope="module")
def client(seeded: Archive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of the page on the sample articles."""
    with pytest.MonkeyPatch.context() as patch, serving(seeded, patch) as address:
        patch.undo()  # other tests serve beside it
        yield connected(address, tmp_path_factory)


def connected(address: str, folders: pytest.TempPathFactory) -> Client:
    return Client(address, verbose=False, download_files=str(folders.mktemp("files")))


def timeless(told: dict[str, Any]) -> dict[str, Any]:
    """A result as it is in JSON, without how long it took and the moment it was asked for."""
    whole = json.loads(json.dumps(told))
    return {name: value for name, value in whole.items() if name not in ("seconds", "as_of")}


def test_the_names_and_their_options_are_told(client: Client) -> None:
    told = client.view_api(return_format="dict", print_info=False)
    options = {
        name: [one["parameter_name"] for one in call["parameters"]] for name, call in told["named_endpoints"].items()
    }
    assert options == {
        "/ask": ["question", "history", *LIMITS, "as_of", "k", "deep", "repair", "fallback"],
        "/search": ["query", "k", *LIMITS],
        "/summarize": [
            *("ids", "query", "story", "style", "sentences", "words", "as_of", "k", "repair"),
            *LIMITS,
        ],
        "/article": ["id", "revision"],
    }
    assert told["unnamed_endpoints"] == {}


def test_every_option_is_told_with_its_type_and_what_it_means(client: Client) -> None:
    calls = client.view_api(return_format="dict", print_info=False)["named_endpoints"].values()
    assert all(call["description"].endswith("prints.") for call in calls)
    types = [one["python_type"] for call in calls for one in call["parameters"]]
    assert all(one["description"] and one["type"] != "Any" for one in types)
    assert [
        one["parameter_name"] for call in calls for one in call["parameters"] if not one["parameter_has_default"]
    ] == [
        "question",
        "query",
        "id",
    ]


def test_each_call_gives_what_the_command_prints(client: Client, seeded: Archive) -> None:
    answer = client.predict(QUESTION, as_of="2025-06-01", api_name="/ask")
    assert timeless(answer) == timeless(answer_json(seeded.ask(QUESTION, as_of="2025-06-01")))
    hits = client.predict("rail strike", k=2, source="Tidewater Post", api_name="/search")
    assert hits == hits_json(seeded.search("rail strike", k=2, source="Tidewater Post"))
    summary = client.predict(story="harbour-deal", style="timeline", words=60, api_name="/summarize")
    own = seeded.summarize(story="harbour-deal", style="timeline", words=60)
    assert timeless(summary) == timeless(summary_json(own))
    article = client.predict("harbour-deal", 1, api_name="/article")
    assert article == article_json(seeded.article("harbour-deal"))


def test_a_follow_up_is_understood_from_what_was_said(client: Client) -> None:
    history = [{"question": "Who toured the aviation plant?", "answer": "Kim Jong Un did."}]
    answer = client.predict("Who is it named after?", history=history, as_of="2023-09-20", api_name="/ask")
    assert "Gagarin" in answer["answer"]


@pytest.mark.parametrize(
    ("name", "options", "line"),
    [
        ("/ask", {"question": ""}, "The question is empty. Write what you want to know."),
        ("/ask", {"question": {"a": 1}}, "question: Input should be a valid string."),
        ("/ask", {"question": "Who?", "k": "many"}, "k: Input should be a valid integer"),
        ("/ask", {"question": "Who?", "until": "soon"}, "until is 'soon'; write a date like 2023-09-15."),
        ("/search", {"query": "x", "article": "nowhere"}, "No article 'nowhere'."),
        ("/summarize", {"style": "poem"}, "style: Input should be 'paragraph'"),
        ("/article", {"id": "<b>"}, "No article '<b>'."),
    ],
)
def test_a_stated_error_reaches_the_caller_as_its_one_line(
    client: Client, name: str, options: dict[str, Any], line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(AppError) as refused:
        client.predict(**options, api_name=name)
    assert str(refused.value).startswith(line)
    assert "\n" not in str(refused.value)
    assert "Traceback" not in capfd.readouterr().err


def test_a_fault_of_ours_keeps_its_words_to_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, capfd: pytest.CaptureFixture[str]
) -> None:
    class Broken(Shelf):
        def search(self, query: str, **_: object) -> list[Any]:
            raise RuntimeError("the secret")

    with serving(Broken(), monkeypatch) as address, pytest.raises(AppError) as refused:  # type: ignore[arg-type]
        connected(address, tmp_path_factory).predict("x", api_name="/search")
    assert "the secret" not in str(refused.value)
    assert "the secret" in capfd.readouterr().err


def test_who_asks_too_often_is_told_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(app, "Admission", lambda: Admission(per_minute=1))
    with serving(Shelf(), monkeypatch) as address:  # type: ignore[arg-type]
        caller = connected(address, tmp_path_factory)
        assert caller.predict("tour", api_name="/article")["id"] == "tour"
        with pytest.raises(AppError, match="Too many questions: 1 a minute"):
            caller.predict("tour", api_name="/article")


def test_calls_at_once_are_not_mixed_up(client: Client, seeded: Archive) -> None:
    questions = [
        QUESTION,
        "Who is the aviation plant named after?",
        "How much will the Quillhaven tram cost?",
        "How many people died in the Hradnice dam collapse?",
        "What did Xi Jinping say about the visit?",
    ]
    with ThreadPoolExecutor(len(questions)) as at_once:
        told = list(at_once.map(lambda question: client.predict(question, api_name="/ask"), questions))
    assert [timeless(one) for one in told] == [timeless(answer_json(seeded.ask(one))) for one in questions]


def test_what_the_page_does_for_its_reader_cannot_be_called_by_name(client: Client) -> None:
    with pytest.raises(ValueError, match="Cannot find a function"):
        client.predict("Who?", api_name="/answer")
