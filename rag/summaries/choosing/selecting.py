"""The sentences that say most within a length, none of them twice, every story given its due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.summaries.choosing.rivals import Rivals
from rag.summaries.choosing.sentences import Sentence
from rag.summaries.choosing.weighing import Weights
from rag.summaries.lengths import TOLERANCE, noted
from rag.summary import Length

SHORT = 1.5
"""How many times the words of the shortest sentence another has that is still short."""
SAME = 0.7
"""Part of the shorter sentence's stems that the longer one holds, if they say the same."""


class Room:
    """What is left of a length."""

    def __init__(self, length: Length) -> None:
        self.length = length
        self.words = self.sentences = 0

    def holds(self, words: int, sentences: int) -> bool:
        """Whether so much more still fits."""
        within = self.length.sentences is None or self.sentences + sentences <= self.length.sentences
        if self.length.words is None:
            return within
        return within and self.words < self.length.words and self.words + words <= self.length.words * (1 + TOLERANCE)

    def take(self, words: int, sentences: int) -> None:
        """Less is left; negative numbers give back."""
        self.words += words
        self.sentences += sentences

    def noted(self, asked: Length) -> list[str]:
        """That what was taken is not as long as was asked for."""
        return noted(asked, words=self.words, sentences=self.sentences)

    @property
    def short(self) -> bool:
        """Whether too few words are told for the length asked for."""
        return self.length.words is not None and self.words < self.length.words * (1 - TOLERANCE)


class Pool:
    """The sentences of one story, and those chosen of them, by places."""

    def __init__(self, sentences: Sequence[Sentence], weights: Weights, rivals: Rivals, size: int = 1) -> None:
        """``size`` is how much of the summary is the story's due."""
        self.sentences = sentences
        self.size = size
        self.chosen: set[int] = set()
        self._at_odds: set[int] = set()
        """Those of the chosen whose figure another outlet gives otherwise at the same time."""
        self.taken = 0
        self._weights = weights
        self._rivals = rivals
        self._told: set[str] = set()
        self._open = {place for place, one in enumerate(sentences) if one.eligible}

    def take(self, room: Room) -> bool:
        """Choose the weightiest sentence that fits and says something new; whether there was one.

        A figure that a later report gives otherwise is not told; one that another outlet gives otherwise is told with
        the other's, if there is room.
        """
        while (place := self._best(room)) is not None:
            self._open.discard(place)
            if self._is_news(place):
                self._add(place, room)
                self._add_rivals(place, room)
                return True
        return False

    def take_shortest(self, room: Room) -> None:
        """Choose one of the shortest sentences, the weightiest of them, though there is no room for it."""
        words = {place: self._words(self._added(place)) for place in self._open if self._is_news(place)}
        short = [place for place, count in words.items() if count <= SHORT * min(words.values())]
        best = max(short, key=lambda place: (self._weights.of(self._added(place)), -place), default=None)
        if best is not None:
            self._add(best, room)

    def settle(self, room: Room) -> None:
        """Where too few words are told, put another sentence in a chosen one's place so that enough are."""
        for out in sorted(self.chosen, key=lambda place: self._weights.of([place])):
            if not self._is_spare(out):
                continue
            room.take(-self.sentences[out].words, -1)
            self.chosen.discard(out)
            fitting = [place for place in self._open if self._fits(place, room) and self._fills(place, room)]
            best = max(
                filter(self._is_news, fitting), key=lambda place: (self._weights.of([place]), -place), default=out
            )
            self._open.discard(best)
            self._add(best, room)
            if best != out:
                return

    def _is_spare(self, place: int) -> bool:
        """Whether a chosen sentence can go: no other is understood with it, or stands there because of it."""
        alone = len(self.sentences[place].unit) == 1 and place not in self._at_odds
        return alone and not any(place in self.sentences[one].unit for one in self.chosen - {place})

    def _is_news(self, place: int) -> bool:
        """Whether a sentence says something new, and no later report gives its figure otherwise."""
        return not self._repeats(place) and not self._rivals.newer(place)

    def _add_rivals(self, place: int, room: Room) -> None:
        rivals = self._rivals.at_odds(place)
        if rivals:
            self._at_odds.add(place)
        for rival in [one for one in rivals if one in self._open][:1]:
            if self._fits(rival, room):
                self._open.discard(rival)
                self._add(rival, room)
                self._at_odds.add(rival)

    def _best(self, room: Room) -> int | None:
        fitting = (place for place in self._open if self._fits(place, room))
        return max(
            fitting, key=lambda place: (self._weights.of(self._added(place), self._told), -place), default=None
        )

    def _added(self, place: int) -> list[int]:
        """What choosing a sentence adds: itself and those it is understood with, but for what is chosen already."""
        return [one for one in self.sentences[place].unit if one not in self.chosen]

    def _fits(self, place: int, room: Room) -> bool:
        added = self._added(place)
        return room.holds(self._words(added), len(added))

    def _fills(self, place: int, room: Room) -> bool:
        return room.words + self._words(self._added(place)) >= (room.length.words or 0) * (1 - TOLERANCE)

    def _words(self, places: Sequence[int]) -> int:
        return sum(self.sentences[place].words for place in places)

    def _add(self, place: int, room: Room) -> None:
        added = self._added(place)
        room.take(self._words(added), len(added))
        self.chosen.update(added)
        self.taken += 1
        for one in added:
            self._told.update(self.sentences[one].stems)

    def _repeats(self, place: int) -> bool:
        return any(_same(self.sentences[place], self.sentences[other]) for other in self.chosen)


def select(pools: Sequence[Pool], room: Room) -> None:
    """Choose sentences of the stories in turn, each as often as its size is due (D'Hondt's way), until none fits.

    Where not one sentence does, the shortest of the first story is chosen.
    """
    left = list(pools)
    while left:
        due = max(left, key=lambda pool: pool.size / (1 + pool.taken))
        if not due.take(room):
            left.remove(due)
    if pools and not room.sentences:
        pools[0].take_shortest(room)
    for pool in pools:
        if room.short:
            pool.settle(room)


def runs(sentences: Sequence[Sentence], places: Sequence[int]) -> Iterator[list[int]]:
    """Chosen places in order, those together that are understood together."""
    run: list[int] = []
    for place in places:
        if run and run[-1] not in sentences[place].unit and place not in sentences[run[-1]].unit:
            yield run
            run = []
        run.append(place)
    if run:
        yield run


def _same(one: Sentence, other: Sentence) -> bool:
    first, second = set(one.stems), set(other.stems)
    return len(first & second) >= SAME * max(1, min(len(first), len(second)))
