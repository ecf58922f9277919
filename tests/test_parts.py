"""Several questions in one are told apart, and only those."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import parts


@pytest.mark.parametrize(
    ("question", "found"),
    [
        (
            "How much did the strike cost and who is Xi Jinping?",
            ["How much did the strike cost", "who is Xi Jinping?"],
        ),
        ("What happened at the dam? How many died?", ["What happened at the dam?", "How many died?"]),
        ("What did Kim give Putin, and how many came?", ["What did Kim give Putin", "how many came?"]),
        ("What is known about the dam; who built it?", ["What is known about the dam;", "who built it?"]),
    ],
)
def test_each_question_of_several_is_found(question: str, found: list[str]) -> None:
    assert list(parts.split(question)) == found


@pytest.mark.parametrize(
    "question",
    [
        "When and where did they meet?",
        "Who said that and why?",
        "Which countries, and how many people, were hit?",
        "How many were killed and injured?",
        "The man who came and what he did",
        "What did Putin and Kim say?",
        "?",
        "",
        "; and who, and who, and who",
    ],
)
def test_one_question_stays_whole(question: str) -> None:
    assert parts.split(question) == (question,)


@given(st.text(alphabet=st.sampled_from("who what and ,;? dam Kim"), max_size=80))
def test_parts_are_the_askers_words_in_order(question: str) -> None:
    place = 0
    for part in parts.split(question):
        place = question.index(part, place) + len(part)


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What did Putin and Xi Jinping say about it?", "What did Putin say about it?"),
        ("What did Xi Jinping and Putin say?", "What did Putin say?"),
        ("Did Putin or Xi Jinping come?", "Did Putin come?"),
        ("What did Xi Jinping say of Putin?", None),
        ("What did Xi Jinping say?", None),
    ],
)
def test_a_name_is_left_out_only_where_it_stands_beside_another(question: str, rest: str | None) -> None:
    assert parts.without("Xi Jinping", question) == rest
