"""Dates in a text: what their words state, and which days that is where the day of publication tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rag.date_pattern import DATE, DAYS, MONTHS
from rag.folding import lowered, plain
from rag.relative_dates import (
    Range,
    ago,
    around,
    day,
    decade,
    month_range,
    nearest,
    nearest_month,
    weekday_range,
    year_range,
)

_MONTH_BEFORE = re.compile(
    r"(?:\b(?:in|since|until|till|of|early|late|mid|last|next|during|through|throughout|from|between|before|after|by|to"
    r"|the|a|every|each|and|or|this)[ -]|[,/(-][ ]?)$"
)
_SURE_BEFORE = re.compile(r"\b(?:in|since|until|of|early|late|mid|last|next|during|through|throughout)[ -]$")
_AHEAD = re.compile(r"\b(?:will|would|next|coming|upcoming|scheduled|due|expected|set|plans?|planned|ahead|to be)\b")
_COUNTED = re.compile(
    r"[ -](?:people|persons|troops|soldiers|men|women|children|workers|jobs|miles|km|kilomet|met(?:re|er)s|feet|tons|tonnes"
    r"|dollars|euros|pounds|yen|hectares|acres|homes|houses|cases|times|votes|points|million|billion|thousand|years|days|kg)"
)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|of|from|by|until|till|before|after|during|early|late|mid|around|circa|to|and|between|the|year|through"
    r"|summer|winter|spring|autumn|fall|fiscal)[ -]$|[(,][ ]?$"
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """``text[start:end]`` states the fields that are not ``None``; the days it means are ``first`` to ``last``, inclusive."""

    start: int
    end: int
    words: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """Monday is 0."""
    first: date | None = None
    last: date | None = None
    other: DateMention | None = None
    """The second reading of "5/9/2023"."""

    @property
    def stated(self) -> tuple[int | None, int | None, int | None, int | None]:
        return self.year, self.month, self.day, self.weekday


def find(text: str, *, published: datetime | None = None, past: bool = False) -> list[DateMention]:
    """Every date of the text in order, resolved against the day of publication where one is given.

    With ``past`` a date without its year is the latest not after that day; else the nearest to it.
    """
    folded = lowered(plain(text))
    today = published.date() if published else None
    return [
        replace(mention, words=text[mention.start : mention.end])
        for match in DATE.finditer(folded)
        for mention in _read(match, text, folded, today, past)
    ]


def held(claimed: DateMention, said: Sequence[DateMention]) -> bool:
    """Whether the dates said bear every field the claimed date states; what one leaves out, another may add."""
    if any(_holds(claimed, mention, said) for mention in said):
        return True
    return claimed.other is not None and held(claimed.other, said)


def _holds(claimed: DateMention, said: DateMention, all_said: Sequence[DateMention]) -> bool:
    if said.other is not None and _holds(claimed, said.other, all_said):
        return True
    if claimed.stated == (None, None, None, None):
        return _within(claimed, said) or _gist(claimed.words) == _gist(said.words)
    known = _known(said)
    for place, field in enumerate(claimed.stated):
        if field is None or field == known[place]:
            continue
        if known[place] is not None or place in (1, 2):
            return False
        if all(field != mention.stated[place] for mention in all_said):
            return False
    return any(field == known[place] for place, field in enumerate(claimed.stated) if field is not None)


def _gist(words: str) -> str:
    """ "this year" of "earlier this year", "weekend" of "over the weekend"."""
    return re.sub(r"^(?:(?:earlier|later|over|at|during|on|the) )+", "", lowered(words))


def _within(claimed: DateMention, said: DateMention) -> bool:
    if claimed.first is None or claimed.last is None or said.first is None or said.last is None:
        return False
    return claimed.first <= said.first and said.last <= claimed.last


def _known(said: DateMention) -> tuple[int | None, int | None, int | None, int | None]:
    """The fields a mention states, and those that follow from the days it means."""
    first, last = said.first, said.last
    if first is None or last is None:
        return said.stated
    year = first.year if first.year == last.year else None
    month = first.month if year is not None and first.month == last.month else None
    number, weekday = (first.day, first.weekday()) if first == last else (None, said.weekday)
    return year, month, number, weekday


def _read(match: re.Match[str], text: str, folded: str, today: date | None, past: bool) -> Iterator[DateMention]:
    bare = DateMention(match.start(), match.end(), "")
    if match["iso"] or match["numeric"]:
        yield from _in_digits(match, bare)
    elif match["month1"] or match["month2"]:
        yield from _dated(match, text, folded, bare, today, past)
    elif match["month3"]:
        yield _month_of(match, bare)
    elif match["month4"]:
        if _is_month(match, text, folded):
            month = MONTHS[match["month4"].rstrip(".")]
            days = nearest_month(month, today, side=match["side4"], past=past) if today else None
            yield _meaning(replace(bare, month=month), days)
    elif match["weekday9"]:
        if _is_weekday(match["weekday9"], text, match.start("weekday9"), match.end("weekday9")):
            yield _weekday(match, folded, bare, today)
    elif match["around"]:
        yield _meaning(bare, around(match["around"], today) if today else None)
    elif match["ago"]:
        yield _meaning(bare, ago(match["ago"], match["unit"], today) if today else None)
    else:
        yield from _in_years(match, folded, bare)


def _meaning(mention: DateMention, days: Range | None) -> DateMention:
    return replace(mention, first=days[0], last=days[1]) if days else mention


def _in_digits(match: re.Match[str], bare: DateMention) -> Iterator[DateMention]:
    """ "2023-09-15" has one reading, "5/9/2023" two."""
    parts = [int(part) for part in re.split(r"[-/.]", match["iso"] or match["numeric"])]
    if match["iso"]:
        orders = [(parts[0], parts[1], parts[2])]
    else:
        year = parts[2] if parts[2] > 99 else parts[2] + (2000 if parts[2] < 70 else 1900)
        orders = [(year, parts[1], parts[0]), (year, parts[0], parts[1])]
    readings = [
        replace(bare, year=year, month=month, day=number, first=found, last=found)
        for year, month, number in dict.fromkeys(orders)
        if (found := day(year, month, number))
    ]
    if readings:
        yield replace(readings[0], other=readings[1] if len(readings) > 1 else None)


def _dated(
    match: re.Match[str], text: str, folded: str, bare: DateMention, today: date | None, past: bool
) -> Iterator[DateMention]:
    """A month and a day or two, with or without year and weekday."""
    form = "1" if match["month1"] else "2"
    month = MONTHS[match[f"month{form}"].rstrip(".")]
    if month in (3, 5) and form == "1" and not _is_month_name(text, match.start("month1"), folded):
        return
    year_words = match["year1"] or match["year1b"] or match["year2"]
    year = int(year_words) if year_words else None
    weekday = DAYS[match["weekday"]] if match["weekday"] else None
    second = f"day{form}b"
    cut = match.start(second) if match[second] else bare.end
    numbers = [(match[f"day{form}"], bare.start, match.end(f"day{form}") if match[second] else bare.end)]
    if match[second]:
        numbers.append((match[second], cut, bare.end))
    for words, start, end in numbers:
        number = int(re.sub(r"\D", "", words))
        found = day(year, month, number) if year else nearest(month, number, today, past=past) if today else None
        mention = DateMention(start, end, "", year, month, number, weekday if start == bare.start else None)
        yield _meaning(mention, (found, found) if found else None)


def _is_month_name(text: str, start: int, folded: str) -> bool:
    """Whether "may" or "march" after a number is the month: "15 may not" is none, "15 May" is one."""
    return text[start].isupper() or not re.match(r"(?:may|march)\s+(?:not|be|have|also|on|to)\b", folded[start : start + 20])


def _month_of(match: re.Match[str], bare: DateMention) -> DateMention:
    year, month = int(match["year3"]), MONTHS[match["month3"].rstrip(".")]
    return _meaning(replace(bare, year=year, month=month), month_range(year, month))


def _is_month(match: re.Match[str], text: str, folded: str) -> bool:
    """Whether a month's bare name is the month, not the verb "may", a march, or a woman called June."""
    start = match.start("month4")
    name = match["month4"].rstrip(".")
    before = folded[max(0, match.start() - 14) : match.start()]
    sure = _SURE_BEFORE.search(before) is not None or (match["side4"] in ("last", "next") and name != "march")
    if sure:
        return len(name) > 3 or text[start].isupper() or name == "may"
    if not text[start].isupper():
        return len(name) > 6
    if name in ("may", "march"):
        return match["side4"] is not None or re.search(r"\b(?:the|a) $", before) is not None
    return len(name) > 4 or name in ("july", "june") or _MONTH_BEFORE.search(before) is not None


