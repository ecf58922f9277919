"""A paragraph or bullets: the weightiest sentences of each story, the largest story first."""

from __future__ import annotations

from collections.abc import Sequence

from rag.records import Article
from rag.summaries.brief import Brief, Outcome, Part
from rag.summaries.choosing.rivals import rivals_of
from rag.summaries.choosing.selecting import Pool, Room, select
from rag.summaries.choosing.sentences import Sentence
from rag.summaries.choosing.telling import placed, told
from rag.summaries.choosing.weighing import weighed
from rag.summaries.lengths import SENTENCES, WORDS, kept
from rag.summaries.stories import Story
from rag.summary import Length
from rag.words import stems

USUAL = Length(sentences=SENTENCES)
BRIEF = 1 / 3
"""Part of the words read, up to which a summary is brief."""
SHORT = 5
"""Words that a sentence has at least, of those that are told."""


def write(brief: Brief) -> Outcome:
    """The sentences in the order they are read: story by story, within one the oldest report first."""
    pools = [pool(story, brief) for story in brief.stories[: _many(brief.length)]]
    room = Room(kept(brief.length, USUAL))
    select(pools, room)
    checked = placed(one for each in pools for one in told(each, brief.carriers))
    return Outcome((Part(checked),), notes=(*apart(brief), *room.noted(brief.length)))


def pool(story: Story, brief: Brief, *, size: int | None = None) -> Pool:
    """The sentences of a story, weighed; how much of the summary is its due is for its articles unless given."""
    sentences, weights = weighed(story.articles)
    weights = weights.toward(stems(brief.subject or ""))
    weights = weights.opening() if _is_brief(brief.length, sentences) else weights
    due = _due(story, brief) if size is None else size
    return Pool(sentences, weights, rivals_of(story.articles, brief.embed), due)


def _due(story: Story, brief: Brief) -> int:
    """The articles of a story; of a subject, those whose title holds half of its words, if any article's does."""
    wanted = frozenset(stems(brief.subject or ""))

    def fits(article: Article) -> bool:
        return len(wanted.intersection(stems(article.title))) * 2 >= len(wanted)

    return sum(map(fits, story.articles)) if any(map(fits, brief.articles)) else len(story.articles)


def _is_brief(asked: Length, sentences: Sequence[Sentence]) -> bool:
    """Whether a summary is so short beside what it is of that it must open with the news."""
    length = kept(asked, USUAL)
    words = length.words or WORDS * (length.sentences or 1)
    return words <= BRIEF * sum(one.words for one in sentences)


def _many(length: Length) -> int:
    """Stories of which there can be room for a sentence."""
    return kept(length, USUAL).sentences or max(1, (length.words or 0) // SHORT)


def apart(brief: Brief) -> list[str]:
    """That articles which were named one by one, or as one story, do not tell one."""
    if not brief.named or len(brief.stories) < 2:
        return []
    return [f"These {len(brief.articles)} articles tell {len(brief.stories)} separate stories."]
