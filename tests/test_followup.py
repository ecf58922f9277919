"""Follow-up questions are made to stand alone from what was asked and answered before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Archive
from rag.followup import leans, standalone
from rag.records import Turn

KIM = Turn("What did Kim Jong Un see in Komsomolsk-on-Amur?", "An aviation plant. [1]")
SUMMIT = Turn("Where did Kim Jong Un meet Putin?", "At the Vostochny cosmodrome. [1]")
GIFTS = Turn(
    "Who announced the exchange of gifts?", "The Kremlin’s spokesman, Dmitry Peskov, made the exchange known. [1]"
)
ANCHORS = Turn("What held the spillway of the Hradnice dam to the rock?", "96 steel anchors. [1]")
DIRECTOR = Turn("Who ran the Orlavian Water Works?", "Bohdan Šlapal, who had directed the company for 11 years. [1]")
TOLL = Turn("How many people died in the Hradnice flood on Thursday?", "Nine people have died. [1]")
COST = Turn("How much did the Saltmere strike cost?", "It cost £31m, Saltmere Port Holdings said. [1]")
UNION = Turn("What pay rise did the Saltmere Dockers' Union ask for?", "The union asks for a rise of 9%. [1]")
MEDIATOR = Turn("Who mediated in the Saltmere dispute?", "The last hours belonged to Hana Obuya-Strand. [1]")
MAYOR = Turn(
    "When did the mayor of Quillhaven promise that the tram would open?",
    "The mayor, Rosalind Achterberg, 47, promised that passengers would board in spring 2026. [1]",
)
TRAM = Turn("How many stops of Quillhaven's Line 4 are open?", "Quillhaven celebrated nine of 19 stops. [1]")
LETTER = Turn("What did Washington say about the arms?", "The White House warned both. [1]")
REFUSED = Turn("What did Angela Merkel say?", "The articles found say nothing about Angela Merkel.")


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ([KIM], "And who went with him?", ["Kim Jong Un"]),
        ([KIM], "When was it built?", ["Komsomolsk-on-Amur"]),
        ([KIM], "Who met them there?", ["Kim Jong Un", "Komsomolsk-on-Amur"]),
        ([SUMMIT], "Who accompanied him?", ["Kim Jong Un", "Putin"]),
        ([SUMMIT], "What did they talk about?", ["Kim Jong Un", "Putin"]),
        ([GIFTS], "What did he say about it?", ["Dmitry Peskov", "exchange"]),
        ([GIFTS], "Who is he?", ["Dmitry Peskov"]),
        ([ANCHORS], "How many of them were rusted?", ["steel anchors", "Hradnice dam"]),
        ([ANCHORS], "Who built it?", ["Hradnice dam"]),
        ([DIRECTOR], "Why did he resign?", ["Bohdan Šlapal"]),
        ([TOLL], "How many were injured?", ["Hradnice"]),
        ([TOLL], "And who was to blame for it?", ["Hradnice"]),
        ([COST], "Who said so?", ["Saltmere strike"]),
        ([COST], "How long did it last?", ["Saltmere strike"]),
        ([UNION], "How many members do they have?", ["Saltmere Dockers", "Union"]),
        ([UNION], "When did its members vote?", ["Saltmere Dockers", "Union"]),
        ([MEDIATOR], "What did she do before?", ["Hana Obuya-Strand"]),
        ([MEDIATOR], "Who is she?", ["Hana Obuya-Strand"]),
        ([MAYOR], "What did she say about it?", ["Rosalind Achterberg", "tram"]),
        ([TRAM], "And how much is a ticket?", ["Quillhaven's Line 4"]),
        ([TRAM], "Why is the rest of it late?", ["Quillhaven's Line 4"]),
        ([MAYOR, TRAM], "What did she say?", ["Rosalind Achterberg"]),
        ([KIM, Turn("And who went with him?", "Generals. [1]")], "How many were there?", ["Kim Jong Un"]),
        ([KIM, Turn("Who met him?", "A band. [1]"), Turn("What did he eat?", "Fish. [1]")], "Why?", ["Kim Jong Un"]),
        ([SUMMIT, REFUSED], "What did she say?", ["Angela Merkel"]),
        ([COST], "And the union?", ["How much did the Saltmere strike cost"]),
        (
            [GIFTS, Turn("Why?", "The articles found touch on this, but not more.")],
            "When was that?",
            ["exchange gifts"],
        ),
    ],
)
def test_what_a_question_leans_on_is_found(history: list[Turn], question: str, expected: list[str]) -> None:
    found = standalone(question, history)
    assert [words for words in expected if words not in found] == []


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        (TOLL, "And on Tuesday?", "How many people died in the Hradnice flood on Tuesday?"),
        (COST, "And in 2024?", "How much did the Saltmere strike cost in 2024?"),
        (LETTER, "And Seoul?", "What did Seoul say about the arms?"),
        (LETTER, "What about Seoul?", "What did Seoul say about the arms?"),
        (COST, "What about the mills?", "How much did the Saltmere strike cost (the mills)?"),
    ],
)
def test_a_question_that_varies_the_last_one_keeps_what_that_asked(
    before: Turn, question: str, expected: str
) -> None:
    assert standalone(question, [before]) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why?", "Why (people died Hradnice flood)?"),
        ("When was that?", "When was that (people died Hradnice flood)?"),
        ("How many?", "How many (people died Hradnice flood)?"),
    ],
)
def test_a_question_word_alone_takes_over_what_was_told(question: str, expected: str) -> None:
    assert standalone(question, [TOLL]) == expected


def test_a_variation_of_a_variation_goes_back_to_the_question_in_full() -> None:
    assert standalone("And in 2023?", [COST, Turn("And in 2024?", "Nothing. [1]")]) == (
        "How much did the Saltmere strike cost in 2023?"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Where is the Saltmere dock strike being settled?",
        "How much does the Quillhaven tram line cost?",
        "Who is Maeve Tollivar?",
        "Where did Putin say that Kim would go?",
        "How many people died when the dam broke?",
        "Are there ferries in Saltmere?",
        "Did the Saltmere Dockers' Union lose its vote?",
        "What did Maeve Tollivar say she wanted?",
        "What happened in Quillhaven this week?",
        "How long did it take to build the Hradnice dam?",
    ],
)
def test_a_question_that_stands_alone_is_left_alone(question: str) -> None:
    assert standalone(question, [KIM, GIFTS]) == question


def test_a_refusal_lends_no_names() -> None:
    refused = Turn("Who leads the union?", "The articles found say nothing about Angela Merkel.")
    assert "Merkel" not in standalone("What did she say?", [MEDIATOR, refused])


def test_names_that_are_there_are_not_repeated() -> None:
    assert standalone("Did Kim Jong Un like it?", [KIM]) == "Did Kim Jong Un like it (Komsomolsk-on-Amur)?"


def test_without_history_nothing_changes() -> None:
    assert standalone("And who went with him?", []) == "And who went with him?"
    assert leans("And who went with him?")


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=60)), max_size=4), st.text(max_size=60))
def test_any_conversation_is_read_without_an_error(turns: list[tuple[str, str]], question: str) -> None:
    assert isinstance(standalone(question, [Turn(*turn) for turn in turns]), str)


def test_a_pronoun_is_answered_from_the_answer_before(seeded: Archive) -> None:
    assert "resigned on Friday" in seeded.ask("Why did he resign?", history=[DIRECTOR]).text
