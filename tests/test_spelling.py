"""Words that are no words are told from rare ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.claims.spelling import misspelt

TEXT = "The harbour strike stopped forty ships on Monday, and the mayor of Quillhaven organised help near the A320."


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbuor strike stopped forty ships.",
        "The strike stoped forty ships.",
        "The h@rbour strike stopped forty ships.",
        "The h4rbour strike stopped forty ships.",
        "Thes trik esto pped fort ysh ips.",
        "Eht ruobrah ekirts deppots ytrof spihs.",
        "The strike stopped forty ships 🚢.",
    ],
)
def test_misspelt_words_are_named(sentence: str) -> None:
    assert misspelt(sentence, [TEXT]) != ()


@pytest.mark.parametrize(
    "sentence",
    [
        "The harbour strike stopped forty ships.",
        "The mayor organized help for the stranded crews.",
        "Dockworkers' bargaining brought the port to a standstill at 25°C.",
        "The help came near the A320.",
        "A serendipitous strike stopped ships.",
    ],
)
def test_words_of_the_text_or_the_language_are_words(sentence: str) -> None:
    assert misspelt(sentence, [TEXT]) == ()


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    assert misspelt(text, [text]) is not None


def test_a_frequent_slip_is_one_too() -> None:
    assert misspelt("It came tihs week.", ["It came this week."]) == ("tihs",)
