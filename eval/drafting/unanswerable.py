"""Questions that nothing in the suite answers: drafted from an article that is left out with its copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eval.drafting.choosing import Chosen
from rag import passages
from rag.records import Article
from rag.words import stems

HOLDS = 0.5
"""Share of a sentence's telling words that a stretch of another article may hold, and still tell something else."""
STRETCH = 3
"""Sentences read together."""


def untold(chosen: Iterable[Chosen], articles: Sequence[Article]) -> list[Chosen]:
    """Those of the questions whose sentence no stretch of any of the articles comes near to telling."""
    stretches = [stretch for article in articles for stretch in _stretches(article)]
    return [one for one in chosen if not any(_tells(stretch, one) for stretch in stretches)]


def _stretches(article: Article) -> list[frozenset[str]]:
    text = article.headed
    told = [frozenset(stems(text[span.start : span.end])) for span in passages.sentences(text, article.language)]
    starts = range(max(1, len(told) - STRETCH + 1))
    return [frozenset[str]().union(*told[start : start + STRETCH]) for start in starts]


def _tells(stretch: frozenset[str], one: Chosen) -> bool:
    wanted = frozenset(stems(one.asked.question)) - frozenset(stems("who when what which how many much country"))
    return len(wanted & stretch) >= HOLDS * len(wanted)
