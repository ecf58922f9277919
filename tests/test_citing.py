"""Sentences of articles become statements that can be understood alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.citing import Piece, draft, extracted, understandable
from rag.records import Article, Span


def test_an_extract_within_another_is_not_said_twice() -> None:
    article = Article(id="a", title="", text="Ada Finch opened the bridge. She paid for it.")
    first, second = Span(0, 28), Span(29, 45)
    found = draft(extracted([Piece(article, first), Piece(article, second)]), seconds=0.0)
    assert [statement.text for statement in found.statements] == ["Ada Finch opened the bridge. She paid for it."]


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
