"""Dates in a text: what their words state, and which days that is where the day of publication tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from rag.claims.date_pattern import DATE, DAYS, MONTHS
from rag.claims.folding import lowered, plain
from rag.claims.relative_dates import (
    Range,
    Toward,
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
_PLACED_BEFORE = re.compile(r"\b(?:between|before|after|from|by) $")
_MONTH_AND = re.compile(rf"\b(?:between|from) (?:{'|'.join(MONTHS)})\.? (?:and|to) $")
_AHEAD = re.compile(
    r"\b(?:will|would|next|coming|upcoming|scheduled|due|expected|set|plans?|planned|ahead|to be"
    r"|could|as (?:soon|early) as|(?:is|are|was|were) to)\b"
)
_CLAUSE_END = re.compile(r"(?<!\b[ap])(?<!\b[ap]\.m)[.!?;\n]")
"""Not the stops of "a.m."."""
_SPEECH = re.compile(r"\b(?:said|says|told|announced|reported|added|confirmed|warned|promised|wrote|stated)\b")
_MODAL = re.compile(r"(?:may|march)\s+(?:not|be|have|also|on|to)\b")
FIRST_YEAR, LAST_YEAR = 1000, 9000
"""Days are counted only from days within these years, so that none falls off the calendar."""
_COUNTED = re.compile(
    r"[ -](?:people|persons|troops|soldiers|men|women|children|workers|jobs|miles|km|kilomet|met(?:re|er)s|feet|tons"
    r"|tonnes|dollars|euros|pounds|yen|hectares|acres|homes|houses|cases|times|votes|points|million|billion"
    r"|thousand|years|days|kg)"
)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|of|from|by|until|till|before|after|during|early|late|mid|around|circa|to|and|between|the|year|through"
    r"|summer|winter|spring|autumn|fall|fiscal)[ -]$|[(,][ ]?$"
)

_QUARTERS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}


@dataclass(frozen=True, slots=True)
class DateMention:
    """``text[start:end]`` states the fields that are not ``None``; it means the days ``first`` to ``last``."""

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


@dataclass(frozen=True, slots=True)
class _Page:
    """What is read, and as of when."""

    text: str
    folded: str
    today: date | None
    past: bool

    def toward(self, start: int, end: int) -> Toward:
        """Where the words around a date look: ahead in "will meet on Monday", not in "said on Monday it would"."""
        before = _CLAUSE_END.split(self.folded[max(0, start - 60) : start])[-1]
        after = re.split(r"[.!?;\n]", self.folded[end : end + 40])[0]
        opens = len(before.split()) < 2
        if _AHEAD.search(_SPEECH.split(before)[-1]) or (opens and _AHEAD.search(after) and not _SPEECH.search(after)):
            return "ahead"
        return "past" if self.past else "back"


def find(text: str, *, published: datetime | None = None, past: bool = False) -> list[DateMention]:
    """Every date of the text in order, resolved against the day of publication where one is given.

    With ``past`` a date without its year is the latest not after that day; else the nearest, sooner behind than ahead
    unless the words look ahead.
    """
    today = published.date() if published and FIRST_YEAR <= published.year <= LAST_YEAR else None
    page = _Page(text, lowered(plain(text)), today, past)
    return [
        replace(mention, words=text[mention.start : mention.end])
        for match in DATE.finditer(page.folded)
        for mention in _read(match, page)
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


def _read(match: re.Match[str], page: _Page) -> Iterator[DateMention]:
    bare = DateMention(match.start(), match.end(), "")
    if match["iso"] or match["numeric"]:
        yield from _in_digits(match, bare)
    elif match["month1"] or match["month2"]:
        yield from _dated(match, page)
    elif match["month3"]:
        yield _month_of(match, bare)
    elif match["month4"]:
        if _is_month(match, page):
            yield _month(match, page, bare)
    elif match["weekday9"]:
        if _is_weekday(match["weekday9"], page.text, match.start("weekday9"), match.end("weekday9")):
            yield _weekday(match, page, bare)
    elif match["around"]:
        yield _meaning(bare, around(match["around"], page.today) if page.today else None)
    elif match["ago"]:
        yield _meaning(bare, ago(match["ago"], match["unit"], page.today) if page.today else None)
    else:
        yield from _in_years(match, page.folded, bare)


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


def _dated(match: re.Match[str], page: _Page) -> Iterator[DateMention]:
    """A month and a day or two, with or without year and weekday."""
    form = "1" if match["month1"] else "2"
    if form == "1" and not _is_month_name(page, match.start("month1")):
        return
    month = MONTHS[match[f"month{form}"].rstrip(".")]
    year = next((int(found) for found in match.group("year1", "year1b", "year2") if found), None)
    weekday = DAYS[match["weekday"]] if match["weekday"] else None
    first, second = f"day{form}", f"day{form}b"
    if match[second]:
        yield _on(page, year, month, match[first], weekday, match.start(), match.end(first))
        yield _on(page, year, month, match[second], None, match.start(second), match.end())
    else:
        yield _on(page, year, month, match[first], weekday, match.start(), match.end())


def _on(
    page: _Page, year: int | None, month: int, digits: str, weekday: int | None, start: int, end: int
) -> DateMention:
    number = int(re.sub(r"\D", "", digits))
    found = None
    if year is not None:
        found = day(year, month, number)
    elif page.today:
        found = nearest(month, number, page.today, page.toward(start, end))
    mention = DateMention(start, end, "", year, month, number, weekday)
    return _meaning(mention, (found, found) if found else None)


def _is_month_name(page: _Page, start: int) -> bool:
    """Whether "may" or "march" after a number is the month: not in "those 15 may not"."""
    return page.text[start].isupper() or not _MODAL.match(page.folded, start)


def _month_of(match: re.Match[str], bare: DateMention) -> DateMention:
    year, month = int(match["year3"]), MONTHS[match["month3"].rstrip(".")]
    return _meaning(replace(bare, year=year, month=month), month_range(year, month))


def _month(match: re.Match[str], page: _Page, bare: DateMention) -> DateMention:
    month = MONTHS[match["month4"].rstrip(".")]
    mention = replace(bare, month=month)
    if page.today is None:
        return mention
    return _meaning(mention, nearest_month(month, page.today, page.toward(bare.start, bare.end), side=match["side4"]))


def _is_month(match: re.Match[str], page: _Page) -> bool:
    """Whether a month's bare name is the month, not the verb "may", a march, or a woman called June."""
    start = match.start("month4")
    name = match["month4"].rstrip(".")
    before = page.folded[max(0, match.start() - 14) : match.start()]
    sure = _SURE_BEFORE.search(before) is not None or (match["side4"] in ("last", "next") and name != "march")
    if sure:
        return len(name) > 3 or page.text[start].isupper() or name == "may"
    if not page.text[start].isupper():
        return len(name) > 6
    if name in ("may", "march"):
        before_all = page.folded[: match.start()]
        placed = _PLACED_BEFORE.search(before) or _MONTH_AND.search(before_all)
        sided = match["side4"] is not None or re.search(r"\b(?:the|a) $", before) is not None
        return sided or (placed is not None and _ends(match))
    return len(name) > 4 or name in ("july", "june") or _MONTH_BEFORE.search(before) is not None


