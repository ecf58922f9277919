from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.claims.quotations import find, held

SOURCE = 'Putin gave a “glove from a space suit that has been to space several times.” He: "We’ll never go - ever".'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “we won” and «oui oui» then", ["we won", "oui oui"]),
        ("„Wir gehen“ sagte er", ["Wir gehen"]),
        ("‘don’t go’ she said", ["don’t go"]),
        ("'quoted words' here isn't", ["quoted words"]),
        ("the dogs’ owner’s house in the '90s and Kim's", []),
        ('it was over," he said. "We won', ["it was over,", "We won"]),
        ("it was over,” he said", ["it was over,"]),
        ("“open to the end", ["open to the end"]),
        ('6" of rain and 5\'10" tall', []),
        ("“”", []),
    ],
)
def test_quotations_are_found_closed_or_not(text: str, expected: list[str]) -> None:
    assert [quotation.words for quotation in find(text)] == expected


@pytest.mark.parametrize(
    "words",
    [
        "glove from a space suit",
        "Glove from a space suit that has been to space several times",
        "we'll never go — ever",
        "glove … several times",
        "glove from a\n space suit,",
    ],
)
def test_a_quotation_may_differ_in_marks_blanks_and_its_first_capital(words: str) -> None:
    assert held(words, SOURCE)


@pytest.mark.parametrize(
    "words",
    ["glove from the space suit", "several times … glove", "love from a space suit", "glove FROM a"],
)
def test_a_polished_quotation_is_not_held(words: str) -> None:
    assert not held(words, SOURCE)


@given(st.text(alphabet="ab '’‘“”\"«».,…-\n\r6é🎉שA", max_size=40))
def test_a_text_holds_its_own_quotations(text: str) -> None:
    for quotation in find(text):
        assert text[quotation.start : quotation.end] == quotation.words
        assert held(quotation.words, text)
