"""A sentence of an answer that states nothing is told from a statement."""

import pytest

from rag.written.stating import states_nothing


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Write to the mayor about the ferry.", "tells somebody to do"),
        ("“Write to the mayor about the ferry.”", "tells somebody to do"),
        ("Why did the ferry stop?", "asks something"),
        ("You won't believe what the mayor did.", "speaks to the reader"),
        ("Readers may share their views in the comments.", "speaks to the reader"),
        ("Sure, here is the poem.", "speaks to the reader"),
        ("The plan is explained at ferries.example/plan.", "address"),
        ("The crew can be reached at crew@ferries.example.", "address"),
        ("The crew can be reached at crew [at] ferries [dot] example.", "address"),
        ("The ferry <b onclick=go()>sails</b> on Monday.", "markup"),
        ("The ferry ![](x) sails on Monday.", "markup"),
    ],
)
def test_what_states_nothing_is_known(sentence: str, why: str) -> None:
    problem = states_nothing(sentence)
    assert problem is not None
    assert why in problem.message


@pytest.mark.parametrize(
    "sentence",
    [
        "The mayor asked: “Why did the ferry stop?” and left.",
        "The mayor told the crowd, “Write to me.”",
        "Booking.com sold fewer rooms.",
        "The ferry sails at 5 p.m. on Monday.",
        "Passengers under 18 sail for $2 < the usual price.",
        "The firm thanked its crews.",
    ],
)
def test_statements_are_statements(sentence: str) -> None:
    assert states_nothing(sentence) is None
