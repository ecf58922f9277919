"""A comparison of two reports for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from eval.comparison import Change, Comparison, Difference, verdict
from eval.reports.columns import columns, number, printable
from eval.reports.terminal import metric_row

SHOWN = 50
"""Changed cases listed; the JSON has all."""
HEAD = ("difference", "95 % interval", "paired", "not paired", "gained", "lost", "McNemar p", "")


def comparison_table(comparison: Comparison) -> str:
    """The comparison for a terminal: every measure, the tags that moved beyond their interval, the worst changes."""
    parts = [columns(("metric", *HEAD), [_row(name, found) for name, found in comparison.differences.items()])]
    moved = [
        (tag, *_row(name, found))
        for tag, differences in comparison.tags.items()
        for name, found in differences.items()
        if verdict(name, found.metric)
    ]
    if moved:
        parts.append(columns(("tag", "metric", *HEAD), moved))
    parts.append(_changes_table(comparison.changes) if comparison.changes else "No case changed.")
    lists = (
        ("Failed in the second report only", comparison.failed),
        ("In the first report only", comparison.only_before),
        ("In the second report only", comparison.only_after),
    )
    parts += [f"{what}: {', '.join(ids)}" for what, ids in lists if ids]
    return printable("\n\n".join(parts))


def _row(name: str, difference: Difference) -> tuple[str, ...]:
    test = difference.mcnemar
    counts = (str(test.gained), str(test.lost), _chance(test.p)) if test else ("", "", "")
    return (*metric_row(name, difference.metric), *counts, verdict(name, difference.metric))


def _chance(p: float) -> str:
    return "<0.001" if p < 0.001 else number(p)


def _changes_table(changes: Sequence[Change]) -> str:
    rows = [(change.case, change.measure, number(change.before), number(change.after)) for change in changes[:SHOWN]]
    table = columns(("changed case", "metric", "before", "after"), rows)
    left = len(changes) - SHOWN
    return f"{table}\n... and {left} more, none of them worse than these; --json has all." if left > 0 else table
