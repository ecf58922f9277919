"""The rows of the tables of an HTML report: metrics beside the null systems, and differences of two runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.comparison import Difference, verdict
from eval.measures import known
from eval.metrics import Metric
from eval.paired import McNemar
from eval.report import Report, beaten_by, metrics
from eval.reports import plots
from eval.scores import Measure

UNITS = {"share": "", "seconds": " s", "tokens": " tokens", "dollars": " $"}


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One measure's metric in a run."""

    measure: Measure
    metric: Metric
    drawing: str
    """Its interval; empty where the measure has no scale from 0 to 1."""
    nulls: Mapping[str, float | None]
    """Means of the null systems."""
    winners: tuple[str, ...]
    """Null systems that do as well or better."""

    @property
    def unit(self) -> str:
        """What stands after its mean."""
        return UNITS[self.measure.unit]


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """What differs on one measure between two runs."""

    measure: Measure
    metric: Metric
    drawing: str
    test: McNemar | None
    verdict: str

    @property
    def unit(self) -> str:
        """What stands after its mean."""
        return UNITS[self.measure.unit]


def metric_rows(report: Report) -> list[MetricRow]:
    """Every measure's row."""
    return [_metric_row(report, name, metric) for name, metric in metrics(report).items()]


def difference_rows(differences: Mapping[str, Difference]) -> list[DifferenceRow]:
    """The rows of those measures that are paired in some case."""
    return [_difference_row(name, one) for name, one in differences.items() if one.metric.scored]


def _metric_row(report: Report, name: str, metric: Metric) -> MetricRow:
    measure = report.measures[name]
    nulls = {system: reached[name].mean for system, reached in report.nulls.items() if name in reached}
    means = {system: mean for system, mean in nulls.items() if mean is not None}
    drawing = plots.interval(metric, means) if measure.unit == "share" else ""
    return MetricRow(measure, metric, drawing, nulls, tuple(beaten_by(report, name, metric)))


def _difference_row(name: str, difference: Difference) -> DifferenceRow:
    measure, metric = known()[name], difference.metric
    drawing = plots.interval(metric, {}, low=-1.0) if measure.unit == "share" else ""
    return DifferenceRow(measure, metric, drawing, difference.mcnemar, verdict(name, metric))
