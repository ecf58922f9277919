"""The time a question asks about, worked out against a stated day: Wednesday, 20 September 2023."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.claims.dates import period
from rag.claims.periods import no_such_day

WEDNESDAY = datetime(2023, 9, 20, 12, tzinfo=UTC)


def days(question: str, as_of: datetime = WEDNESDAY) -> tuple[str, str]:
    found = period(question, as_of=as_of)
    return (str(found.first), str(found.last)) if found else ("no", "period")


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("today", "2023-09-20", "2023-09-20"),
        ("yesterday", "2023-09-19", "2023-09-19"),
        ("this morning", "2023-09-20", "2023-09-20"),
        ("tonight", "2023-09-20", "2023-09-20"),
        ("the day before yesterday", "2023-09-18", "2023-09-18"),
        ("last week", "2023-09-11", "2023-09-17"),
        ("this week", "2023-09-18", "2023-09-24"),
        ("over the past week", "2023-09-13", "2023-09-20"),
        ("last month", "2023-08-01", "2023-08-31"),
        ("this month", "2023-09-01", "2023-09-30"),
        ("last year", "2022-01-01", "2022-12-31"),
        ("over the weekend", "2023-09-16", "2023-09-17"),
        ("a week ago", "2023-09-10", "2023-09-16"),
        ("three weeks ago", "2023-08-27", "2023-09-02"),
        ("in the last three days", "2023-09-17", "2023-09-20"),
        ("in the last 48 hours", "2023-09-18", "2023-09-20"),
        ("so far this year", "2023-01-01", "2023-09-20"),
        ("this month so far", "2023-09-01", "2023-09-20"),
    ],
)
def test_words_are_counted_from_the_stated_day(words: str, first: str, last: str) -> None:
    assert days(f"What happened {words}?") == (first, last)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("on 13 September", "2023-09-13", "2023-09-13"),
        ("on 21 September", "2022-09-21", "2022-09-21"),
        ("on the 13th", "2023-09-13", "2023-09-13"),
        ("on the 25th", "2023-08-25", "2023-08-25"),
        ("on the 31st", "2023-08-31", "2023-08-31"),
        ("on 13.9.2023", "2023-09-13", "2023-09-13"),
        ("on 2023-09-13", "2023-09-13", "2023-09-13"),
        ("in September", "2023-09-01", "2023-09-30"),
        ("in September 2022", "2022-09-01", "2022-09-30"),
        ("in early September", "2023-09-01", "2023-09-10"),
        ("in mid-September", "2023-09-11", "2023-09-20"),
        ("in late September 2022", "2022-09-21", "2022-09-30"),
        ("at the end of February 2024", "2024-02-21", "2024-02-29"),
        ("in the second half of August", "2023-08-16", "2023-08-31"),
        ("in the first week of February 2023", "2023-02-01", "2023-02-07"),
        ("in the last week of August", "2023-08-25", "2023-08-31"),
        ("in the week of 13 September", "2023-09-11", "2023-09-17"),
    ],
)
def test_days_and_parts_of_months(words: str, first: str, last: str) -> None:
    assert days(f"What happened {words}?") == (first, last)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("in the summer", "2023-06-01", "2023-08-31"),
        ("in the autumn of 2022", "2022-09-01", "2022-11-30"),
        ("in spring 2023", "2023-03-01", "2023-05-31"),
        ("last winter", "2022-12-01", "2023-02-28"),
        ("in the winter of 2023", "2023-12-01", "2024-02-29"),
        ("in the first quarter", "2023-01-01", "2023-03-31"),
        ("in the fourth quarter", "2022-10-01", "2022-12-31"),
        ("in Q3 2023", "2023-07-01", "2023-09-30"),
        ("in the first half of 2023", "2023-01-01", "2023-06-30"),
        ("in the second half of last year", "2022-07-01", "2022-12-31"),
        ("in early 2023", "2023-01-01", "2023-04-30"),
        ("at Christmas", "2022-12-24", "2022-12-26"),
        ("on New Year's Eve", "2022-12-31", "2022-12-31"),
        ("at New Year 2022", "2021-12-31", "2022-01-01"),
    ],
)
def test_seasons_quarters_and_holidays(words: str, first: str, last: str) -> None:
    assert days(f"What happened {words}?") == (first, last)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("since Monday", "2023-09-18", "None"),
        ("since last Monday", "2023-09-18", "None"),
        ("since the 13th", "2023-09-13", "None"),
        ("since 2020", "2020-01-01", "None"),
        ("since the summer of 2022", "2022-06-01", "None"),
        ("until Friday", "None", "2023-09-15"),
        ("by Friday", "None", "2023-09-15"),
        ("until the end of August", "None", "2023-08-31"),
        ("before 2020", "None", "2019-12-31"),
        ("before Christmas", "None", "2022-12-23"),
        ("after 13 September", "2023-09-14", "None"),
        ("as of 16 May 2023", "None", "2023-05-16"),
        ("two days after 13 September", "2023-09-15", "2023-09-15"),
        ("a week before 13 September", "2023-09-06", "2023-09-06"),
        ("the day after 13 September", "2023-09-14", "2023-09-14"),
        ("in the days after 13 September", "2023-09-14", "2023-09-20"),
        ("in the week before 13 September", "2023-09-06", "2023-09-12"),
        ("between 12 and 14 September", "2023-09-12", "2023-09-14"),
        ("from Monday to Wednesday", "2023-09-18", "2023-09-20"),
        ("from Friday until Monday", "2023-09-15", "2023-09-18"),
    ],
)
def test_a_preposition_opens_or_closes_a_period(words: str, first: str, last: str) -> None:
    assert days(f"What happened {words}?") == (first, last)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("between 14 and 12 September", "2023-09-12", "2023-09-14"),
        ("from 14 September to 12 September 2023", "2023-09-12", "2023-09-14"),
        ("from 20 December to 3 January 2023", "2022-12-20", "2023-01-03"),
        ("since Friday until Monday", "2023-09-15", "2023-09-18"),
        ("between 2022 and 2020", "2020-01-01", "2022-12-31"),
    ],
)
def test_a_period_stated_the_wrong_way_round_is_turned(words: str, first: str, last: str) -> None:
    assert days(f"What happened {words}?") == (first, last)


def test_a_day_in_digits_comes_before_its_month_unless_only_the_other_order_is_a_day() -> None:
    assert days("on 13/9/2023") == ("2023-09-13", "2023-09-13")
    assert days("on 9/13/2023") == ("2023-09-13", "2023-09-13")
    assert days("on 5/9/2023") == ("2023-09-05", "2023-09-05")


def test_the_words_are_those_of_the_question() -> None:
    found = period("Who spoke since the end of August?", as_of=WEDNESDAY)
    assert found is not None
    assert found.words == "since the end of August"


@pytest.mark.parametrize(
    "question",
    [
        "What did Spring Airlines say?",
        "Who won the Winter Olympics?",
        "What did the 13th Amendment say?",
        "What is the first half of the film about?",
        "Who sells winter coats?",
        "What caused the fall of the government?",
        "Who lives on Christmas Island?",
    ],
)
def test_what_only_sounds_like_a_time_is_none(question: str) -> None:
    assert days(question) == ("no", "period")


def test_the_first_winter_on_record_does_not_fall_off_the_calendar() -> None:
    assert days("last winter", datetime(1, 1, 1, tzinfo=UTC)) == ("no", "period")
    assert days("in the weeks after 31 December 2123", datetime(9999, 12, 31, tzinfo=UTC))[0] == "2124-01-01"


PIECES = """between |from |to |and |since |until |before |after |by |as of |in |on |the |early |mid-|late |end of |week of
|first half of |second quarter|Q3 |last |this |next |year |month |weeks |days |two |so far |to date|spring |winter of
|Christmas |New Year's Eve |13th|31st |12 |14 |September |February |2023|2024-02-29|29/2/2023|1/13/2100|Monday|9999 |?"""


