"""Quotations in a text, and whether another text holds one of them word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.claims.folding import verbatim

_PAIRS = {"“": "”", "„": "“”", "«": "»", "»": "«", "‘": "’", "「": "」", '"': '"', "″": "″"}
_SINGLE = re.compile(r"(?<![\w'’])['](?=[^\W\d_])(?P<words>[^'\n]*(?:\w'\w[^'\n]*)*)'(?!\w)")
_OMISSION = re.compile(r"\s*(?:\[\s*)?(?:\.\s?\.\s?\.|…)(?:\s*\])?\s*")
_EDGES = " .,;:!?'-…"


@dataclass(frozen=True, slots=True)
class Quotation:
    """``text[start:end]`` is what stands between quote marks."""

    start: int
    end: int
    words: str


def find(text: str) -> list[Quotation]:
    """Every quotation in order. An opened one that does not close runs to the end, a closed one from the start."""
    found = [Quotation(start, end, text[start:end]) for start, end in _spans(text)]
    return [quotation for quotation in found if any(letter.isalnum() for letter in quotation.words)]


def held(quotation: str, text: str) -> bool:
    """Whether the words stand in ``text`` as quoted; what "..." leaves out may lie between them.

    Blanks, kinds of quote mark, the marks at the ends and the capital of the first word do not count.
    """
    where = verbatim(text)
    place = 0
    for part in _OMISSION.split(verbatim(quotation)):
        if words := part.strip(_EDGES):
            places = [
                found for found in (_place(form, where, place) for form in _capitals(words)) if found is not None
            ]
            if not places:
                return False
            place = min(places)
    return True


def _capitals(words: str) -> tuple[str, str]:
    """The words with a small and with a capital first letter."""
    return words[0].lower() + words[1:], words[0].upper() + words[1:]


def _place(words: str, where: str, start: int) -> int | None:
    """Where the words end in ``where``, as whole words at or after ``start``."""
    while (found := where.find(words, start)) >= 0:
        end = found + len(words)
        if not where[found - 1 : found].isalnum() and not where[end : end + 1].isalnum():
            return end
        start = found + 1
    return None


def _spans(text: str) -> Iterator[tuple[int, int]]:
    place = 0
    while place < len(text):
        mark = text[place]
        if mark in '"”»″' and _closes_only(text, place):
            if not _is_inch(text, place):
                yield 0, place
        elif mark in _PAIRS and not (mark == "‘" and text[place - 1 : place].isalnum()):
            end = _closing(text, place)
            if end is not None or mark != "‘":
                yield place + 1, len(text) if end is None else end
                place = len(text) if end is None else end
        place += 1
    yield from (match.span("words") for match in _SINGLE.finditer(text))


def _closing(text: str, place: int) -> int | None:
    """Where the quotation opened at ``place`` closes; the apostrophe of "don’t" closes nothing."""
    for end in range(place + 1, len(text)):
        if text[end] in _PAIRS[text[place]] and not (text[end] == "’" and text[end + 1 : end + 2].isalnum()):
            return end
    return None


def _closes_only(text: str, place: int) -> bool:
    """Whether a mark ends a quotation that began before the text did: it follows a word or its full stop."""
    return text[place - 1 : place].strip() != "" and not text[place + 1 : place + 2].isalnum()


def _is_inch(text: str, place: int) -> bool:
    """Whether a straight mark outside quotations is for inches: 6" of rain."""
    return text[place] in '"″' and text[place - 1].isdigit()
