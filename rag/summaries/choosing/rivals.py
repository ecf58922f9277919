"""Sentences of different articles that give different figures for one thing: one is newer, or outlets differ."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.claims import quantities
from rag.claims.counted import counted
from rag.claims.quantities import Quantity
from rag.records import Article
from rag.summaries.choosing.days import happened
from rag.summaries.choosing.sentences import Sentence
from rag.summaries.choosing.tolls import Toll, toll
from rag.summaries.choosing.weighing import KEPT, weighed

MEANT = 0.7
"""Cosine of two sentences' vectors from which they can be about one sum or share."""
MEANT_COUNT = 0.8
"""And about one count: much is counted in any report."""
SHARED = 0.15
"""And of their words, weighed by how rare they are among the sentences."""
MEANT_ALIKE = 0.55
"""Cosine from which two sentences with the same figures say the same."""
MEANT_TOLL, SHARED_TOLL = 0.5, 0.1
"""The same for two that both count the dead, or both the missing: what they count is then known."""
FARTHEST = 4
"""Figures further apart, the larger as a multiple of the smaller, are not of one thing."""
AT_ONCE = timedelta(days=2)
"""Reports that differ and lie no further apart are in conflict; of others the older is superseded."""
_YEAR = re.compile(r"[12]\d{3}s?")
_TURNS = re.compile(
    r"\b(?:ballots?|rounds?|laps?|sets?|games?|match(?:es)?|innings?|quarters?|halves|halftime|seasons?|episodes?|stages?"
    r"|points?|goals?|touchdowns?|yards?|runs?|wins?|titles?|trophies|rebounds?|assists?|nominations?|awards?)\b",
    re.IGNORECASE,
)
"""What comes in turns, and what is won in them: another figure is of another turn, not of another outlet."""

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


