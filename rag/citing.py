"""Sentences, written or extracted -> statements tied to spans, numbered and checked."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rag import markers, passages
from rag.records import Article, Citation, Hit, Problem, Refusal, Span, Statement, Usage
from rag.verify import Check, Source, verify
from rag.words import stems

_ORDER = ("unsupported", "weak", "supported")
_DATELINE = re.compile(r"([^\W\d_]{3,})[^\n—–]{0,50}? (?:—|–|--?) ")
"""KORVAN, Orlavia, Sept. 2 — """
_DANGLES = re.compile(
    r"(?:(?:and|but|so|or|yet|still|then|also|however|meanwhile|instead|later|earlier|afterwards|in addition"
    r"|additionally|moreover),?\s+)?"
    r"(?:(?:he|she|it|they|his|her|its|their|hers|theirs|both|neither|either|the (?:former|latter|pair|two))\b"
    r"|(?:this|that|these|those|such)\s+(?:is|was|were|are|will|would|has|have|had|came|comes|means|marks?|marked"
    r"|moves?|decisions?|figures?|steps?|plans?|measures?|numbers?|sums?|a)\b"
    r"|the (?:move|decision|announcement|figure|measure|statement|incident|suspect|victim)s?\b)",
    re.IGNORECASE,
)
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


@dataclass(frozen=True, slots=True)
class Reply:
    """What a language model wrote."""

    text: str
    usage: Usage | None


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
            self._numbered[key] = Citation(
                number=len(self._numbered) + 1,
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
        return self._numbered[key].number

    def all(self) -> tuple[Citation, ...]:
        """Every citation so far, by number."""
        return tuple(self._numbered.values())


def extract(pieces: Sequence[Piece]) -> Draft:
    """Sentences of articles as statements that cite themselves, each widened until it can be understood alone."""
    widened = [Piece(piece.article, understandable(piece.article, piece.span), piece.also) for piece in pieces]
    began = time.perf_counter()
    checked = [
        Checked(" ".join(piece.quote.split()), (piece,), verify(piece.quote, [piece.evidence]))
        for piece in _without_repeats(widened)
    ]
    return draft(checked, seconds=time.perf_counter() - began)


def _without_repeats(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that do not lie within another one."""
    kept: list[Piece] = []
    for piece in pieces:
        inside = [other for other in pieces if other is not piece and piece.article.id == other.article.id]
        if piece not in kept and not any(piece.span in other.span and piece.span != other.span for other in inside):
            kept.append(piece)
    return kept


def check_reply(reply: Reply, passed: Sequence[Passed]) -> Draft:
    """A reply's sentences, each tied to the words of the passages it cites and checked against them."""
    began = time.perf_counter()
    checked = checked_reply(reply, passed)
    return draft(checked, usage=reply.usage, seconds=time.perf_counter() - began)


def draft(checked: Sequence[Checked], *, seconds: float, usage: Usage | None = None) -> Draft:
    """Checked sentences with numbered citations, those of shown statements first; a refusal if none is shown."""
    citations = Citations()
    shown = [one for one in checked if one.check.verdict != "unsupported"]
    rejected = [one for one in checked if one.check.verdict == "unsupported"]
    return Draft(
        tuple(_statement(one, citations) for one in shown),
        tuple(_statement(one, citations) for one in rejected),
        citations.all(),
        None if shown else _nothing_holds(),
        usage,
        seconds,
    )


def _nothing_holds() -> Refusal:
    message = "Nothing the model wrote could be checked against the articles, so none of it is shown as an answer."
    return Refusal("unverified", message)


def checked_reply(reply: Reply, passed: Sequence[Passed]) -> list[Checked]:
    """A reply's sentences in order, each with what it cites and its verdict."""
    return [_check(marked, passed) for marked in dict.fromkeys(markers.read(reply.text))]


def understandable(article: Article, span: Span) -> Span:
    """The sentence, with those before it while the first words point back; without an agency's dateline."""
    before = [other for other in passages.sentences(article.text, article.language) if other.end <= span.start]
    start = span.start
    for other in before[: -_FURTHEST - 1 : -1]:
        if not _points_back(article.text[start : span.end]):
            break
        start = other.start
    return Span(_without_dateline(article, Span(start, span.end)).start, span.end)


def _points_back(text: str) -> bool:
    return _DANGLES.match(text.lstrip("“\"'‘ ")) is not None


def _without_dateline(article: Article, span: Span) -> Span:
    dateline = _DATELINE.match(article.text, span.start, span.end)
    return Span(dateline.end(), span.end) if dateline and dateline.group(1).isupper() else span


def _check(marked: markers.Marked, passed: Sequence[Passed]) -> Checked:
    known = [passed[number - 1] for number in marked.numbers if 1 <= number <= len(passed)]
    invented = [number for number in marked.numbers if not 1 <= number <= len(passed)]
    if not known or invented:
        return Checked(marked.text, (), Check("unsupported", (_no_such_citation(invented),)))
    tried = []
    for cited in _ever_wider(marked.text, known):
        sources = [piece.evidence for piece in cited] + _outlets(cited)
        tried.append(Checked(marked.text, cited, verify(marked.text, sources)))
        if tried[-1].check.verdict == "supported":
            break
    return max(tried, key=lambda one: _ORDER.index(one.check.verdict))


def _outlets(cited: Sequence[Piece]) -> list[Source]:
    """Who reported it may be said without standing in the text; when it was published is no date of an event."""
    return [Source(piece.article.source) for piece in cited if piece.article.source]


def _ever_wider(text: str, known: Sequence[Passed]) -> list[tuple[Piece, ...]]:
    """What to cite of the passages: the best sentence of each, that and its neighbours, all of it."""
    levels = [_levels(set(stems(text)), one) for one in known]
    return [tuple(level[width] for level in levels) for width in range(3)]


def _levels(wanted: set[str], one: Passed) -> list[Piece]:
    start = one.hit.start
    spans = passages.sentences(one.hit.text, one.article.language) or [Span(0, len(one.hit.text))]
    shared = [len(wanted & set(stems(one.hit.text[span.start : span.end]))) for span in spans]
    best = max(range(len(spans)), key=lambda index: (shared[index], -index))
    low, high = max(0, best - 1), min(len(spans) - 1, best + 1)
    widths = [
        Span(start + spans[best].start, start + spans[best].end),
        Span(start + spans[low].start, start + spans[high].end),
        Span(one.hit.start, one.hit.end),
    ]
    return [Piece(one.article, span, one.also) for span in widths]


def _no_such_citation(invented: Sequence[int]) -> Problem:
    if not invented:
        return Problem("citation", "", "The sentence cites no passage.")
    found = "".join(f"[{number}]" for number in invented)
    return Problem("citation", found, f"There is no passage {found}.")


def _statement(one: Checked, citations: Citations) -> Statement:
    numbers = tuple(dict.fromkeys(citations.number(piece) for piece in one.cited))
    return Statement(one.text, numbers, one.check.verdict, one.check.problems)