@given(
    st.lists(st.sampled_from(PIECES.replace("\n", "").split("|")), max_size=12).map("".join) | st.text(),
    st.datetimes(),
)
@example("two years before 1400", datetime(1000, 1, 1))
def test_any_words_give_a_period_in_order_or_none(question: str, moment: datetime) -> None:
    found = period(question, as_of=moment.replace(tzinfo=UTC))
    if found is not None:
        assert (found.first or date.min) <= (found.last or date.max)
        assert found.words in question


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("no later than 14 September 2023", "None", "2023-09-14"),
        ("not before 1 September 2023", "2023-09-01", "None"),
        ("not until 5 May 2023", "2023-05-05", "None"),
        ("on and after 12 September 2023", "2023-09-12", "None"),
        ("on or before 3 June 2023", "None", "2023-06-03"),
        ("between March and May 2023", "2023-03-01", "2023-05-31"),
        ("before March", "None", "2023-02-28"),
        ("between Monday and 1 September 2023", "2023-09-01", "2023-09-18"),
    ],
)
def test_a_limit_turned_round_or_included_is_read_as_meant(words: str, first: str, last: str) -> None:
    assert days(f"What happened {words}?") == (first, last)


@pytest.mark.parametrize(
    "words", ["30 February 2024", "31 Sept. 2023", "29 February 2023", "February 29, 2023", "September 31"]
)
def test_a_day_that_no_calendar_has_is_known(words: str) -> None:
    assert no_such_day(f"What happened on {words}?") == words


@pytest.mark.parametrize(
    "words", ["29 February 2024", "29 February", "In May 45 people came", "12 Marines", "35 mayors"]
)
def test_days_that_are_and_numbers_of_other_things_are_no_missing_days(words: str) -> None:
    assert no_such_day(f"What of {words}?") is None
