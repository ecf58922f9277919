"""The one pattern of everything that counts, over text folded by ``folding.numeric``; a group per way to write it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.claims import numerals
from rag.claims.folding import GROUP
from rag.claims.units import CURRENCIES, DOLLARS, MEASURES, PENCE, PREFIXES

VAGUE = {
    "tens": 10, "dozens": 12, "dozen": 12, "hundreds": 100, "hundred": 100, "thousands": 10**3, "thousand": 10**3,
    "millions": 10**6, "million": 10**6, "billions": 10**9, "billion": 10**9, "trillions": 10**12,
    "trillion": 10**12,
}  # fmt: skip
IMPLIED = dict.fromkeys("both pair pairs couple twin twins duo dual double".split(), 2)
GROWN = dict.fromkeys("doubled doubles doubling".split(), 2)
GROWN |= dict.fromkeys("tripled triples tripling".split(), 3) | {"quadrupled": 4}
IMPLIED |= GROWN | dict.fromkeys("trio triple triplets trilateral hat-trick".split(), 3)
IMPLIED |= dict.fromkeys("single sole lone once".split(), 1) | {"quadruple": 4, "quartet": 4}
FRACTIONS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    f"{word}{plural}": value
    for word, value in numerals.ORDINALS.items()
    if 3 <= value <= 12 or value in (100, 1000)
    for plural in ("", "s")
}


def _any(words: Iterable[str]) -> str:
    """Alternatives, longest first; a blank or hyphen in a word matches either."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.sub(r"\\[ -]", _JOIN, re.escape(word)) for word in ordered)


_GAP = rf"[ {GROUP}]"
_JOIN = rf"[- {GROUP}]"
_MARKS = "".join(numerals.VULGAR)
_SHARES = _any(FRACTIONS)

# A look at the first two letters, which saves trying every alternative at every letter of the text.
_STARTS = sorted(
    {
        word[:2]
        for word in (
            *numerals.SMALL, *numerals.ORDINALS, *VAGUE, *IMPLIED, *PREFIXES,
            "half", "a ", "an", "twice", "thrice", "noon", "midnight", "minus", "several", "few", "many",
            "some", "couple", "q1", "q2", "q3", "q4",
        )
        if word[0].isalpha()
    }
)  # fmt: skip

QUANTITY = re.compile(
    rf"""
    (?=[^a-z ]|(?<![a-z])(?:{_any(_STARTS)}|a{GROUP}))
    (?:(?P<clock>
        (?<![\d:.])(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?{_GAP}?[ap](?:m\b|\.m\b\.?)
       |(?<![\d:.])(?:1[0-2]|0?[1-9]){_GAP}?[ap](?:m\b|\.m\b\.?)
       |(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])
       |\b(?:noon|midnight)\b)
   |(?P<nth>(?<![\w.,])\d+(?:,\d{{3}})*(?:st|nd|rd|th)\b|(?<![a-z])q[1-4](?!\w))
   |(?P<part>
        (?<![\d/.])\d{{1,2}}/\d{{1,3}}(?![\d/])
       |\b(?:{numerals.WORDS}|an?|\d+){_JOIN}(?:{_SHARES})\b
       |\bhal(?:f(?!-)|ves)\b(?!{_JOIN}an?{_JOIN}(?:{numerals.SCALE})))
   |(?P<ordinal>\b(?:{numerals.ORDINAL})\b)
   |(?P<vague>
        \b(?:tens|dozens|hundreds|thousands|millions|billions|trillions)\b(?:{_GAP}of{_GAP}(?:{_any(VAGUE)})\b)?
       |\b(?:several|few|many|some|couple(?:{_GAP}of)?){_GAP}(?:{_any(VAGUE)})\b)
   |(?P<twice>\b(?:twice|thrice)\b)
   |(?P<implied>\b(?:{_any(IMPLIED)})\b)
   |(?:(?<![a-z])(?P<before>{_any(PREFIXES)}){_GAP}?)?
    (?P<minus>(?<![\w)%.])-(?=[\d$€£])|\bminus{_GAP})?
    (?P<sign>[$€£])?
    (?:(?<!\d)(?<!\d[.,])(?P<count>{numerals.DIGITS}|(?<![a-z'])(?:{numerals.WORDS})(?![a-z]))
       (?P<vulgar>{_JOIN}?[{_MARKS}])?
      |(?P<mark>[{_MARKS}]))
    (?P<scales>(?:{_JOIN}?(?:{numerals.SCALE})(?![a-z]))*)
    (?P<short>{_GAP}?(?:{numerals.SHORT_SCALE})(?![a-z0-9²]))?
    (?:-plus\b|\+)?
    (?:(?P<points>(?:{_GAP}?%|{_JOIN}per{_GAP}?cent(?:age)?){_JOIN}(?:points?|pts)\b
         |{_GAP}?(?:pp|bps)\b|{_GAP}basis{_GAP}points?\b)
      |(?P<percent>{_GAP}?%|{_JOIN}?(?:percent(?:age)?|per{_JOIN}cent|pct|pc)\b)
      |(?P<after>{_JOIN}?(?:{_any([*DOLLARS, *CURRENCIES, *PENCE, "pounds", "pound", "won"])})(?![a-z]))
      |(?P<unit>{_JOIN}?(?:{_any(MEASURES)})(?![a-z²])|-second\b)
      |(?P<times>{_GAP}times\b|-?fold\b|-time\b|x\b))?)
    """,
    re.VERBOSE,
)
