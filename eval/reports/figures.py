"""What the plots of a report are of: values of each measure, means by tag, earlier runs, and what each took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eval.report import Report, cost, mean, metric_of, tags, usages, values
from eval.reports import plots
from eval.reports.columns import number
from eval.reports.plots import Mark
from eval.reports.terminal import BY_TAG

QUALITY = ("grounded", "answer_match")
"""What a run's cost is set against."""
MOST_RUNS = 30
"""Runs shown at most; the newest."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing under its name."""

    name: str
    drawing: str
    tells: str = ""


def spread(report: Report) -> tuple[list[Figure], list[Figure]]:
    """How the cases' values lie, measure by measure: those that are yes or no, and the others."""
    bars, histograms = [], []
    for name, measure in report.measures.items():
        found = values(report.outcomes, name)
        unscored = len(report.outcomes) - len(found)
        if not found:
            continue
        if measure.yes_no:
            drawing = plots.yes_no(found, unscored, more_is_better=measure.more_is_better)
            yes = sum(value > 0 for value in found)
            bars.append(Figure(name, drawing, f"{yes} yes · {len(found) - yes} no · {unscored} not scored"))
        else:
            drawing = plots.histogram(found, share=measure.unit == "share")
            tells = f"{len(found)} scored · {unscored} not scored"
            histograms.append(
                Figure(name, drawing, tells if measure.unit == "share" else f"{tells} · {measure.unit}")
            )
    return bars, histograms


def by_tag(report: Report) -> list[Figure]:
    """The main measures, tag by tag; a tag of which nothing was scored is left out."""
    panels = []
    for name in (name for name in BY_TAG if name in report.measures):
        rows = [
            (tag, metric) for tag in tags(report) if (metric := metric_of(report, name, tag=tag)).mean is not None
        ]
        if rows:
            panels.append(Figure(name, plots.by_name(rows), report.measures[name].tells))
    return panels


def over_runs(runs: Sequence[Report], report: Report) -> list[Figure]:
    """The main measures' means from run to run; nothing with fewer than two runs."""
    panels = []
    for name in (name for name in BY_TAG if name in report.measures):
        reached = [(run, share) for run in runs if (share := mean(run.outcomes, name)) is not None]
        if len(reached) > 1:
            marks = [_mark(0.0, share, run, report, f"{when(run)}: {number(share)}") for run, share in reached]
            drawing = plots.over(marks, first=when(reached[0][0]), last=when(reached[-1][0]))
            panels.append(Figure(name, drawing, f"{len(reached)} runs"))
    return panels


def cost_against_quality(runs: Sequence[Report], report: Report) -> list[Figure]:
    """Each run's cost a case, or its seconds where none cost anything, against its means; numbered as in ``runs``."""
    costs = any(_cost(run) for run in runs)
    took, axis = (_cost, "$ a case") if costs else (_seconds, "s a case")
    panels = []
    for name in (name for name in QUALITY if name in report.measures):
        marks = []
        for place, run in enumerate(runs, 1):
            y, x = mean(run.outcomes, name), took(run)
            if y is not None and x is not None:
                tells = f"{when(run)}, {', '.join(run.models)}: {number(y)} at {x:.3g} {axis}"
                marks.append(replace(_mark(x, y, run, report, tells), number=place))
        if marks:
            panels.append(Figure(name, plots.against(marks, axis=axis), report.measures[name].tells))
    return panels


def in_order(report: Report, earlier: Sequence[Report]) -> list[Report]:
    """The runs by the time they started, the report itself among them once."""
    others = {run.started: run for run in earlier if run.started not in (None, report.started)}
    return [*sorted([*others.values(), report], key=lambda run: run.started or "~")][-MOST_RUNS:]


def when(report: Report) -> str:
    """The minute a run started, in UTC."""
    return (report.started or "time unknown")[:16].replace("T", " ")


def _mark(x: float, y: float, run: Report, report: Report, tells: str) -> Mark:
    other = run.digest != report.digest
    return Mark(x, y, f"{tells} (another state of the suite)" if other else tells, run is report, other)


def _cost(report: Report) -> float | None:
    """Dollars a case; ``None`` where a price is unknown. Nothing is spent where no model is asked."""
    spent = usages(report.outcomes)
    whole = cost(spent) if spent else 0.0
    return None if whole is None else whole / max(len(report.outcomes), 1)


def _seconds(report: Report) -> float | None:
    taken = [outcome.output.seconds.total for outcome in report.outcomes if outcome.output]
    return sum(taken) / len(taken) if taken else None
