"""Follow-up questions are made to stand alone from what was asked before."""

import pytest

from rag.followup import leans, standalone
from rag.records import Turn

KIM = [Turn("What did Kim Jong Un see in Komsomolsk-on-Amur?", "An aviation plant.")]


@pytest.mark.parametrize(
    "question",
    ["And who went with him?", "When was it built?", "Why?", "What about the gifts?", "Who met them there?"],
)
def test_a_question_that_leans_on_the_last_one_gets_its_names(question: str) -> None:
    assert standalone(question, KIM) == f"{question} (Kim Jong Un, Komsomolsk-on-Amur)"


@pytest.mark.parametrize(
    "question", ["Where is the Saltmere dock strike being settled?", "How much does the Quillhaven tram line cost?"]
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert standalone(question, KIM) == question


def test_names_that_are_there_are_not_repeated() -> None:
    assert standalone("Did Kim Jong Un like it?", KIM) == "Did Kim Jong Un like it? (Komsomolsk-on-Amur)"


def test_without_history_nothing_changes() -> None:
    assert standalone("And who went with him?", []) == "And who went with him?"
    assert leans("And who went with him?")
