"""The day on which what a sentence tells happened, in its article."""

from __future__ import annotations

from datetime import date

import pytest
from stories import march, story

from rag.summaries.choosing.days import days_of, happened
from rag.summaries.choosing.sentences import read

THURSDAY = 7
LEAD = "The bridge of Lindmouth was closed on Tuesday after a crack was found in it."


def days(*sentences: str, title: str = "Bridge closed", day: int = THURSDAY) -> list[list[tuple[date, date]]]:
    article = story("bridge", " ".join(sentences), title=title, published_at=march(day))
    return days_of(read([article]))


def of(day: int, month: int = 3) -> list[tuple[date, date]]:
    return [(date(2024, month, day), date(2024, month, day))]


def test_a_weekday_is_counted_from_the_day_of_publication() -> None:
    assert days(LEAD) == [of(5)]


def test_what_happened_comes_before_the_day_it_was_said_on() -> None:
    told = "The wall fell on Monday, the mayor of the town said on Wednesday evening."
    assert days(LEAD, told)[1] == of(4)


def test_what_was_only_said_is_of_the_day_of_saying() -> None:
    assert days(LEAD, "The repair will cost a fortune, the mayor said on Wednesday.")[1] == of(6)


def test_a_lead_is_also_of_the_day_on_which_it_was_said() -> None:
    assert days("The wall fell on Monday, the mayor of the town said on Wednesday evening.")[0] == [*of(4), *of(6)]


def test_an_hour_alone_is_of_the_day_stated_last() -> None:
    assert days(LEAD, "By noon, forty lorries stood before the toll house of the town.")[1] == of(5)


def test_a_report_without_a_day_is_of_its_publication_and_an_opinion_is_of_none() -> None:
    assert days("The council has sold the old bridge to a builder.")[0] == of(THURSDAY)
    assert days("The council has sold the old bridge to a builder.", title="Opinion: A bad sale")[0] == []


def test_a_day_inside_a_quotation_is_left_to_it() -> None:
    said = "“I would rather apologise on Saturday than explain it,” the mayor of the town said."
    assert days(LEAD, said)[1] == []


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("The stone bridge of 1788 has gone, and the water pipe with it.", []),
        ("An inspection in 2019 had asked for new anchors in the wall.", [2019]),
        ("The firms cut 95,000 jobs, says a site that has counted them since March 2020.", []),
        ("The city leased out the docks in 2009 and never looked back.", [2009]),
    ],
)
def test_a_year_is_of_what_happens_in_it_and_not_of_a_thing_made_then(text: str, years: list[int]) -> None:
    assert [first.year for first, _ in days(LEAD, text)[1]] == years


def test_last_week_is_no_day() -> None:
    article = story(
        "bridge", "Four people were hurt on the bridge last week by stones.", published_at=march(THURSDAY)
    )
    assert happened(read([article])[0]) == []
