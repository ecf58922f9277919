"""Numbers in a text with what they count in, so that "$1.2bn" and "1.2 billion dollars" compare equal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal, cast

from rag.claims import numerals
from rag.claims.folding import GROUP, numeric
from rag.claims.quantity_pattern import GROWN, QUANTITY
from rag.claims.quantity_reading import Reading, Readings, read
from rag.claims.units import CURRENCIES, DOLLAR, DOLLARS, PENCE, SPAN_SIZES, SPANS

Hedge = Literal["over", "under", "about", "nearly", "exact"]

_HEDGES: dict[Hedge, str] = {
    "over": "more than|over|above|at least|upwards? of|exceeding|in excess of|topping|no fewer than|no less than",
    "under": "less than|fewer than|under|below|up to|at most|no more than|not more than|as many as|as much as"
    "|capped at|limited to|a maximum of",
    "nearly": "nearly|almost|close to|just short of",
    "about": "about|around|roughly|approximately|some|circa|estimated",
    "exact": "exactly|precisely",
}
_HEDGE = re.compile("|".join(rf"(?P<{name}>\b(?:{words}) (?:a |the )?$)" for name, words in _HEDGES.items()))
_AGAINST: dict[Hedge | None, frozenset[Hedge]] = {
    "over": frozenset({"under", "nearly", "about"}),
    "under": frozenset({"over"}),
    "nearly": frozenset({"over"}),
    "exact": frozenset({"over", "under", "nearly", "about"}),
}
"""Hedge of a claim -> those of a source that do not bear it: "about 40%" is neither "exactly" nor "over 40%"."""
_BETWEEN = re.compile(rf"[ {GROUP}]?-[ {GROUP}]?|[- {GROUP}](?:to|or|and)[- {GROUP}]")
_OF = re.compile(r"[- ](?:in|out of)(?: every)?[- ]")
_PENCE = re.compile(rf"\b(?:{'|'.join(PENCE)})$")
_GROWTHS = ("implied", "times")
_WHOLE = frozenset({"vague", "implied", "ordinal", "time", "fraction", "times"})
"""Kinds that a number before them does not share: "one or two-thirds"."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """``text[start:end]`` read as a number of something.

    ``kind`` is number, percent, points, ordinal, fraction, times, time (minutes after midnight), vague ("hundreds"),
    implied ("both"), a currency's code, or a family of measures, in whose common terms ``value`` then is.
    """

    start: int
    end: int
    words: str
    value: Fraction
    kind: str
    also: Readings = ()
    """Other readings: "5m" is five million or five metres."""
    pair: Fraction | None = None
    """The other number of "6-1"."""
    hedge: Hedge | None = None

    @property
    def readings(self) -> Readings:
        return ((self.value, self.kind), *self.also)


def find(text: str) -> list[Quantity]:
    """Every number of the text in order; parts of codes such as "Su-35" are none."""
    folded = numeric(text)
    found = []
    for match in QUANTITY.finditer(folded):
        if readings := read(match, text, folded):
            (value, kind), *also = readings
            hedge = _hedge(folded, match.start())
            words = text[match.start() : match.end()]
            found.append(Quantity(*match.span(), words, value, kind, tuple(also), hedge=hedge))
    return _joined(_with_ratios(_with_pence(found, folded), folded), folded)


def held(claimed: Quantity, said: Sequence[Quantity]) -> bool:
    """Whether one of the numbers said is the number claimed, or rounds to it where the claim says "about"."""
    if claimed.kind == "vague":
        return any(_in_scale(claimed.value, quantity) for quantity in said)
    if claimed.hedge and any(_rounds(claimed, quantity) for quantity in said):
        return True
    same = [quantity for quantity in said if agree(claimed, quantity)]
    if claimed.kind == "times":  # "three times" is not borne out by the score "3-1"
        same = [quantity for quantity in same if quantity.pair is None]
    if claimed.pair is not None and all(quantity.pair is not None for quantity in same):
        same = [quantity for quantity in same if quantity.pair == claimed.pair]
    return any(quantity.hedge not in _AGAINST.get(claimed.hedge, ()) for quantity in same)


def grown_otherwise(sentence: str, said: Sequence[Quantity]) -> list[Quantity]:
    """Each "tripled" of the sentence where only other such words are said, "doubled"; two figures may tell it too."""
    grown = [quantity for quantity in said if _is_growth(quantity)]
    if not grown:
        return []
    known = {quantity.value for quantity in said if quantity.kind in _GROWTHS}
    return [quantity for quantity in find(sentence) if _is_growth(quantity) and quantity.value not in known]


def _is_growth(quantity: Quantity) -> bool:
    return quantity.kind == "implied" and quantity.words.lower() in GROWN


def agree(claimed: Quantity, said: Quantity) -> bool:
    """Whether some reading of each is the same number of the same thing."""
    return any(_agree(mine, theirs) for mine in claimed.readings for theirs in said.readings)


def _agree(claimed: Reading, said: Reading) -> bool:
    (value, kind), (other, unit) = claimed, said
    if {kind, unit} == {"fraction", "percent"}:
        return value * 100 == other if kind == "fraction" else value == other * 100
    if kind in SPANS and unit in SPANS:
        return _span(value, kind) == _span(other, unit)
    if value != other:
        return False
    if kind == unit or {kind, unit} == {"fraction", "number"}:
        return True
    if DOLLAR in (kind, unit):
        return {kind, unit} - {DOLLAR} <= set(DOLLARS.values())
    if "degree" in (kind, unit):
        return bool({kind, unit} & {"celsius", "fahrenheit", "number"})
    if kind == "number":
        return unit in ("implied", "times", "year")
    return unit in ("number", "implied") and (kind in SPANS or kind in ("times", "magnitude"))


def _span(value: Fraction, unit: str) -> tuple[str, Fraction]:
    """A stretch of time in what it can be compared in: "90 minutes" is "an hour and a half"."""
    family, size = SPAN_SIZES[unit]
    return family, value * size


def _in_scale(scale: Fraction, said: Quantity) -> bool:
    return said.kind != "ordinal" and (said.value == scale if said.kind == "vague" else said.value >= scale)


def _rounds(claimed: Quantity, said: Quantity) -> bool:
    """Whether "about 50" is said of 49, "over 1,000" of 1,024; what is itself said roughly is not rounded again."""
    if claimed.kind == "fraction" and said.kind == "percent" and not said.hedge:
        return _is_near(claimed.hedge, said.value - claimed.value * 100)
    if claimed.kind != said.kind or said.hedge or claimed.hedge == "exact" or not claimed.value:
        return False
    unit, gap = _last_place(claimed.value), said.value - claimed.value
    match claimed.hedge:
        case "over":
            return 0 < gap < unit
        case "under" | "nearly":
            return -unit < gap < 0
        case _:
            return -unit / 2 <= gap <= unit / 2


def _is_near(hedge: Hedge | None, gap: Fraction) -> bool:
    """Whether "nearly half" is 48%, and "more than half" 53%, so many percentage points off."""
    match hedge:
        case "over":
            return 0 < gap < 10
        case "under" | "nearly":
            return -5 < gap < 0
        case "about":
            return -2 <= gap <= 2
        case _:
            return False


def _last_place(value: Fraction) -> Fraction:
    """Worth of the last digit that is not a closing nought: 100 for 1,200."""
    unit = Fraction(1)
    while value % unit and unit > Fraction(1, 10**6):
        unit /= 10
    while value % (unit * 10) == 0:
        unit *= 10
    return unit


def _hedge(folded: str, start: int) -> Hedge | None:
    hedge = _HEDGE.search(folded, max(0, start - 20), start)
    return cast("Hedge | None", hedge.lastgroup) if hedge else None


def _with_pence(found: list[Quantity], folded: str) -> list[Quantity]:
    """Makes one sum of "twelve euros and fifty cents"."""
    summed: list[Quantity] = []
    for quantity in found:
        whole = summed[-1] if summed else None
        if whole and _PENCE.search(quantity.words.lower()) and _is_whole(whole, folded[whole.end : quantity.start]):
            words = whole.words + folded[whole.end : quantity.start] + quantity.words
            value = whole.value + quantity.value
            summed[-1] = replace(whole, end=quantity.end, words=words, value=value)
        else:
            summed.append(quantity)
    return summed


def _is_whole(quantity: Quantity, behind: str) -> bool:
    money = quantity.kind == DOLLAR or quantity.kind in CURRENCIES.values()
    return money and quantity.value >= 1 and quantity.value.denominator == 1 and behind in (" and ", " ")


def _with_ratios(found: list[Quantity], folded: str) -> list[Quantity]:
    """Lets the numbers of "two in three" and "7 out of 10" be read as that share too."""
    joined = list(found)
    for index, (one, two) in enumerate(pairwise(found)):
        if one.kind == two.kind == "number" and one.value < two.value and _OF.fullmatch(folded[one.end : two.start]):
            share = (one.value / two.value, "fraction")
            joined[index] = replace(joined[index], also=(*joined[index].also, share))
            joined[index + 1] = replace(two, also=(*two.also, share))
    return joined


def _joined(found: list[Quantity], folded: str) -> list[Quantity]:
    """Gives "5" of "5-10%" and "between 5 and 10 percent" its unit and scale, and the two of "6-1" each other."""
    joined = list(found)
    for index, (one, two) in enumerate(pairwise(found)):
        between = folded[one.end : two.start]
        if not _BETWEEN.fullmatch(between) or {one.kind, two.kind} & _WHOLE:
            continue
        tight = between == "-"
        joined[index] = replace(
            joined[index],
            also=(*joined[index].also, *_shared(one, two, folded)),
            pair=two.value if tight else joined[index].pair,
        )
        joined[index + 1] = replace(
            two,
            also=(*two.also, (two.value, one.kind)) if two.kind == "number" != one.kind else two.also,
            pair=one.value if tight else None,
        )
    return joined


def _shared(one: Quantity, two: Quantity, folded: str) -> Readings:
    """What "5" may be before "-10 million dollars": five million of them."""
    if one.kind not in ("number", two.kind) and two.kind != "number":
        return ()
    kind = two.kind if one.kind == "number" else one.kind
    bare = re.match(rf"\D*?({numerals.DIGITS})", folded[two.start : two.end])
    factor = two.value / numerals.digits(bare[1]) if bare and numerals.digits(bare[1]) else Fraction(1)
    return tuple(sorted({(one.value, kind), (one.value * factor, kind)} - {(one.value, one.kind)}))
