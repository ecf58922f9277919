"""The passages nearest to a question in meaning, of all or of those that filters admit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.holdings import Bools, Floats, Holdings, Ints
from rag.records import Filters
from rag.vectors import Vector, Vectors
from rag.word_index import WordIndex

NARROW = 5_000
"""Where filters leave at most so many passages, all of them are compared exactly."""
WIDEST = 400
"""Passages taken from the index at most to find those that filters admit: more cost more than they bring."""
KEPT = 4
"""Filters whose vectors are kept for the next question under them: reading them takes far longer than comparing."""


@dataclass(frozen=True, slots=True)
class Near:
    """Contents by their place, and how near they are."""

    places: Ints
    cosines: Floats
    floor: float
    """No other content is nearer than this."""


class Neighbours:
    """Searches by meaning, at one moment of an archive."""

    def __init__(self, index: WordIndex, vectors: Vectors, holdings: Holdings) -> None:
        self._index = index
        self._vectors = vectors
        self._holdings = holdings
        self._kept: dict[Filters, tuple[Ints, Vector]] = {}

    def near(self, vector: Vector, count: int, filters: Filters, admitted: Bools) -> Near:
        """Some ``count`` of the contents ``admitted``, which are those of the filters."""
        left = int(admitted.sum())
        if filters != Filters() and left <= NARROW:
            return self._exactly(vector, filters, admitted)
        share = left / max(1, len(admitted))
        return self._nearest(vector, max(count, min(int(count / share), WIDEST)) if left else 0)

    def _nearest(self, vector: Vector, count: int) -> Near:
        """Chroma's own filters cost the whole collection, so that none are used."""
        found = self._vectors.search(vector, count) if count else []
        cosines = np.array([cosine for _, cosine in found])
        places, known = self._placed([key for key, _ in found])
        return Near(places, cosines[known], float(cosines.min(initial=1.0)) if len(found) == count else 0.0)

    def _exactly(self, vector: Vector, filters: Filters, admitted: Bools) -> Near:
        kept = self._kept if len(self._kept) < KEPT else {}
        if filters not in kept:
            kept[filters] = self._read(admitted)
        self._kept = kept
        places, vectors = kept[filters]
        return Near(places, (vectors @ vector).astype(float) if len(places) else np.zeros(0), 0.0)

    def _read(self, admitted: Bools) -> tuple[Ints, Vector]:
        keys = self._index.keys_of(self._holdings.numbers[admitted])
        stored, vectors = self._vectors.of(list(keys.values()))
        places, known = self._placed(stored)
        return places, vectors[known]

    def _placed(self, keys: Sequence[str]) -> tuple[Ints, Bools]:
        """Places of the contents that passages have, and which of the keys are theirs."""
        numbers = self._index.numbers(keys)
        places = self._holdings.places(np.array([numbers.get(key, -1) for key in keys], dtype=np.int64))
        known = places >= 0
        return places[known], known
