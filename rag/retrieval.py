"""Question -> passages: by meaning, words and their articles' words; filtered, each report once, articles mixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, lru_cache

import numpy as np

from rag.bm25 import Posting, shares
from rag.catalogue import Catalogue
from rag.clusters import Clusters
from rag.embedder import Embedder
from rag.holdings import Bools, Floats, Holdings, Ints
from rag.irregular import FORMS
from rag.neighbours import Near, Neighbours
from rag.records import Filters, Hit
from rag.reports import one_a_report
from rag.vectors import Vector, Vectors
from rag.word_index import WordIndex
from rag.words import STOPWORDS, words

NEIGHBOURS = 200
"""Passages taken from the index of vectors; the others are as far as the last of them."""
DEEPEST = 960
"""Passages looked at where copies of one report fill the first ones."""
WHOLE = 0.6
"""What the words of an article count beside those of the passage: it tells who "he" is."""
AGAIN = 0.02
"""What a passage loses for each better one of its article, so that other articles are heard."""
LONGEST = 64
"""Different words of a question that are looked up."""
KEPT, FILTERS = 2_048, 64
"""Words whose places, and filters whose passages are kept in memory for the next question."""

Word = tuple[Posting, Posting]
"""Which contents, and which articles hold a word."""


class Retrieval:
    """Searches the two indexes of an archive at one moment; what it has read stays in memory. Safe to share."""

    def __init__(
        self, index: WordIndex, vectors: Vectors, embedder: Embedder, clusters: Clusters, catalogue: Catalogue
    ) -> None:
        self._index = index
        self._vectors = vectors
        self._embedder = embedder
        self._clusters = clusters
        self._catalogue = catalogue
        self._postings: dict[str, Word] = {}
        self._admitted: dict[Filters, Bools] = {}

    def search(self, query: str, *, k: int, filters: Filters) -> list[Hit]:
        """The ``k`` best passages for ``query``, best first, those of near-copies only where they differ."""
        vector = self._embedder.embed([query])[0]
        looked_up = query_words(query)
        depth = 3 * k
        while True:
            best = self._best(vector, looked_up, depth, filters)
            hits = one_a_report(
                self._index.hits(best, filters),
                looked_up,
                filters,
                clusters=self._clusters,
                catalogue=self._catalogue,
                index=self._index,
            )
            if len(hits) >= k or len(best) < depth or depth >= DEEPEST:
                return _varied(hits)[:k]
            depth *= 4

    def _best(
        self, vector: Vector, looked_up: Sequence[str], count: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """Keys of the best contents that the filters admit, with their scores; ties by key."""
        passages = self._passages(filters)
        contents = self._holdings.contents_of(passages)
        near = self._neighbours.near(vector, max(NEIGHBOURS, count), filters, contents)
        scores = self._scores(near, self._found(looked_up), passages)
        scores[~contents] = 0.0
        places = _first(scores, count)
        keys = self._index.keys_of(self._holdings.numbers[places])
        best = [(keys[int(self._holdings.numbers[place])], float(scores[place])) for place in places.tolist()]
        return sorted(best, key=lambda pair: (-pair[1], pair[0]))

    def _scores(self, near: Near, found: Sequence[Word], passages: Bools) -> Floats:
        """Of each content what it means, says and stands in, as one number from 0 to 1; 0 where nothing is known."""
        held = self._holdings
        words = shares([one for one, _ in found], held.lengths)
        articles = shares([grouped for _, grouped in found], held.article_lengths)
        candidate = words > 0
        candidate[near.places] = True
        meaning = np.full(len(held.numbers), near.floor)
        meaning[near.places] = near.cosines
        around = np.zeros(len(held.numbers))
        chosen = np.flatnonzero(passages & candidate[held.content])
        np.maximum.at(around, held.content[chosen], articles[held.article[chosen]])
        return np.where(candidate, meaning.clip(min=0) + words + WHOLE * around, 0.0) / (2 + WHOLE)

    def _found(self, looked_up: Sequence[str]) -> list[Word]:
        """Where the words stand."""
        known = self._postings if len(self._postings) < KEPT else {}
        new = [word for word in looked_up if word not in known]
        for word, numbers in zip(new, self._index.occurrences(new), strict=True):
            places = self._holdings.places(numbers)
            posting = Posting.of(places[places >= 0])
            grouped = posting.grouped(self._holdings.article, self._holdings.content, len(self._holdings.numbers))
            known[word] = (posting, grouped)
        self._postings = known
        return [known[word] for word in looked_up]

    def _passages(self, filters: Filters) -> Bools:
        """Which passages the filters admit."""
        if filters == Filters():
            return np.ones(len(self._holdings.content), dtype=bool)
        known = self._admitted if len(self._admitted) < FILTERS else {}
        if filters not in known:
            known[filters] = self._holdings.passages_of(self._index.admitted(filters))
        self._admitted = known
        return known[filters]

    @cached_property
    def _holdings(self) -> Holdings:
        return self._index.holdings()

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(self._index, self._vectors, self._holdings)


def _varied(hits: Sequence[Hit]) -> list[Hit]:
    """The hits with what is lost for better ones of the same article, best first."""
    better: Counter[str] = Counter()
    found = []
    for hit in hits:
        lost = min(AGAIN * better[hit.article_id], hit.score / 2)
        found.append(replace(hit, score=hit.score - lost))
        better[hit.article_id] += 1
    return sorted(found, key=lambda hit: -hit.score)


def _first(scores: Floats, count: int) -> Ints:
    """Places of the largest scores above 0, the first of equal ones."""
    # Zeros are left out first: a partition takes several times as long among equal numbers.
    places = np.flatnonzero(scores > 0)
    if count < len(places):
        places = places[scores[places] >= np.partition(scores[places], -count)[-count]]
    first: Ints = places[np.argsort(-scores[places], kind="stable")[:count]]
    return first


@lru_cache(maxsize=1024)
def query_words(query: str) -> tuple[str, ...]:
    """Different words of a query in order, irregular verbs in all forms; stopwords only if there is nothing else."""
    different = tuple(dict.fromkeys(words(query)))
    telling = tuple(word for word in different if word not in STOPWORDS)
    forms = (form for word in telling or different for form in FORMS.get(word, (word,)))
    return tuple(dict.fromkeys(forms))[:LONGEST]
