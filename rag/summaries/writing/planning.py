"""What a summary by a model will take, known before its first call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag import passages, tokens
from rag.chat_models.spending import PER_MESSAGE
from rag.records import Article
from rag.summaries.brief import Part
from rag.summaries.writing.calling import Asked
from rag.summaries.writing.packing import MARKS
from rag.summary import Plan
from rag.written import prompts

if TYPE_CHECKING:
    from rag.chat_models.model import ChatModel

MARKER = 3
"""Tokens of a sentence's citation and of the end of its line."""
TASK = 40
"""Tokens of what a prompt says besides its rules and passages."""
USUAL = (12, 60)
"""Tokens of a sentence that a model writes, fewest and most."""
SAMPLE = 200
"""Articles that are looked at to know how long sentences are."""


@dataclass(frozen=True, slots=True)
class Level:
    """One round of calls over what the round before found."""

    calls: int
    read: int
    """Passages that all of them are shown together."""
    asked: int
    """Sentences that all of them are asked for together."""


@dataclass(frozen=True, slots=True)
class Usual:
    """Tokens of a sentence of the articles, and of the head that stands over it in a prompt."""

    sentence: float
    head: float

    @property
    def passage(self) -> float:
        """Of a sentence as a passage."""
        return self.sentence + self.head

    @property
    def written(self) -> float:
        """Of a sentence as a model may write it."""
        return min(max(self.sentence, USUAL[0]), USUAL[1]) + MARKER


def usual(articles: Sequence[Article]) -> Usual:
    """How long these articles' sentences are, by a sample of them."""
    sample = articles[:: len(articles) // SAMPLE + 1]
    told = [one.text[span.start : span.end] for one in sample for span in passages.sentences(one.text, one.language)]
    heads = [tokens.count(f"{one.source} {one.title}") + MARKS for one in sample]
    return Usual(_mean(map(tokens.count, told)), _mean(heads))


def like(parts: Sequence[Part]) -> Usual:
    """As long as the sentences of an outline."""
    return Usual(_mean(tokens.count(one.text) for part in parts for one in part.checked), 0)


def plan(model: ChatModel, articles: int, first: Sequence[Asked], levels: Sequence[Level], usual: Usual) -> Plan:
    """The first round counted exactly, later ones as they are expected.

    Corrections are not in it, nor what a model thinks before it writes.
    """
    frame = tokens.count(prompts.SUMMARY) + 2 * PER_MESSAGE
    read = sum(tokens.count(one.user) + frame for one in first)
    read += sum(round(level.read * usual.passage) + level.calls * (frame + TASK) for level in levels)
    asked = sum(map(_expected, first)) + sum(level.asked for level in levels)
    written = round(asked * usual.written)
    calls = len(first) + sum(level.calls for level in levels)
    return Plan(articles, calls, read, written, model.cost(read, written))


def _mean(numbers: Iterable[int]) -> float:
    found = list(numbers)
    return sum(found) / max(1, len(found))


def _expected(asked: Asked) -> int:
    """Sentences that a reply will have: no more than it is shown."""
    shown = sum(len(passages.sentences(one.hit.text, one.article.language)) for one in asked.passed)
    return min(asked.sentences, max(1, shown))
