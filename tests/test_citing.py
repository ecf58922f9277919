"""Sentences become statements tied to the narrowest words that bear them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citing import Passed, Piece, Reply, check_reply, extract, understandable
from rag.records import Article, Hit, Span

TEXT = "The strike stopped 40 ships. Mayor Ada Finch said the town lost $1.2bn. Dockers get 7.5 per cent more."
ARTICLE = Article(
    id="harbour", title="Harbour", text=TEXT, source="Coast Courier", published_at=datetime(2024, 3, 5, tzinfo=UTC)
)
PASSED = [Passed(Hit("harbour#1.0", "harbour", 1, 0, len(TEXT), 1.0, TEXT), ARTICLE, ("copy",))]


def written(text: str) -> list[tuple[str, str]]:
    """Statements shown, each with the quote of its first citation."""
    draft = check_reply(Reply(text, None), PASSED)
    quotes = {citation.number: citation.quote for citation in draft.citations}
    return [(statement.text, quotes[statement.citations[0]]) for statement in draft.statements]


def test_the_best_sentence_of_a_cited_passage_is_quoted() -> None:
    assert written("Dockers will get 7.5% more [1].") == [
        ("Dockers will get 7.5% more.", "Dockers get 7.5 per cent more.")
    ]


def test_a_sentence_that_joins_two_facts_quotes_both() -> None:
    ((_, quote),) = written("The strike stopped 40 ships and the town lost $1.2 billion, Ada Finch said [1].")
    assert "40 ships" in quote
    assert "$1.2bn" in quote


def test_the_outlet_may_be_named_but_its_date_is_no_date_of_an_event() -> None:
    assert written("The Coast Courier reported that the strike stopped 40 ships [1].") != []
    assert written("The strike stopped 40 ships on 5 March 2024 [1].") == []
    assert written("The Inland Herald reported that the strike stopped 40 ships [1].") == []


def test_shown_statements_are_numbered_before_rejected_ones() -> None:
    draft = check_reply(Reply("The strike stopped 44 ships [1]. Dockers get 7.5% more [1].", None), PASSED)
    assert [statement.citations for statement in draft.statements] == [(1,)]
    assert draft.rejected[0].citations == (2,)
    assert draft.citations[0].also == ("copy",)


def test_the_same_words_are_one_citation() -> None:
    draft = check_reply(
        Reply("The strike stopped 40 ships [1]. 40 ships were stopped by the strike [1].", None), PASSED
    )
    assert [citation.quote for citation in draft.citations] == ["The strike stopped 40 ships."]


def test_an_extract_within_another_is_not_said_twice() -> None:
    article = Article(id="a", title="", text="Ada Finch opened the bridge. She paid for it.")
    first, second = Span(0, 28), Span(29, 45)
    draft = extract([Piece(article, first), Piece(article, second)])
    assert [statement.text for statement in draft.statements] == ["Ada Finch opened the bridge. She paid for it."]


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        ("Ada Finch opened the bridge. But she paid for it.", 0),
        ("Ada Finch opened the bridge. She smiled. The move pleased the town.", 0),
        ("Rain fell. Ada Finch opened the bridge. The decision pleased the town.", 11),
        ("Ada Finch opened the bridge. The town was pleased.", 29),
        ("He left. She came. They met.", 0),
    ],
)
def test_a_sentence_that_points_back_comes_with_what_it_points_at(text: str, wide: int) -> None:
    last = text.rindex(". ") + 2
    assert understandable(Article(id="a", title="", text=text), Span(last, len(text))).start == wide


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_widening_stays_in_the_text_and_keeps_the_end(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    wide = understandable(Article(id="a", title="", text=text), Span(start, end))
    assert 0 <= wide.start <= wide.end == end
