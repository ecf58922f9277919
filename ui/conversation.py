"""One conversation: each question with its answer, or with the one line that says why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rag.errors import GroundwireError, UnknownArticle, UsageError
from rag.records import Answer, Article, Turn
from rag.stream import AnswerStream, Done, Event, Stated
from ui.blocks import Result

if TYPE_CHECKING:
    from rag import Archive

LONGEST_QUESTION = 4_000
_TURNS_REMEMBERED = 6


@dataclass(frozen=True, slots=True)
class Sources:
    """The articles behind one result; one that is no longer in the archive is missing."""

    quoted: Mapping[tuple[str, int], Article]
    """By id and revision."""
    carriers: Mapping[str, Article]
    """By id: near-copies of a quoted article."""
    revised: frozenset[tuple[str, int]] = frozenset()
    """Those of the quoted that a newer revision has taken the place of."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it: an answer, an error's message, or neither while it is awaited."""

    question: str
    answer: Answer | None = None
    error: str | None = None
    written: Answer | None = None
    """What is certain of an answer that is still being written."""
    key: str = ""
    """By which it is stopped while it is."""

    @property
    def awaited(self) -> bool:
        return self.answer is None and self.error is None


def replies(
    archive: Archive,
    question: str,
    earlier: Sequence[Exchange],
    *,
    model: str | None = None,
    begun: Callable[[AnswerStream], None] = lambda stream: None,
) -> Iterator[Exchange]:
    """The exchange as it grows, whole at last; an error becomes its message. ``begun`` gets what can be stopped."""
    exchange = Exchange(question[:LONGEST_QUESTION])
    try:
        with archive.ask_stream(checked(question), history=history(earlier), model=model) as stream:
            begun(stream)
            for event in stream:
                exchange = _grown(exchange, event)
                yield exchange
    except GroundwireError as error:
        yield replace(exchange, error=str(error))
        return
    if exchange.awaited:
        yield replace(exchange, error="Stopped before any sentence was written.")


def _grown(exchange: Exchange, event: Event) -> Exchange:
    match event:
        case Done():
            return replace(exchange, answer=event.answer, written=None)
        case Stated():
            before = exchange.written or Answer(exchange.question, "", datetime.now(UTC), None)
            known = {one.number: one for one in [*before.citations, *event.citations]}
            statements = (*before.statements, event.statement)
            return replace(exchange, written=replace(before, statements=statements, citations=tuple(known.values())))
        case _:
            return exchange


def checked(question: str) -> str:
    """The question without outer space; raises UsageError where there is none or it is too long."""
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(question):,} characters; the limit is {LONGEST_QUESTION:,}. Shorten it."
        )
    # A browser can send half a surrogate pair, which nothing further down can encode.
    asked = question.encode("utf-8", "replace").decode().strip()
    if not asked:
        raise UsageError("The question is empty. Type one and press Enter.")
    return asked


def history(earlier: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The last answered exchanges, as the archive takes them; refusals said nothing to follow up on."""
    answered = [one for one in earlier if one.answer and not one.answer.refusal]
    return tuple(Turn(one.question, one.answer.text) for one in answered[-_TURNS_REMEMBERED:] if one.answer)


def sources(archive: Archive, result: Result) -> Sources:
    """The articles a result cites, in the revision it cites, and those that carried the same report."""
    standing = {(one.article_id, one.revision): archive.standing(one) for one in result.citations}
    copies = {copy for one in result.citations for copy in one.also}
    quoted = sorted(key for key, became in standing.items() if became != "source removed")
    revisions = {key: _article(archive, *key) for key in quoted}
    carriers = {copy: _article(archive, copy) for copy in sorted(copies)}
    return Sources(
        {key: article for key, article in revisions.items() if article},
        {copy: article for copy, article in carriers.items() if article},
        frozenset(key for key in quoted if standing[key] == "revised"),
    )


def suggestions(articles: Sequence[Article], *, count: int = 4) -> tuple[str, ...]:
    """First questions about the newest articles, one for each outlet before a second of any."""
    newest = sorted(articles, key=lambda article: (-_epoch(article), article.id))
    leading = {outlet: article.id for article in reversed(newest) for outlet in [article.source]}
    ordered = sorted(newest, key=lambda article: leading[article.source] != article.id)
    return tuple(f"What is known about “{article.title}”?" for article in ordered[:count])


def _epoch(article: Article) -> float:
    return article.published_at.timestamp() if article.published_at else float("-inf")


def _article(archive: Archive, article_id: str, revision: int | None = None) -> Article | None:
    try:
        return archive.article(article_id, revision=revision)
    except UnknownArticle:
        return None
