"""What in a sentence is of the kind that a question asks for: figures, days and names that could be its answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from rag.claims import dates, names, quantities
from rag.claims.dates import DateMention
from rag.claims.names import Name
from rag.claims.quantities import Quantity
from rag.claims.units import CURRENCIES, DOLLARS, MEASURES, PENCE, SPANS
from rag.question import Question

_SPEECH = re.compile(r"[“\"«„]|\b(?:said|says|told|according to|announced|warned|argued|added|stated|wrote)\b")
_PLACE = re.compile(r"\b(?:in|at|to|near|outside|inside|off|from) (?:the|a|an) \w+")
_SPENT = (
    r"costs?|pay|pays|paid|spen[dt]\w*|price[ds]?|worth|charged?|earn\w*|owe[ds]?|raised?|sold|bought|fined?|damages?"
)
_MONEY = re.compile(
    rf"\bhow much (?:is|are|was|were) (?:a|an|the|one)\b|\bhow much\b.*\b(?:{_SPENT})\b"
    r"|\b(?:what|which)\b.{0,40}\b(?:costs?|prices?|budget|fare|fee|salary)\b"
)
_COUNTED_IN = re.compile(r"\bhow many (?:more |square |cubic )?(\w+)")
_SHARE = re.compile(r"\b(?:what|which) (?:percentage|percent|share|proportion)\b")
_MEASURED: tuple[tuple[str, frozenset[str]], ...] = (
    ("long", frozenset({*SPANS, "length"})),
    ("old", frozenset({*SPANS, "number"})),
    ("(?:tall|deep|wide)", frozenset({"length"})),
    ("heavy", frozenset({"mass"})),
    ("fast", frozenset({"speed"})),
)
"""What "how" goes with -> kinds of quantities that answer."""
_PARTS = frozenset({"percent", "fraction", "points", "times"})
_COUNTS = frozenset({"number", "vague", "implied", "fraction", "percent"})
_FAMILIES = frozenset(kind for kind, _ in MEASURES.values())
_LOOSE = frozenset({"vague", "implied"})
"""Of these none is another figure for the same: "hundreds", "both"."""
_CODES = frozenset(CURRENCIES.values()) | frozenset(DOLLARS.values())
_PLACES_IN_ORDER = frozenset({"time", "ordinal"})
_YEAR = re.compile(r"(?<!\d )(?<![\w,.])[1-9]\d{2,3}s?\b(?![,.]\d)|\bcentur(?:y|ies)\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure, a day or a name in a sentence: ``text[start:end]``."""

    start: int
    end: int
    what: Quantity | DateMention | Name

    @property
    def words(self) -> str:
        return self.what.words


def lacks(asked: Question, text: str) -> bool:
    """Whether nothing in the sentence is of the kind that was asked for, beyond what the question holds itself."""
    match asked.asks:
        case "date":
            return _YEAR.search(text) is None and not _dates(text)
        case "place" if _PLACE.search(text):
            return False
        case "quantity" | "person" | "place":
            return not mentions(asked, text)
        case "speech":
            return _SPEECH.search(text) is None
        case _:
            return False


@lru_cache(maxsize=8_192)
def mentions(asked: Question, text: str, published: datetime | None = None) -> tuple[Mention, ...]:
    """What could be the answer, in order; nothing for questions that ask for no figure, day or name."""
    match asked.asks:
        case "quantity":
            known = {quantity.value for quantity in _quantities(asked.text)}
            fits = _kinds(asked.text)
            return tuple(
                Mention(one.start, one.end, one)
                for one in _quantities(text)
                if any(fits(kind) for _, kind in one.readings) and one.value not in known
            )
        case "date":
            days = dates.find(text, published=published)
            return tuple(Mention(day.start, day.end, day) for day in days if day.first and day.last)
        case "person" | "place":
            found = names.find(text)
            return tuple(Mention(name.start, name.end, name) for name in found if not _named(name.words, asked.text))
        case _:
            return ()


def agree(one: Mention, other: Mention) -> bool:
    """Whether two mentions say the same, one perhaps less exactly: "about 1,900" and "1,912"."""
    match one.what, other.what:
        case Quantity() as first, Quantity() as second:
            return quantities.held(first, [second]) or quantities.held(second, [first]) or _rounded(first, second)
        case DateMention() as first, DateMention() as second:
            return _overlap(first, second)
        case Name() as first, Name() as second:
            return _named(first.words, second.words) or _named(second.words, first.words)
        case _:
            return False


def differ(one: Mention, other: Mention) -> bool:
    """Whether two mentions cannot both be the answer: figures of one kind, or days or names, that do not agree."""
    if isinstance(one.what, Quantity) and isinstance(other.what, Quantity):
        first, second = one.what, other.what
        alike = {first.kind, second.kind} <= _COUNTS - {"percent"} or first.kind == second.kind
        return alike and _LOOSE.isdisjoint((first.kind, second.kind)) and not agree(one, other)
    return type(one.what) is type(other.what) and not agree(one, other)


def _rounded(one: Quantity, other: Quantity) -> bool:
    """Whether two measures are the same in other units: 1.2 kilometres, 3,937 feet."""
    measured = one.kind == other.kind and one.kind in _FAMILIES
    return measured and abs(one.value - other.value) * 100 <= max(abs(one.value), abs(other.value))


def figures(text: str) -> tuple[Fraction, ...]:
    """Values of the numbers in a text that are no part of a date, in order."""
    return tuple(quantity.value for quantity in _quantities(text))


def _overlap(one: DateMention, other: DateMention) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


@lru_cache(maxsize=4_096)
def _dates(text: str) -> tuple[DateMention, ...]:
    return tuple(dates.find(text))


@lru_cache(maxsize=4_096)
def _quantities(text: str) -> tuple[Quantity, ...]:
    days = _dates(text)
    return tuple(
        quantity
        for quantity in quantities.find(text)
        if not any(day.start < quantity.end and quantity.start < day.end for day in days)
    )


@lru_cache(maxsize=4_096)
def _kinds(question: str) -> Callable[[str], bool]:
    """Whether a quantity of a kind can answer: "how many" wants a count, "how many days" a stretch of time."""
    lowered = question.lower()
    if counted := _COUNTED_IN.search(lowered):
        return _of_unit(counted[1])
    if _MONEY.search(lowered):
        return lambda kind: kind in _CODES or kind in _PARTS
    if _SHARE.search(lowered):
        return lambda kind: kind in _PARTS or kind == "number"
    for how, kinds in _MEASURED:
        if re.search(rf"\bhow {how}\b", lowered):
            return kinds.__contains__
    return lambda kind: kind not in _PLACES_IN_ORDER


def _of_unit(unit: str) -> Callable[[str], bool]:
    if unit in CURRENCIES or unit in PENCE:
        return _CODES.__contains__
    if unit == "pounds":
        return frozenset({"GBP", "mass"}).__contains__
    kind = MEASURES.get(unit, ("", 0))[0]
    if kind in SPANS:  # asked for days, one may answer in hours or weeks, not in years
        place = SPANS.index(kind)
        return {"number", "vague", *SPANS[max(0, place - 1) : place + 2]}.__contains__
    return ({kind, "vague"} if kind else _COUNTS).__contains__


@lru_cache(maxsize=4_096)
def _named(name: str, text: str) -> bool:
    return names.matches(name, text)
