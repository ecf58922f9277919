"""Over every case of every suite: each quote is exactly the words at its offsets, and nothing unsupported is shown."""

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from eval.cases import Case
from eval.scores import Output
from eval.suite import Suite, load_suite, locate
from eval.systems.ours import answer as asked_of
from rag import Archive
from rag.records import Answer, Citation, Statement
from rag.summary import Summary

SUITES = sorted(path.name for path in files("eval.suites").iterdir() if path.name.endswith(".jsonl"))
LOADED = [load_suite(name.removesuffix(".jsonl")) for name in SUITES]
QUESTIONS = [case for suite in LOADED for case in suite.cases if not case.summarize]
SUMMARIES = [(suite, at) for suite in LOADED for at, case in enumerate(suite.cases) if case.summarize]


def assert_exact(archive: Archive, citations: Sequence[Citation], statements: Sequence[Statement]) -> None:
    for one in citations:
        assert archive.article(one.article_id, one.revision).text[one.start : one.end] == one.quote
    assert [one.number for one in citations] == list(range(1, len(citations) + 1))
    for statement in statements:
        assert statement.citations
        assert statement.verdict != "unsupported"
        assert set(statement.citations) <= {one.number for one in citations}


def asked(archive: Archive, case: Case) -> Output:
    return asked_of(archive, case, model="extractive", as_of=datetime.now(UTC))


@pytest.mark.parametrize("case", QUESTIONS, ids=lambda case: case.id)
def test_every_quote_of_an_answer_is_the_articles_own_words(seeded: Archive, case: Case) -> None:
    answer = asked(seeded, case)
    assert isinstance(answer, Answer)
    assert_exact(seeded, answer.citations, answer.statements)
    for hit in answer.hits:
        assert seeded.article(hit.article_id, hit.revision).text[hit.start : hit.end] == hit.text


@pytest.mark.parametrize(("suite", "at"), SUMMARIES, ids=[suite.cases[at].id for suite, at in SUMMARIES])
def test_every_quote_of_a_summary_asked_for_is_the_articles_own_words(seeded: Archive, suite: Suite, at: int) -> None:
    case = locate(suite, seeded.articles()).cases[at]
    summary = asked(seeded, case)
    assert isinstance(summary, Summary)
    assert_exact(seeded, summary.citations, summary.statements)
    assert summary.statements or summary.refusal


def test_every_quote_of_a_summary_is_the_articles_own_words(seeded: Archive) -> None:
    for article in seeded.articles():
        summary = seeded.summarize([article.id], sentences=4)
        assert_exact(seeded, summary.citations, summary.statements)
        assert summary.used == (article.id,)
