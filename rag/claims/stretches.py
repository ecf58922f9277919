"""Stretches of time a question names beside plain dates: "late September", "last winter", "the week after 3 May".

Seasons are those of the north and whole months: spring is March to May, the winter of 2022 ends in February 2023.
Early, mid and late are thirds. What is named without its year is the latest that began by the day it is read on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from rag.claims.date_mentions import FIRST_YEAR, LAST_YEAR, DateMention
from rag.claims.date_pattern import COUNT, NUMBERS
from rag.claims.relative_dates import Range, around, day, month_range, year_range

_DAY = timedelta(days=1)
_ENDS = r"(?=\s*(?:[?.!,;:)]|$)|\s(?:in|at|on|to|and|until|for|with|did|do|was|were|is|has|have)\b)"
"""Where a phrase ends: "in winter" is a time, "in winter coats" none."""
_AFTER = (
    r"(?:in|during|over|since|until|till|through|throughout|before|after|by|of|from|at|on|around|last|this)(?: the)?"
)
_YEAR = r"(?P<year>(?:1[4-9]|20|21)\d\d)(?:[-/]\d{2,4})?(?!\w)"

_PART = re.compile(
    r"(?:\bthe )?(?:\bvery )?\b(?P<part>early|mid|late|beginning|start|middle|end|(?:first|second) half"
    r"|(?:first|last) days|(?:first|second|third|fourth|last) (?:week|quarter))(?: of| in)?(?: the)?[ -]$"
)
_WEEK_OF = re.compile(r"(?:\bthe )?\bweek of(?: the)? $")
_COUNTED = re.compile(
    rf"(?:\b(?P<count>{COUNT}) (?P<unit>day|week|month|year)s?|\bthe (?P<run>(?:day|week|month|year)s?))"
    r" (?P<way>before|after|following) (?:the )?$"
)
_UNIT = re.compile(r"(?<= of the )(?:year|month)\b")
_SO_FAR = re.compile(
    r"\bso far this (?P<unit1>year|month|week)\b|\bthis (?P<unit2>year|month|week) (?:so far|to date)\b"
    r"|\b(?:the )?(?P<unit3>year) to date\b"
)
_SEASON = re.compile(
    r"(?:\b(?P<side>last|this|past|next) )?\b(?P<season>spring|summer|autumn|fall|winter)"
    rf"(?: (?:of )?{_YEAR}|{_ENDS})"
)
_HOLIDAY = re.compile(
    rf"\b(?P<name>christmas(?: (?:eve|day))?|boxing day|new year(?:'s (?:eve|day))?)(?: (?:of )?{_YEAR}|{_ENDS})"
)
_QUARTER = re.compile(rf"\b(?:q(?P<number>[1-4])|(?P<word>first|second|third|fourth) quarter){_ENDS}")
_ORDINAL = re.compile(rf"(?<=\bthe )(?P<day>\d{{1,2}})(?:st|nd|rd|th){_ENDS}")
_PLACED = re.compile(rf"\b{_AFTER} $")

_ORDER = {"first": 0, "second": 1, "third": 2, "fourth": 3}
_THIRDS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_HOLIDAYS = {
    "christmas": ((12, 24), 2),
    "christmas eve": ((12, 24), 0),
    "christmas day": ((12, 25), 0),
    "boxing day": ((12, 26), 0),
    "new year": ((12, 31), 1),
    "new year's eve": ((12, 31), 0),
    "new year's day": ((1, 1), 0),
}
"""The first day, and how many more."""
_RUNS = {"day": 1, "days": 7, "week": 7, "weeks": 28, "month": 30, "months": 90, "year": 365, "years": 1095}
"""How many days "the days after" something are."""


def find(question: str, folded: str, dated: Iterable[DateMention], today: date) -> list[DateMention]:
    """The stretches named in a question, given its text in small letters and the dates found in it."""
    if not FIRST_YEAR <= today.year <= LAST_YEAR:
        return []
    found = [stretch for mention in dated if (stretch := _made_of(mention, folded))]
    found += [stretch for match in _UNIT.finditer(folded) if (stretch := _part_of_unit(match, folded, today))]
    for pattern, read in _READERS:
        for match in pattern.finditer(folded):
            if _is_time(match, question, folded) and (days := read(match, today)):
                found.append(DateMention(match.start(), match.end(), match.group(), first=days[0], last=days[1]))
    return sorted(found, key=lambda stretch: stretch.start)


def beside(run: str, way: str, days: Range) -> Range:
    """ "the day", "the days" or "the week" before or after other days."""
    length = _RUNS[run]
    if way == "before":
        return _shifted(days[0], -length), _shifted(days[0], -1)
    return _shifted(days[1], 1), _shifted(days[1], length)


def _made_of(mention: DateMention, folded: str) -> DateMention | None:
    """What the words before a date make of it."""
    if mention.first is None or mention.last is None:
        return None
    days, span = (mention.first, mention.last), (mention.last - mention.first).days
    before = folded[: mention.start]
    if away := _COUNTED.search(before):
        way = "before" if away["way"] == "before" else "after"
        found = beside(away["run"], way, days) if away["run"] else counted(away["count"], away["unit"], way, days)
        return _widened(mention, away, found)
    if (week := _WEEK_OF.search(before)) and span == 0:
        monday = _shifted(mention.first, -mention.first.weekday())
        return _widened(mention, week, (monday, _shifted(monday, 6)))
    if (part := _PART.search(before)) and 26 < span < 370:
        return _widened(mention, part, _part(part["part"], days))
    return None


def _widened(mention: DateMention, match: re.Match[str], days: Range) -> DateMention:
    return DateMention(match.start(), mention.end, "", first=days[0], last=days[1])


def _part_of_unit(match: re.Match[str], folded: str, today: date) -> DateMention | None:
    """ "the end of the year"."""
    part = _PART.search(folded[: match.start()])
    days = around(f"this {match.group()}", today)
    if part is None or days is None:
        return None
    first, last = _part(part["part"], days)
    return DateMention(part.start(), match.end(), "", first=first, last=last)


def _part(part: str, days: Range) -> Range:
    """A part of a month or of a year."""
    first, last = days
    order, _, unit = part.partition(" ")
    if unit in ("week", "days"):
        start = _shifted(last, -6) if order == "last" else _shifted(first, 7 * _ORDER[order])
        return start, min(_shifted(start, 6), last)
    if (last - first).days > 31:
        months = {"half": 6, "quarter": 3}.get(unit, 4)
        start_month = (_ORDER[order] if unit else _THIRDS[part]) * months + 1 if order != "last" else 13 - months
        return date(first.year, start_month, 1), month_range(first.year, start_month + months - 1)[1]
    length = 15 if unit == "half" else 10
    place = _ORDER.get(order, 1) if unit else _THIRDS[part]
    start = _shifted(first, place * length)
    is_last = place == (1 if unit else 2)
    return start, last if is_last else _shifted(start, length - 1)


def counted(count: str, unit: str, way: str, days: Range) -> Range:
    """ "two days after" other days is a day, "two years after" them a year."""
    number = (int(count) if count.isdigit() else NUMBERS[count]) * (-1 if way == "before" else 1)
    start = days[0] if way == "before" else days[1]
    if unit in ("day", "week"):
        found = _shifted(start, number * (7 if unit == "week" else 1))
        return found, found
    months = start.year * 12 + start.month - 1 + number * (12 if unit == "year" else 1)
    months = min(max(months, 12), 9998 * 12)
    return year_range(months // 12) if unit == "year" else month_range(months // 12, months % 12 + 1)


def _is_time(match: re.Match[str], question: str, folded: str) -> bool:
    """Whether a word that may name a time does: with a year or after a preposition, and no "Winter Olympics"."""
    if question[match.end() :].lstrip(" ")[:1].isupper():
        return False
    if match.re is _SO_FAR:
        return True
    groups = match.groupdict()
    return bool(groups.get("year") or groups.get("side") or _PLACED.search(folded[: match.start()]))


def _so_far(match: re.Match[str], today: date) -> Range | None:
    days = around(f"this {next(unit for unit in match.groups() if unit)}", today)
    return days and (days[0], today)


def _season(match: re.Match[str], today: date) -> Range | None:
    def days(year: int) -> Range:
        start = _SEASONS[match["season"]]
        end_year, end_month = (year + 1, 2) if start == 12 else (year, start + 2)
        return date(year, start, 1), month_range(end_year, end_month)[1]

    if match["year"]:
        return days(int(match["year"]))
    years = range(today.year - 2, today.year + 2)
    match match["side"]:
        case "last" | "past":
            return max(found for year in years if (found := days(year))[1] < today)
        case "next":
            return min(found for year in years if (found := days(year))[0] > today)
        case "this":
            return min(found for year in years if (found := days(year))[1] >= today.replace(month=1, day=1))
        case _:
            return _latest((days(year) for year in years), today)


def _holiday(match: re.Match[str], today: date) -> Range | None:
    (month, number), more = _HOLIDAYS[match["name"]]

    def days(year: int) -> Range:
        start = date(year, month, number)
        return start, start + more * _DAY

    if match["year"]:
        return days(int(match["year"]) - (match["name"] == "new year"))
    return _latest((days(year) for year in range(today.year - 1, today.year + 1)), today)


def _quarter(match: re.Match[str], today: date) -> Range | None:
    start = 3 * (int(match["number"]) - 1 if match["number"] else _ORDER[match["word"]]) + 1
    years = (today.year - 1, today.year)
    return _latest(((date(year, start, 1), month_range(year, start + 2)[1]) for year in years), today)


def _ordinal(match: re.Match[str], today: date) -> Range | None:
    months = (today.year * 12 + today.month - 1 - back for back in range(12))
    days = (day(month // 12, month % 12 + 1, int(match["day"])) for month in months)
    return next(((found, found) for found in days if found and found <= today), None)


def _latest(candidates: Iterator[Range], today: date) -> Range | None:
    return max((days for days in candidates if days[0] <= today), default=None)


def _shifted(start: date, days: int) -> date:
    """So many days on, no further than the calendar goes."""
    return date.fromordinal(min(max(start.toordinal() + days, 1), date.max.toordinal()))


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], Range | None]], ...] = (
    (_SO_FAR, _so_far),
    (_SEASON, _season),
    (_HOLIDAY, _holiday),
    (_QUARTER, _quarter),
    (_ORDINAL, _ordinal),
)
