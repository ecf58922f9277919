"""Over every case of every suite: each quote is exactly the words at its offsets, and nothing unsupported is shown."""

from collections.abc import Sequence
from importlib.resources import files

import pytest

from eval.cases import Case
from eval.suite import load_suite
from rag import Archive
from rag.records import Citation, Statement

SUITES = sorted(path.name for path in files("eval.suites").iterdir() if path.name.endswith(".jsonl"))
CASES = [case for name in SUITES for case in load_suite(name.removesuffix(".jsonl")).cases]


def assert_exact(archive: Archive, citations: Sequence[Citation], statements: Sequence[Statement]) -> None:
    for one in citations:
        assert archive.article(one.article_id, one.revision).text[one.start : one.end] == one.quote
    assert [one.number for one in citations] == list(range(1, len(citations) + 1))
    for statement in statements:
        assert statement.citations
        assert statement.verdict != "unsupported"
        assert set(statement.citations) <= {one.number for one in citations}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_quote_of_an_answer_is_the_articles_own_words(seeded: Archive, case: Case) -> None:
    answer = seeded.ask(case.question, history=case.history, as_of=case.as_of)
    assert_exact(seeded, answer.citations, answer.statements)
    for hit in answer.hits:
        assert seeded.article(hit.article_id, hit.revision).text[hit.start : hit.end] == hit.text


def test_every_quote_of_a_summary_is_the_articles_own_words(seeded: Archive) -> None:
    for article in seeded.articles():
        summary = seeded.summarize([article.id], sentences=4)
        assert_exact(seeded, summary.citations, summary.statements)
        assert summary.used == (article.id,)
