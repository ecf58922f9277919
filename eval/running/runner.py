"""Runs a suite: every case put to a system, several at once, kept as it goes, scored, and reported."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from eval.cases import Case
from eval.contexts import with_contexts
from eval.provenance import provenance
from eval.report import Outcome, Report, Settings, cost, usages
from eval.running.calls import System, call
from eval.running.filling import filled
from eval.running.journal import Journal, JournalWriter
from eval.running.kept import keep
from eval.running.saved import texts_of
from eval.running.scoring import nulls, scored
from eval.scores import Context, Output, Score
from eval.suite import Suite, locate, select
from eval.systems import ours
from eval.systems.nulls import UNDATED
from rag.errors import UsageError
from rag.records import Article, Usage

if TYPE_CHECKING:
    from eval.judging.judge import Judge
    from rag import Archive
    from rag.chat_models.spending import Budget

_TEXTS = 1024
"""Article texts kept at hand; every scorer looks up each citation."""
JOBS = 4
"""Cases asked at once, unless told otherwise."""
TIMEOUT = 600.0
"""Seconds after which a case is given up, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come."""

    done: int
    total: int
    resumed: int
    """Of those done, the ones an earlier run had answered before it was broken off."""
    cost: float | None
    """US dollars so far; ``None`` where no model was asked, or a price is unknown."""

    @property
    def besides(self) -> list[str]:
        """What is to be said beside the count: cases of an earlier try, and the cost so far."""
        told = [f"{self.resumed:,} from before"] if self.resumed else []
        if self.cost is not None:
            told.append("under $0.01 so far" if 0 < self.cost < 0.01 else f"${self.cost:.2f} so far")
        return told


Watch = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Running:
    """How a run goes about it; none of this is part of what makes it the same run."""

    jobs: int = JOBS
    timeout: float | None = TIMEOUT
    runs: Path | None = None
    """Where an unfinished run is kept; nowhere, unless given."""
    progress: Watch | None = None
    archive: str | Path | None = None
    """Folder of the archive of the suite's articles; a temporary one, unless given."""
    cache: str | Path | None = None
    """Folder where a model's replies are kept."""
    budget: Budget | None = None
    """What the archive's models may spend, and whoever shares it, such as a judge."""
    opened: Callable[[Archive], None] | None = None
    """Is told of the archive before it is asked."""
    kept: Callable[[Path], None] | None = None
    """Is told the file that a finished run was kept in."""
    system_digest: str | None = None
    """Tells one state of another system's program from the next, so that an unfinished run of the former is left."""


Opener = Callable[[Sequence[Article]], System]
"""Makes a system of the suite's articles."""


def run(
    suite: Suite,
    settings: Settings | None = None,
    running: Running | None = None,
    *,
    opener: Opener | None = None,
    judge: Judge | None = None,
) -> Report:
    """The report of a suite put to an archive of its own articles, or to another system made of them.

    Raises:
        InputError: an article cannot be read, or gold is not in it.
        UsageError: no case carries a tag, or the archive given holds other articles.
    """
    settings, running = settings or Settings(), running or Running()
    selected = replace(suite, cases=select(suite.cases, tags=settings.tags, limit=settings.limit))
    identity = {
        "suite": suite.digest,
        "settings": asdict(settings),
        "provenance": asdict(provenance()),
        "system": running.system_digest,
    }
    with contextlib.ExitStack() as stack:
        journal = stack.enter_context(Journal(running.runs, identity)) if running.runs else None
        if journal and running.budget:
            running.budget.settle(0.0, Usage(0, 0, journal.spent()))
        archive = stack.enter_context(_opened(running, settings))
        articles = filled(archive, suite)
        located = locate(selected, articles)
        context = Context(lru_cache(maxsize=_TEXTS)(lambda id, revision: archive.article(id, revision=revision).text))
        before = journal.outcomes(context) if journal else {}
        if opener is None:
            if running.opened:
                running.opened(archive)
            system: System = partial(ours.answer, archive, model=settings.model, as_of=last_day(articles))
        else:
            system = opener(tuple(articles))
        with journal.writing(running.budget) if journal else contextlib.nullcontext() as writer:
            report = evaluate(
                located,
                system=system,
                context=context,
                settings=settings,
                running=running,
                before=before,
                journal=writer,
                judge=judge,
            )
        if journal and running.runs:
            path = keep(report, running.runs)
            journal.discard()
            if running.kept:
                running.kept(path)
        return report


