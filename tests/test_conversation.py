"""One conversation: what may be asked, what is remembered, what an error becomes."""

from dataclasses import replace

import pytest
from ui_records import ANSWER, COPY, GIFTS, REFUSED, TOUR, Shelf

from rag.errors import UsageError
from rag.records import Turn
from rag.stopping import Stop
from rag.stream import AnswerStream, Stated
from ui.html.sources import sources
from ui.kept.exchange import Exchange
from ui.page.conversation import LONGEST_QUESTION, checked, history, replies


def whole(*asked):
    """The exchange at its end."""
    return list(replies(*asked))[-1]


def test_a_reply_holds_the_answer_to_the_question():
    exchange = whole(Shelf(), "  Who? ", [])
    assert exchange.answer is not None
    assert exchange.answer.question == "Who?"
    assert not exchange.awaited


def test_an_error_becomes_the_line_it_states():
    assert whole(Shelf(), "fail", []).error == "No key for 'openai'. Set OPENAI_API_KEY."


@pytest.mark.parametrize(
    ("question", "line"), [(" \n ", "is empty"), ("x" * 4_001, "4,001 characters; the limit is 4,000")]
)
def test_a_question_that_cannot_be_asked_says_why(question, line):
    with pytest.raises(UsageError, match=line):
        checked(question)
    exchange = whole(Shelf(), question, [])
    assert line in (exchange.error or "")
    assert len(exchange.question) <= LONGEST_QUESTION


def test_what_is_written_so_far_says_who_writes_and_how_new_the_articles_are():
    shelf = Shelf()
    first = Stated(ANSWER.statements[0], ANSWER.citations[:1])
    shelf.ask_stream = lambda *_, **__: AnswerStream(iter([first]), Stop())
    written = next(replies(shelf, "Who?", [], model="openai:m")).written
    assert (written.model, written.newest) == ("openai:m", shelf.overview().newest)
    assert written.seconds.total > 0


def test_half_a_surrogate_pair_is_not_passed_on():
    assert checked("Who \ud800?") == "Who ??"


def test_what_was_answered_before_goes_with_the_question():
    shelf = Shelf()
    whole(shelf, "And then?", [Exchange("Who?", ANSWER), Exchange("Xi?", REFUSED), Exchange("x", error="no")])
    assert shelf.asked == [("And then?", (Turn("Who?", ANSWER.text),))]


def test_only_the_last_turns_are_remembered():
    turns = history([Exchange(f"{number}?", ANSWER) for number in range(20)])
    assert [turn.question for turn in turns] == ["14?", "15?", "16?", "17?", "18?", "19?"]


def test_sources_are_the_cited_revisions_and_the_carriers_that_are_still_there():
    found = sources(Shelf(TOUR, COPY), ANSWER)
    assert found.quoted == {("tour", 1): TOUR}
    assert found.carriers == {"copy": COPY}


def test_a_source_revised_since_is_told_apart():
    found = sources(Shelf(TOUR, replace(TOUR, revision=2), GIFTS, COPY), ANSWER)
    assert found.revised == {("tour", 1)}
    assert found.quoted[("tour", 1)] == TOUR
