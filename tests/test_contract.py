"""Keys that say how other reports compare are there only where they have something to say."""

from dataclasses import replace
from datetime import date

from ui_records import ANSWER

from rag.contract import answer_json
from rag.records import Period


def test_an_answer_without_more_to_say_has_the_documented_keys_alone() -> None:
    assert list(answer_json(ANSWER)) == [
        *["question", "answer", "model", "as_of", "newest", "refusal", "statements", "rejected"],
        *["citations", "hits", "usage", "seconds"],
    ]
    assert list(answer_json(ANSWER)["statements"][0]) == ["text", "citations", "verdict", "problems"]


def test_period_open_parts_and_notes_are_told() -> None:
    period = Period(date(2023, 9, 11), None, "since Monday")
    told = answer_json(replace(ANSWER, period=period, unanswered=("who is Xi",), notes=("English only.",)))
    assert told["period"] == {"words": "since Monday", "first": "2023-09-11", "last": None}
    assert told["unanswered"] == ["who is Xi"]
    assert told["notes"] == ["English only."]
    assert told["answer"].endswith("On “who is Xi” the articles say nothing.")


def test_how_others_compare_is_told_of_each_statement() -> None:
    first = replace(ANSWER.statements[0], sources=3, conflict=True)
    second = replace(ANSWER.statements[1], superseded=True)
    told = answer_json(replace(ANSWER, statements=(first, second)))["statements"]
    assert (told[0]["sources"], told[0]["conflict"], "superseded" in told[0]) == (3, True, False)
    assert (told[1]["superseded"], "sources" in told[1], "conflict" in told[1]) == (True, False, False)
