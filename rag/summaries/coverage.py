"""How much of what was read a summary tells: the main points of the texts, and which of them it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.citing import Draft
from rag.summaries.brief import Brief
from rag.summaries.choosing.rivals import rivals_of
from rag.summaries.choosing.selecting import Pool, Room, select
from rag.summaries.choosing.sentences import Sentence
from rag.summaries.choosing.weighing import weighed
from rag.summaries.stories import LARGEST, Story
from rag.summary import Coverage, Length, Point
from rag.words import stems

FEWEST, MOST = 4, 12
"""Main points of a story: so many, and one more for each article, at most."""
HOLDS = 0.6
"""Part of a point's stems that a statement holds which tells it."""
LISTED = 5
"""Points not told that are listed at most."""


@dataclass(frozen=True, slots=True)
class _Main:
    """A main point, and what it counts."""

    sentence: Sentence
    weight: float


def measure(brief: Brief, written: Draft, used: Sequence[str]) -> Coverage | None:
    """What a summary covers of a brief; nothing where nothing was read."""
    if not brief.articles:
        return None
    points = [point for story in brief.stories[:LARGEST] for point in _points(story, brief)]
    told = [_told(point.sentence, written) for point in points]
    whole = sum(point.weight for point in points)
    covered = sum(point.weight for point, is_told in zip(points, told, strict=True) if is_told)
    missing = [point for point, is_told in zip(points, told, strict=True) if not is_told]
    return Coverage(
        articles=len(brief.articles),
        used=len(used),
        points=len(points),
        covered=sum(told),
        share=covered / whole if whole else 0.0,
        missing=tuple(_point(one.sentence) for one in sorted(missing, key=lambda one: -one.weight)[:LISTED]),
    )


def _points(story: Story, brief: Brief) -> list[_Main]:
    """The weightiest sentences of a story, none of which says what another does or is overtaken.

    Together they count for as much as the story has articles.
    """
    sentences, weights = weighed(story.articles)
    pool = Pool(sentences, weights, rivals_of(story.articles, brief.embed))
    many = min(FEWEST + len(story.articles), MOST)
    select([pool], Room(Length(sentences=many)))
    return [_Main(sentences[place], len(story.articles) / many) for place in sorted(pool.chosen)]


def _told(point: Sentence, written: Draft) -> bool:
    """Whether a statement that is shown cites the sentence, or holds most of its words."""
    shown = {number for one in written.statements for number in one.citations}
    cites = any(
        one.number in shown
        and one.article_id == point.article.id
        and one.start < point.span.end
        and point.span.start < one.end
        for one in written.citations
    )
    own = set(point.stems)
    return cites or any(len(own & set(stems(one.text))) >= HOLDS * max(1, len(own)) for one in written.statements)


def _point(sentence: Sentence) -> Point:
    article, span = sentence.article, sentence.span
    return Point(article.id, article.revision, article.title, span.start, span.end, sentence.text)
