"""How many of the truly nearest passages the index of vectors finds: it is an approximate one, and never says so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rag.vectors import BATCH, Vector, Vectors

SAMPLE = 50
"""Stored vectors that are looked for."""
NEAREST = 10
_ALIKE = 1e-4
"""Distances are 32-bit: what is nearer by less than this is as near."""


def recall(vectors: Vectors, ids: Sequence[str], *, seed: int = 7) -> float:
    """The share of the ten nearest of some stored vectors, each itself left out, that a search for it finds.

    Equally near ones stand for each other. ``ids`` are those of all vectors, in any order that stays the same.
    """
    drawn = np.random.default_rng(seed).permutation(len(ids))[:SAMPLE]
    asked, questions = vectors.of([ids[place] for place in drawn.tolist()])
    count = min(NEAREST, len(ids) - 1)
    if count < 1 or not asked:
        return 1.0
    farthest = _exactly(vectors, ids, asked, questions)[:, -count]
    shares = []
    for id, question, limit in zip(asked, questions, farthest.tolist(), strict=True):
        others = [cosine for other, cosine in vectors.search(question, count + 1) if other != id]
        shares.append(sum(cosine >= limit - _ALIKE for cosine in others[:count]) / count)
    return float(np.mean(shares))


def _exactly(vectors: Vectors, ids: Sequence[str], asked: Sequence[str], questions: Vector) -> Vector:
    """Cosines of the vectors nearest to each question, ascending, by comparing it with all of them."""
    best = np.full((len(asked), NEAREST), -1.0, dtype=np.float32)
    row = {id: number for number, id in enumerate(asked)}
    for start in range(0, len(ids), BATCH):
        stored, part = vectors.of(ids[start : start + BATCH])
        if stored:
            cosines = questions @ part.T
            for column, id in enumerate(stored):
                if id in row:
                    cosines[row[id], column] = -1.0
            best = np.sort(np.hstack([best, cosines]))[:, -NEAREST:]
    return best
