"""Runs a suite through the same ``Archive.ask`` that users call, and scores what comes back."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.cases import Case
from eval.provenance import provenance
from eval.report import Outcome, Report, Settings
from eval.scorers import SCORERS, Context, Score
from eval.suite import Suite, article_files, locate, select
from rag.errors import GroundwireError, InputError, UnknownArticle, UsageError
from rag.records import Answer, Article

if TYPE_CHECKING:
    from rag import Archive

System = Callable[[Case], Answer]
Progress = Callable[[int, int], None]
"""Told how many cases are done, and of how many."""

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""When questions are asked of a suite that has no dates at all: any fixed moment, so that runs repeat."""


def run(
    suite: Suite,
    *,
    model: str | None = None,
    archive_dir: str | Path | None = None,
    tags: Iterable[str] = (),
    limit: int | None = None,
    seed: int = 0,
    cache: str | Path | None = None,
    max_cost: float | None = None,
    opened: Callable[[Archive], None] | None = None,
    progress: Progress | None = None,
) -> Report:
    """The report of a suite asked of an archive of its own articles, a temporary one unless a folder is given.

    ``cache`` and ``max_cost`` are those of ``Archive.open``; ``opened`` is told of the archive before it is asked.
    """
    settings = Settings(model=model, tags=tuple(tags), limit=limit, seed=seed)
    selected = replace(suite, cases=select(suite.cases, tags=settings.tags, limit=limit))
    with _opened(archive_dir, model=model, cache=cache, max_cost=max_cost) as archive:
        if opened:
            opened(archive)
        articles = _filled(archive, suite)
        located = locate(selected, articles)
        system = _asking(archive, model=model, as_of=_last_day(articles))
        context = Context(lambda article_id, revision: archive.article(article_id, revision=revision).text)
        return evaluate(located, system=system, context=context, settings=settings, progress=progress)


def evaluate(
    suite: Suite, *, system: System, context: Context, settings: Settings, progress: Progress | None = None
) -> Report:
    """The report of any system on a suite whose gold is located; a case that raises is recorded, the rest goes on."""
    outcomes = []
    for case in suite.cases:
        outcomes.append(_outcome(case, system, context))
        if progress:
            progress(len(outcomes), len(suite.cases))
    return Report(
        suite=suite.name,
        version=suite.version,
        digest=suite.digest,
        settings=settings,
        provenance=provenance(),
        outcomes=tuple(outcomes),
        texts=_texts(outcomes, context),
    )


def rescore(report: Report) -> Report:
    """The same outputs under the scorers of today; nothing is asked again."""
    context = Context(_recalled(report))
    scores = (_scores(outcome.case, outcome.answer, context) for outcome in report.outcomes)
    outcomes = map(lambda outcome, new: replace(outcome, scores=new), report.outcomes, scores)
    return replace(report, outcomes=tuple(outcomes))


def _outcome(case: Case, system: System, context: Context) -> Outcome:
    answer, error = None, None
    try:
        answer = system(case)
        if not isinstance(answer, Answer):
            answer, error = None, f"returned {type(answer).__name__} instead of an Answer"
    except GroundwireError as raised:
        error = _line(str(raised))
    except Exception as raised:  # a suite is not stopped by one case; the report names what it raised
        error = f"{type(raised).__name__}: {_line(str(raised))}"
    return Outcome(case, answer, error, _scores(case, answer, context))


def _scores(case: Case, answer: Answer | None, context: Context) -> dict[str, Score]:
    if answer is None:
        return dict.fromkeys(SCORERS, Score(None, "failed"))
    return {name: scorer(case, answer, context) for name, scorer in SCORERS.items()}


def _line(message: str) -> str:
    return " ".join(message.split())[:500] or "no message"


@contextlib.contextmanager
def _opened(archive_dir: str | Path | None, **chosen: Any) -> Iterator[Archive]:
    from rag import Archive

    with contextlib.ExitStack() as stack:
        folder = archive_dir or stack.enter_context(tempfile.TemporaryDirectory(prefix="groundwire-eval-"))
        yield stack.enter_context(Archive.open(folder, **chosen))


def _filled(archive: Archive, suite: Suite) -> list[Article]:
    taken = archive.ingest(article_files(suite.articles))
    if taken.failed:
        first = taken.failed[0]
        raise InputError(f"{first.path}: an article of suite '{suite.name}' cannot be read: {first.error}")
    articles = archive.articles()
    if len(articles) > taken.added + taken.updated + taken.skipped:
        raise UsageError("The archive holds other articles than the suite's; give an empty folder, or none.")
    return articles


def _last_day(articles: Sequence[Article]) -> datetime:
    """When undated questions are asked: with the newest article, not now, so that runs repeat."""
    return max((article.published_at for article in articles if article.published_at), default=UNDATED)


def _asking(archive: Archive, *, model: str | None, as_of: datetime) -> System:
    return lambda case: archive.ask(
        case.question,
        history=case.history,
        since=case.since,
        until=case.until,
        source=case.outlet,
        as_of=case.as_of or as_of,
        model=model,
    )


def _texts(outcomes: Iterable[Outcome], context: Context) -> dict[tuple[str, int], str]:
    answers = [outcome.answer for outcome in outcomes if outcome.answer]
    wanted = {(hit.article_id, hit.revision) for answer in answers for hit in answer.hits}
    wanted |= {(citation.article_id, citation.revision) for answer in answers for citation in answer.citations}
    texts = {}
    for key in sorted(wanted):
        with contextlib.suppress(UnknownArticle):  # a citation of nothing is scored as such
            texts[key] = context.article_text(*key)
    return texts


def _recalled(report: Report) -> Callable[[str, int], str]:
    def text(article_id: str, revision: int) -> str:
        if (article_id, revision) not in report.texts:
            raise UnknownArticle(f"The report holds no article '{article_id}' in revision {revision}.")
        return report.texts[article_id, revision]

    return text
