"""The runs of suites that are kept, as rows of a list; each file is read again only when it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import InputError, UsageError
from rag.settings import runs_folder

if TYPE_CHECKING:
    from eval.report import Report

LISTED = 50
"""Runs listed, the newest."""


@dataclass(frozen=True, slots=True)
class Run:
    """One kept run, in short."""

    name: str
    """That of its file, by which it is asked for."""
    suite: str
    version: str
    answered: str
    """The system or models that answered."""
    started: str
    """The minute, in UTC, as it is shown."""
    moment: str
    """The same as an ISO time to the millisecond, by which runs are put in order."""
    cases: int
    failed: int
    means: Mapping[str, float | None]
    """Of the main measures, by name; ``None`` where nothing was scored."""


@dataclass(frozen=True, slots=True)
class Runs:
    """What the folder of runs holds."""

    folder: Path
    listed: tuple[Run, ...]
    """Newest first."""
    faults: tuple[str, ...]
    """A line for each file that cannot be read."""
    left: int
    """Older files that are not listed."""


def kept_runs() -> Runs:
    """The newest runs kept, and what is wrong with the files that are none."""
    from eval.running.kept import kept

    folder = runs_folder(None)
    found = kept(folder)
    listed: list[Run] = []
    faults: list[str] = []
    for path in found[:LISTED]:
        try:
            listed.append(_run(path, _state(path)))
        except InputError as error:
            faults.append(str(error))
    newest_first = sorted(listed, key=lambda run: run.moment, reverse=True)
    return Runs(folder, tuple(newest_first), tuple(faults), max(0, len(found) - LISTED))


def kept_run(name: str) -> Run:
    """The run of that name in short; errors are those of ``kept_report``."""
    path = _path(name)
    return _run(path, _state(path))


def kept_report(name: str) -> Report:
    """The report of that name.

    Raises:
        InputError: its file cannot be read.
        UsageError: none is kept by that name, which may be anything.
    """
    from eval.running.saved import read_report

    return read_report(_path(name))


def _path(name: str) -> Path:
    """Looked up among the files that are there: a name is never made part of a path."""
    from eval.running.kept import kept

    for path in kept(runs_folder(None)):
        if path.stem == name:
            return path
    raise UsageError(f"No run '{name[:100]}' is kept; choose one that is in the list.")


@lru_cache(maxsize=4 * LISTED)
def _run(path: Path, _: tuple[int, int]) -> Run:
    """The run in a file in the state given."""
    from eval.report import mean
    from eval.reports.figures import when
    from eval.reports.listing import MAIN
    from eval.running.saved import read_report

    report = read_report(path)
    return Run(
        name=path.stem,
        suite=report.suite,
        version=report.version,
        answered=", ".join(report.models) or "no answer",
        started=when(report),
        moment=report.started or "",
        cases=len(report.outcomes),
        failed=len(report.failed),
        means={name: mean(report.outcomes, name) for name in MAIN},
    )


def _state(path: Path) -> tuple[int, int]:
    """What differs once a file was written again."""
    try:
        found = path.stat()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); list the runs again.") from None
    return found.st_mtime_ns, found.st_size
