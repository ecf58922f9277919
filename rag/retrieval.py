"""Question -> passages: dense and word search, fused by passage id and filtered by the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.catalogue import Catalogue
from rag.embedder import Embedder
from rag.irregular import FORMS
from rag.records import Filters, Hit
from rag.vectors import Vector, Vectors
from rag.words import STOPWORDS, words

DEPTH = 60
"""Passages taken from each search before they are fused."""
SMOOTHING = 60
"""k of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009."""
NARROW = 5_000
"""Where filters leave at most so many passages, all of them are compared exactly."""
LONGEST = 64
"""Different words of a question that are looked up."""


class Retrieval:
    """Searches one archive's two indexes."""

    def __init__(self, catalogue: Catalogue, vectors: Vectors, embedder: Embedder) -> None:
        self._catalogue = catalogue
        self._vectors = vectors
        self._embedder = embedder

    def search(self, query: str, *, k: int, filters: Filters) -> list[Hit]:
        """The ``k`` best passages for ``query``, best first; ties by passage id."""
        vector = self._embedder.embed([query])[0]
        depth = max(DEPTH, k)
        dense = self._dense(vector, depth, filters)
        lexical = self._catalogue.search(query_words(query), limit=depth, filters=filters)
        fused = fuse([[id for id, _ in dense], [id for id, _ in lexical]])
        return self._catalogue.hits(fused, filters)[:k]

    def _dense(self, vector: Vector, depth: int, filters: Filters) -> list[tuple[str, float]]:
        """Chroma's own filters cost the whole collection, so hits are filtered here, and few candidates exactly."""
        if filters == Filters():
            return self._vectors.search(vector, depth)
        allowed = self._catalogue.passage_ids(filters)
        if len(allowed) <= NARROW:
            return self._vectors.similarities(vector, allowed)[:depth]
        admitted = set(allowed)
        share = len(admitted) / max(1, len(self._vectors))
        found = self._vectors.search(vector, min(int(2 * depth / share), NARROW))
        return [(id, score) for id, score in found if id in admitted][:depth]


def fuse(rankings: Sequence[Sequence[str]]) -> list[tuple[str, float]]:
    """Reciprocal rank fusion: ids with the sum of 1 / (SMOOTHING + rank) over the rankings that hold them."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id in enumerate(ranking, start=1):
            scores[id] = scores.get(id, 0.0) + 1 / (SMOOTHING + rank)
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))


@lru_cache(maxsize=1024)
def query_words(query: str) -> tuple[str, ...]:
    """Different words of a query in order, irregular verbs in all forms; stopwords only if there is nothing else."""
    different = tuple(dict.fromkeys(words(query)))
    telling = tuple(word for word in different if word not in STOPWORDS)
    forms = (form for word in telling or different for form in FORMS.get(word, (word,)))
    return tuple(dict.fromkeys(forms))[:LONGEST]
