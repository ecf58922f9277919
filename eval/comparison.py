"""Two reports on one suite, compared case by case: what differs, by how much, and in which cases."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eval.measures import known
from eval.metrics import DIFFERENCE, Metric, Observation, estimate
from eval.paired import McNemar, mcnemar
from eval.report import Outcome, Report, tags, value, values
from eval.scores import Measure
from rag.errors import UsageError

Json = dict[str, Any]
Pair = tuple[Outcome, Outcome]

ALPHA = 0.05
"""The p below which McNemar's test speaks where there is no interval."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The second run minus the first on one measure."""

    metric: Metric
    """Mean of the paired differences; ``unscored`` counts cases that one or both runs could not score."""
    mcnemar: McNemar | None
    """Of measures that say yes or no; what is gained is what became better."""


@dataclass(frozen=True, slots=True)
class Change:
    """One case that a measure values differently; ``None`` where that run could not score it."""

    case: str
    measure: str
    before: float | None
    after: float | None
    worth: float
    """How much better it became, -1 to 1; 0 where only one run could score it. Tokens and cost count by ratio."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second report against the first."""

    differences: Mapping[str, Difference]
    tags: Mapping[str, Mapping[str, Difference]]
    """The same by tag, over the cases that have it."""
    changes: tuple[Change, ...]
    """Worst first, timed measures left out; of measures that both reports have."""
    failed: tuple[str, ...]
    """Ids of cases that gave an output in the first run and none in the second."""
    lost: tuple[str, ...]
    """Measures scored in some case of the first run and in none of the second."""
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    """Ids of cases that the other report did not run."""


def compare(before: Report, after: Report) -> Comparison:
    """The second report against the first.

    Raises ``UsageError`` unless they are of the very same suite and articles and have a case in common. A measure
    that one report lacks is paired in no case.
    """
    if (before.suite, before.digest) != (after.suite, after.digest):
        raise UsageError(
            f"The reports are of different suites: '{before.suite}' ({before.digest[:12]}) and"
            f" '{after.suite}' ({after.digest[:12]}). Run both on one suite."
        )
    first, second = _by_id(before), _by_id(after)
    pairs = [(first[id], second[id]) for id in first if id in second]
    if not pairs:
        raise UsageError("The reports have no case in common. Run both with the same tags and limit.")
    measures = [measure for name, measure in known().items() if name in before.measures or name in after.measures]
    both = [measure for measure in measures if measure.name in before.measures and measure.name in after.measures]
    seed = before.settings.seed
    return Comparison(
        differences=_differences(pairs, measures, seed),
        tags={
            tag: _differences(chosen, measures, seed)
            for tag in tags(before)
            if (chosen := [pair for pair in pairs if tag in pair[0].case.tags])
        },
        changes=tuple(sorted(_changes(pairs, both), key=lambda change: (change.worth, change.case, change.measure))),
        lost=tuple(
            one.name for one in measures if values(before.outcomes, one.name) and not values(after.outcomes, one.name)
        ),
        failed=tuple(a.case.id for a, b in pairs if a.error is None and b.error is not None),
        only_before=tuple(id for id in first if id not in second),
        only_after=tuple(id for id in second if id not in first),
    )


def worse(comparison: Comparison) -> list[str]:
    """One line for each reason to fail a build: what the second run lacks, and measures that got worse."""
    reasons = (
        ("cases that gave an output before fail now", comparison.failed),
        ("cases of the first report are not in the second", comparison.only_before),
        ("metrics of the first report are scored in no case of the second", comparison.lost),
    )
    lines = [f"{what}: {len(names)} ({_few(names)})" for what, names in reasons if names]
    return [*lines, *worsened(comparison).values()]


def worsened(comparison: Comparison) -> dict[str, str]:
    """The measures that got worse beyond their interval, or in more cases than chance would have it; a line each.

    Over all cases only: so many measures by so many tags would fail builds by chance.
    """
    lines = {}
    for name, difference in comparison.differences.items():
        metric = difference.metric
        if _without_interval(difference):
            lines[name] = f"{name} got worse in {_of(difference)} cases, all of one article: there is no interval"
        elif verdict(name, metric) == "worse" and metric.mean is not None:
            moved, interval = f"{metric.mean:.3f}", f"{metric.low:.3f} – {metric.high:.3f}"
            lines[name] = f"{name} got worse by {moved.lstrip('-')} (difference {moved}, 95 % interval {interval})"
    return lines


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _of(difference: Difference) -> str:
    return f"{difference.mcnemar.lost} of {difference.metric.scored}" if difference.mcnemar else ""


def _without_interval(difference: Difference) -> bool:
    """Whether cases of one article only got worse, more of them than chance would have it."""
    test = difference.mcnemar
    return difference.metric.low is None and test is not None and test.lost > test.gained and test.p < ALPHA


def verdict(name: str, difference: Metric) -> str:
    """``better`` or ``worse`` where zero lies outside the interval, else and of what hangs on the clock nothing."""
    measure = known()[name]
    if measure.timed or difference.low is None or difference.high is None or difference.low <= 0 <= difference.high:
        return ""
    return "better" if (difference.low > 0) is measure.more_is_better else "worse"


def comparison_json(comparison: Comparison) -> Json:
    """``eval compare --json``."""
    return dataclasses.asdict(comparison)


def _by_id(report: Report) -> dict[str, Outcome]:
    return {outcome.case.id: outcome for outcome in report.outcomes}


def _differences(pairs: Sequence[Pair], measures: Iterable[Measure], seed: int) -> dict[str, Difference]:
    return {measure.name: _difference(pairs, measure, seed) for measure in measures}


def _difference(pairs: Sequence[Pair], measure: Measure, seed: int) -> Difference:
    seen = [(a.case.cluster, value(a, measure.name), value(b, measure.name)) for a, b in pairs]
    metric = estimate(
        (Observation(cluster, _minus(after, before)) for cluster, before, after in seen),
        seed=seed,
        within=DIFFERENCE if measure.unit == "share" else None,
    )
    if all(before == after for _, before, after in seen if None not in (before, after)):
        metric = replace(metric, low=None, high=None)  # where no case moved, there is no spread to tell of
    if not measure.yes_no or not metric.scored:
        return Difference(metric, None)
    right = float(measure.more_is_better)
    paired = [(before == right, after == right) for _, before, after in seen if None not in (before, after)]
    return Difference(metric, mcnemar(paired))


def _changes(pairs: Iterable[Pair], measures: Sequence[Measure]) -> list[Change]:
    changes = []
    for pair in pairs:
        for measure in measures:
            before, after = value(pair[0], measure.name), value(pair[1], measure.name)
            moved = before != after if None in (before, after) else _minus(after, before) != 0
            if moved and not measure.timed:
                changes.append(Change(pair[0].case.id, measure.name, before, after, _worth(before, after, measure)))
    return changes


def _worth(before: float | None, after: float | None, measure: Measure) -> float:
    if before is None or after is None:
        return 0.0
    gain = after - before if measure.more_is_better else before - after
    return gain if measure.unit == "share" else gain / max(abs(before), abs(after))


def _minus(after: float | None, before: float | None) -> float | None:
    # The last digits of a mean of several say nothing: 0.1 + 0.2 is not worse than 0.3.
    return None if after is None or before is None else round(after - before, 12)
