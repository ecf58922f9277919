"""Whether a run may pass: its cases answered, its metrics over or under the bounds given."""

from __future__ import annotations

import math
from collections.abc import Mapping

from eval.measures import known
from eval.metrics import Metric
from eval.report import Report, metrics
from rag.errors import UsageError


def parse_bound(written: str) -> tuple[str, float]:
    """``metric=0.9`` as a pair.

    Raises:
        UsageError: there is no such metric, or the bound is no number that it can reach.
    """
    name, _, bound = written.partition("=")
    if name not in known():
        raise UsageError(
            f"No metric '{name}' for '{written}'. Write metric=0.9; the metrics are: {', '.join(known())}."
        )
    try:
        value = float(bound)
    except ValueError:
        value = math.nan
    if known()[name].unit == "share" and not 0 <= value <= 1:
        raise UsageError(f"'{bound}' in '{written}' is no number from 0 to 1. Write for example {name}=0.9.")
    if not 0 <= value < math.inf:
        raise UsageError(f"'{bound}' in '{written}' is no number from 0. Write for example {name}=2.")
    return name, value


def failures(
    report: Report, *, under: Mapping[str, float] | None = None, over: Mapping[str, float] | None = None
) -> list[str]:
    """One line for each reason to fail a build: cases that failed, and metrics under or over their bound."""
    found = []
    if report.failed:
        first = report.failed[0]
        found.append(f"{len(report.failed)} of {len(report.outcomes)} cases failed; {first.case.id}: {first.error}")
    if report.judging and report.judging.failed:
        found.append(f"the judge failed in {report.judging.failed} of {len(report.outcomes)} cases")
    reached = metrics(report) if under or over else {}
    found += [line for name, bound in (under or {}).items() if (line := _under(name, reached.get(name), bound))]
    found += [line for name, bound in (over or {}).items() if (line := _over(name, reached.get(name), bound))]
    return found


def _under(name: str, metric: Metric | None, bound: float) -> str | None:
    if metric is None or metric.mean is None:
        return f"{name} was scored in no case, so that {bound:g} cannot be shown"
    return f"{name} is {metric.mean:.4f}, under {bound:g}" if round(metric.mean, 12) < bound else None


def _over(name: str, metric: Metric | None, bound: float) -> str | None:
    if metric is None or metric.mean is None:
        return f"{name} was scored in no case, so that {bound:g} cannot be shown"
    return f"{name} is {metric.mean:.4f}, over {bound:g}" if round(metric.mean, 12) > bound else None
