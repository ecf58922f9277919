"""Numbers written in words or digits -> their values: "two hundred and fifty", "1,200", "1.5m", "two-thirds"."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import takewhile
from math import prod

from rag.claims.folding import GROUP
from rag.words import stem

ONES = {word: value for value, word in enumerate("zero one two three four five six seven eight nine".split())}
TEENS = {
    word: value
    for value, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=10
    )
}
TENS = {
    word: value * 10
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
SMALL = ONES | TEENS | TENS
STEMS = frozenset(map(stem, SMALL))
"""Of these words, as telling words are compared."""
SCALES = {
    "dozen": 12,
    "thousand": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "trillion": 10**12,
    "quadrillion": 10**15,
}
SHORT_SCALES = {
    "k": 10**3,
    "m": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mm": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "bln": 10**9,
    "tn": 10**12,
    "trn": 10**12,
}
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "hundredth": 100,
    "thousandth": 1000,
    "millionth": 10**6,
}
ORDINALS |= {word + "th": value for word, value in TEENS.items() if value > 12}
ORDINALS |= {word[:-1] + "ieth": value for word, value in TENS.items()}
VULGAR = {
    mark: Fraction(value)
    for mark, value in zip(
        "½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞", ("1/2 1/3 2/3 1/4 3/4 1/5 2/5 3/5 4/5 1/6 1/8 3/8 5/8 7/8".split()), strict=True
    )
}


def _any(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_SEP = rf"[- {GROUP}]"
_LITTLE = (
    rf"(?:(?:{_any(TENS)})(?:{_SEP}?(?:{_any({w: v for w, v in ONES.items() if v})})\b)?|{_any(TEENS)}|{_any(ONES)})"
)
_GROUP = rf"(?:(?:{_LITTLE}|a){_SEP}hundred\b(?:{_SEP}(?:and{_SEP})?{_LITTLE}\b)?|{_LITTLE}\b)"
_POINT = rf"(?:{_SEP}point(?:{_SEP}(?:{_any(ONES)})\b)+)"
_HALF = rf"(?:{_SEP}and{_SEP}(?:a{_SEP})?(?:half|quarter)\b)?"
_FEW = rf"{_GROUP}(?:{_POINT}|{_HALF})"
_SCALED = rf"(?:{_FEW}(?:{_SEP}(?:{_any(SCALES)})\b)+|(?:a|half{_SEP}a|half){_SEP}(?:{_any(SCALES)})\b)"
WORDS = rf"(?:{_SCALED}(?:,?{_SEP}(?:and{_SEP})?(?:{_SCALED}|{_GROUP}))*|{_FEW})"
"""A cardinal in words, small letters; "a" alone is none."""
_GROUPED = rf"(?:(?:,\d{{2,3}})*,\d{{3}}|(?:[{GROUP}]\d{{3}})+|(?:'\d{{3}})+|(?:[ ]\d{{3}})+(?![\d,.]\d))"
DIGITS = rf"(?:\d{{1,3}}{_GROUPED}(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
SCALE = rf"(?:{_any(SCALES)}|hundred)s?"
SHORT_SCALE = _any(SHORT_SCALES)
ORDINAL = rf"(?:(?:{_any(TENS)})[- ])?(?:{_any(ORDINALS)})"

_WORD = re.compile(r"[a-z]+")
_POINT_BETWEEN = re.compile(rf"{_SEP}point{_SEP}")


def cardinal(words: str) -> Fraction:
    """The value of a match of ``WORDS``."""
    if point := _POINT_BETWEEN.search(words):
        return _with_point(words[: point.start()], words[point.end() :])
    total, current = Fraction(0), Fraction(0)
    tokens = _WORD.findall(words)
    for index, word in enumerate(tokens):
        if word in SMALL:
            current += Fraction(SMALL[word])
        elif word == "a" and tokens[index - 1 : index] != ["half"] and tokens[index + 1] not in ("half", "quarter"):
            current += 1
        elif word in ("half", "quarter"):
            current += Fraction(1, 2 if word == "half" else 4)
        elif word == "hundred":
            current = (current or Fraction(1)) * 100
        elif word in SCALES:
            grown = (current or total or Fraction(1)) * SCALES[word]
            total = grown if not current else total + grown
            current = Fraction(0)
    return total + current


def _with_point(before: str, behind: str) -> Fraction:
    """ "Three point five million": 3.5 million."""
    tokens = _WORD.findall(behind)
    places = list(takewhile(ONES.__contains__, tokens))
    scales = list(takewhile(SCALES.__contains__, tokens[len(places) :]))
    value = cardinal(before) + Fraction(int("".join(str(ONES[place]) for place in places)), 10 ** len(places))
    rest = tokens[len(places) + len(scales) :]
    return value * prod(SCALES[scale] for scale in scales) + cardinal(" ".join(rest))


def ordinal(words: str) -> int:
    """The value of a match of ``ORDINAL``."""
    return sum(TENS.get(word, 0) or ORDINALS[word] for word in _WORD.findall(words))


def digits(text: str) -> Fraction:
    """The value of a match of ``DIGITS``; a comma or blank in it groups."""
    return Fraction(re.sub(rf"[,' {GROUP}]", "", text))


def scale(word: str) -> int:
    """What a match of ``SCALE`` or ``SHORT_SCALE`` multiplies by."""
    if word in SHORT_SCALES:
        return SHORT_SCALES[word]
    return (SCALES | {"hundred": 100})[word.removesuffix("s")]
