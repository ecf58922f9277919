"""Which of all the questions that can be drafted are: spread over outlets, articles and kinds, no report twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from eval.drafting.asked import Asked, Bearer, is_telling
from eval.drafting.by_rule import drafts
from eval.drafting.sentences import bearers
from rag.records import Article

MOST = 2
"""Questions on one article."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence and the question drafted from it."""

    bearer: Bearer
    asked: Asked


def in_turn(articles: Sequence[Article], random: Random) -> list[Article]:
    """The articles in the order they are drawn on: an outlet at a time, each outlet's shuffled."""
    outlets: dict[str, list[Article]] = {}
    for article in sorted(articles, key=lambda one: one.id):
        outlets.setdefault(article.source or "", []).append(article)
    queues = [outlets[name] for name in sorted(outlets)]
    for queue in queues:
        random.shuffle(queue)
    random.shuffle(queues)
    turns = range(max(map(len, queues), default=0))
    return [queue[turn] for turn in turns for queue in queues if turn < len(queue)]


def choose(articles: Iterable[Article], many: int) -> list[Chosen]:
    """At most so many questions, ``MOST`` an article; sentences with a gap only where no better ones are left."""
    offered = _Offers(articles)
    chosen: list[Chosen] = []
    tags: Counter[str] = Counter()
    for cloze in (False, True):
        for _ in range(MOST):
            for article in offered.articles():
                if len(chosen) >= many:
                    return chosen
                if (best := offered.best(article, cloze, tags)) is not None:
                    chosen.append(best)
                    tags[best.asked.tag] += 1
    return chosen


class _Offers:
    """What each article offers; read when it is first wanted, for an archive may be large."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = list(articles)
        self._offered: dict[str, list[Chosen]] = {}
        self._taken: Counter[str] = Counter()
        self._asked: set[str] = set()

    def articles(self) -> Iterator[Article]:
        return (article for article in self._articles if self._taken[article.id] < MOST)

    def best(self, article: Article, cloze: bool, tags: Counter[str]) -> Chosen | None:
        """The next question of an article: one with telling names, of the kind there are fewest of."""
        if article.id not in self._offered:
            self._offered[article.id] = [Chosen(one, asked) for one in bearers(article) for asked in drafts(one)]
        fitting = [
            one
            for one in self._offered[article.id]
            if one.asked.cloze is cloze and one.bearer.text not in self._asked
        ]
        if not fitting:
            return None
        best = min(fitting, key=lambda one: (not is_telling(one.asked.question), tags[one.asked.tag]))
        self._taken[article.id] += 1
        self._asked.add(best.bearer.text)
        return best
