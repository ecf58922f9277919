"""Days counted from another day: "last week", "two days ago", "September" without its year. Weeks start on Monday."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import Literal

from rag.claims.date_pattern import NUMBERS

Range = tuple[date, date]
Toward = Literal["past", "back", "ahead"]
"""Where a date without its year lies: not after the day it is read on; behind it, as in most news; or before it."""
_DAY = timedelta(days=1)


def day(year: int, month: int, number: int) -> date | None:
    """The day, or ``None`` where the calendar has none such."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= number <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, number)


def month_range(year: int, month: int) -> Range:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def year_range(year: int, until: int | None = None) -> Range:
    return date(year, 1, 1), date(until or year, 12, 31)


def nearest(month: int, number: int, today: date, toward: Toward) -> date | None:
    """The day of that month and number which is meant as of ``today``."""
    near = [found for year in range(today.year - 4, today.year + 5) if (found := day(year, month, number))]
    if toward == "past":
        return max((found for found in near if found <= today), default=None)
    return min(near, key=lambda found: (_gap((found, found), today, toward), found), default=None)


def nearest_month(month: int, today: date, toward: Toward, *, side: str | None) -> Range:
    """The days of the month meant by its bare name, or by "last March"."""
    ranges = [month_range(year, month) for year in range(today.year - 2, today.year + 2)]
    if side in ("last", "past"):
        return max(days for days in ranges if days[1] < today)
    if side in ("next", "coming"):
        return min(days for days in ranges if days[0] > today)
    if toward == "past":
        return max(days for days in ranges if days[0] <= today)
    return min(ranges, key=lambda days: (_gap(days, today, toward), days))


def _gap(days: Range, today: date, toward: Toward) -> timedelta:
    """How far off the days are; those on the side that the words do not look to count as three times as far."""
    before, behind = days[0] - today, today - days[1]
    return max(before * 3, behind, timedelta()) if toward == "back" else max(before, behind * 3, timedelta())


def weekday_range(weekday: int, today: date, toward: Toward, *, side: str | None) -> Range:
    """The day meant by a weekday's name: the latest not after ``today`` unless words say otherwise."""
    back = (today.weekday() - weekday) % 7
    if side == "last" or side == "past":
        found = today - _DAY * (back or 7)
    elif side in ("next", "coming") or (toward == "ahead" and side is None):
        found = today + _DAY * ((weekday - today.weekday()) % 7 or 7)
    elif side == "this":
        found = today + _DAY * (weekday - today.weekday())
    else:
        found = today - _DAY * back
    return found, found


def decade(words: str) -> Range:
    """ "1990s", "'90s", "90s"."""
    digits = re.sub(r"\D", "", words)
    start = int(digits) if len(digits) == 4 else 1900 + int(digits)
    return year_range(start, start + 9)


def around(words: str, today: date) -> Range | None:
    """ "yesterday", "earlier this week", "last month", "over the weekend"."""
    tokens = words.split()
    if "before" in tokens or "after" in tokens:
        return _one(today + _DAY * (-2 if "before" in tokens else 2))
    if tokens[-1] in ("yesterday", "tomorrow", "today", "tonight"):
        return _one(today + _DAY * {"yesterday": -1, "tomorrow": 1}.get(tokens[-1], 0))
    side = {"last": -1, "next": 1}.get(tokens[-2], 0)
    days = _unit(tokens[-1], side, today, weekend_past=tokens[-2] == "the")
    if tokens[0] == "earlier":
        return days[0], min(days[1], today)
    return (max(days[0], today), days[1]) if tokens[0] == "later" else days


def _one(found: date) -> Range:
    return found, found


def _unit(unit: str, side: int, today: date, *, weekend_past: bool) -> Range:
    monday = today - _DAY * today.weekday()
    match unit:
        case "week":
            return monday + side * 7 * _DAY, monday + (side * 7 + 6) * _DAY
        case "weekend" if weekend_past or side == -1:
            back = 0 if today.weekday() >= 5 and weekend_past else -7
            return monday + (back + 5) * _DAY, monday + (back + 6) * _DAY
        case "weekend":
            return monday + (side * 7 + 5) * _DAY, monday + (side * 7 + 6) * _DAY
        case "month":
            months = today.year * 12 + today.month - 1 + side
            return month_range(months // 12, months % 12 + 1)
        case "year":
            return year_range(today.year + side)
        case _:
            return _one(today + _DAY * side)


def ago(count: str, unit: str, today: date) -> Range | None:
    """ "two days ago" is a day; "three years ago" that year, "two months ago" that month."""
    number = int(count) if count.isdigit() else NUMBERS[count]
    match unit:
        case "hour":
            return (today - _DAY, today) if number <= 24 else _one(today - _DAY * (number // 24))
        case "day":
            return _one(today - _DAY * number)
        case "week":
            return today - _DAY * (7 * number + 3), today - _DAY * (7 * number - 3)
        case "month":
            months = max(12, today.year * 12 + today.month - 1 - number)
            return month_range(months // 12, months % 12 + 1)
        case _:
            years = number * (10 if unit == "decade" else 1)
            return year_range(today.year - years) if today.year > years else None
