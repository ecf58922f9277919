"""A timeline: the dated events that the articles tell, each once, on the day that it happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rag.records import Refusal
from rag.summaries.brief import Brief, Outcome, Part
from rag.summaries.choosing.days import days_of, reports
from rag.summaries.choosing.rivals import Rivals, rivals_of
from rag.summaries.choosing.selecting import Room
from rag.summaries.choosing.sentences import Sentence
from rag.summaries.choosing.telling import published, stated
from rag.summaries.choosing.weighing import Weights, weighed
from rag.summaries.lengths import kept
from rag.summaries.stories import LARGEST, smaller
from rag.summary import Length
from rag.words import stems

USUAL = Length(sentences=15)
"""Where no length is asked for."""
ONE_EVENT = 0.6
"""Part of the shorter sentence's stems that the longer one holds, if both of one day tell one event."""
RETOLD, RETOLD_MEANT = 0.4, 0.5
"""The same for sentences of two articles that also mean the same: how much they share, and the cosine from which."""
TOLD_AGAIN = 1.0
"""What each further outlet that tells an event adds to its weight, in standard deviations."""
VAGUE = 2.0
"""What an event weighs less that is known only to a month or a year."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence that tells what happened on certain days."""

    first: date
    last: date
    place: int
    weight: float


@dataclass(slots=True)
class Event:
    """What sentences of one day tell alike."""

    tellings: list[Telling]

    def newest(self, sentences: Sequence[Sentence]) -> Telling:
        """As the newest report has it, of its tellings the weightiest; an opinion is none."""
        return max(self.tellings, key=lambda one: (*_newness(sentences[one.place]), one.weight, -one.place))


def write(brief: Brief) -> Outcome:
    """A part for each event, in order of time; where there is not room for all, of those that weigh most."""
    largest = brief.stories[:LARGEST]
    articles = tuple(article for story in largest for article in story.articles)
    sentences, weights = weighed(articles)
    weights = weights.toward(stems(brief.subject or ""))
    rivals = rivals_of(articles, brief.embed)
    events = _events(sentences, rivals, _tellings(sentences, weights))
    room = Room(kept(brief.length, USUAL))
    asked = bool(brief.length.sentences or brief.length.words)
    chosen = _chosen([one for one in events if asked or _is_telling(one, sentences)], sentences, room, again=asked)
    if not chosen:
        return Outcome(refusal=Refusal("not_answered", "The articles tell of no event that they date."))
    in_order = sorted(chosen, key=lambda one: _order(one, sentences))
    parts = [_part(event, sentences, brief) for event in in_order]
    return Outcome(tuple(parts), notes=tuple(room.noted(brief.length)), reasons=smaller(brief.stories))


def _tellings(sentences: Sequence[Sentence], weights: Weights) -> Iterator[Telling]:
    for _, group in groupby(enumerate(sentences), key=lambda pair: pair[1].article.id):
        places, of_article = zip(*group, strict=True)
        found = dict(zip(places, days_of(of_article), strict=True))
        dated = {place for place, days in found.items() if any(first == last for first, last in days)}
        for place, one in zip(places, of_article, strict=True):
            for first, last in found[place] if one.eligible else []:
                if first == last:
                    yield Telling(first, last, place, weights.of([place]))
                elif dated.isdisjoint(one.unit):
                    yield Telling(first, last, place, weights.of([place]) - VAGUE)


def _events(sentences: Sequence[Sentence], rivals: Rivals, tellings: Iterator[Telling]) -> list[Event]:
    """Tellings of one day that tell one event, put together."""
    events: dict[tuple[date, date], list[Event]] = {}
    for telling in sorted(tellings, key=lambda one: (-_newness(sentences[one.place])[1], -one.weight, one.place)):
        same_days = events.setdefault((telling.first, telling.last), [])
        for event in same_days:
            if any(_alike(sentences, rivals, telling.place, one.place) for one in event.tellings):
                event.tellings.append(telling)
                break
        else:
            same_days.append(Event([telling]))
    return [event for same_days in events.values() for event in same_days]


def _chosen(events: Sequence[Event], sentences: Sequence[Sentence], room: Room, *, again: bool) -> list[Event]:
    """The weightiest events there is room for, each sentence once; with ``again``, in room left, for another day."""
    ranked = sorted(events, key=lambda one: -_weight(one, sentences))
    told: set[int] = set()
    chosen = []
    for repeats in (False, True) if again else (False,):
        for event in ranked:
            unit = sentences[event.newest(sentences).place].unit
            words = sum(sentences[place].words for place in unit)
            if told.isdisjoint(unit) is not repeats and event not in chosen and room.holds(words, len(unit)):
                room.take(words, len(unit))
                told.update(unit)
                chosen.append(event)
    return chosen


def _is_telling(event: Event, sentences: Sequence[Sentence]) -> bool:
    """Whether an event is worth a place unasked: a month or year is often of a thing said by the way."""
    return event.tellings[0].first == event.tellings[0].last or _weight(event, sentences) > 0


def _weight(event: Event, sentences: Sequence[Sentence]) -> float:
    outlets = {sentences[one.place].article.source or sentences[one.place].article.id for one in event.tellings}
    return max(one.weight for one in event.tellings) + TOLD_AGAIN * (len(outlets) - 1)


def _part(event: Event, sentences: Sequence[Sentence], brief: Brief) -> Part:
    newest = event.newest(sentences)
    checked = stated([sentences[place] for place in sentences[newest.place].unit], brief.carriers)
    articles = dict.fromkeys(sentences[one.place].article for one in [newest, *event.tellings])
    return Part((checked,), _heading(newest), newest.first, newest.last, tuple(articles))


def _heading(telling: Telling) -> str:
    """``15 September 2023``, ``September 2023``, ``2023``, or the first and the last day."""
    first, last = telling.first, telling.last
    if first == last:
        return f"{first.day} {first:%B %Y}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{first.year}"
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and last.day >= 28:
        return f"{first:%B %Y}"
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def _order(event: Event, sentences: Sequence[Sentence]) -> tuple[date, date, int]:
    newest = event.newest(sentences)
    return newest.first, newest.last, newest.place


def _alike(sentences: Sequence[Sentence], rivals: Rivals, place: int, other: int) -> bool:
    """Whether two sentences of one day tell one event: in the same words, or two articles in others."""
    one, another = sentences[place], sentences[other]
    first, second = set(one.stems), set(another.stems)
    shared = len(first & second) / max(1, min(len(first), len(second)))
    if shared >= ONE_EVENT or one.article.id == another.article.id:
        return shared >= ONE_EVENT
    return shared >= RETOLD and rivals.nearness(place, other) >= RETOLD_MEANT and other not in rivals.of(place)


def _newness(sentence: Sentence) -> tuple[bool, float]:
    return reports(sentence.article), published(sentence.article)
