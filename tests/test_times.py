from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.intake.times import FIRST_ON_PAGES, Times, in_address, moment, sane

NOW = datetime(2024, 3, 5, 20, 30, 40, tzinfo=UTC)


def published(value: object, **options: datetime) -> Times:
    return sane(value, None, now=NOW, **options)


@pytest.mark.parametrize(
    ("stated", "note"),
    [
        ("2099-01-01", "published 2099-01-01 lies in the future; taken in without a date"),
        ("2024-03-06T12:00:00Z", "published 2024-03-06 12:00 lies in the future; taken in without a date"),
        ("1970-01-01T00:00:00Z", "published 1970-01-01 is what computers write for no time at all; taken in without a date"),
        ("1969-12-31T19:00:00-05:00", "published 1969-12-31 19:00 is what computers write for no time at all; taken in without a date"),
        ("1969-12-31T17:00:00", "published 1969-12-31 17:00 is what computers write for no time at all; taken in without a date"),
        (0, "published 1970-01-01 is what computers write for no time at all; taken in without a date"),
        ("1492-10-12", "published 1492-10-12 is before 1605; taken in without a date"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_true_is_dropped_with_a_note(stated: object, note: str) -> None:
    assert published(stated) == Times(None, None, (note,))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2024-03-06T09:00:00", datetime(2024, 3, 5, tzinfo=UTC)),  # midnight of the 6th is still to come
        ("2024-03-05T23:00:00", datetime(2024, 3, 5, tzinfo=UTC)),
        ("2024-03-06", datetime(2024, 3, 5, tzinfo=UTC)),
        ("2024-03-05T20:35:00Z", datetime(2024, 3, 5, 20, 30, tzinfo=UTC)),  # a clock that is ahead
        ("2024-03-05T21:30:00+02:00", datetime(2024, 3, 5, 19, 30, tzinfo=UTC)),
    ],
)
def test_a_time_just_ahead_for_want_of_a_zone_is_moved_to_one_that_has_been(stated: str, expected: datetime) -> None:
    assert published(stated) == Times(expected, None)


def test_real_days_near_the_first_of_computers_stay() -> None:
    for day in ("1969-12-31", "1970-01-02", "1605-07-30"):
        assert published(day).published == datetime.fromisoformat(day).replace(tzinfo=UTC)


def test_pages_date_nothing_before_1900() -> None:
    assert published("1899-12-31", earliest=FIRST_ON_PAGES).notes == (
        "published 1899-12-31 is before 1900; taken in without a date",
    )


def test_a_change_before_publication_is_dropped_with_a_note() -> None:
    assert sane("2024-03-04", "2024-03-03T08:00Z", now=NOW) == Times(
        datetime(2024, 3, 4, tzinfo=UTC),
        None,
        ("modified 2024-03-03 08:00 is before published 2024-03-04; taken in without it",),
    )
    assert sane("2024-03-04", "2024-03-04T08:00Z", now=NOW).modified == datetime(2024, 3, 4, 8, tzinfo=UTC)


def test_a_guess_dates_only_what_states_nothing_possible() -> None:
    guess = datetime(2023, 1, 1, tzinfo=UTC)
    assert published(None, guess=guess).published == guess
    assert published("2099-01-01", guess=guess).published == guess
    assert published("2024-01-01", guess=guess).published == datetime(2024, 1, 1, tzinfo=UTC)
    assert published(None, guess=NOW + timedelta(days=1)).published is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://post.example/2024/03/05/harbour", (2024, 3, 5)),
        ("https://post.example/news/2024-3-5-harbour", (2024, 3, 5)),
        ("https://post.example/news/harbour-2024-03-05", (2024, 3, 5)),
        ("https://post.example/2024/03/harbour", None),
        ("https://post.example/2024/13/05/harbour", None),
        ("https://post.example/2024/02/30/harbour", None),
        ("https://post.example/2024/03/05/rerun-2019-01-01", None),
        ("https://post.example/id/12024/03/05", None),
        ("https://post.example/?d=/2024/03/05/", None),
        (None, None),
    ],
)
def test_the_path_of_an_address_may_name_one_day(url: str | None, day: tuple[int, int, int] | None) -> None:
    assert in_address(url) == (datetime(*day, tzinfo=UTC) if day else None)


@given(
    st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.datetimes(), st.none(), st.dates(), st.binary())
)
def test_whatever_is_stated_no_time_is_ahead_of_now(stated: object) -> None:
    found = sane(stated, stated, now=NOW)
    assert found.published is None or found.published <= NOW
    assert found.modified is None or found.modified <= NOW


def test_json_ld_values_and_lists_are_read() -> None:
    assert (
        moment({"@value": "2024-02-28"}) == moment(["2024-02-28", "2020-01-01"]) == datetime(2024, 2, 28, tzinfo=UTC)
    )
    assert moment(datetime(2024, 1, 1, 9, tzinfo=timezone(timedelta(hours=9)))) == datetime(2024, 1, 1, tzinfo=UTC)
    assert moment("2024-02-28 " * 100) is None
