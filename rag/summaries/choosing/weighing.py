"""How much of what the articles say a sentence says: by its words, and by the sentences that share them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from copy import copy
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.records import Article
from rag.summaries.choosing.sentences import Sentence, read

SHORTER = 0.7
"""Power of a sentence's number of telling words by which their frequency is divided: by none, long sentences would
always weigh most, by the whole number short ones."""
STAYS = 0.85
"""Chance that a reader who goes from sentence to sentence by shared words goes on (Brin and Page 1998)."""
STEPS = 30
WALKED = 1_500
"""Sentences among which the walk is taken at most; of more, their words alone count."""
LEAD, OPENS = 0.5, 3.0
"""What the first sentence of an article that can be chosen weighs more, in standard deviations; and what it does
where it is to open a summary, for reports open with the news."""
REPEATED = 1.0
"""What a sentence weighs less of whose words all were told before."""
WANTED = 2.0
"""What a sentence weighs more that holds all the words of what the summary is to be about."""

KEPT = 64
"""Groups of articles whose weighed sentences are kept: a summary and its coverage ask for the same ones."""

Floats = NDArray[np.float64]


class Weights:
    """The weight of each sentence, in standard deviations from the mean of all.

    The mean of two measures: how frequent its words are in all sentences (SumBasic; Nenkova and Vanderwende 2005),
    and how often one comes by it going from sentence to sentence by shared words (TextRank; Mihalcea and Tarau 2004).
    """

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences
        weights = _standardised(_frequency(sentences))
        if len(sentences) <= WALKED:
            weights = (weights + _standardised(_centrality(sentences))) / 2
        self._weights = weights
        self._leads = sorted(_leads(sentences))
        self._weights[self._leads] += LEAD

    def toward(self, wanted: Collection[str], strength: float = WANTED) -> Weights:
        """Those of a summary that is to be about what the stems ``wanted`` say."""
        if not wanted:
            return self
        other = copy(self)
        other._weights = self._weights + strength * _holding(self._sentences, frozenset(wanted))
        return other

    def opening(self) -> Weights:
        """Those of a summary that opens with the first sentences of its articles."""
        other = copy(self)
        other._weights = self._weights.copy()
        other._weights[self._leads] += OPENS
        return other

    def of(self, places: Sequence[int], told: Collection[str] = frozenset()) -> float:
        """The weight of sentences said together, the mean by words, where the stems ``told`` were said before."""
        words = sum(self._sentences[place].words for place in places)
        whole = sum(self._sentences[place].words * self._one(place, told) for place in places)
        return whole / max(1, words)

    def _one(self, place: int, told: Collection[str]) -> float:
        stems = self._sentences[place].stems
        again = sum(stem in told for stem in stems) / max(1, len(stems))
        return float(self._weights[place]) - REPEATED * again


@lru_cache(maxsize=KEPT)
def weighed(articles: tuple[Article, ...]) -> tuple[tuple[Sentence, ...], Weights]:
    """The sentences of articles, and their weights."""
    sentences = tuple(read(articles))
    return sentences, Weights(sentences)


def _frequency(sentences: Sequence[Sentence]) -> Floats:
    counts = Counter(stem for one in sentences for stem in one.stems)
    return np.array(
        [sum(counts[stem] for stem in one.stems) / max(1, len(one.stems)) ** SHORTER for one in sentences], float
    )


def _centrality(sentences: Sequence[Sentence]) -> Floats:
    shared = _shared(sentences)
    sizes = np.diag(shared).copy()
    np.fill_diagonal(shared, 0.0)
    alike = shared / np.maximum((sizes[:, None] + sizes[None, :]) / 2, 1.0)
    going = alike / np.maximum(alike.sum(axis=1, keepdims=True), 1e-9)
    share = np.full(len(sentences), 1 / max(1, len(sentences)))
    for _ in range(STEPS):
        share = (1 - STAYS) / len(sentences) + STAYS * (going.T @ share)
    return share


def _shared(sentences: Sequence[Sentence]) -> Floats:
    """How many words each two sentences share in the same form, and on the diagonal how many each has."""
    places = {term: place for place, term in enumerate(sorted(frozenset().union(*(one.terms for one in sentences))))}
    holds = np.zeros((len(sentences), max(1, len(places))), dtype=np.float32)
    for row, one in zip(holds, sentences, strict=True):
        row[[places[term] for term in one.terms]] = 1
    return (holds @ holds.T).astype(float)


def _holding(sentences: Sequence[Sentence], wanted: frozenset[str]) -> Floats:
    """The part of the wanted stems that each sentence holds."""
    return np.array([len(wanted.intersection(one.stems)) / max(1, len(wanted)) for one in sentences], float)


def _standardised(values: Floats) -> Floats:
    return (values - values.mean()) / (values.std() or 1.0) if len(values) else values


def _leads(sentences: Sequence[Sentence]) -> frozenset[int]:
    """Places of the first sentence of each article that can be chosen."""
    first: dict[str, int] = {}
    for place, one in enumerate(sentences):
        if one.eligible:
            first.setdefault(one.article.id, place)
    return frozenset(first.values())
