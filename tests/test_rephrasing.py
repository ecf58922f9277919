"""A model makes questions stand alone and tells them apart; what it adds of its own is not taken."""

from __future__ import annotations

import pytest

from rag.records import Turn
from rag.understanding import Put, by_rule
from rag.written.rephrasing import by_model

KIM = Turn("What did Kim Jong Un see in Komsomolsk?", "An aviation plant. [1]")
ASKED = "And who went with him?"


def model(*replies: str):  # type: ignore[no-untyped-def]
    """What a model writes, call by call."""
    left = iter(replies)
    return lambda system, user: next(left)


def test_without_a_conversation_no_model_is_called() -> None:
    assert by_model("Who came?", (), model(), deep=False).puts == (Put("Who came?", "Who came?"),)


def test_a_follow_up_is_taken_as_the_model_completes_it() -> None:
    understood = by_model(ASKED, [KIM], model("Who went to Komsomolsk with\n Kim Jong Un?"), deep=False)
    assert understood.standalone == "Who went to Komsomolsk with Kim Jong Un?"
    assert understood.puts == (Put(ASKED, "Who went to Komsomolsk with Kim Jong Un?"),)


@pytest.mark.parametrize(
    "reply",
    ["Who went with Vladimir Putin?", "Who went with him in 2023?", "", "...", "Who " + "and who " * 100 + "went?"],
)
def test_a_follow_up_with_something_of_the_models_own_is_completed_by_rule(reply: str) -> None:
    assert by_model(ASKED, [KIM], model(reply), deep=False) == by_rule(ASKED, [KIM])


def test_what_is_asked_is_told_apart_where_more_effort_is_wanted() -> None:
    question = "Compare what Kim and Putin said about Ukraine"
    split = "1. What did Kim say about Ukraine?\n- What did Putin say about Ukraine?\n\nWhat did Xi say in 2020?"
    understood = by_model(question, (), model(split), deep=True)
    assert [put.standalone for put in understood.puts] == [
        "What did Kim say about Ukraine?",
        "What did Putin say about Ukraine?",
    ]
    assert understood.standalone == question


def test_a_split_of_which_nothing_can_be_taken_leaves_the_question_whole() -> None:
    question = "How did the two differ?"
    assert by_model(question, (), model("What did Xi say?"), deep=True).puts == (Put(question, question),)
