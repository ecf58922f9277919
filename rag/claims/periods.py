"""The period a question asks about: "last week", "since Monday", "between 12 and 14 September"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise

from rag.claims import stretches
from rag.claims.date_mentions import DateMention, find
from rag.claims.date_pattern import COUNT, MONTHS, NUMBERS
from rag.claims.folding import lowered, plain
from rag.claims.relative_dates import Range, nearest
from rag.records import Period

_DAY = timedelta(days=1)
_LASTING = re.compile(
    rf"\b(?:last|past|previous)[ ]+(?:(?P<count>{COUNT})[ ]+)?(?P<unit>hour|day|week|month|year|decade)s?\b"
)
_BEFORE = re.compile(
    r"\b(?P<turned>no |not )?(?P<also>on (?:and|or) )?"
    r"(?P<way>since|after|before|until|till|up to|through|by|from|prior to|starting|earlier than|later than|as of)"
    r"(?: (?:on|in|the|late|early|mid))?[ -]$"
)
_LATER = ("since", "after", "later than", "from", "starting")
_BETWEEN = re.compile(r"\b(?:between|from|since|starting)(?: (?:the|late|early|mid))? $")
_AND = re.compile(r"[ ]*(?:-|\b(?:and|to|until|till|through)\b)[ ]*(?:the )?")
_LEAP = 2024
_NAMED = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_DAY_OF_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{_NAMED})(?:,? (?P<year>[12]\d{{3}})\b|(?![\w]))"
    rf"|\b(?P<first>{_NAMED}) (?P<last>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<later>[12]\d{{3}})\b|(?=\s*(?:[?.,;]|$)))",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:in|during|since|before|after|until|till|of|throughout|from|between|early|late|mid|year|and|to)[ -]$"
)


def period(question: str, *, as_of: datetime) -> Period | None:
    """What time the question asks about, as of a moment; ``None`` where it states none.

    A bare date is the latest such day not after ``as_of``; "5/9/2023" is 5 September unless only the other order is a
    day. A period stated the wrong way round is turned. "The latest" is no period.
    """
    today = as_of.date()
    folded = lowered(plain(question))
    if lasting := _lasting(question, folded, today):
        return lasting
    dated = find(question, published=as_of, past=True)
    named = stretches.find(question, folded, dated, today)
    plainly = [
        mention
        for mention in dated
        if mention.first and mention.last and not _overlaps(mention, named) and _is_asked(mention, folded, today)
    ]
    mentions = sorted([*named, *plainly], key=lambda mention: mention.start)
    if not mentions:
        return None
    return _spanned(question, folded, mentions) or _directed(question, folded, min(mentions, key=_length))


def no_such_day(question: str) -> str | None:
    """The words for a day that no calendar has: "30 February", "31 September 2023"."""
    for match in _DAY_OF_MONTH.finditer(plain(question)):
        month = MONTHS[(match["month"] or match["first"]).rstrip(".").lower()]
        number = int(match["day"] or match["last"])
        year = int(match["year"] or match["later"] or _LEAP)
        if not 1 <= number <= monthrange(year, month)[1]:
            return match.group().strip()
    return None


def _overlaps(mention: DateMention, others: Sequence[DateMention]) -> bool:
    return any(mention.start < other.end and other.start < mention.end for other in others)


def _lasting(question: str, folded: str, today: date) -> Period | None:
    """ "in the last three days"; "last week" alone is a week of the calendar."""
    match = _LASTING.search(folded)
    if match is None or (match["count"] is None and not match.group().startswith("past")):
        return None
    count = match["count"] or "1"
    number = int(count) if count.isdigit() else NUMBERS[count]
    days = {"hour": 1 / 24, "day": 1, "week": 7, "month": 365.25 / 12, "year": 365.25, "decade": 3652.5}[
        match["unit"]
    ]
    back = round(number * days) if match["unit"] != "hour" else -(-number // 24)
    words = question[match.start() : match.end()]
    return Period(today - min(back, (today - date.min).days) * _DAY, today, words)


def _is_asked(mention: DateMention, folded: str, today: date) -> bool:
    """A bare year is a period only where a preposition or the question's end says so: "the 2030 goals" is none."""
    before = folded[max(0, mention.start - 14) : mention.start]
    if mention.year is None or mention.month is not None or mention.first is None:
        return True
    if _PLACED.search(before):
        return True
    return mention.year <= today.year and not folded[mention.end :].strip(" ?.!")


def _length(mention: DateMention) -> tuple[int, int]:
    first, last = _days(mention)
    return (last - first).days, mention.start


def _days(mention: DateMention) -> Range:
    return mention.first or date.min, mention.last or date.max


def _spanned(question: str, folded: str, mentions: list[DateMention]) -> Period | None:
    for one, two in pairwise(mentions):
        between = folded[one.end : two.start]
        opened = _BETWEEN.search(folded, 0, one.start)
        if not _AND.fullmatch(between) or (between.strip() != "-" and not opened and "to" not in between):
            continue
        first, last = _in_order(one, two)
        return Period(first, last, question[opened.start() if opened else one.start : two.end])
    return None


def _in_order(one: DateMention, two: DateMention) -> Range:
    """From the first day to the last: a weekday or month that would come after the other is the one before it."""
    (start, end), (other_start, other_end) = _days(one), _days(two)
    week_before = max(start, date.min + 7 * _DAY) - 7 * _DAY
    if week_before <= other_end < start and one.weekday is not None and one.month is None:
        return week_before, other_end
    if start > other_end and one.year is None and one.day and (one.month or 0) > (two.month or 13):
        return nearest(start.month, start.day, other_end, "past") or other_start, other_end
    return min(start, other_start), max(end, other_end)


def _directed(question: str, folded: str, mention: DateMention) -> Period:
    """One date, and what a preposition before it makes of it."""
    way = _BEFORE.search(folded, 0, mention.start)
    words = question[way.start() if way else mention.start : mention.end]
    first, last = mention.first, mention.last
    if way and (way["turned"] or way["also"]):
        from_it_on = (way["way"] in _LATER) == bool(way["also"])
        return Period(first, None, words) if from_it_on else Period(None, last, words)
    match way and way["way"]:
        case "since" | "from" | "starting":
            return Period(first, None, words)
        case "after" | "later than":
            return Period(last and _next(last), None, words)
        case "before" | "prior to" | "earlier than":
            return Period(None, first and _previous(first), words)
        case "until" | "till" | "up to" | "through" | "by" | "as of":
            return Period(None, last, words)
        case _:
            return Period(first, last, words)


def _next(day: date) -> date:
    return day + _DAY if day < date.max else day


def _previous(day: date) -> date:
    return day - _DAY if day > date.min else day