def evaluate(
    suite: Suite,
    *,
    system: System,
    context: Context,
    settings: Settings,
    running: Running | None = None,
    before: Mapping[str, Outcome] | None = None,
    journal: JournalWriter | None = None,
    judge: Judge | None = None,
) -> Report:
    """The report of any system on a suite whose gold is located; a case that raises is recorded, the rest goes on."""
    running, started = running or Running(), datetime.now(UTC).isoformat(timespec="milliseconds")
    ask = partial(_outcome, system, context, judge, running.timeout)
    outcomes = _outcomes(suite.cases, ask, running, before, journal, judge)
    context = with_contexts(context, [outcome.output for outcome in outcomes if outcome.output])
    texts = texts_of(outcomes, context)
    return Report(
        suite=suite.name,
        version=suite.version,
        digest=suite.digest,
        settings=settings,
        provenance=provenance(),
        outcomes=outcomes,
        texts=texts,
        nulls=nulls(outcomes, context, sorted(texts), settings.seed),
        judging=judge.over(outcomes) if judge else None,
        started=started,
    )


def last_day(articles: Sequence[Article]) -> datetime:
    """When undated questions are asked: with the newest article, not now, so that runs repeat."""
    return max((article.published_at for article in articles if article.published_at), default=UNDATED)


def _outcomes(
    cases: Sequence[Case],
    ask: Callable[[Case, Event], Outcome],
    running: Running,
    before: Mapping[str, Outcome] | None,
    journal: JournalWriter | None,
    judge: Judge | None,
) -> tuple[Outcome, ...]:
    """Every case's outcome in the suite's order, whatever the order they come in."""
    found = {case.id: before[case.id] for case in cases if before and case.id in before}
    resumed, total = len(found), len(cases)

    def told() -> None:
        if running.progress:
            running.progress(Progress(len(found), total, resumed, _cost(found.values(), judge)))

    told()

    stop = Event()

    def kept(case: Case) -> Outcome:
        """Asked, and on disk before this thread asks the next."""
        outcome = ask(case, stop)
        if journal:
            journal.add(outcome)
        return outcome

    with _pool(running.jobs, stop) as pool:
        futures = [pool.submit(kept, case) for case in cases if case.id not in found]
        for outcome in _finished(futures):
            found[outcome.case.id] = outcome
            told()
    return tuple(found[case.id] for case in cases)


@contextlib.contextmanager
def _pool(jobs: int, stop: Event) -> Iterator[ThreadPoolExecutor]:
    """A pool that on a fault or an interrupt begins nothing more, and waits for nothing that hangs."""
    if jobs < 1:
        raise UsageError(f"jobs is {jobs}; it counts the cases asked at once and must be at least 1.")
    pool = ThreadPoolExecutor(jobs, thread_name_prefix="eval")
    try:
        yield pool
    except BaseException:
        stop.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _finished(futures: Iterable[Future[Outcome]]) -> Iterator[Outcome]:
    for future in as_completed(futures):
        yield future.result()


def _outcome(
    system: System, context: Context, judge: Judge | None, timeout: float | None, case: Case, stop: Event
) -> Outcome:
    output, error = call(system, case, timeout=timeout, stop=stop)
    context = with_contexts(context, [output] if output else [])
    return Outcome(case, output, error, scored(case, output, context) | _judged(judge, case, output, context))


def _judged(judge: Judge | None, case: Case, output: Output | None, context: Context) -> dict[str, Score]:
    if judge is None or output is None:
        return {}
    return judge.scores(case, output, context)


def _cost(outcomes: Iterable[Outcome], judge: Judge | None) -> float | None:
    return cost([*usages(outcomes), *([judge.spent] if judge else [])])


@contextlib.contextmanager
def _opened(running: Running, settings: Settings) -> Iterator[Archive]:
    from rag import Archive

    with contextlib.ExitStack() as stack:
        folder = running.archive or stack.enter_context(tempfile.TemporaryDirectory(prefix="groundwire-eval-"))
        opened = Archive.open(folder, model=settings.model, cache=running.cache, max_cost=running.budget)
        yield stack.enter_context(opened)
