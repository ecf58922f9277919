"""What outlets agree and disagree on: statements that several make, and figures that they give otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from rag.citing import Checked
from rag.records import Article, Refusal
from rag.summaries.brief import Brief, Outcome, Part
from rag.summaries.choosing.rivals import rivals_of
from rag.summaries.choosing.selecting import Room
from rag.summaries.choosing.sentences import Sentence
from rag.summaries.choosing.telling import published, stated
from rag.summaries.choosing.weighing import weighed
from rag.summaries.lengths import kept
from rag.summaries.stories import LARGEST, smaller
from rag.summary import Length
from rag.verify import Source, verify

USUAL = Length(sentences=12)
"""Where no length is asked for."""
AGREE, AGREE_SHORT, SHORT = 0.7, 0.5, 6
"""Part of a sentence's stems that another holds, from which it may bear it out; the same for one of few stems."""


def write(brief: Brief) -> Outcome:
    """A part for each figure that outlets differ on, then for each statement that several make."""
    if len({_outlet(article) for article in brief.articles}) < 2:
        message = "These articles are of one outlet, or tell of none, so there is nothing to compare."
        return Outcome(refusal=Refusal("not_answered", message))
    room = Room(kept(brief.length, USUAL))
    several = [story for story in brief.stories if len({_outlet(article) for article in story.articles}) > 1]
    told = [_Story(story.articles, brief) for story in several[:LARGEST]]
    parts = list(chain.from_iterable(_fitting(one.differing(), room) for one in told))
    parts += chain.from_iterable(_fitting(one.agreed(), room) for one in told)
    if not parts:
        message = "No statement or figure in these articles is of two outlets, alike or otherwise."
        return Outcome(refusal=Refusal("not_answered", message))
    return Outcome(
        tuple(parts), notes=tuple(room.noted(brief.length)) if brief.length.words else (), reasons=smaller(several)
    )


class _Story:
    """One story, as several outlets tell it."""

    def __init__(self, articles: tuple[Article, ...], brief: Brief) -> None:
        self._sentences, self._weights = weighed(articles)
        self._rivals = rivals_of(articles, brief.embed)
        self._brief = brief

    def differing(self) -> Iterator[Part]:
        """Two statements each, the earlier report's first; the weightiest pairs first, each sentence once."""
        pairs = sorted(self._rivals.between(), key=lambda pair: -self._weights.of(pair))
        seen: set[int] = set()
        for pair in pairs:
            if seen.isdisjoint(pair):
                seen.update(pair)
                one, other = sorted(pair, key=lambda place: published(self._sentences[place].article))
                figures = f"{self._named(one, other)}, {self._named(other, one)}"
                yield self._part((one, other), f"Outlets differ: {figures}")

    def agreed(self) -> Iterator[Part]:
        """One statement each, which the sentences of the other outlets bear out, the weightiest first."""
        taken: set[int] = set()
        places = [place for place, one in enumerate(self._sentences) if one.eligible and len(one.unit) == 1]
        for place in sorted(places, key=lambda place: -self._weights.of([place])):
            if place in taken:
                continue
            others = [other for other in places if other not in taken and self._bears(other, place)]
            if others:
                taken.update([place, *others])
                yield self._agreement(place, self._one_of_each(place, others))

    def _agreement(self, place: int, others: Sequence[int]) -> Part:
        checked = self._told(place)
        cited = [*checked.cited, *(piece for other in others for piece in self._told(other).cited)]
        check = verify(checked.text, [piece.evidence for piece in cited])
        articles = tuple(self._sentences[one].article for one in (place, *others))
        heading = f"Outlets agree: {', '.join(_outlet(article) for article in articles)}"
        whole = replace(checked, cited=tuple(cited), check=check, sources=len(articles))
        return Part((whole,), heading, articles=articles)

    def _part(self, places: Sequence[int], heading: str) -> Part:
        checked = tuple(self._told(place) for place in places)
        return Part(checked, heading, articles=tuple(self._sentences[place].article for place in places))

    def _told(self, place: int) -> Checked:
        unit = self._sentences[place].unit
        return stated([self._sentences[one] for one in unit], self._brief.carriers)

    def _named(self, place: int, other: int) -> str:
        return f"{_outlet(self._sentences[place].article)} {self._rivals.figure(place, other)}"

    def _bears(self, other: int, place: int) -> bool:
        """Whether another outlet's sentence says what a sentence does, figures included."""
        one, another = self._sentences[place], self._sentences[other]
        if _outlet(one.article) == _outlet(another.article) or not _may_bear(one, another):
            return False
        source = Source(another.text, another.article.published_at)
        return self._rivals.agrees(other, place) and verify(one.text, [source]).verdict == "supported"

    def _one_of_each(self, place: int, others: Sequence[int]) -> list[int]:
        """The first sentence of each further outlet."""
        own = _outlet(self._sentences[place].article)
        first = {_outlet(self._sentences[other].article): other for other in reversed(others)}
        return sorted(other for outlet, other in first.items() if outlet != own)


def _fitting(parts: Iterator[Part], room: Room) -> Iterator[Part]:
    for part in parts:
        words = sum(len(one.text.split()) for one in part.checked)
        if room.holds(words, len(part.checked)):
            room.take(words, len(part.checked))
            yield part


def _may_bear(one: Sentence, other: Sentence) -> bool:
    first, second = set(one.stems), set(other.stems)
    return len(first & second) >= (AGREE_SHORT if len(first) <= SHORT else AGREE) * max(1, len(first))


def _outlet(article: Article) -> str:
    return article.source or article.title
