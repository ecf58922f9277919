"""Outputs scored: each by every measure, and the null systems beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from eval.cases import Case
from eval.measures import JUDGED, MEASURES, known
from eval.metrics import Metric, estimate
from eval.report import Outcome, Report, observed
from eval.running.saved import recalled
from eval.scores import Context, Output, Score
from eval.systems.nulls import NULLS

FAILED = Score(None, "failed")


def scored(case: Case, output: Output | None, context: Context) -> dict[str, Score]:
    """Every measure's score of an output, or that there was none."""
    if output is None:
        return dict.fromkeys(MEASURES, FAILED)
    return {name: one.scorer(case, output, context) for name, one in MEASURES.items() if one.scorer}


def rescore(report: Report) -> Report:
    """The same outputs under the scorers of today; nothing is asked again, and a judge's verdicts stay."""
    context = recalled(report.texts)
    outcomes = tuple(_rescored(outcome, context) for outcome in report.outcomes)
    return replace(
        report, outcomes=outcomes, nulls=nulls(outcomes, context, sorted(report.texts), report.settings.seed)
    )


def nulls(
    outcomes: Sequence[Outcome], context: Context, articles: Sequence[tuple[str, int]], seed: int
) -> Mapping[str, Mapping[str, Metric]]:
    """The metrics that null systems reach on the same cases."""
    reached = {}
    for name, null in NULLS.items():
        given = ((outcome.case, null(outcome.case, outcome.output, context, articles)) for outcome in outcomes)
        own = [Outcome(case, answer, None, scored(case, answer, context)) for case, answer in given]
        shares = [measure for measure in MEASURES.values() if measure.unit == "share"]
        reached[name] = {one.name: estimate(observed(own, one.name), seed=seed) for one in shares}
    return reached


def _rescored(outcome: Outcome, context: Context) -> Outcome:
    judged = {name: score for name, score in outcome.scores.items() if name in JUDGED}
    scores = scored(outcome.case, outcome.output, context) | judged
    return replace(outcome, scores={name: scores[name] for name in known() if name in scores})
