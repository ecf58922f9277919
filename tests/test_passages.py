"""Sentence and passage spans are exact by construction, whatever the text."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.passages import context, paragraphs, sentences, split
from rag.records import Article

NASTY = st.lists(
    st.sampled_from(
        [
            "Kim arrived. ",
            "Kim arrived. ",
            "“Two. Three,” he said. ",
            "مرحبا بالعالم. ",
            "שלום עולם! ",
            "Žluťoučký kůň 😀👩‍👩‍👧 pěl. ",
            "U.S. officials met Mr. Lee at 3.30 p.m. ",
            "朝鲜领导人访问俄罗斯。普京说。",
            "\n\n",
            "\n",
            "e\u0301te\u0301 ",
            "x" * 300 + " ",
            "no mark at the end ",
            "\r\n",
            "\u2028",
        ]
    ),
    max_size=40,
).map("".join) | st.text(max_size=400)


def word_offsets(text: str) -> list[tuple[int, int]]:
    """A tokenizer one can follow by hand: a token is a run of letters, or one other sign."""
    return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]


def article(text: str, title: str = "A title") -> Article:
    return Article(id="a", title=title, text=text)


@given(NASTY)
def test_sentences_are_ordered_trimmed_and_leave_out_only_white_space(text: str) -> None:
    spans = sentences(text)
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in spans)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    kept = "".join(text[span.start : span.end] for span in spans)
    assert "".join(kept.split()) == "".join(text.split())


@given(NASTY, st.integers(min_value=8, max_value=60))
def test_passages_never_exceed_the_limit_and_lose_nothing(text: str, limit: int) -> None:
    made = split(article(text), offsets=word_offsets, limit=limit)
    title = context("A title", offsets=word_offsets, limit=limit)
    pieces = [text[passage.start : passage.end] for passage in made]
    assert all(len(word_offsets(f"{title}\n{piece}")) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in itertools.pairwise(made))


@given(NASTY)
def test_every_sentence_lies_within_one_paragraph(text: str) -> None:
    held = list(paragraphs(text))
    assert all(any(sentence in paragraph for paragraph in held) for sentence in sentences(text))


def test_a_passage_is_made_of_whole_sentences() -> None:
    text = "One two three. Four five six. Seven eight nine."
    made = split(article(text), offsets=word_offsets, limit=11)
    assert [text[passage.start : passage.end] for passage in made] == [
        "One two three. Four five six.",
        "Seven eight nine.",
    ]


def test_a_sentence_longer_than_a_passage_is_cut_between_words() -> None:
    made = split(article("a b c d e f g h i j", title=""), offsets=word_offsets, limit=4)
    assert [(passage.start, passage.end) for passage in made] == [(0, 7), (8, 15), (16, 19)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Peskov spoke. He left.", ["Mr. Peskov spoke.", "He left."]),
        ("A heading\nThe text starts here.", ["A heading", "The text starts here."]),
        (
            "The minister said on Tuesday that the harbour in the\nsouth would open again. Nobody agreed.",
            ["The minister said on Tuesday that the harbour in the\nsouth would open again.", "Nobody agreed."],
        ),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert [text[span.start : span.end] for span in sentences(text)] == expected


def test_ids_of_passages_tell_article_revision_and_place() -> None:
    made = split(Article(id="kim", title="", text="One. Two.", revision=3), offsets=word_offsets, limit=3)
    assert [passage.id for passage in made] == ["kim#3.0", "kim#3.1"]


def test_a_long_title_takes_at_most_a_quarter_of_the_room() -> None:
    assert context("one two three four five six", offsets=word_offsets, limit=8) == "one two"
