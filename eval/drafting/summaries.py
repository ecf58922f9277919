"""Summary requests: a story that several articles tell, or one long article, with the points a summary must tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from rag.records import Article
from rag.summaries import stories
from rag.summaries.choosing.weighing import weighed

POINTS = 4
FEWEST, MOST = 2, 6
"""Articles of a story that a summary is asked of."""
LONG = 20
"""Sentences of an article that is long."""
COMPARED = 1_000
"""Articles among which stories are looked for."""


@dataclass(frozen=True, slots=True)
class Summarized:
    """Articles to summarise, and their weightiest sentences, word for word."""

    articles: tuple[Article, ...]
    points: tuple[tuple[Article, str], ...]


def drafted(articles: Sequence[Article], many: int, random: Random) -> list[Summarized]:
    """So many requests at most: the largest stories first, every other one a long article."""
    told = _stories(articles[:COMPARED])
    long = _long(articles, random)
    found: list[Summarized] = []
    while len(found) < many:
        turn = (told, long) if len(found) % 2 == 0 else (long, told)
        group = next(turn[0], None) or next(turn[1], None)
        if group is None:
            break
        if (one := _summarized(group)) and not any(set(one.articles) & set(other.articles) for other in found):
            found.append(one)
    return found


def _stories(articles: Sequence[Article]) -> Iterator[tuple[Article, ...]]:
    found = (story.articles[:MOST] for story in stories.find(articles))
    return (tuple(group) for group in sorted(found, key=len, reverse=True) if len(group) >= FEWEST)


def _long(articles: Sequence[Article], random: Random) -> Iterator[tuple[Article, ...]]:
    shuffled = list(articles)
    random.shuffle(shuffled)
    return ((article,) for article in shuffled if sum(one.eligible for one in weighed((article,))[0]) >= LONG)


def _summarized(group: tuple[Article, ...]) -> Summarized | None:
    """The group with its points; nothing where it has too few that can be understood alone."""
    sentences, weights = weighed(group)
    whole = [place for place, one in enumerate(sentences) if one.eligible and len(one.unit) == 1]
    chosen: list[int] = []
    told: set[str] = set()
    while whole and len(chosen) < POINTS:
        best = max(whole, key=lambda place: (weights.of([place], told), -place))
        whole.remove(best)
        chosen.append(best)
        told.update(sentences[best].stems)
    points = tuple((sentences[place].article, sentences[place].text) for place in sorted(chosen))
    return Summarized(group, points) if len(points) == POINTS else None
