"""What belongs to the days that a question is about: what was published in them, and what tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from rag import choosing
from rag.claims import dates
from rag.evidence import Evidence, Sentence
from rag.records import Filters, Period

LATER = timedelta(days=3)
"""What happened in a period is still reported so long after it."""


def _later(day: date, by: timedelta) -> date:
    return day + by if day < date.max - by else date.max


def narrowed(filters: Filters, period: Period, *, later: timedelta = LATER) -> Filters:
    """The filters, limited to what was published in the period or so much after."""
    since = datetime.combine(period.first, datetime.min.time(), UTC) if period.first else None
    until = datetime.combine(_later(period.last, later), datetime.max.time(), UTC) if period.last else None
    return replace(
        filters,
        since=max((moment for moment in (since, filters.since) if moment), default=None),
        until=min((moment for moment in (until, filters.until) if moment), default=None),
    )


def told_then(weighed: Sequence[Evidence], period: Period) -> list[Evidence]:
    """The evidence without what states other days only, where some that is as likely states a day of the period."""
    best = max((one.score for one in weighed), default=0.0)
    dated = {id(one): _days(one.quote, one.article.published_at) for one in weighed}
    inside = {id(one) for one in weighed if any(_holds(period, *day) for day in dated[id(one)])}
    if not any(id(one) in inside and one.score >= best * choosing.RELATIVE for one in weighed):
        return list(weighed)
    return [one for one in weighed if id(one) in inside or not dated[id(one)]]


def _days(text: str, published: datetime | None) -> list[tuple[date, date]]:
    return [(day.first, day.last) for day in dates.find(text, published=published) if day.first and day.last]


def within(sentence: Sentence, period: Period) -> bool:
    """Whether a sentence was published in the period, or speaks of a day in it."""
    published = sentence.article.published_at
    if published is not None and _holds(period, published.date(), published.date()):
        return True
    return any(_holds(period, *day) for day in _days(sentence.text, published))


def _holds(period: Period, first: date, last: date) -> bool:
    """Whether the days from ``first`` to ``last`` lie in the period."""
    return (period.first is None or first >= period.first) and (period.last is None or last <= period.last)
