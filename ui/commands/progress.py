"""How far an ingest or a summary is: a bar on a terminal; elsewhere now and then a line, or only what is planned."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TextIO

from rag.records import IngestReport
from rag.summary import Progress, Watch
from ui.text.plan import planned

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""

Show = Callable[[IngestReport], None]


@contextmanager
def progress(paths: Sequence[str]) -> Iterator[Show]:
    """What is to be called with the report so far."""
    from rag.intake.sources import expected

    counts = [expected(path) for path in paths]
    total = sum(count for count in counts if count is not None) if None not in counts else None
    if not sys.stderr.isatty():
        yield Lines(total, sys.stderr)
        return
    from tqdm import tqdm

    with tqdm(total=total, unit=" articles", file=sys.stderr, leave=False, dynamic_ncols=True) as bar:

        def show(report: IngestReport) -> None:
            bar.set_postfix_str(_counts(report), refresh=False)
            bar.update(done(report) - bar.n)

        yield show


@contextmanager
def summary_progress() -> Iterator[Watch]:
    """What is to be called with how far a model's summary has come; tells what is planned before the first call."""
    with ExitStack() as ending:
        bars: list[Any] = []

        def watch(progress: Progress) -> None:
            if not progress.done:
                print(f"groundwire: {planned(progress.plan)}", file=sys.stderr, flush=True)
                if sys.stderr.isatty():
                    bars.append(ending.enter_context(_calls(progress.plan.calls)))
            for bar in bars:
                bar.total = max(bar.total, progress.done)  # corrections are not planned
                bar.update(progress.done - bar.n)

        yield watch


@dataclass(slots=True)
class Lines:
    """A plain line every ``EVERY`` seconds, none for what is done sooner."""

    total: int | None
    out: TextIO
    clock: Callable[[], float] = time.monotonic
    began: float = field(init=False)
    told: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.told = self.clock()

    def __call__(self, report: IngestReport) -> None:
        now = self.clock()
        if now - self.told < EVERY:
            return
        self.told = now
        print(line(report, self.total, now - self.began), file=self.out, flush=True)


def line(report: IngestReport, total: int | None, seconds: float) -> str:
    """The report so far, the rate, and the time left where the whole is known."""
    rate = done(report) / seconds if seconds else 0.0
    share = f"{done(report):,} of {total:,} articles" if total else f"{done(report):,} articles"
    left = f", {max(0.0, (total - done(report)) / rate):.0f} s left" if total and rate else ""
    return f"{share}: {_counts(report)}, {rate:.1f}/s{left}"


def done(report: IngestReport) -> int:
    """Articles dealt with, whatever became of them."""
    return report.added + report.updated + report.skipped + len(report.failed)


def _calls(total: int) -> Any:
    from tqdm import tqdm

    return tqdm(total=total, unit=" calls", file=sys.stderr, leave=False, dynamic_ncols=True)


def _counts(report: IngestReport) -> str:
    return (
        f"{report.added:,} added, {report.updated:,} updated, {report.skipped:,} unchanged,"
        f" {len(report.failed):,} failed"
    )
