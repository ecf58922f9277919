"""The bundled reader finds the sentence that answers, and says that none does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.passages import sentences
from rag.reader import LONGEST, QUESTION, Page, Reading, open_reader, row
from rag.records import Span

PLANT = (
    "Mr Kim flew to the Far East on Friday. He toured an aviation plant that is named after the cosmonaut Yuri "
    "Gagarin. The plant makes 24 fighter jets a year. Dancers met him at the gate."
)
READER = open_reader()


def page(text: str, heading: str = "Kim tours a plant") -> Page:
    return Page(heading, text, tuple(sentences(text)))


def best(question: str, text: str = PLANT) -> int:
    reading = READER.read(question, [page(text)])[0]
    return int(np.argmax(reading.odds))


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who is the aviation plant named after?", 1),
        ("How many fighter jets does the plant make a year?", 2),
        ("Who met him at the gate?", 3),
        ("When did Kim fly to the Far East?", 0),
    ],
)
def test_the_sentence_that_answers_has_the_best_odds(question: str, sentence: int) -> None:
    assert best(question) == sentence


def test_odds_fall_where_the_passage_does_not_answer() -> None:
    asked = "How many fighter jets does the plant make a year?"
    without = PLANT.replace(" The plant makes 24 fighter jets a year.", "")
    held, missing = READER.read(asked, [page(PLANT), page(without)])
    assert max(held.odds) > max(missing.odds)


def test_the_answer_itself_is_marked_most() -> None:
    reading = READER.read("How many fighter jets does the plant make a year?", [page(PLANT)])[0]
    start, gagarin = PLANT.index("24"), PLANT.index("Yuri")
    assert reading.mark(Span(start, start + 2)) > reading.mark(Span(gagarin, gagarin + 4))


def test_what_is_read_does_not_depend_on_the_pages_beside() -> None:
    asked = "Who is the plant named after?"
    alone = READER.read(asked, [page(PLANT)])[0]
    beside = READER.read(asked, [page("It rained."), page(PLANT), page(PLANT + " " + PLANT)])[1]
    assert alone.odds == pytest.approx(beside.odds, abs=1e-4)


def test_no_pages_are_no_readings() -> None:
    assert READER.read("Who?", []) == []


def test_what_is_too_long_is_cut_and_its_last_sentences_are_unread() -> None:
    long = " ".join(f"Ship number {number} came into the harbour." for number in range(80))
    reading = READER.read("Which ships came? " * 60, [page(long)])[0]
    assert len(reading.odds) == 80
    assert reading.odds[-1] == -20


@settings(max_examples=40)
@given(st.text(max_size=200), st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_read_within_the_limits(question: str, text: str, heading: str) -> None:
    one = page(text, heading)
    reading = READER.read(question, [one])[0]
    assert len(reading.odds) == len(one.sentences)
    assert all(np.isfinite(reading.odds))
    assert all(0 <= start < end <= len(text) for start, end, _ in reading.marks)


@given(st.lists(st.integers(1000, 2000), max_size=QUESTION), st.text(max_size=2_000))
def test_a_row_is_never_longer_than_what_the_network_reads(asked: list[int], text: str) -> None:
    assert len(row(tuple(asked), Page("A heading", text, ())).ids) <= LONGEST


def test_a_stretch_past_what_was_read_has_no_mark() -> None:
    assert Reading((), ((0, 3, 1.5),)).mark(Span(3, 9)) == -20
