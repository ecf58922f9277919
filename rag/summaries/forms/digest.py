"""A digest: the stories that the articles tell, the largest first, each with a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from rag.summaries.brief import Brief, Outcome, Part
from rag.summaries.choosing.selecting import Room, select
from rag.summaries.choosing.telling import placed, told
from rag.summaries.forms.prose import pool
from rag.summaries.lengths import kept
from rag.summaries.stories import SMALLER, Story
from rag.summary import Length

MOST = 10
"""Stories, where no length is asked for."""
LINES = 2
"""Sentences of a story."""
WORDS = 50
"""Words of a story."""


def write(brief: Brief) -> Outcome:
    """A part for each story, under the title of the article most like the others."""
    shown = brief.stories[: _many(brief.length)]
    room = Room(kept(brief.length, Length(sentences=LINES * len(shown))))
    pools = [pool(story, brief, size=1) for story in shown]
    select(pools, room)
    parts = [
        Part(placed(told(each, brief.carriers)), story.title, articles=story.articles)
        for story, each in zip(shown, pools, strict=True)
    ]
    return Outcome(tuple(parts), notes=tuple(room.noted(brief.length)), reasons=_reasons(brief.stories, len(shown)))


def _many(length: Length) -> int:
    """How many stories there is room for."""
    by_sentences = MOST if length.sentences is None else max(1, length.sentences // LINES)
    by_words = MOST if length.words is None else max(1, length.words // WORDS)
    return min(by_sentences, by_words) if length.sentences or length.words else MOST


def _reasons(stories: Sequence[Story], shown: int) -> dict[str, str]:
    """Why articles are not cited: another article tells their story's lines, or their story is too small."""
    reasons = {}
    for rank, story in enumerate(stories):
        reason = f"its story is told under “{story.title}”" if rank < shown else SMALLER
        reasons.update({article.id: reason for article in story.articles})
    return reasons
