"""Chosen sentences -> statements that cite themselves, checked like all others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rag.citing import Checked, Piece
from rag.records import Article, Span
from rag.summaries.choosing.selecting import Pool, runs
from rag.summaries.choosing.sentences import Sentence
from rag.verify import verify

Carriers = Callable[[str], tuple[str, ...]]


def told(pool: Pool, carriers: Carriers) -> list[Checked]:
    """What a pool's chosen sentences tell: the oldest report first, each in its own order."""
    found = sorted(
        runs(pool.sentences, sorted(pool.chosen)), key=lambda run: published(pool.sentences[run[0]].article)
    )
    return [stated([pool.sentences[place] for place in run], carriers) for run in found]


def stated(run: Sequence[Sentence], carriers: Carriers) -> Checked:
    """Sentences in a row as one statement; a capital first, where words before it were left out."""
    article = run[0].article
    checked = cited(article, Span(run[0].span.start, run[-1].span.end), carriers)
    if not run[0].cut or not checked.text[:1].islower():
        return checked
    text = checked.text[0].upper() + checked.text[1:]
    check = verify(text, [piece.evidence for piece in checked.cited])
    # A word that begins with a capital can be taken for a name that is nowhere else.
    return Checked(text, checked.cited, check) if check.verdict == "supported" else checked


def cited(article: Article, span: Span, carriers: Carriers) -> Checked:
    """A stretch of an article as a statement that cites it."""
    piece = Piece(article, span, others(article, carriers))
    return Checked(" ".join(piece.quote.split()), (piece,), verify(piece.quote, [piece.evidence]))


def others(article: Article, carriers: Carriers) -> tuple[str, ...]:
    """Ids of the articles that carry an article's report, without itself."""
    return tuple(id for id in carriers(article.id) if id != article.id)


def placed(checked: Iterable[Checked]) -> tuple[Checked, ...]:
    """In this order."""
    return tuple(replace(one, place=place) for place, one in enumerate(checked))


def published(article: Article) -> float:
    """When, in seconds; before all others where that is not known."""
    return article.published_at.timestamp() if article.published_at else float("-inf")
