"""Which sentences are understood without the one before them."""

from __future__ import annotations

import pytest

from rag.alone import closed, link, stands_alone


@pytest.mark.parametrize(
    "text",
    [
        "The strike that closed Saltmere harbour is over.",
        "It is thought that 40% of voters are retired.",
        "It emerged that the mayor knew.",
        "This week the council votes on the bridge.",
        "Those who returned a ballot were in favour.",
        "There are 300 homes without water.",
        "Many people stayed at home.",
        "“The river is rising,” said Ada Finch, the mayor.",
        "A student has built a box so that he can read maps.",
        "Police said they had found the boat.",
        "The decision to close the school was made in May.",
        "Ada Finch said her party would vote against it.",
    ],
)
def test_is_understood_alone(text: str) -> None:
    assert stands_alone(text)


@pytest.mark.parametrize(
    "text",
    [
        "He said so on Tuesday.",
        "It is being built for the port.",
        "They were not told.",
        "This means higher fares.",
        "These elections are the first.",
        "The move follows a strike.",
        "The decision was criticised.",
        "Such enthusiasm is rare.",
        "Another was found on Monday.",
        "Both were taken to hospital.",
        "Three of them drowned.",
        "There, farmers can find prices.",
        "Instead, the council sold it.",
        "Earlier, the union had asked for more.",
        "Two days later, it rained.",
        "“The river is rising,” he said.",
        "“The river is rising.”",
        "I never saw the boat.",
        "We will not pay.",
        "a step on a long staircase,” said Ada Finch.",
        '"Nobody came. "We waited," said Ada Finch.',
        "In a statement, she denied it.",
        "“It is a good day,” said Ada Finch.",
        "Well, yes, but look carefully.",
        "(The mayor was not there.)",
        "According to the same survey, many stay at home.",
        "With this victory, Finch leads.",
    ],
)
def test_is_not_understood_alone(text: str) -> None:
    assert not stands_alone(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("But the mayor stayed.", "the mayor stayed."),
        ("However, the mayor stayed.", "the mayor stayed."),
        ("And, in addition, the mayor stayed.", "the mayor stayed."),
        ("Also earlier this month it rained.", "earlier this month it rained."),
        ("Butter is dear.", "Butter is dear."),
        ("The mayor stayed.", "The mayor stayed."),
    ],
)
def test_a_word_that_only_links_can_go(text: str, left: str) -> None:
    assert text[link(text) :] == left


def test_quotations_are_closed_or_not() -> None:
    assert closed("“A,” said B. “C.”")
    assert closed("nothing quoted")
    assert not closed("“A. B.")
    assert not closed('A." B.')
    assert not closed("«A. B.")
