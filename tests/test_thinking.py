"""What a model thinks aloud is left out, wherever the text is cut into pieces."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chat_models.thinking import Spoken

THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
WORDS = st.sampled_from(["<think>", "</think>", "<", "think", ">", "</", "a", " ", "<thin", "\n"])


def spoken(pieces: list[str]) -> str:
    words = Spoken()
    return "".join(words.feed(piece) for piece in pieces) + words.end()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<think>Hm.</think>Forty.", "Forty."),
        ("Forty <b>.", "Forty <b>."),
        ("Forty <", "Forty <"),
        ("A<think>x</think>B<think>y</think>C", "ABC"),
        ("A<think>x", "A"),
    ],
)
def test_thoughts_are_left_out(text: str, shown: str) -> None:
    assert spoken([text]) == spoken(list(text)) == shown


@given(st.lists(WORDS))
def test_how_the_text_is_cut_changes_nothing(pieces: list[str]) -> None:
    assert spoken(pieces) == THOUGHT.sub("", "".join(pieces))


def test_what_is_certain_is_not_held_back() -> None:
    assert Spoken().feed("Forty ships, 1 < 2, ") == "Forty ships, 1 < 2, "
