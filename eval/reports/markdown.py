"""A report as Markdown in GitHub's dialect; every word of an article, a case or a system is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from eval.report import Report, beaten_by, mean, metrics, tagged, tags
from eval.reports.columns import number
from eval.reports.escaping import escaped
from eval.reports.ranking import Ranked, ranked
from eval.reports.terminal import BY_TAG, METRIC_HEAD, heading, metric_row

WORST = 20
"""Cases listed, of those that did not fail."""
_TOLD = 600
"""Characters shown of an output."""


def markdown(report: Report) -> str:
    """Metrics beside the null systems, the main ones by tag, failed cases, the worst others, and provenance."""
    cases = ranked(report)
    parts = [
        f"# {escaped(f'{report.suite} {report.version}')}",
        escaped(heading(report)),
        "## Metrics",
        *_metrics(report),
        *_by_tag(report),
        *_failed(cases),
        *_worst([one for one in cases if one.outcome.error is None and one.below][:WORST]),
        "## Provenance",
        _provenance(report),
    ]
    return "\n\n".join(parts) + "\n"


def _metrics(report: Report) -> Iterator[str]:
    reached = {name: metric for name, metric in metrics(report).items() if metric.scored}
    rows, lost = [], []
    for name, metric in reached.items():
        nulls = [number(means[name].mean if name in means else None) for means in report.nulls.values()]
        rows.append([*metric_row(name, metric), *nulls])
        if winners := beaten_by(report, name, metric):
            lost.append(
                f"{name}: {', '.join(winners)} {'does' if len(winners) == 1 else 'do'} as well or better;"
                " by itself it shows nothing"
            )
    yield _table([*METRIC_HEAD, *report.nulls], rows)
    if nowhere := [name for name in report.measures if name not in reached]:
        yield escaped(f"Scored in no case: {', '.join(nowhere)}.")
    if lost:
        yield _list(map(escaped, lost))


def _by_tag(report: Report) -> Iterator[str]:
    names = [name for name in BY_TAG if name in report.measures]
    rows = []
    for tag in tags(report):
        cases = tagged(report, tag)
        rows.append([tag, str(len(cases)), *(number(mean(cases, name)) for name in names)])
    if rows:
        yield "## By tag"
        yield _table(["tag", "cases", *names], rows)


def _failed(cases: Sequence[Ranked]) -> Iterator[str]:
    failed = [one.outcome for one in cases if one.outcome.error is not None]
    if failed:
        yield "## Failed cases"
        yield _list(f"{escaped(outcome.case.id)}: {escaped(outcome.error or '')}" for outcome in failed)


def _worst(cases: Sequence[Ranked]) -> Iterator[str]:
    if not cases:
        return
    yield "## Worst cases"
    yield _table(["case", "asked", "told", "at worst", "below best"], [_row(one) for one in cases])


def _row(one: Ranked) -> list[str]:
    told = one.outcome.output.text if one.outcome.output else ""
    below = [name for name in one.below if name not in one.worst]
    short = told if len(told) <= _TOLD else f"{told[:_TOLD]}…"
    return [one.outcome.case.id, one.outcome.case.question, short, ", ".join(one.worst), ", ".join(below)]


def _provenance(report: Report) -> str:
    from_where, settings = report.provenance, report.settings
    changed = " with uncommitted changes" if from_where.dirty else ""
    facts = [
        f"suite {report.digest}",
        f"system {settings.system}" + (f", model {settings.model}" if settings.model else ""),
        f"tags {', '.join(settings.tags) or 'all'}, limit {settings.limit or 'none'}, seed {settings.seed}",
        *([f"judge {settings.judge}"] if settings.judge else []),
        f"groundwire {from_where.groundwire or 'unknown'}, commit {from_where.commit or 'unknown'}{changed}",
        f"code {from_where.code}",
        ", ".join(f"{name} {version or 'absent'}" for name, version in from_where.libraries) or "libraries unknown",
        f"started {report.started or 'at an unknown time'}",
    ]
    return _list(map(escaped, facts))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell if cell == '---' else escaped(cell) for cell in cells)} |" for cells in lines
    )


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
