"""A summary of the articles' own sentences; needs no model."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import numpy as np

from rag import passages
from rag.answer import EXTRACTIVE
from rag.citing import Piece, extracted
from rag.copies import near, shingles
from rag.embedder import Embedder
from rag.orders import gives_orders
from rag.summaries.brief import Brief, Outcome, Part
from rag.summary import Length, Watch

LEAD = 0.25
"""How much being first in its article adds to a sentence's centrality, which is 0 to 1; falls to 0 at the end."""
NOVEL = 0.75
"""A sentence more alike than this to one already taken is left out."""
FEWEST_WORDS = 6
DEFAULT_SENTENCES = 5


class ExtractiveSummarizer:
    """Chooses the articles' own sentences by centrality, position and novelty; needs no model."""

    name = EXTRACTIVE

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def write(self, brief: Brief, watch: Watch | None = None) -> Outcome:
        """The chosen sentences in reading order: article by article, each in its own order."""
        every = [
            Piece(article, span)
            for article in brief.articles
            for span in passages.sentences(article.text, article.language)
            if not gives_orders(article.text[span.start : span.end])
        ]
        pieces = [piece for piece in every if len(piece.quote.split()) >= FEWEST_WORDS] or every
        chosen = self._choose(pieces, _length(brief.length), brief.subject, len(brief.articles))
        began = time.perf_counter()
        checked = tuple(extracted([pieces[index] for index in sorted(chosen)]))
        return Outcome((Part(checked),), seconds=time.perf_counter() - began)

    def _choose(self, pieces: Sequence[Piece], length: Length, subject: str | None, articles: int) -> list[int]:
        if not pieces:
            return []
        vectors = self._embedder.embed([piece.quote for piece in pieces])
        target = self._embedder.embed([subject])[0] if subject else vectors.mean(axis=0)
        worth = vectors @ (target / (np.linalg.norm(target) or 1.0))
        worth = worth + LEAD * np.array([1 - piece.span.start / len(piece.article.text) for piece in pieces])
        chosen: list[int] = []
        for index in _round_robin(pieces, worth, articles):
            repeats = any(
                float(vectors[index] @ vectors[other]) > NOVEL
                or near(shingles(pieces[index].quote), shingles(pieces[other].quote))
                for other in chosen
            )
            if not repeats and _fits(pieces, [*chosen, index], length):
                chosen.append(index)
        return chosen


def _length(asked: Length) -> Length:
    return asked if asked.sentences or asked.words else Length(DEFAULT_SENTENCES)


def _round_robin(pieces: Sequence[Piece], worth: np.ndarray, articles: int) -> Iterator[int]:
    """The best sentence of each article first, then everything by worth: no article is drowned by a longer one."""
    order = sorted(range(len(pieces)), key=lambda index: (-float(worth[index]), index))
    first: dict[str, int] = {}
    for index in order:
        first.setdefault(pieces[index].article.id, index)
    yield from first.values()
    yield from (index for index in order if index not in set(first.values()))


def _fits(pieces: Sequence[Piece], chosen: Sequence[int], length: Length) -> bool:
    if length.sentences is not None and len(chosen) > length.sentences:
        return False
    words = sum(len(pieces[index].quote.split()) for index in chosen)
    return length.words is None or words <= length.words or len(chosen) == 1
