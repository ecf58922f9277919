"""Questions nobody should type, through the real command: a sensible answer or one clear line, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commands import Ran, Run

from rag import Archive
from rag.records import Article

REASONS = {"empty_archive", "filtered_out", "off_topic", "not_answered", "out_of_period", "unverified"}

FOREIGN = [
    "Кто встретился с Путиным?",
    "金正恩はどこへ行きましたか？",
    "من التقى كيم؟",
    "Wer traf Putin?",
    "Qui a rencontré Kim ?",
]
ONLY_STOPWORDS = ["Who is it?", "what was that and why", "the of and", "Why?", "¿?", "…"]
CODE = [
    "'; DROP TABLE articles; --",
    '" OR 1=1 --',
    "title:* AND NEAR(a b, 3) ^x -y",
    "(((((",
    "[a-z]+(.*)+$",
    "\\d{1,999}",
    "%s %d {0} {x}",
    "{{7*7}} ${x} $(id) `id`",
    "../../etc/passwd",
    "<script>alert(1)</script>",
]
SIGNS = [
    "Who\x00 met\x00 Kim?",
    "\x1b[31mWho met Kim?\x07",
    "Who\u202emet Kim\u202c?",
    "🚆🤝❓",
    "\ufeffWho met Kim?",
    "\ud800 who?",
    "Ḱ̷̢i̴͓m̶ who?",
    "\u200b",
]


@pytest.fixture
def news(run: Run, seeded: Archive) -> Run:
    """Runs a command on the sample articles."""
    return lambda command, *rest: run(command, "--archive", str(seeded.folder), *rest)


def answered(ran: Ran) -> dict[str, Any]:
    """The one object printed: an answer with citations, or a refusal with a reason and one line."""
    assert (ran.code, ran.err) == (0, "")
    answer: dict[str, Any] = json.loads(ran.out)
    refusal = answer["refusal"]
    if refusal is None:
        assert answer["statements"]
        assert all(one["citations"] for one in answer["statements"])
    else:
        assert refusal["reason"] in REASONS
        assert refusal["message"] == refusal["message"].strip() != ""
        assert "\n" not in refusal["message"]
    return answer


def failed(ran: Ran, code: int) -> str:
    """The one line told."""
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("groundwire: ")
    assert ran.err.count("\n") == 1
    assert "unexpected" not in ran.err
    return ran.err


@pytest.mark.parametrize(
    "questions", [FOREIGN, ONLY_STOPWORDS, CODE, SIGNS], ids=["foreign", "stopwords", "code", "signs"]
)
def test_any_question_is_answered_or_refused(news: Run, questions: list[str]) -> None:
    for question in questions:
        if question.strip():
            answered(news("ask", "--json", "--", question))
            searched = news("search", "--json", "--", question)
            assert (searched.code, searched.err) == (0, "")
            assert isinstance(json.loads(searched.out), list)
            assert news("ask", "--", question).code == 0


@pytest.mark.parametrize(
    "question", ["Who is it?", "what was that and why", "the of and", "Why?", "¿?", "(((((", "🚆🤝❓"]
)
def test_a_question_that_tells_nothing_is_refused(news: Run, question: str) -> None:
    assert answered(news("ask", "--json", "--", question))["refusal"]["reason"] in ("off_topic", "not_answered")


@pytest.mark.parametrize("command", ["ask", "search"])
@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("", "is empty"),
        (" \t\n", "is empty"),
        ("why " * 5_000, "has 20,000 characters; at most 4,000 are read. Shorten it."),
    ],
)
def test_a_question_that_is_none_is_told_in_one_line(
    run: Run, archive: Archive, command: str, question: str, line: str
) -> None:
    archive.close()
    assert line in failed(run(command, question), 2)


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_period_that_ends_before_it_starts_is_wrong_usage(run: Run, archive: Archive, command: str) -> None:
    archive.close()
    line = failed(run(command, "Who?", "--since", "2024-02-01", "--until", "2024-01-01"), 2)
    assert line == "groundwire: The period ends before it starts: since 2024-02-01, until 2024-01-01. Swap them.\n"


@pytest.mark.parametrize(
    "words", ["between 14 and 12 September 2023", "since Friday until Monday", "from 2025 to 2023"]
)
def test_a_period_turned_round_in_words_is_read(news: Run, words: str) -> None:
    answered(news("ask", f"What did Kim do {words}?", "--as-of", "2023-09-20", "--json"))


def test_an_outlet_that_does_not_exist_is_a_refusal(news: Run) -> None:
    answer = answered(news("ask", "Who met Kim?", "--source", "Tidwater Post", "--json"))
    assert answer["refusal"]["reason"] == "filtered_out"
    ran = news("search", "Kim", "--source", "Tidwater Post")
    assert ran.code == 0
    assert "No article is from 'Tidwater Post'. Outlets here: Tidewater Post, " in ran.err


@pytest.mark.parametrize(
    "question", ["How many people died?", "Who is Ada Finch?", "What happened yesterday?", "Why?"]
)
def test_an_archive_of_one_article_answers_or_refuses(run: Run, archive: Archive, question: str) -> None:
    archive._store.take(Article("one", "Fire", "Four people died in a fire in Lorn. The cause is not known."))
    archive.close()
    answer = answered(run("ask", question, "--json"))
    assert {citation["article_id"] for citation in answer["citations"]} <= {"one"}


def test_an_empty_archive_says_how_to_fill_it(run: Run, archive: Archive) -> None:
    archive.close()
    answer = answered(run("ask", "Who met Kim?", "--json"))
    assert answer["refusal"]["reason"] == "empty_archive"
    assert json.loads(run("search", "Kim", "--json").out) == []


def test_three_hundred_copies_of_one_report_are_one_source(run: Run, tmp_path: Path) -> None:
    text = "A fire in Lorn killed four people on Monday, the mayor said. The cause of the fire is not known."
    rows = [{"id": f"copy-{number:03}", "title": "Fire in Lorn kills four", "text": text} for number in range(300)]
    (tmp_path / "copies.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert run("ingest", "copies.jsonl").code == 0
    answer = answered(run("ask", "How many people did the fire in Lorn kill?", "--json"))
    assert len({citation["article_id"] for citation in answer["citations"]}) == 1
    assert "four" in answer["answer"]
    hits = json.loads(run("search", "fire in Lorn", "--json").out)
    assert len({hit["article_id"] for hit in hits}) == 1
