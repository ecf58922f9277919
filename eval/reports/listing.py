"""The runs that are kept, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from eval.report import Report, mean
from eval.reports.columns import columns, number, printable

Json = dict[str, Any]
MAIN = ("grounded", "answer_match", "cites_gold")
"""The measures shown of each run."""
HEAD = ("run", "suite", "who answered", "cases", "failed", *MAIN, "commit")
_LONGEST = 40


def listing(kept: Sequence[tuple[Path, Report]], folder: Path) -> str:
    """A line for each run; where there is none, how to make one."""
    if not kept:
        return f"No runs are kept in {folder}. Make one: groundwire eval run"
    return printable(columns(HEAD, [_row(path, report) for path, report in _newest_first(kept)]))


def listing_json(kept: Iterable[tuple[Path, Report]]) -> Json:
    """The same as records under ``runs``; a mean is ``null`` where nothing was scored."""
    records = [
        {
            "run": path.stem,
            "path": str(path),
            "suite": report.suite,
            "version": report.version,
            "digest": report.digest,
            "models": report.models,
            "started": report.started,
            "cases": len(report.outcomes),
            "failed": len(report.failed),
            "metrics": {name: mean(report.outcomes, name) for name in MAIN},
            "commit": report.provenance.commit,
            "dirty": report.provenance.dirty,
        }
        for path, report in _newest_first(kept)
    ]
    return {"runs": records}


def _newest_first(kept: Iterable[tuple[Path, Report]]) -> list[tuple[Path, Report]]:
    """By the time they started; what has none comes last, in the order given."""
    return sorted(kept, key=lambda pair: pair[1].started or "", reverse=True)


def _row(path: Path, report: Report) -> tuple[str, ...]:
    return (
        path.name,
        _short(f"{report.suite} {report.version}"),
        _short(", ".join(report.models) or "no answer"),
        str(len(report.outcomes)),
        str(len(report.failed)),
        *(number(mean(report.outcomes, name)) for name in MAIN),
        _commit(report),
    )


def _short(text: str) -> str:
    """On one line of the table, and no wider than it can be read."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _commit(report: Report) -> str:
    commit = report.provenance.commit
    return "–" if commit is None else commit[:8] + ("+" if report.provenance.dirty else "")
