"""How far a judge agrees with people, and what its known errors make of a share that it measured.

Items on one document are not independent: every interval resamples documents, as ``eval.metrics`` does. What the
judge could not rule on is counted apart and enters nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import UNSEEN_YES_NO, Array, Metric, Observation, estimate, expanded, resample, worth


@dataclass(frozen=True, slots=True)
class Ruling:
    """One item: what people say of it, and what the judge says; ``None`` where it could not rule."""

    document: str
    label: bool
    ruled: bool | None


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many items of either label were ruled which way."""

    true_positives: int
    false_negatives: int
    false_positives: int
    true_negatives: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """A judge against people. A statistic's mean is ``None`` where nothing it divides by was seen."""

    confusion: Confusion
    unruled: int
    accuracy: Metric
    """Share of items ruled as they are labelled."""
    sensitivity: Metric
    """Share of true items that are ruled true."""
    specificity: Metric
    """Share of false items that are ruled false."""
    balanced_accuracy: Metric
    """Mean of sensitivity and specificity; 0.5 by chance."""
    kappa: Metric
    """Agreement beyond chance, -1 to 1 (Cohen, "A coefficient of agreement for nominal scales", 1960)."""
    precision: Metric
    """Share of items ruled to be what is looked for that are it."""
    recall: Metric
    """Share of what is looked for that is ruled to be it."""
    f1: Metric
    """Harmonic mean of precision and recall."""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A share as it would be without the judge's errors; ``None`` where that cannot be told, with the reason."""

    mean: float | None
    low: float | None
    high: float | None
    reason: str | None = None


def agreement(rulings: Iterable[Ruling], *, positive: bool = True, seed: int = 0) -> Agreement:
    """Every statistic with its 95 % interval; ``positive`` is the label that precision, recall and F1 look for."""
    rulings = list(rulings)
    ruled = [ruling for ruling in rulings if ruling.ruled is not None]
    unruled = len(rulings) - len(ruled)
    counts = _counts(ruled)
    tp, fn, fp, tn = (int(count) for count in counts.sum(axis=0)) if ruled else (0, 0, 0, 0)

    def share(items: Iterable[Ruling]) -> Metric:
        return estimate([Observation(item.document, _right(item)) for item in items], seed=seed)

    def of_counts(statistic: Statistic) -> Metric:
        return _of_counts(counts, statistic, unruled, seed)

    return Agreement(
        confusion=Confusion(tp, fn, fp, tn),
        unruled=unruled,
        accuracy=share(rulings),
        sensitivity=share(item for item in rulings if item.label),
        specificity=share(item for item in rulings if not item.label),
        balanced_accuracy=of_counts(_balanced_accuracy),
        kappa=of_counts(_kappa),
        precision=share(item for item in ruled if item.ruled is positive),
        recall=share(item for item in rulings if item.label is positive),
        f1=of_counts(_f1 if positive else _f1_of_negatives),
    )


def corrected(share: Metric, sensitivity: Metric, specificity: Metric) -> Corrected:
    """What share is true, where a judge of known sensitivity and specificity finds ``share`` true.

    Rogan and Gladen, "Estimating prevalence from the results of a screening test", 1978, clipped to 0 to 1. It takes
    for granted that the judge errs here as often as where it was measured, and that it was measured on other items.
    The interval joins how far the result moves as each of the three goes to its own bounds by the root of the sum of
    squares (Zou and Donner, "Construction of confidence limits about effect measures", 2008).
    """
    inputs = (share, sensitivity, specificity)
    means = [metric.mean for metric in inputs]
    found = [mean for mean in means if mean is not None]
    if len(found) < len(means):
        names = ("the judged share", "sensitivity", "specificity")
        missing = [name for name, mean in zip(names, means, strict=True) if mean is None]
        return Corrected(None, None, None, f"{' and '.join(missing)} could not be measured")
    if found[1] + found[2] <= 1:
        told = f"sensitivity {found[1]:.2f} and specificity {found[2]:.2f}"
        return Corrected(None, None, None, f"the judge is no better than chance ({told} add up to no more than 1)")
    mean = _rogan_gladen(*found)
    bounds = [(metric.low, metric.high) for metric in inputs]
    below = above = 0.0
    for at, ends in enumerate(bounds):
        for end in ends:
            if end is None:
                return Corrected(_clipped(mean), None, None, "too few documents for an interval")
            down, up = _reach(mean, [*found[:at], end, *found[at + 1 :]])
            below, above = below + down**2, above + up**2
    return Corrected(_clipped(mean), _clipped(mean - below**0.5), _clipped(mean + above**0.5))


