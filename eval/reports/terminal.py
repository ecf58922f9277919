"""A report for a terminal."""

from __future__ import annotations

import textwrap

from eval.judging import correcting
from eval.metrics import Metric
from eval.report import Report, beaten_by, mean, metrics, tagged, tags
from eval.reports.columns import columns, number, printable
from eval.scores import Measure

METRIC_HEAD = ("metric", "mean", "95 % interval", "scored", "not scored")
BY_TAG = ("hit@5", "cites_gold", "grounded", "citation_recall", "answer_match", "points_told", "refusal")
"""The columns of the table by tag; the JSON has every metric."""
_UNITS = {"share": "", "seconds": " (s)", "tokens": "", "dollars": " ($)"}


def table(report: Report) -> str:
    """Who answered, every metric beside the null systems, the main ones by tag, and the cases that failed."""
    parts = [heading(report), _metrics(report), *([_by_tag(report)] if tags(report) else [])]
    if not_judged := _judging(report):
        parts.append(not_judged)
    if report.failed:
        parts.append("\n".join(f"failed  {outcome.case.id}: {outcome.error}" for outcome in report.failed))
    return printable("\n\n".join(parts))


def heading(report: Report) -> str:
    """The suite, who answered and how many cases there are, in one line."""
    models = ", ".join(report.models) or "no answer"
    count = len(report.outcomes)
    cases = "1 case" if count == 1 else f"{count} cases"
    return f"{report.suite} {report.version} · {models} · {cases}, {len(report.failed)} failed"


def metric_row(name: str, metric: Metric) -> tuple[str, ...]:
    """One line of a table of metrics."""
    interval = "–" if metric.low is None else f"{number(metric.low)} – {number(metric.high)}"
    return name, number(metric.mean), interval, str(metric.scored), str(metric.unscored)


def _metrics(report: Report) -> str:
    rows, unscored, won = [], [], []
    for name, metric in metrics(report).items():
        if not metric.scored:
            unscored.append(name)
            continue
        nulls = [number(reached[name].mean if name in reached else None) for reached in report.nulls.values()]
        if winners := beaten_by(report, name, metric):
            won.append(f"{name} ({', '.join(winners)})")
        rows.append((*metric_row(_named(report.measures[name]), metric), *nulls, "!" if winners else ""))
    none = f"Scored in no case: {', '.join(unscored)}." if unscored else ""
    little = f"! A null system does as well, so that alone this shows nothing: {'; '.join(won)}." if won else ""
    shown = columns((*METRIC_HEAD, *report.nulls, ""), rows)
    return "\n\n".join(filter(None, (shown, _wrapped(none), _wrapped(little))))


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100, subsequent_indent="  ", break_on_hyphens=False)


def _named(measure: Measure) -> str:
    return measure.name + _UNITS[measure.unit] + ("" if measure.more_is_better else " ↓")


def _by_tag(report: Report) -> str:
    names = [name for name in BY_TAG if name in report.measures]
    rows = []
    for tag in tags(report):
        cases = tagged(report, tag)
        rows.append((tag, str(len(cases)), *(number(mean(cases, name)) for name in names)))
    return columns(("tag", "cases", *names), rows)


def _judging(report: Report) -> str | None:
    if report.judging is None:
        return None
    judging = report.judging
    judged = f"judge {report.settings.judge}: {judging.asked} verdicts asked for, {judging.unreadable} unreadable"
    if judging.failed:
        judged += f"; it failed in {judging.failed} cases"
    return "\n".join(filter(None, (judged, correcting.told(report))))
