"""A measurement for a terminal."""

from __future__ import annotations

import dataclasses

from eval.judging.measurement import Measurement, Rated
from eval.metrics import Metric
from eval.reports.columns import columns, number, printable

_HEADS = ("accuracy", "balanced", "sensitivity", "specificity", "kappa", "F1 unsupported")
_WIDEST = 40


def table(measurement: Measurement) -> str:
    """How many pairs there are, every rate with its 95 % interval, and how far verifier and judge agree."""
    rated = filter(None, (measurement.verifier, measurement.shown, measurement.judge))
    rows = [row for one in rated for row in _rows(one)]
    parts = [_about(measurement), columns(("", "pairs", "unreadable", *_HEADS), rows)]
    if measurement.between:
        parts.append(
            f"kappa between verifier and judge: {number(measurement.between.mean)} ({_bounds(measurement.between)})"
        )
    return printable("\n\n".join(parts))


def _about(measurement: Measurement) -> str:
    return (
        f"{measurement.pairs} pairs on {measurement.documents} documents, {measurement.supported} supported;"
        " 95 % intervals by document"
    )


def _rows(rated: Rated) -> list[tuple[str, ...]]:
    found = rated.agreement
    rates = (
        *(found.accuracy, found.balanced_accuracy, found.sensitivity, found.specificity),
        *(found.kappa, found.f1),
    )
    pairs = sum(dataclasses.astuple(found.confusion))
    values = (rated.name[:_WIDEST], str(pairs), str(found.unruled), *(number(rate.mean) for rate in rates))
    return [values, ("", "", "", *map(_bounds, rates))]


def _bounds(rate: Metric) -> str:
    return "–" if rate.low is None else f"{number(rate.low)} – {number(rate.high)}"
