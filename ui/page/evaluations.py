"""What the page does when its reader looks at evaluation runs or wants one: plain functions, nothing of Gradio."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from rag.errors import GroundwireError, Stopped, UsageError
from rag.settings import runs_folder
from ui.html.evaluation import (
    broken_html,
    comparison_html,
    kept_html,
    named_html,
    progress_html,
    report_html,
    runs_html,
    stopped_html,
    stopping_html,
    told_html,
)
from ui.html.markup import error_html
from ui.kept.runs import kept_report, kept_run, kept_runs
from ui.page.making import Making

if TYPE_CHECKING:
    from pathlib import Path

    from eval.comparison import Comparison
    from eval.running.runner import Progress
    from rag import Archive

BESIDE = 12
"""Other runs of its suite that a report draws beside its own, the newest; each takes about a tenth of a second."""
FAILED = "Something went wrong with the evaluation. The server's terminal has the details; try again."
_STOPPED = "Stopped."


@dataclass(frozen=True, slots=True)
class Looking:
    """Which run's report is shown, and which earlier run it is compared with, by name."""

    run: str | None = None
    against: str | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """What the page holds of a run of its own."""

    key: str = ""
    """By which it is stopped while it goes on."""
    kept: str = ""
    """The name it was kept by, once it is done."""


Seen = tuple[Looking, str, str]
"""What is looked at, the list of runs as HTML, and what is shown of the run chosen."""


@dataclass(frozen=True, slots=True)
class Evaluations:
    """The kept runs, and runs of the shipped suites; what is looked at is passed in and handed back."""

    archive: Archive
    model: str | None = None
    cache: str | Path | None = None
    max_cost: float | None = None
    """The last two are those of ``Archive.open``, for each run by itself."""
    limit: int | None = None
    """Cases of a suite that are run, the first; all, unless given."""
    _making: dict[str, Making[Progress, str]] = field(default_factory=dict)

    def suites(self) -> list[str]:
        """The names of the suites that can be run."""
        from eval.suite import shipped

        return list(shipped())

    def told(self) -> str:
        """Who answers a run, and what that sends where, as HTML."""
        try:
            return told_html(self.archive.described(self.model))
        except GroundwireError as error:
            return error_html(str(error))

    def seen(self, looking: Looking) -> Seen:
        """The runs as they are kept now, and what is looked at."""
        try:
            shown = _shown(looking) + named_html(looking.run, looking.against)
        except GroundwireError as error:
            shown = error_html(str(error))
        return looking, runs_html(kept_runs(), looking.run, looking.against), shown

    def report(self, name: object) -> Seen:
        """The report of a run; the name comes from the browser and may be anything."""
        return self.seen(Looking(str(name)))

    def compare(self, name: object, looking: Looking) -> Seen:
        """The run looked at and another, whichever is later against the earlier."""
        return self.seen(replace(looking, against=str(name)) if looking.run else Looking(str(name)))

    def document(self, name: str, other: str | None = None) -> str:
        """A run's report as one HTML page, or its comparison with an earlier run.

        Raises:
            InputError: a report cannot be read.
            UsageError: no run of that name is kept, or the two are of different suites.
        """
        from eval.reports.html import compared_html, html

        if other is not None:
            return compared_html(_compared(name, other))
        report = kept_report(name)
        others = [run.name for run in kept_runs().listed if run.suite == report.suite and run.name != name]
        return html(report, earlier=[kept_report(other) for other in others[:BESIDE]])

    def run(self, suite: object) -> Iterator[tuple[Ran, str]]:
        """A suite put to an archive of its own articles: how far it has come, and last what it was kept by."""
        key = uuid4().hex
        yield Ran(key), progress_html(None)
        try:
            self._making[key] = making = Making(partial(self._run, str(suite)), stopped=_STOPPED)
            for step in making.steps():
                yield (Ran(kept=step), kept_html(step)) if isinstance(step, str) else (Ran(key), progress_html(step))
        except Stopped:
            yield Ran(), stopped_html()
        except GroundwireError as error:
            yield Ran(), error_html(str(error))
        finally:
            self._making.pop(key, None)

    def stop(self, ran: Ran) -> str:
        """Ask no further case; what is said until those that are asked have answered."""
        if making := self._making.get(ran.key):
            making.end()
            return stopping_html()
        return stopped_html()

    def broken(self) -> str:
        """What is said once a page is there again that awaited a run."""
        return broken_html()

    def end(self) -> None:
        """Break off all runs; what was answered of them is kept."""
        for making in list(self._making.values()):
            making.stop()

    def ended(self, ran: Ran, looking: Looking) -> Seen:
        """After a run: its report where it was kept, else what was looked at before."""
        return self.seen(Looking(ran.kept) if ran.kept else looking)

    def _run(self, suite: str, watch: Callable[[Progress], None]) -> str:
        """The name that the finished run is kept by."""
        from eval.report import Settings
        from eval.running.runner import Running, run
        from eval.suite import load_suite
        from rag.chat_models.spending import Budget

        if suite not in self.suites():
            raise UsageError(f"No suite '{suite[:100]}' is shipped; choose one of: {', '.join(self.suites())}.")
        kept: list[Path] = []
        settings = Settings(model=self.model or self.archive.model, limit=self.limit)
        running = Running(
            runs=runs_folder(None),
            progress=watch,
            cache=self.cache,
            budget=Budget(self.max_cost),
            opened=_check_model,
            kept=kept.append,
        )
        run(load_suite(suite), settings, running)
        return kept[0].stem


def _check_model(archive: Archive) -> None:
    """One that is unknown or has no key is said at once, not with every case."""
    archive.described()


def _shown(looking: Looking) -> str:
    """What is looked at, as HTML; nothing at first."""
    if looking.run is None:
        return ""
    run = kept_run(looking.run)
    if looking.against is None:
        return report_html(run)
    earlier, later = sorted((kept_run(looking.against), run), key=lambda one: one.moment)
    # That they cannot be compared is said on the page, not in the frame.
    _compared(later.name, earlier.name)
    return comparison_html(later, earlier)


def _compared(name: str, earlier: str) -> Comparison:
    from eval.comparison import compare

    return compare(kept_report(earlier), kept_report(name))