def _is_weekday(name: str, text: str, start: int, end: int) -> bool:
    return name.endswith("day") or (text[start].isupper() and text[end : end + 1] == ".")


def _weekday(match: re.Match[str], folded: str, bare: DateMention, today: date | None) -> DateMention:
    weekday = DAYS[match["weekday9"]]
    if today is None:
        return replace(bare, weekday=weekday)
    around_it = _sentence(folded, bare.start, bare.end)
    ahead = _AHEAD.search(around_it) is not None and match["side9"] is None
    days = weekday_range(weekday, today, side=match["side9"], ahead=ahead)
    return _meaning(replace(bare, weekday=weekday), days)


def _sentence(folded: str, start: int, end: int) -> str:
    """The words near a date that belong to its clause."""
    before, after = folded[max(0, start - 60) : start], folded[end : end + 40]
    return re.split(r"[.!?;\n]", before)[-1] + " " + re.split(r"[.!?;,\n]", after)[0]


def _in_years(match: re.Match[str], folded: str, bare: DateMention) -> Iterator[DateMention]:
    if match["decade"]:
        yield _meaning(bare, decade(match["decade"]))
    elif match["year5"] or match["year6"]:
        year = int(match["year5"] or match["year6"])
        quarter = int(match["quarter1"] or {"f": 1, "1": 1, "s": 2, "2": 2, "t": 3, "3": 3}.get(match["quarter2"][0], 4))
        if match["quarter2"] in ("fourth", "4th"):
            quarter = 4
        yield _meaning(replace(bare, year=year), (date(year, quarter * 3 - 2, 1), month_range(year, quarter * 3)[1]))
    elif match["years"]:
        first = int(match["year7"])
        last = int(match["year8"]) if len(match["year8"]) == 4 else first // 100 * 100 + int(match["year8"])
        if first < last <= first + 99:
            yield _meaning(bare, year_range(first, last))
    elif match["year"] and _is_year(match, folded):
        year = int(match["year"])
        yield _meaning(replace(bare, year=year), year_range(year))


def _is_year(match: re.Match[str], folded: str) -> bool:
    """Whether four digits are a year: "in 1812", "the 2020 election"; not "2000 people", and before 1800 only after "in"."""
    placed = _YEAR_BEFORE.search(folded, max(0, match.start() - 12), match.start()) is not None
    if _COUNTED.match(folded, match.end()):
        return False
    return placed or int(match["year"]) >= 1800
