"""Token counts: OpenAI's, offline, over any text."""

from __future__ import annotations

import os
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag import tokens

NASTY = st.text(st.characters(), max_size=200)
"""Includes lone surrogates."""


# The first three counts are those OpenAI's own cookbook prints for o200k_base.
@pytest.mark.parametrize(
    ("text", "count"),
    [("antidisestablishmentarianism", 6), ("2 + 2 = 4", 7), ("お誕生日おめでとう", 8), ("Hello, world!", 4), ("", 0)],
)
def test_counts_are_those_of_the_published_encoding(text: str, count: int) -> None:
    assert tokens.count(text) == count


def test_control_token_in_an_article_is_plain_text() -> None:
    assert tokens.count("<|endoftext|>") == 7


@pytest.mark.parametrize("character", [" ", "\n", "a", "^", "🙂"])
def test_a_million_of_one_character_is_counted(character: str) -> None:
    assert 1_000 < tokens.count(character * 1_000_000) <= 1_000_000


def test_users_own_cache_folder_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "/elsewhere")
    tokens._encoding.cache_clear()
    tokens.count("word")
    assert os.environ["TIKTOKEN_CACHE_DIR"] == "/elsewhere"


def test_characters_split_between_tokens_repeat_their_span() -> None:
    spans = tokens.offsets("a🫠b")
    assert (spans[0], spans[-1]) == ((0, 1), (2, 3))
    assert set(spans[1:-1]) == {(1, 2)}
    assert len(spans) > 3


def test_words_have_the_spans_they_are_written_at() -> None:
    text = "Hello, world!"
    assert [text[start:end] for start, end in tokens.offsets(text)] == ["Hello", ",", " world", "!"]


@settings(deadline=None)
@given(NASTY)
@example("\ud83d\ude42 \ud800\x00e\u0301")
def test_offsets_cover_the_text_in_order(text: str) -> None:
    spans = tokens.offsets(text)
    assert len(spans) == tokens.count(text)
    assert all(left[0] <= right[0] <= left[1] <= right[1] for left, right in pairwise(spans))
    assert [*spans, (0, 0)][0][0] == 0
    assert [(0, 0), *spans][-1][1] == len(text)


@settings(deadline=None)
@given(NASTY)
@example("\ud83d\ude42 \ud800\x00e\u0301")
def test_encodable_keeps_every_position(text: str) -> None:
    clean = tokens.encodable(text)
    clean.encode()
    assert len(clean) == len(text)
    assert all(new == old or "\ud800" <= old <= "\udfff" for new, old in zip(clean, text, strict=True))
