"""How well texts fit a few words: BM25, as the share of the most that the words could give any text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.holdings import Floats, Ints

K1, B = 1.2, 0.75
"""The usual ones: others moved nothing on two sets of questions."""


@dataclass(frozen=True, slots=True)
class Posting:
    """Where one word stands."""

    texts: Ints
    """Those that hold it, each once."""
    counts: NDArray[np.float64]
    """How often."""

    @staticmethod
    def of(occurrences: Ints) -> Posting:
        """Of texts, each as often as it holds the word."""
        texts, counts = np.unique(occurrences, return_counts=True)
        return Posting(texts, counts.astype(float))

    def grouped(self, groups: Ints, members: Ints, count: int) -> Posting:
        """The same word in groups of texts: member ``i`` is the text ``members[i]`` in the group ``groups[i]``."""
        held = np.zeros(count)
        held[self.texts] = self.counts
        totals = np.bincount(groups, weights=held[members]).astype(float)
        texts = np.flatnonzero(totals)
        return Posting(texts, totals[texts])


def shares(postings: Sequence[Posting], lengths: Floats) -> Floats:
    """A number from 0 to 1 for each text; comparable between questions, and the same under any filter.

    Words that no text holds do not count.
    """
    scores = np.zeros(len(lengths))
    most = 0.0
    for posting in postings:
        if not len(posting.texts):
            continue
        weight = _rarity(len(posting.texts), len(lengths))
        own = lengths[posting.texts] / max(1.0, float(lengths.mean()))
        scores[posting.texts] += weight * posting.counts / (posting.counts + K1 * (1 - B + B * own))
        most += weight
    return scores / most if most else scores


def _rarity(holding: int, texts: int) -> float:
    return math.log(1 + (texts - holding + 0.5) / (holding + 0.5))
