"""Two reports on one suite, compared case by case: what differs, by how much, and in which cases."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eval.metrics import Metric, Observation, estimate
from eval.report import Outcome, Report, columns, metric_row, number, printable
from eval.scorers import SCORERS
from rag.errors import UsageError

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One case that a metric values differently; ``None`` where that run could not score it."""

    case: str
    metric: str
    before: float | None
    after: float | None

    @property
    def worth(self) -> float:
        """How much better it became; what could be scored in one run only comes after all that got worse."""
        return 0.0 if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """The second report minus the first."""

    differences: Mapping[str, Metric]
    """Mean of the paired differences; ``unscored`` counts cases that one or both runs could not score."""
    changes: tuple[Change, ...]
    """Worst first."""
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    """Ids of cases that the other report did not run."""


def compare(before: Report, after: Report) -> Comparison:
    """The second report against the first; they must be of the very same suite and articles."""
    if (before.suite, before.digest) != (after.suite, after.digest):
        raise UsageError(
            f"The reports are of different suites: '{before.suite}' ({before.digest[:12]}) and"
            f" '{after.suite}' ({after.digest[:12]}). Run both on one suite."
        )
    first, second = _by_id(before), _by_id(after)
    pairs = [(first[id], second[id]) for id in first if id in second]
    if not pairs:
        raise UsageError("The reports have no case in common. Run both with the same tags and limit.")
    return Comparison(
        differences={name: estimate(_differences(pairs, name), seed=before.settings.seed) for name in SCORERS},
        changes=tuple(sorted(_changes(pairs), key=lambda change: (change.worth, change.case, change.metric))),
        only_before=tuple(id for id in first if id not in second),
        only_after=tuple(id for id in second if id not in first),
    )


def comparison_json(comparison: Comparison) -> Json:
    """``eval compare --json``."""
    return dataclasses.asdict(comparison)


def comparison_table(comparison: Comparison) -> str:
    """The comparison for a terminal; a star marks an interval without zero."""
    rows = [(*metric_row(name, metric), _star(metric)) for name, metric in comparison.differences.items()]
    parts = [columns(("metric", "difference", "95 % interval", "paired", "not paired", ""), rows)]
    parts.append(_changes_table(comparison.changes) if comparison.changes else "No case changed.")
    for name, ids in (("first", comparison.only_before), ("second", comparison.only_after)):
        if ids:
            parts.append(f"In the {name} report only: {', '.join(ids)}")
    return printable("\n\n".join(parts))


def _changes_table(changes: Iterable[Change]) -> str:
    rows = [(change.case, change.metric, number(change.before), number(change.after)) for change in changes]
    return columns(("changed case", "metric", "before", "after"), rows)


def _star(difference: Metric) -> str:
    if difference.low is None or difference.high is None:
        return ""
    return "*" if difference.low > 0 or difference.high < 0 else ""


def _by_id(report: Report) -> dict[str, Outcome]:
    return {outcome.case.id: outcome for outcome in report.outcomes}


def _differences(pairs: list[tuple[Outcome, Outcome]], name: str) -> list[Observation]:
    return [Observation(a.case.cluster, _minus(b.scores[name].value, a.scores[name].value)) for a, b in pairs]


def _minus(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _changes(pairs: list[tuple[Outcome, Outcome]]) -> list[Change]:
    every = (
        Change(a.case.id, name, a.scores[name].value, b.scores[name].value) for a, b in pairs for name in SCORERS
    )
    return [change for change in every if change.before != change.after]