def _ends(match: re.Match[str]) -> bool:
    """Whether nothing follows that a person named May or March would do."""
    return re.match(r"\s*(?:$|[?.,;!)]|and\b|to\b|\d{4}\b)", match.string[match.end() :], re.IGNORECASE) is not None


def _is_weekday(name: str, text: str, start: int, end: int) -> bool:
    return name.endswith("day") or (text[start].isupper() and text[end : end + 1] == ".")


def _weekday(match: re.Match[str], page: _Page, bare: DateMention) -> DateMention:
    mention = replace(bare, weekday=DAYS[match["weekday9"]])
    if page.today is None:
        return mention
    toward = page.toward(bare.start, bare.end)
    return _meaning(mention, weekday_range(DAYS[match["weekday9"]], page.today, toward, side=match["side9"]))


def _in_years(match: re.Match[str], folded: str, bare: DateMention) -> Iterator[DateMention]:
    if match["decade"]:
        yield _meaning(bare, decade(match["decade"]))
    elif match["year5"] or match["year6"]:
        year = int(match["year5"] or match["year6"])
        quarter = int(match["quarter1"] or _QUARTERS[match["quarter2"]])
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
    """Whether four digits are a year: "the 2020 election" but not "2000 people"; before 1800 only after "in"."""
    placed = _YEAR_BEFORE.search(folded, max(0, match.start() - 12), match.start()) is not None
    if _COUNTED.match(folded, match.end()):
        return False
    return placed or int(match["year"]) >= 1800
