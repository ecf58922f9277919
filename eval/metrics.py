"""Scores reduced to a mean with its interval, and two runs to their paired difference.

Intervals are percentile bootstraps that resample clusters of cases, because questions on one article rise and
fall together (Field and Welsh, "Bootstrapping clustered data", 2007). They are seeded, so the same scores give the
same interval. Where every score is equal the interval has no width: it tells of these cases, not of others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

SAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Observation:
    """One case's value, or ``None``, and the cluster it is resampled with."""

    cluster: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Metric:
    """A mean over the scored cases; ``None`` where nothing was scored."""

    mean: float | None
    low: float | None
    """Bounds of the interval; ``None`` with fewer than two clusters, from which nothing can be resampled."""
    high: float | None
    scored: int
    unscored: int


def estimate(observations: Iterable[Observation], *, seed: int = 0) -> Metric:
    """The mean of the values, its 95 % interval by cluster, and how many could not be scored."""
    observations = list(observations)
    values: dict[str, list[float]] = {}
    for observation in observations:
        if observation.value is not None:
            values.setdefault(observation.cluster, []).append(observation.value)
    scored = sum(map(len, values.values()))
    unscored = len(observations) - scored
    if not scored:
        return Metric(None, None, None, 0, unscored)
    # By name, so that the order of the cases changes neither the interval nor the last digit of the mean.
    clusters = [sorted(values[name]) for name in sorted(values)]
    sums = np.array([sum(cluster) for cluster in clusters])
    sizes = np.array([len(cluster) for cluster in clusters])
    low, high = _interval(sums, sizes, seed)
    return Metric(float(sums.sum() / scored), low, high, scored, unscored)


def _interval(sums: np.ndarray, sizes: np.ndarray, seed: int) -> tuple[float | None, float | None]:
    count = len(sums)
    if count < 2:
        return None, None
    draws = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=SAMPLES)
    means = (draws @ sums) / (draws @ sizes)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return float(low), float(high)
