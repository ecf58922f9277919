"""McNemar's test: whether as many cases got worse as got better, on a measure that says yes or no."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class McNemar:
    """Cases that two runs value differently, and how likely so uneven a split is by chance."""

    gained: int
    """Wrong before, right after."""
    lost: int
    """Right before, wrong after."""
    p: float
    """Two-sided; 1 where no case changed. It takes cases for independent, which those on one article are not."""


def mcnemar(pairs: Iterable[tuple[bool, bool]]) -> McNemar:
    """The exact test of pairs of before and after.

    McNemar, "Note on the sampling error of the difference between correlated proportions or percentages", 1947, with
    the binomial distribution itself in place of his chi-squared approximation: each changed case is a fair coin.
    """
    changed = [after for before, after in pairs if before != after]
    gained = sum(changed)
    return McNemar(gained, len(changed) - gained, _two_sided(gained, len(changed)))


def _two_sided(heads: int, tosses: int) -> float:
    """How likely a fair coin falls at least as unevenly."""
    rarer = min(heads, tosses - heads)
    # Whole numbers until the end, so that nothing is rounded on the way.
    at_least = 2 * sum(math.comb(tosses, count) for count in range(rarer + 1))
    return min(1.0, at_least / (1 << tosses))
