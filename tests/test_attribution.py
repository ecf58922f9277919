"""What somebody said is told as theirs: not as a fact, nor as another's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.claims.attribution import misattributed, read
from rag.verify import Source, verify

MINISTER = Source(
    "The minister, Ada Finch, said the bridge would open in the spring. “The steel is late,” the union said. "
    "According to the company, the old ferry lost money every year."
)


@pytest.mark.parametrize(
    ("sentence", "speaker"),
    [
        ("The bridge would open in the spring, the minister said.", "the minister"),
        ("The minister, Ada Finch, said that the bridge would open.", "The minister"),
        ("The old ferry lost money every year, according to the company.", "the company"),
        ("According to the company, the old ferry lost money.", "the company"),
        ("The bridge, officials claimed, would open in the spring.", "officials"),
        ("“The steel is late,” said Max Orme of the union.", "Max Orme of the union"),
        ("The Water Works, which runs the dam, said the wall was stable.", "The Water Works"),
    ],
)
def test_whose_words_a_sentence_gives_is_read(sentence: str, speaker: str) -> None:
    said = read(sentence)
    assert said is not None
    assert said.speaker == speaker


def test_a_fact_has_no_speaker() -> None:
    assert read("The bridge opened in the spring.") is None


@pytest.mark.parametrize(
    "sentence",
    ["The bridge would open in the spring.", "The old ferry lost money every year.", "The ferry lost money."],
)
def test_what_somebody_said_told_as_a_fact_is_weak_and_says_whose_words_it_is(sentence: str) -> None:
    check = verify(sentence, [MINISTER])
    assert check.verdict == "weak"
    assert "gives this as what" in check.problems[0].message


@pytest.mark.parametrize(
    "sentence",
    [
        "According to the minister, the bridge would open in the spring.",
        "The bridge would open in the spring, Ada Finch said.",
        "The minister told reporters that the bridge would open in the spring.",
        "The company said the old ferry lost money every year.",
        "She said the bridge would open in the spring.",
    ],
)
def test_what_is_given_to_who_said_it_is_supported(sentence: str) -> None:
    assert verify(sentence, [MINISTER]).verdict == "supported"


@pytest.mark.parametrize(
    "sentence",
    ["The union said the bridge would open in the spring.", "The old ferry lost money every year, the union said."],
)
def test_what_is_given_to_another_is_unsupported(sentence: str) -> None:
    check = verify(sentence, [MINISTER])
    assert check.verdict == "unsupported"
    assert "said, not" in check.problems[0].message


def test_what_is_also_told_as_a_fact_may_be_told_so() -> None:
    plain = Source("The bridge opens in the spring.")
    said = Source("The bridge opens in the spring, the minister said.")
    assert verify("The bridge opens in spring.", [said]).verdict == "weak"
    assert verify("The bridge opens in spring.", [said, plain]).verdict == "supported"


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_is_wrong_with_a_sentence_and_itself(one: str, other: str) -> None:
    read(one)
    found = misattributed(one, [other, one])
    assert found is None or found.kind == "fact"
