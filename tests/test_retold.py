"""A sentence of a source with a few words changed says the same, or is marked with the words that turn it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.claims.retold import changed, lines
from rag.verify import Source, verify

STRIKE = Source(
    "Mayor Ada Finch has approved the new depot at the harbour in 15 minutes before the strike began on Monday. "
    "The director, Max Orme, did not accept the offer of nine more days on Friday."
)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Mayor Ada Finch has not approved the new depot at the harbour in 15 minutes.", "not"),
        ("Mayor Ada Finch has approved the new depot in 15 minutes after the strike began on Monday.", "after"),
        ("Mayor Ada Finch has approved the new depot in 15 minutes before the strike began on Friday.", "Friday"),
        ("Mayor Ada Finch has approved the new depot at the harbour in double the minutes.", "double"),
        ("Mayor Max Orme has approved the new depot at the harbour in 15 minutes.", "Max Orme"),
        ("Ada Finch has approved the new depot at the harbour because of a cyber attack.", "because of cyber attack"),
        ("The director, Max Orme, did accept the offer of nine more days.", "accept"),
    ],
)
def test_words_that_turn_a_sentence_make_it_weak_at_least(sentence: str, found: str) -> None:
    check = verify(sentence, [STRIKE])
    assert check.verdict in ("weak", "unsupported")
    assert found in " ".join(problem.found for problem in check.problems) or check.verdict == "unsupported"


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Finch has approved the new depot at the harbour.",
        "The new depot at the harbour has been approved by Ada Finch.",
        "The director didn’t accept the offer of nine more days on Friday.",
        "Before the strike began on Monday, Ada Finch approved the new depot in 15 minutes.",
    ],
)
def test_words_left_out_moved_or_contracted_turn_nothing(sentence: str) -> None:
    assert verify(sentence, [STRIKE]).verdict == "supported"


def test_what_another_sentence_says_as_told_is_no_change() -> None:
    said = (*lines("The ferry left before dawn.", ()), *lines("The ferry left after dawn.", ()))
    (claim,) = lines("The ferry left after dawn.", ())
    assert changed(claim, said) is None
    assert changed(claim, said[:1]) == ("after", "it says “before”")


@given(st.text(max_size=200))
def test_a_text_is_never_changed_against_itself(text: str) -> None:
    said = lines(text, ())
    assert all(changed(line, said) is None for line in said)


def test_what_is_said_of_a_known_subject_and_stands_nowhere_is_not_supported() -> None:
    tram = Source("The tram to Quillhaven opened on Monday.")
    assert verify("The tram is free.", [tram]).verdict == "unsupported"
    assert verify("The tram to Quillhaven is painted green.", [tram]).verdict == "weak"
    assert verify("The tram to Quillhaven is open.", [tram]).verdict == "supported"
