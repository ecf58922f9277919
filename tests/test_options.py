"""What limits a search: checked where it comes in, and the same for every way of asking."""

from __future__ import annotations

import json

import pytest
from commands import Run

from rag import Archive
from rag.errors import UnknownArticle, UsageError
from rag.options import check_k, filters, remembered
from rag.records import Article, Turn

GERMAN = "Der Hafen von Saltmere ist wieder offen. Der Streik der Hafenarbeiter dauerte sechzehn Tage."
ENGLISH = "The harbour of Saltmere is open again. The strike of the dockers lasted sixteen days."


@pytest.fixture
def two(archive: Archive) -> Archive:
    for id, text, language in (("de-1", GERMAN, "de"), ("en-1", ENGLISH, "en")):
        archive._store.take(Article(id, "Saltmere", text, source=f"Courier {language}", language=language))
    return archive


def test_a_language_is_its_code_in_any_case_of_letters() -> None:
    assert filters(language="DE").language == "de"


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("english", "'english', which is no ISO 639-1 code. Write 'en'"),
        ("Deutsch", "Write 'de'"),
        ("en-GB", "Write 'en'"),
        ("pt_BR", "Write 'pt'"),
        ("klingon", "Write its ISO 639-1 code, such as en, de or fr"),
        ("", "Write its ISO 639-1 code"),
    ],
)
def test_what_is_no_language_code_is_told_what_to_write(written: str, line: str) -> None:
    with pytest.raises(UsageError) as raised:
        filters(language=written)
    assert line in str(raised.value)
    assert "\n" not in str(raised.value)


def test_one_article_or_several_are_named() -> None:
    assert filters(article="a").article_ids == ("a",)
    assert filters(article=["b", "a", "b"]).article_ids == ("b", "a")
    with pytest.raises(UsageError, match="No article is named"):
        filters(article=[])


def test_every_way_of_asking_keeps_to_a_language(two: Archive) -> None:
    assert [one.id for one in two.articles(language="de")] == ["de-1"]
    assert {hit.article_id for hit in two.search("Saltmere", language="en")} == {"en-1"}
    assert {cited.article_id for cited in two.ask("How long did the strike last?", language="en").citations} == {
        "en-1"
    }
    assert two.summarize(language="de").used == ("de-1",)
    assert {one.metadata["article_id"] for one in two.as_retriever(language="de").invoke("Saltmere")} == {"de-1"}


def test_every_way_of_asking_keeps_to_an_article(two: Archive) -> None:
    assert [one.id for one in two.articles(article="en-1")] == ["en-1"]
    assert {hit.article_id for hit in two.search("Saltmere", article=["de-1"])} == {"de-1"}
    assert {cited.article_id for cited in two.ask("How long did the strike last?", article="en-1").citations} == {
        "en-1"
    }
    assert two.summarize(query="Saltmere strike", article="en-1").used == ("en-1",)
    assert {one.metadata["article_id"] for one in two.as_retriever(article="en-1").invoke("Saltmere")} == {"en-1"}
    assert [answer.refusal for answer in two.batch(["How long did the strike last?"], article="en-1")] == [None]


def test_an_article_that_is_not_there_is_told(two: Archive) -> None:
    for ask in (two.ask, two.search):
        with pytest.raises(UnknownArticle, match="No article 'fr-1'"):
            ask("Saltmere", article=["en-1", "fr-1"])


@pytest.mark.parametrize(
    "command",
    [("ask", "Who?"), ("search", "strike"), ("summarize",), ("summarize", "--query", "x"), ("articles", "list")],
)
def test_every_command_refuses_a_limit_that_makes_no_sense(run: Run, two: Archive, command: tuple[str, ...]) -> None:
    two.close()
    for options, code, line in (
        (("--since", "2024-02-01", "--until", "2024-01-01"), 2, "The period ends before it starts"),
        (("--language", "english"), 2, "Write 'en'"),
        (("--article", "nowhere"), 1, "No article 'nowhere'"),
        (("--article", ""), 1, "No article ''"),
        (("--source", " "), 2, "The source is empty"),
    ):
        ran = run(*command, *options)
        assert (ran.code, ran.out, len(ran.err.splitlines())) == (code, "", 1)
        assert line in ran.err


def test_the_command_limits_to_articles_and_languages(run: Run, two: Archive) -> None:
    two.close()
    listed = run("articles", "list", "--article", "de-1", "--article", "en-1", "--language", "en", "--json")
    assert [one["id"] for one in json.loads(listed.out)] == ["en-1"]
    hits = json.loads(run("search", "Saltmere", "--language", "de", "--json").out)
    assert {hit["article_id"] for hit in hits} == {"de-1"}


def test_chat_keeps_to_an_article(run: Run, two: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    two.close()
    questions = iter(["How long did the strike last?", ""])
    monkeypatch.setattr("ui.cli.next_question", lambda: next(questions))
    answer = json.loads(run("chat", "--article", "en-1", "--json").out)
    assert {citation["article_id"] for citation in answer["citations"]} == {"en-1"}


def test_of_a_long_conversation_the_last_turns_are_read_as_far_as_they_go() -> None:
    history = [Turn(f"{place}? {'x' * 5_000}", "y" * 900_000) for place in range(30)]
    kept = remembered(history)
    assert [one.question[:3] for one in (kept[0], kept[-1])] == ["10?", "29?"]
    assert {(len(one.question), len(one.answer)) for one in kept} == {(4_000, 4_000)}


@pytest.mark.parametrize("k", [0, -1, 10_001, 10**30])
def test_a_number_of_passages_that_makes_no_sense_is_refused(k: int) -> None:
    with pytest.raises(UsageError, match=r"must be from 1 to 10,000"):
        check_k(k)
