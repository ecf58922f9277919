"""Question -> passages: dense and word search, fused by what passages hold, filtered, one for each report."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rag.catalogue import Catalogue
from rag.clusters import Clusters
from rag.embedder import Embedder
from rag.irregular import FORMS
from rag.records import Filters, Hit
from rag.reports import one_a_report
from rag.vectors import Vector, Vectors
from rag.word_index import WordIndex
from rag.words import STOPWORDS, words

DEPTH = 60
"""Passages taken from each search before they are fused."""
DEEPEST = 960
"""Passages taken where copies of one report fill the first ones."""
SMOOTHING = 60
"""k of reciprocal rank fusion: Cormack, Clarke and Büttcher, SIGIR 2009."""
NARROW = 5_000
"""Where filters leave at most so many passages, all of them are compared exactly."""
LONGEST = 64
"""Different words of a question that are looked up."""


class Retrieval:
    """Searches one archive's two indexes."""

    def __init__(
        self, index: WordIndex, vectors: Vectors, embedder: Embedder, clusters: Clusters, catalogue: Catalogue
    ) -> None:
        self._index = index
        self._vectors = vectors
        self._embedder = embedder
        self._clusters = clusters
        self._catalogue = catalogue

    def search(self, query: str, *, k: int, filters: Filters) -> list[Hit]:
        """The ``k`` best passages for ``query``, best first, those of near-copies only where they differ."""
        vector = self._embedder.embed([query])[0]
        looked_up = query_words(query)
        depth = max(DEPTH, k)
        while True:
            dense = self._dense(vector, depth, filters)
            lexical = self._index.search(looked_up, limit=depth, filters=filters)
            fused = fuse([[key for key, _ in dense], [key for key, _ in lexical]])
            found = self._index.hits(fused, filters)
            hits = one_a_report(
                found, looked_up, filters, clusters=self._clusters, catalogue=self._catalogue, index=self._index
            )
            exhausted = len(dense) < depth and len(lexical) < depth
            if len(hits) >= k or exhausted or depth >= max(DEEPEST, k):
                return hits[:k]
            depth *= 4

    def _dense(self, vector: Vector, depth: int, filters: Filters) -> list[tuple[str, float]]:
        """Chroma's own filters cost the whole collection, so hits are filtered here, and few candidates exactly."""
        if filters == Filters():
            return self._vectors.search(vector, depth)
        allowed = self._index.keys(filters)
        if len(allowed) <= NARROW:
            return self._vectors.similarities(vector, allowed)[:depth]
        admitted = set(allowed)
        share = len(admitted) / max(1, len(self._vectors))
        found = self._vectors.search(vector, min(int(2 * depth / share), NARROW))
        return [(key, score) for key, score in found if key in admitted][:depth]


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