Statistic = Callable[[Array, Array, Array, Array], Array]
"""Of true positives, false negatives, false positives and true negatives; NaN where it divides by nothing."""


def _balanced_accuracy(tp: Array, fn: Array, fp: Array, tn: Array) -> Array:
    return (tp / (tp + fn) + tn / (tn + fp)) / 2


def _kappa(tp: Array, fn: Array, fp: Array, tn: Array) -> Array:
    total = tp + fn + fp + tn
    by_chance = ((tp + fn) * (tp + fp) + (fp + tn) * (fn + tn)) / total**2
    return ((tp + tn) / total - by_chance) / (1 - by_chance)


def _f1(tp: Array, fn: Array, fp: Array, tn: Array) -> Array:
    return 2 * tp / (2 * tp + fn + fp)


def _f1_of_negatives(tp: Array, fn: Array, fp: Array, tn: Array) -> Array:
    return _f1(tn, fp, fn, tp)


def _right(item: Ruling) -> float | None:
    return None if item.ruled is None else float(item.ruled is item.label)


def _counts(ruled: Iterable[Ruling]) -> Array:
    """True positives, false negatives, false positives and true negatives of each document, by name."""
    documents: dict[str, list[int]] = {}
    for item in ruled:
        documents.setdefault(item.document, [0, 0, 0, 0])[2 * (not item.label) + (not item.ruled)] += 1
    return np.array([documents[name] for name in sorted(documents)], dtype=float)


def _of_counts(counts: Array, statistic: Statistic, unruled: int, seed: int) -> Metric:
    """A statistic of all counts, its interval from resampled documents."""
    if not len(counts):
        return Metric(None, None, None, 0, unruled)
    scored = int(counts.sum())
    value = _finite(statistic, counts.sum(axis=0, keepdims=True))
    if not len(value):
        return Metric(None, None, None, 0, scored + unruled)
    mean = float(value[0])
    if len(counts) < 2:
        return Metric(mean, None, None, scored, unruled)
    totals = np.vstack([counts, _unseen(counts)])
    labels = [totals[:, :2].sum(axis=1), totals[:, 2:].sum(axis=1)]
    # The label seen in fewer documents sets how uncertain it is.
    documents = min(worth(sizes) for sizes in labels if sizes.any())
    low, high = expanded(_finite(statistic, resample(totals, seed)), documents)
    return Metric(mean, min(low, mean), max(high, mean), scored, unruled)


def _unseen(counts: Array) -> Array:
    """Two documents nobody saw, one ruled rightly throughout and one wrongly, labelled as all are on average."""
    size = max(1.0, UNSEEN_YES_NO * counts.sum() / len(counts))
    true = size * counts[:, :2].sum() / counts.sum()
    return np.array([(true, 0, 0, size - true), (0, true, size - true, 0)])


def _finite(statistic: Statistic, counts: Array) -> Array:
    """The statistic of each row of counts in which it is defined."""
    with np.errstate(divide="ignore", invalid="ignore"):
        values = statistic(*counts.T)
    return values[np.isfinite(values)]


def _rogan_gladen(share: float, sensitivity: float, specificity: float) -> float:
    return (share + specificity - 1) / (sensitivity + specificity - 1)


def _reach(mean: float, values: Sequence[float]) -> tuple[float, float]:
    """How far below and above the mean these values put it; all the way where they are those of a useless judge."""
    if values[1] + values[2] <= 1:
        return max(mean, 0.0), max(1 - mean, 0.0)
    moved = _rogan_gladen(*values)
    return max(mean - moved, 0.0), max(moved - mean, 0.0)


def _clipped(value: float) -> float:
    return min(max(value, 0.0), 1.0)
