"""Null systems: outputs that need no understanding. A metric on which one does as well shows nothing by itself.

They are given what the system under test found for a case, so that they are as strong as a trick can be.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from eval.cases import Case
from eval.scores import Context, Output, fault, hits
from rag import passages
from rag.errors import UnknownArticle
from rag.records import Answer, Citation, Refusal, Span, Statement

UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_PASSAGE = 3
"""Sentences of a random passage."""

Place = tuple[str, int, Span]
"""A stretch of an article's revision."""
Null = Callable[[Case, Output | None, Context, Sequence[tuple[str, int]]], Answer]
"""From a case, the output of the system under test, and the articles that the run found, by id and revision."""


def empty(case: Case, output: Output | None, context: Context, articles: Sequence[tuple[str, int]]) -> Answer:
    """Says nothing, and does not refuse."""
    return _answer(case, "empty")


def refuse(case: Case, output: Output | None, context: Context, articles: Sequence[tuple[str, int]]) -> Answer:
    """Refuses always."""
    return Answer(case.question, "refuse", UNDATED, None, refusal=Refusal("not_answered", "There is no answer."))


def copy(case: Case, output: Output | None, context: Context, articles: Sequence[tuple[str, int]]) -> Answer:
    """Copies the first article found, whole, each sentence citing itself."""
    places = _found(output, context)[:1] or [(*article, Span(0, 0)) for article in articles[:1]]
    sentences = [place for id, revision, _ in places for place in _sentences(id, revision, context)]
    return _telling(case, "copy", [(place, (place,)) for place in sentences], context)


def cite_all(case: Case, output: Output | None, context: Context, articles: Sequence[tuple[str, int]]) -> Answer:
    """Tells the first sentence found, and cites every article found for it."""
    found = list({place[0]: place for place in reversed(_found(output, context))}.values())[::-1]
    first = [
        place for id, revision, span in found[:1] for place in _sentences(id, revision, context, within=span)[:1]
    ]
    return _telling(case, "cite_all", [(place, (place, *found)) for place in first], context)


def chance(case: Case, output: Output | None, context: Context, articles: Sequence[tuple[str, int]]) -> Answer:
    """Tells a passage of any article, chosen by lot; the same for the same case."""
    if not articles:
        return _answer(case, "chance")
    lot = random.Random(case.id)  # noqa: S311  no secret hangs on it
    sentences = _sentences(*lot.choice(articles), context)
    start = lot.randrange(max(1, len(sentences) - _PASSAGE + 1))
    return _telling(case, "chance", [(place, (place,)) for place in sentences[start : start + _PASSAGE]], context)


NULLS: dict[str, Null] = {null.__name__: null for null in (empty, refuse, copy, cite_all, chance)}


def _found(output: Output | None, context: Context) -> list[Place]:
    """The passages found, or cited where none is told, in order; a citation of an unknown article finds nothing."""
    if output is None:
        return []
    found = [(hit.article_id, hit.revision, Span(hit.start, hit.end)) for hit in hits(output)]
    verbatim = [one for one in output.citations if fault(one, context) is None]
    return found or [(one.article_id, one.revision, Span(one.start, one.end)) for one in verbatim]


def _sentences(id: str, revision: int, context: Context, *, within: Span | None = None) -> list[Place]:
    try:
        text = context.article_text(id, revision)
    except UnknownArticle:
        return []
    return [(id, revision, span) for span in _spans(text) if within is None or span in within]


@lru_cache(maxsize=512)
def _spans(text: str) -> tuple[Span, ...]:
    return tuple(passages.sentences(text, None))


def _telling(case: Case, name: str, told: Sequence[tuple[Place, tuple[Place, ...]]], context: Context) -> Answer:
    """An answer of sentences of articles, each with what it cites; being verbatim, they are supported."""
    numbers: dict[Place, int] = {}
    statements = []
    for place, places in told:
        cited = tuple(dict.fromkeys(numbers.setdefault(one, len(numbers) + 1) for one in places))
        statements.append(Statement(" ".join(_quote(place, context).split()), cited, "supported"))
    citations = tuple(
        Citation(
            number, place[0], place[1], "", None, None, None, place[2].start, place[2].end, _quote(place, context)
        )
        for place, number in numbers.items()
    )
    return _answer(case, name, tuple(statements), citations)


def _quote(place: Place, context: Context) -> str:
    id, revision, span = place
    return context.article_text(id, revision)[span.start : span.end]


def _answer(
    case: Case, name: str, statements: tuple[Statement, ...] = (), citations: tuple[Citation, ...] = ()
) -> Answer:
    return Answer(case.question, name, UNDATED, None, statements=statements, citations=citations)
