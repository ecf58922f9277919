"""Which articles tell one running story: by the words and names they share, and how far apart they were published.

Articles are vectors of word weights (term frequency times rarity; Salton and Buckley 1988), put together by average
linkage (Sokal and Michener 1958): the two groups most alike on average become one, until none are alike enough.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from rag import tokens
from rag.records import Article
from rag.words import STOPWORDS, stem, words

ALIKE = 0.15
"""Mean likeness from which two groups are one story."""
AS_NAME = 2.0
"""How much more a word counts that is a name: stories share people and places, subjects only their words."""
AS_TITLE = 3
"""How often a word of the title counts."""
FADES = 120
"""Days between two articles after which their likeness counts 1/√2, after three times as many a half."""
COMMONEST, LEAST = 6.0, 0.1
"""The logarithm of the rank up to which words tell nothing apart, and the weight that they have."""
TERMS = 100
"""Heaviest words of an article that are compared."""
COMMON, RARE = 0.05, 25
"""A word in a larger part of the articles tells no stories apart, unless it is in few at all."""
COMPARED = 800_000
"""Comparisons that one word may cause: in a large archive only rarer words put articles together."""
LARGEST = 20
"""Stories that are read sentence by sentence where a form reads all that were found: the largest."""
FAINT = 0.02
"""Likeness below which two articles have nothing to do with each other."""
SMALLER = "its story is one of the smaller ones"
_NAME = re.compile(r"(?<=[^\W_A-Z] |[,;’] )[^\W\d_a-zß-ÿ][\w’'-]+(?: [^\W\d_a-zß-ÿ][\w’'-]+)*")
"""Capitals that do not begin a sentence."""

Likeness = dict[int, float]


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that tell one story, the one most like the others first."""

    articles: tuple[Article, ...]

    @property
    def title(self) -> str:
        """That of the article most like the others."""
        return self.articles[0].title

    @property
    def outlets(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(article.source for article in self.articles if article.source))


def find(articles: Sequence[Article]) -> list[Story]:
    """The stories of the articles, the largest first, of equals the newest."""
    if len(articles) < 2:
        return [Story((article,)) for article in articles]
    alike = _likenesses(articles)
    groups = _grouped([dict(row) for row in alike])
    stories = [Story(tuple(articles[place] for place in _central_first(group, alike))) for group in groups]
    return sorted(stories, key=lambda story: (-len(story.articles), -_newest(story), story.articles[0].id))


def smaller(stories: Sequence[Story]) -> dict[str, str]:
    """Why the articles of all but the largest stories are left out, by id."""
    return {article.id: SMALLER for story in stories[LARGEST:] for article in story.articles}


def _newest(story: Story) -> float:
    return max((one.published_at.timestamp() for one in story.articles if one.published_at), default=0.0)


def _central_first(group: Sequence[int], alike: Sequence[Mapping[int, float]]) -> list[int]:
    return sorted(group, key=lambda place: (-math.fsum(alike[place].get(other, 0.0) for other in group), place))


def _likenesses(articles: Sequence[Article]) -> list[Likeness]:
    """Of each article to those that are at all like it, by place."""
    vectors = [_vector(article) for article in articles]
    holding: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, vector in enumerate(vectors):
        for term, weight in vector.items():
            holding[term].append((place, weight))
    most = max(RARE, min(COMMON * len(articles), COMPARED / len(articles)))
    alike: list[Likeness] = [defaultdict(float) for _ in articles]
    for held in holding.values():
        if len(held) <= most:
            for place, weight in held:
                row = alike[place]
                for other, others in held:
                    row[other] += weight * others
    return [_faded(place, row, articles) for place, row in enumerate(alike)]


def _faded(place: int, row: Mapping[int, float], articles: Sequence[Article]) -> Likeness:
    near = {
        other: likeness * _closeness(articles[place], articles[other])
        for other, likeness in row.items()
        if other != place
    }
    return {other: likeness for other, likeness in near.items() if likeness >= FAINT}


def _closeness(one: Article, other: Article) -> float:
    if one.published_at is None or other.published_at is None:
        return 1.0
    return 1 / math.sqrt(1 + abs((one.published_at - other.published_at).days) / FADES)


def _vector(article: Article) -> dict[str, float]:
    """The heaviest words of an article, to the length one."""
    title, text = words(article.title), words(article.text)
    named = Counter(stem(word) for name in _NAME.findall(article.text) for word in words(name))
    written = Counter(stem(word) for word in text)
    times = written + Counter({stem(word): AS_TITLE for word in title})
    rare = {stem(word): rarity(word) for word in sorted({*title, *text}, key=tokens.rank, reverse=True)}
    weights = {
        each: (1 + math.log(times[each]))
        * rare[each]
        * (AS_NAME if 2 * named[each] >= max(1, written[each]) else 1.0)
        for each in rare.keys() - STOPWORDS
    }
    heaviest = heapq.nlargest(TERMS, weights.items(), key=lambda item: (item[1], item[0]))
    length = math.sqrt(math.fsum(weight * weight for _, weight in heaviest)) or 1.0
    return {each: weight / length for each, weight in heaviest}


def rarity(word: str) -> float:
    """How rare a word is in all that people write, whatever is read here: the logarithm of its rank (Zipf 1949)."""
    return max(LEAST, math.log(tokens.rank(word)) - COMMONEST)


def _grouped(alike: list[Likeness]) -> list[list[int]]:
    """Places put together; ``alike`` is used up."""
    rows: dict[int, Likeness] = dict(enumerate(alike))
    groups = {place: [place] for place in rows}
    queue = [(-likeness, one, other) for one, row in rows.items() for other, likeness in row.items() if one < other]
    queue = [entry for entry in queue if -entry[0] >= ALIKE]
    heapq.heapify(queue)
    names = count(len(rows))
    while queue:
        _, one, other = heapq.heappop(queue)
        if one in groups and other in groups:
            name = next(names)
            rows[name] = _joined(rows.pop(one), rows.pop(other), len(groups[one]), len(groups[other]))
            groups[name] = groups.pop(one) + groups.pop(other)
            _renamed(rows, name, (one, other))
            for third, likeness in rows[name].items():
                if likeness >= ALIKE:
                    heapq.heappush(queue, (-likeness, min(name, third), max(name, third)))
    return list(groups.values())


def _joined(first: Likeness, second: Likeness, many: int, others: int) -> Likeness:
    """Mean likeness of two groups together to the rest, each weighed by how many it has."""
    both = first.keys() | second.keys()
    return {
        place: (many * first.get(place, 0.0) + others * second.get(place, 0.0)) / (many + others) for place in both
    }


def _renamed(rows: dict[int, Likeness], name: int, gone: tuple[int, int]) -> None:
    """The rest told of the group that two became."""
    own = {place: likeness for place, likeness in rows[name].items() if place not in gone}
    rows[name] = own
    for place, likeness in own.items():
        for old in gone:
            rows[place].pop(old, None)
        rows[place][name] = likeness
