"""What goes into a prompt: the most valuable passages, whole, within the tokens there are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag import tokens
from rag.citing import Passed
from rag.evidence import Evidence
from rag.records import Article, Hit, Span, Turn
from rag.written import prompts
from rag.written.fitting import fence, fitting, recent


def passage(name: str, text: str) -> Passed:
    return Passed(Hit(name, name, 1, 0, len(text), 1.0, text), Article(id=name, title=name, text=text))


LONG = passage("long", "A tale of many words that goes on and on. " * 60)
SHORT = passage("short", "Forty ships were stopped.")
OTHER = passage("other", "The tram opened on Monday.")


def size(one: Passed) -> int:
    return tokens.count(prompts.fenced([fence(one)]))


def test_one_that_does_not_fit_makes_room_for_those_behind_it() -> None:
    assert fitting([SHORT, LONG, OTHER], [], size(SHORT) + size(OTHER)) == [SHORT, OTHER]


def test_those_that_hold_evidence_come_first() -> None:
    evidence = Evidence(OTHER.article, Span(0, 5), 0.9)
    assert fitting([SHORT, OTHER], [evidence], 1_000) == [OTHER, SHORT]


def test_a_first_one_that_is_too_long_loses_whole_sentences() -> None:
    (cut,) = fitting([LONG], [], 200)
    assert cut.hit.text.endswith("on and on.")
    assert LONG.hit.text.startswith(cut.hit.text)
    assert size(cut) <= 200
    assert cut.article.text[cut.hit.start : cut.hit.end] == cut.hit.text


@given(st.lists(st.sampled_from([LONG, SHORT, OTHER]), min_size=1, max_size=8, unique_by=id), st.integers(1, 3_000))
def test_there_is_always_one_and_never_one_that_was_not_found(passed: list[Passed], room: int) -> None:
    shown = fitting(passed, [], room)
    assert shown
    assert {one.hit.passage_id for one in shown} <= {one.hit.passage_id for one in passed}


def test_the_latest_turns_are_kept_in_their_order() -> None:
    turns = [Turn(f"{number}?", "Yes. " * 40) for number in range(9)]
    kept = recent(turns, 150)
    assert kept == turns[-len(kept) :]
    assert 0 < len(kept) < 9
