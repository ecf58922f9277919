"""The passages of one moment as arrays, so that all of them are compared at once; which of them filters admit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Holdings:
    """Passages, in the order of their articles' ids. Contents and articles are known by their place here."""

    articles: tuple[str, ...]
    numbers: Ints
    """Of the contents in the catalogue, ascending."""
    lengths: Floats
    """Characters of each content."""
    content: Ints
    """Of each passage."""
    article: Ints
    """Of each passage."""
    article_lengths: Floats
    """Characters of each article's passages."""

    @staticmethod
    def of(articles: Collection[tuple[str, int]], contents: Ints, lengths: Ints) -> Holdings:
        """Of the articles with their numbers of passages, and each passage's content number and length."""
        numbers, first, content = np.unique(contents, return_index=True, return_inverse=True)
        article = np.repeat(np.arange(len(articles)), [count for _, count in articles])
        whole = np.bincount(article, weights=lengths, minlength=len(articles)).astype(float)
        ids = tuple(id for id, _ in articles)
        return Holdings(ids, numbers, lengths[first].astype(float), content, article, whole)

    def places(self, numbers: Ints) -> Ints:
        """Of contents, by their numbers; -1 for those that are not here."""
        if not len(self.numbers):
            return np.full(len(numbers), -1)
        places = np.searchsorted(self.numbers, numbers).clip(max=len(self.numbers) - 1)
        return np.where(self.numbers[places] == numbers, places, -1)

    def passages_of(self, admitted: Collection[str]) -> Bools:
        """Which passages are of the articles named."""
        wanted = set(admitted)
        chosen = np.fromiter((id in wanted for id in self.articles), dtype=bool, count=len(self.articles))
        passages: Bools = chosen[self.article]
        return passages

    def contents_of(self, passages: Bools) -> Bools:
        """Which contents one of the passages has."""
        chosen = np.zeros(len(self.numbers), dtype=bool)
        chosen[self.content[passages]] = True
        return chosen
