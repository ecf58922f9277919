"""ROUGE, how many words a summary shares with a reference (Lin, "ROUGE: a package for automatic evaluation", 2004).

Each is an F1, 0 to 1. Words are lower-cased runs of a to z and 0 to 9, not stemmed, stop words kept. Of several
longest common subsequences the one is taken that the package ``rouge_score`` takes, so that values can be compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

_WORD = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Rouge:
    """How near a summary is to a reference."""

    one: float
    """By words shared."""
    two: float
    """By pairs of neighbouring words shared."""
    long: float
    """By the longest sequence of words that both have in this order: ROUGE-L over the whole texts."""
    union: float
    """The same sentence by sentence, in whatever order these stand: summary-level ROUGE-L."""


def rouge(reference: Sequence[str], summary: Sequence[str]) -> Rouge:
    """How near a summary is to a reference, each given in sentences."""
    wanted, got = [words(one) for one in reference], [words(one) for one in summary]
    whole, told = list(chain.from_iterable(wanted)), list(chain.from_iterable(got))
    return Rouge(
        _f1(_shared(_grams(whole, 1), _grams(told, 1)), len(whole), len(told)),
        _f1(_shared(_grams(whole, 2), _grams(told, 2)), len(whole) - 1, len(told) - 1),
        _f1(len(_common(whole, told)), len(whole), len(told)),
        _f1(_union(wanted, got), len(whole), len(told)),
    )


def words(text: str) -> list[str]:
    """The words that are compared."""
    return _WORD.findall(text.lower())


def _f1(shared: int, wanted: int, got: int) -> float:
    return 2 * shared / (wanted + got) if shared else 0.0


def _grams(told: Sequence[str], size: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(told[start : start + size]) for start in range(len(told) - size + 1))


def _shared(wanted: Counter[tuple[str, ...]], got: Counter[tuple[str, ...]]) -> int:
    return (wanted & got).total()


def _union(reference: Sequence[list[str]], summary: Sequence[list[str]]) -> int:
    """Words of the reference's sentences that are in sequence with some sentence of the summary, each used once."""
    left = Counter(word for sentence in summary for word in sentence)
    hits = 0
    for wanted in reference:
        places = {place for got in summary for place in _common(wanted, got)}
        for place in sorted(places):
            if left[wanted[place]]:
                left[wanted[place]] -= 1
                hits += 1
    return hits


def _common(reference: Sequence[str], summary: Sequence[str]) -> list[int]:
    """Places in the reference of the words of a longest common subsequence."""
    lengths = _lengths(reference, summary)
    row, column = len(reference), len(summary)
    places = []
    while row and column:
        if reference[row - 1] == summary[column - 1]:
            row, column = row - 1, column - 1
            places.append(row)
        elif lengths[row][column - 1] > lengths[row - 1][column]:
            column -= 1
        else:
            row -= 1
    return places[::-1]


def _lengths(reference: Sequence[str], summary: Sequence[str]) -> list[list[int]]:
    """How long the longest common subsequence of the first so many words of each is."""
    rows = [[0] * (len(summary) + 1)]
    for wanted in reference:
        above, row = rows[-1], [0]
        for column, got in enumerate(summary):
            row.append(above[column] + 1 if wanted == got else max(above[column + 1], row[column]))
        rows.append(row)
    return rows
