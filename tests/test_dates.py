from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.claims.dates import find, held, period

FRIDAY = datetime(2023, 9, 15, 12, tzinfo=UTC)
WEDNESDAY = datetime(2023, 9, 20, 12, tzinfo=UTC)

STYLES = [
    "{0:%B} {0.day}, {0.year}",
    "{0.day} {0:%B} {0.year}",
    "{0:%b}. {0.day}, {0.year}",
    "{0.year}-{0:%m}-{0:%d}",
    "{0:%A}, {0.day} {0:%B} {0.year}",
    "{0:%A}, {0:%b} {0.day}, {0.year}",
    "{0.day:02}/{0.month:02}/{0.year}",
    "{0.month}/{0.day}/{0.year}",
    "the {0.day}th of {0:%B} {0.year}",
]


@given(st.dates(date(1800, 1, 1), date(2150, 12, 31)), st.sampled_from(STYLES))
def test_a_date_in_any_style_resolves_to_itself(day: date, style: str) -> None:
    [mention] = find(f"It was signed on {style.format(day)} in Paris.")
    readings = [mention] + ([mention.other] if mention.other else [])
    assert any((each.first, each.last) == (day, day) for each in readings)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Sept. 15", "2023-09-15", "2023-09-15"),
        ("the 15th of September", "2023-09-15", "2023-09-15"),
        ("January 6", "2023-01-06", "2023-01-06"),
        ("today", "2023-09-15", "2023-09-15"),
        ("yesterday", "2023-09-14", "2023-09-14"),
        ("on Wednesday", "2023-09-13", "2023-09-13"),
        ("next Friday", "2023-09-22", "2023-09-22"),
        ("they will meet on Monday", "2023-09-18", "2023-09-18"),
        ("it said on Monday it would resign", "2023-09-11", "2023-09-11"),
        ("On Monday he will resign", "2023-09-18", "2023-09-18"),
        ("earlier this week", "2023-09-11", "2023-09-15"),
        ("last month", "2023-08-01", "2023-08-31"),
        ("over the weekend", "2023-09-09", "2023-09-10"),
        ("two days ago", "2023-09-13", "2023-09-13"),
        ("expected in October", "2023-10-01", "2023-10-31"),
        ("in July 2000", "2000-07-01", "2000-07-31"),
        ("in 2019", "2019-01-01", "2019-12-31"),
        ("the 1990s", "1990-01-01", "1999-12-31"),
        ("Q3 2023", "2023-07-01", "2023-09-30"),
        ("in the third quarter of 2023", "2023-07-01", "2023-09-30"),
        ("he may go in May", "2023-05-01", "2023-05-31"),
    ],
)
def test_a_date_is_resolved_against_the_day_of_publication(text: str, first: str, last: str) -> None:
    [mention] = find(text, published=FRIDAY)
    assert (str(mention.first), str(mention.last)) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "Theresa May said",
        "May I ask",
        "March on Washington",
        "Sun rises",
        "2000 people",
        "1,945",
        "$2000",
        "9/11",
        "Jan said",
    ],
)
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert find(text, published=FRIDAY) == []


def test_days_that_share_a_month_are_each_found() -> None:
    assert [(each.month, each.day) for each in find("between 12 and 14 September")] == [(9, 12), (9, 14)]


def test_a_date_that_the_calendar_has_not_stays_unresolved() -> None:
    [mention] = find("on 31 September 2023")
    assert (mention.day, mention.first) == (31, None)


def bears(claim: str, source: str) -> bool:
    said = find(source, published=FRIDAY)
    return all(held(mention, said) for mention in find(claim, published=FRIDAY))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("September 15", "Sept. 15, 2023"),
        ("on 13 September 2023", "on Wednesday"),
        ("on Wednesday, 13 September", "on Wednesday"),
        ("on Wednesday", "on Sept. 13"),
        ("in September", "on Wednesday"),
        ("in 2023", "earlier this week"),
        ("this week", "on Wednesday"),
        ("in the 1990s", "in 1994"),
        ("5 September 2023", "on 5/9/2023"),
        ("on Friday", "today"),
    ],
)
def test_a_date_is_held_by_words_that_mean_it(claim: str, source: str) -> None:
    assert bears(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("September 16", "Sept. 15"),
        ("14 September 2023", "on Wednesday"),
        ("Thursday, 13 September", "on Wednesday"),
        ("15 September 2022", "Sept. 15"),
        ("September 15", "in September"),
        ("in August", "on Wednesday"),
        ("in 1994", "in the 1990s"),
        ("on Wednesday", "this week"),
        ("yesterday", "today"),
    ],
)
def test_another_or_a_finer_date_is_not_held(claim: str, source: str) -> None:
    assert not bears(claim, source)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("What happened today?", "2023-09-20", "2023-09-20"),
        ("What did Putin do last week?", "2023-09-11", "2023-09-17"),
        ("this week's news", "2023-09-18", "2023-09-24"),
        ("last month", "2023-08-01", "2023-08-31"),
        ("in September", "2023-09-01", "2023-09-30"),
        ("in October", "2022-10-01", "2022-10-31"),
        ("in may 2023", "2023-05-01", "2023-05-31"),
        ("on 13 September", "2023-09-13", "2023-09-13"),
        ("on Monday", "2023-09-18", "2023-09-18"),
        ("since Monday", "2023-09-18", "None"),
        ("before 15 September 2023", "None", "2023-09-14"),
        ("after 15 September 2023", "2023-09-16", "None"),
        ("until 15 September", "None", "2023-09-15"),
        ("between 12 and 14 September", "2023-09-12", "2023-09-14"),
        ("between Friday and Monday", "2023-09-15", "2023-09-18"),
        ("in the last three days", "2023-09-17", "2023-09-20"),
        ("past 24 hours", "2023-09-19", "2023-09-20"),
        ("over the weekend", "2023-09-16", "2023-09-17"),
        ("What happened in 1945?", "1945-01-01", "1945-12-31"),
        ("wildfires 2023", "2023-01-01", "2023-12-31"),
        ("Q3 2023", "2023-07-01", "2023-09-30"),
    ],
)
def test_a_question_states_a_period(question: str, first: str, last: str) -> None:
    found = period(question, as_of=WEDNESDAY)
    assert found is not None
    assert (str(found.first), str(found.last)) == (first, last)


@pytest.mark.parametrize(
    "question",
    [
        "When was Putin's first visit to North Korea?",
        "What is the latest on Ukraine?",
        "What may happen next?",
        "What are the 2030 goals?",
        "Who won the 2022 World Cup?",
        "How many Covid-19 cases are there?",
        "Who marches for peace?",
        "",
    ],
)
def test_a_question_without_a_period_has_none(question: str) -> None:
    assert period(question, as_of=WEDNESDAY) is None


PIECES = [
    "12",
    "-",
    " ",
    "/",
    "Sept. ",
    "May ",
    "of ",
    "2023",
    "the ",
    "31",
    "Mon.",
    "last ",
    "q3 ",
    "'90s",
    "İ",
    "quarter ",
    "0",
]
PIECES += [
    "between ",
    "and ",
    "to ",
    "since ",
    "1 ",
    "week",
    "days ",
    "ago",
    "9999",
    "1400",
    "a ",
    "few ",
    "past ",
    "٣",
    "999 ",
    "years ",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text(), st.datetimes(datetime(1, 1, 1)))
def test_anything_is_read_without_an_error(text: str, moment: datetime) -> None:
    as_of = moment.replace(tzinfo=UTC)
    period(text, as_of=as_of)
    for mention in find(text, published=as_of):
        assert text[mention.start : mention.end] == mention.words
