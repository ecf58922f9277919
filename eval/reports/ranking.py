"""Cases in the order to be read in: those that failed, then those with most scores at their worst."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.report import Outcome, Report
from eval.scores import Measure, Score


@dataclass(frozen=True, slots=True)
class Ranked:
    """A case's outcome, and what of it fell short."""

    outcome: Outcome
    worst: tuple[str, ...]
    """Measures with the least that they can give: 0, or 1 of what there should be none."""
    below: tuple[str, ...]
    """Measures with less than the most that they can give, ``worst`` among them."""


def ranked(report: Report) -> list[Ranked]:
    """All cases, failed and worst first; equals stay in the suite's order."""
    measures = _telling(report)
    found = [
        Ranked(outcome, _short(outcome.scores, measures, worst=True), _short(outcome.scores, measures, worst=False))
        for outcome in report.outcomes
    ]
    return sorted(found, key=lambda one: (one.outcome.error is None, -len(one.worst), -len(one.below)))


def _telling(report: Report) -> dict[str, Measure]:
    """The measures that tell cases apart: one that is at its worst in all of several says nothing of any of them."""
    found = {}
    for name, measure in report.measures.items():
        scores = [outcome.scores[name] for outcome in report.outcomes if name in outcome.scores]
        scored = [score for score in scores if score.value is not None]
        if len(scored) < 2 or not all(_shortfall(score, measure, worst=True) for score in scored):
            found[name] = measure
    return found


def _short(scores: Mapping[str, Score], measures: Mapping[str, Measure], *, worst: bool) -> tuple[str, ...]:
    """What has no best value, such as time, never falls short."""
    return tuple(
        name
        for name, score in scores.items()
        if name in measures and measures[name].unit == "share" and _shortfall(score, measures[name], worst=worst)
    )


def _shortfall(score: Score, measure: Measure, *, worst: bool) -> bool:
    if score.value is None:
        return False
    good = score.value if measure.more_is_better else 1 - score.value
    return good <= 0 if worst else good < 1
