"""Sentences, written or extracted -> statements tied to spans, numbered and checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import passages
from rag.alone import points_back
from rag.orders import gives_orders
from rag.records import Article, Citation, Hit, Refusal, Span, Statement, Usage
from rag.verify import Check, Source, verify

_DATELINE = re.compile(r"([^\W\d_]{3,})[^\n—–]{0,50}? (?:—|–|--?) ")
"""KORVAN, Orlavia, Sept. 2 — """
_FURTHEST = 2
"""Sentences that are put before one whose first words point back, at most."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A hit with its article, as an answerer is given it."""

    hit: Hit
    article: Article
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article that can be cited."""

    article: Article
    span: Span
    also: tuple[str, ...] = ()

    @property
    def quote(self) -> str:
        """Its words, exactly."""
        return self.article.text[self.span.start : self.span.end]

    @property
    def evidence(self) -> Source:
        """As verification takes it."""
        return Source(self.quote, self.article.published_at)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence, what it cites, and the verdict."""

    text: str
    cited: tuple[Piece, ...]
    check: Check
    place: float = 0
    """Its place among the sentences written, from 0."""
    sources: int = 1
    """As in ``Statement``, and so the next two."""
    conflict: bool = False
    superseded: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """The written and checked part of an answer or summary."""

    statements: tuple[Statement, ...] = ()
    rejected: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    refusal: Refusal | None = None
    usage: Usage | None = None
    seconds: float = 0.0
    """Spent on checking."""


class Citations:
    """Numbers citations in order of first use; the same words are one citation."""

    def __init__(self) -> None:
        self._numbered: dict[tuple[str, int, Span], Citation] = {}

    def number(self, piece: Piece) -> int:
        """The number under which this piece of an article is cited."""
        article = piece.article
        key = (article.id, article.revision, piece.span)
        if key not in self._numbered:
            self._numbered[key] = citation(len(self._numbered) + 1, piece)
        return self._numbered[key].number

    def all(self) -> tuple[Citation, ...]:
        """Every citation so far, by number."""
        return tuple(self._numbered.values())


def citation(number: int, piece: Piece) -> Citation:
    """A piece of an article as a citation of that number."""
    article = piece.article
    return Citation(
        number=number,
        article_id=article.id,
        revision=article.revision,
        title=article.title,
        url=article.url,
        source=article.source,
        published_at=article.published_at,
        start=piece.span.start,
        end=piece.span.end,
        quote=piece.quote,
        also=piece.also,
    )


def extracted(pieces: Sequence[Piece]) -> list[Checked]:
    """Sentences of articles as statements that cite themselves, each widened until it can be understood alone."""
    widened = [Piece(piece.article, understandable(piece.article, piece.span), piece.also) for piece in pieces]
    return [
        Checked(" ".join(piece.quote.split()), (piece,), verify(piece.quote, [piece.evidence]), place)
        for place, piece in enumerate(_without_repeats(widened))
    ]


def _without_repeats(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that do not lie within another one."""
    kept: list[Piece] = []
    for piece in pieces:
        inside = [other for other in pieces if other is not piece and piece.article.id == other.article.id]
        if piece not in kept and not any(piece.span in other.span and piece.span != other.span for other in inside):
            kept.append(piece)
    return kept


def draft(checked: Sequence[Checked], *, seconds: float, usage: Usage | None = None) -> Draft:
    """Checked sentences with numbered citations, those of shown statements first; a refusal if none is shown."""
    citations = Citations()
    shown = [one for one in checked if one.check.verdict != "unsupported"]
    rejected = [one for one in checked if one.check.verdict == "unsupported"]
    return Draft(
        tuple(statement(one, citations) for one in shown),
        tuple(statement(one, citations) for one in rejected),
        citations.all(),
        None if shown else nothing_holds(),
        usage,
        seconds,
    )


def nothing_holds() -> Refusal:
    """That nothing of what was written may be shown."""
    message = "Nothing the model wrote could be checked against the articles, so none of it is shown as an answer."
    return Refusal("unverified", message)


def understandable(article: Article, span: Span) -> Span:
    """The sentence, with those before it while the first words point back; without an agency's dateline."""
    before = [other for other in passages.sentences(article.text, article.language) if other.end <= span.start]
    start = span.start
    for other in before[: -_FURTHEST - 1 : -1]:
        if not points_back(article.text[start : span.end]) or gives_orders(article.text[other.start : other.end]):
            break
        start = other.start
    return Span(without_dateline(article, Span(start, span.end)).start, span.end)


def without_dateline(article: Article, span: Span) -> Span:
    """The sentence without an agency's dateline, where it begins with one."""
    dateline = _DATELINE.match(article.text, span.start, span.end)
    return Span(dateline.end(), span.end) if dateline and dateline.group(1).isupper() else span


def statement(one: Checked, citations: Citations) -> Statement:
    """A checked sentence with the numbers of what it cites."""
    numbers = tuple(dict.fromkeys(citations.number(piece) for piece in one.cited))
    check = one.check
    return Statement(one.text, numbers, check.verdict, check.problems, one.sources, one.conflict, one.superseded)