class Rivals:
    """The figures of one story's sentences. Sentences are known by their places."""

    def __init__(self, sentences: Sequence[Sentence], embed: Embed) -> None:
        self._sentences = sentences
        self._embed = embed
        self._vectors: dict[int, NDArray[np.float32]] = {}

    def of(self, place: int) -> list[int]:
        """Sentences of other articles that give another figure for what this one counts."""
        if self._is_alone or place not in self._figures:
            return []
        maybe = [other for other in self._figures if self._differ(place, other)]
        if not maybe:
            return []
        own, *others = self._embedded([place, *maybe])
        return [
            other
            for other, vector in zip(maybe, others, strict=True)
            if float(own @ vector) >= self._enough(place, other)
        ]

    def _enough(self, place: int, other: int) -> float:
        """How near in meaning two sentences must be to give figures of one thing."""
        if self._of_one_toll(place, other):
            return MEANT_TOLL
        return MEANT if any(one.kind != "number" for one, _ in self._pairs(place, other)) else MEANT_COUNT

    def newer(self, place: int) -> list[int]:
        """Those of a later report, the newest first."""
        later = [other for other in self.of(place) if self._days(place, other) > AT_ONCE]
        return sorted(later, key=lambda other: self._days(other, place))

    def at_odds(self, place: int) -> list[int]:
        """Those of other outlets' reports of the same time."""
        return [
            other
            for other in self.of(place)
            if abs(self._days(place, other)) <= AT_ONCE and self._outlet(place) != self._outlet(other)
        ]

    def between(self) -> list[tuple[int, int]]:
        """Each two sentences that are at odds."""
        return [(place, other) for place in self._figures for other in self.at_odds(place) if place < other]

    def agrees(self, other: int, place: int) -> bool:
        """Whether one sentence has all figures of another, of which there are some, and means about the same."""
        wanted = {(one.kind, one.value) for one in self._figures.get(place, ())}
        if not wanted or not wanted <= {(one.kind, one.value) for one in self._figures.get(other, ())}:
            return False
        return self.nearness(place, other) >= MEANT_ALIKE

    def nearness(self, place: int, other: int) -> float:
        """Cosine of what two sentences mean."""
        own, another = self._embedded([place, other])
        return float(own @ another)

    def figure(self, place: int, other: int) -> str:
        """The words of the figure in one sentence that the other gives otherwise."""
        return next(one.words for one, _ in self._pairs(place, other))

    @cached_property
    def _is_alone(self) -> bool:
        return len({one.article.id for one in self._sentences}) < 2

    @cached_property
    def _figures(self) -> dict[int, list[Quantity]]:
        """The figures of each sentence that can be chosen and has one."""
        found = {
            place: [one for one in quantities.find(sentence.text) if _compares(one)]
            for place, sentence in enumerate(self._sentences)
            if sentence.eligible
        }
        return {place: figures for place, figures in found.items() if figures}

    @cached_property
    def _rarity(self) -> dict[str, float]:
        holding = Counter(stem for one in self._sentences for stem in set(one.stems))
        return {stem: math.log(1 + len(self._sentences) / count) for stem, count in holding.items()}

    def _differ(self, place: int, other: int) -> bool:
        one, another = self._sentences[place], self._sentences[other]
        if one.article.id == another.article.id or not self._pairs(place, other):
            return False
        of_one = not _of_other_days(one, another) and not _of_other_turns(one, another)
        return of_one and self._likeness(one, another) >= (SHARED_TOLL if self._of_one_toll(place, other) else SHARED)

    def _of_one_toll(self, place: int, other: int) -> bool:
        """Whether both say of as many people that they are dead, or both that they are missing."""
        return any(
            self._toll(place, one) is not None and self._toll(place, one) == self._toll(other, another)
            for one, another in self._pairs(place, other)
        )

    def _toll(self, place: int, figure: Quantity) -> Toll | None:
        return toll(figure, self._sentences[place].text) if figure.kind == "number" else None

    def _pairs(self, place: int, other: int) -> list[tuple[Quantity, Quantity]]:
        """Figures of two sentences that can be of one thing, where neither sentence has the other's too."""
        mine, theirs = self._figures[place], self._figures[other]
        values = {one.value for one in mine} & {one.value for one in theirs}
        return [
            (one, another)
            for one in mine
            for another in theirs
            if one.value not in values
            and another.value not in values
            and one.kind == another.kind
            and _of_one_size(one, another)
            and self._of_one_sort(place, one, other, another)
        ]

    def _of_one_sort(self, place: int, one: Quantity, other: int, another: Quantity) -> bool:
        """Whether two numbers may count one thing; shares and money are told apart by their sentences alone.

        What a toll counts need not be told where it is the only figure of its sentence.
        """
        if one.kind != "number":
            return True
        toll = self._toll(place, one)
        if toll != self._toll(other, another):
            return False
        things, others = counted(one, self._sentences[place].text), counted(another, self._sentences[other].text)
        if things and others:
            return not set(things).isdisjoint(others)
        alone = bool(things or len(self._figures[place]) == 1) and bool(others or len(self._figures[other]) == 1)
        return toll is not None and alone

    def _likeness(self, one: Sentence, other: Sentence) -> float:
        """Cosine of the sentences' words without figures."""
        first, second = (
            {stem: self._rarity[stem] ** 2 for stem in set(each.stems) if not stem.isdigit()} for each in (one, other)
        )
        shared = math.fsum(first[stem] for stem in first.keys() & second.keys())
        return shared / math.sqrt(math.fsum(first.values()) * math.fsum(second.values()) or 1.0)

    def _embedded(self, places: Sequence[int]) -> list[NDArray[np.float32]]:
        new = [place for place in places if place not in self._vectors]
        if new:
            vectors = self._embed([self._sentences[place].text for place in new])
            self._vectors.update(zip(new, vectors, strict=True))
        return [self._vectors[place] for place in places]

    def _days(self, place: int, other: int) -> timedelta:
        """How much later the other was published; nothing where that is not known."""
        one, another = (self._sentences[each].article.published_at for each in (place, other))
        return another - one if one and another else timedelta()

    def _outlet(self, place: int) -> str:
        article = self._sentences[place].article
        return (article.source or article.id).casefold()


@lru_cache(maxsize=KEPT)
def rivals_of(articles: tuple[Article, ...], embed: Embed) -> Rivals:
    """The figures of the sentences of articles, as ``weighed`` has them."""
    return Rivals(weighed(articles)[0], embed)


def _compares(figure: Quantity) -> bool:
    """Whether a figure says how much: money, a share, a count; not an hour, a rank or a year."""
    if figure.kind == "number":
        return figure.value > 0 and _YEAR.fullmatch(figure.words) is None
    return figure.value > 0 and (figure.kind == "percent" or (len(figure.kind) == 3 and figure.kind.isupper()))


def _of_one_size(one: Quantity, other: Quantity) -> bool:
    less, more = sorted((one.value, other.value))
    return more <= FARTHEST * less


def _of_other_days(one: Sentence, other: Sentence) -> bool:
    """Whether both sentences date what they tell, and to other days."""
    first, second = set(happened(one)), set(happened(other))
    return bool(first and second) and first.isdisjoint(second)


def _of_other_turns(one: Sentence, other: Sentence) -> bool:
    """Whether one is of the second ballot and the other of the third, or may be."""
    if _TURNS.search(one.text) or _TURNS.search(other.text):
        return True
    first, second = (
        {figure.value for figure in quantities.find(each.text) if figure.kind == "ordinal"} for each in (one, other)
    )
    return bool(first and second) and first.isdisjoint(second)
