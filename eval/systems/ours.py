"""Our own system: the same ``Archive.ask`` and ``Archive.summarize`` that users call."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from eval.cases import Case
from eval.scores import Output
from rag.options import Limits

if TYPE_CHECKING:
    from rag import Archive


def answer(archive: Archive, case: Case, *, model: str | None, as_of: datetime) -> Output:
    """The archive's output for a case; ``as_of`` is when it is asked where the case does not say."""
    limits: Limits = {"since": case.since, "until": case.until, "source": case.outlet}
    moment = case.as_of or as_of
    if case.summarize is None:
        return archive.ask(case.question, history=case.history, as_of=moment, model=model, **limits)
    asked = case.summarize
    return archive.summarize(
        asked.articles,
        query=asked.query,
        story=asked.story,
        style=asked.style,
        sentences=asked.sentences,
        words=asked.words,
        as_of=moment,
        model=model,
        **limits,
    )
