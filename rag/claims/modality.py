"""What a sentence tells as a fact while its source tells it as possible, planned or alleged."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag import passages
from rag.claims import wording
from rag.claims.wording import Wording

_OPEN = re.compile(
    r"\b(?:may(?! \d|,)|might|could|if|whether|perhaps|possibly|alleged(?:ly)?|alleges?|reportedly|apparently"
    r"|supposedly|rumou?red|suspected|plans? to|planning to|hopes? to|hoping to|wants? to|seeks? to|seeking to"
    r"|is expected to|are expected to|is likely to|are likely to|considers?|considering|threaten(?:s|ed) to"
    r"|offer(?:s|ed) to|promis(?:es|ed) to|vow(?:s|ed) to|accus(?:ed|es) of)\b"
)
_SOFT = re.compile(
    rf"{_OPEN.pattern}|\b(?:would|should|will|can|likely|probably|potential|possib\w+|expect\w*|plan\w*|propos\w+"
    r"|believ\w+|thought|claim\w*|accus\w+|hop(?:e|es|ed|ing)|want\w*|seek\w*|sought|aim\w*|intend\w*|due|set"
    r"|suspect\w*|alleg\w+|promis\w+|offer\w*|vow\w*|threat\w*|suggest\w*|warn\w*|risk\w*|when|unless|to be)\b"
)
"""What leaves a sentence open itself, in any degree."""
_CUT = re.compile(r"[;:—–]|,\s|\s(?:and|but|while|that|who|which|because|after|before|as)\s", re.IGNORECASE)
_ALIKE = 0.6
_TELLING = 3
"""Telling words that a clause must share with the sentence for its "may" to govern them."""


def overstated(sentence: str, claimed: Wording, texts: Sequence[str]) -> str | None:
    """The word that leaves open what the sentence tells as a fact; nothing where any source sentence tells it too."""
    if _SOFT.search(sentence) or not claimed.stems:
        return None
    marked = [each for text in texts for each in _marked(text, claimed.stems)]
    near = [(share, mark) for share, mark in marked if share >= _ALIKE]
    if not near or any(mark is None for _, mark in near):
        return None
    return max(near, key=lambda each: each[0])[1]


def _marked(text: str, stems: frozenset[str]) -> list[tuple[float, str | None]]:
    """For each sentence of a text how much of ``stems`` it has, and what leaves open the clause that has the most."""
    return [(len(stems & whole) / len(stems), _mark(clauses, stems)) for whole, clauses in _sentences(text)]


def _mark(clauses: Sequence[tuple[frozenset[str], str | None]], stems: frozenset[str]) -> str | None:
    shared, mark = max(((len(stems & own), mark) for own, mark in clauses), key=lambda each: each[0])
    return mark if shared >= min(_TELLING, len(stems)) else None


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[tuple[frozenset[str], tuple[tuple[frozenset[str], str | None], ...]], ...]:
    """The telling words of each sentence, and of each clause with the word that leaves it open."""
    found = []
    for span in passages.sentences(text):
        sentence = text[span.start : span.end]
        clauses = tuple((wording.read(part).stems, _open(part)) for part in _CUT.split(sentence))
        found.append((wording.read(sentence).stems, clauses))
    return tuple(found)


def _open(clause: str) -> str | None:
    found = _OPEN.search(clause)
    return found.group() if found else None
