"""Evidence -> an answer's sentences: what every answerer is given and gives, and the one that needs no model."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rag.citing import Checked, Passed, Piece, extracted
from rag.evidence import MOST, Evidence
from rag.records import Refusal, Turn, Usage
from rag.understanding import Understood, by_rule

EXTRACTIVE = "extractive"


@dataclass(frozen=True, slots=True)
class Task:
    """A question, and what it may be answered from."""

    question: str
    """Standing alone."""
    evidence: tuple[Evidence, ...]
    passed: tuple[Passed, ...]
    """The passages found, best first."""
    as_of: datetime
    deep: bool = False
    """Whether outlets and days are to be set side by side."""
    streaming: bool = False
    """Whether each sentence is wanted as soon as it is certain, rather than all of them in order."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How an answerer came to its end."""

    model: str
    """Who wrote the answer."""
    usage: Usage | None = None
    refusal: Refusal | None = None
    incomplete: str | None = None
    """Why the answer ends before its end."""
    unanswered: tuple[str, ...] = ()
    """What it says the passages do not cover."""
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    """Spent on checking."""


class Answerer(Protocol):
    """Understands questions, and writes answers from evidence that was found to be enough."""

    name: str
    closest: int
    """Sentences that are weighed at most, before it is asked to answer."""

    def understand(self, question: str, history: Sequence[Turn], *, deep: bool) -> Understood:
        """The question standing alone, and what it asks; ``deep`` has more effort spent on the latter."""

    def answer(self, task: Task) -> Generator[Checked, None, Ending]:
        """Sentences, each checked as soon as it is written. Closing the generator stops the writing."""


class ExtractiveAnswerer:
    """Answers with the articles' own sentences; needs no model."""

    name = EXTRACTIVE
    closest = MOST

    def understand(self, question: str, history: Sequence[Turn], *, deep: bool) -> Understood:
        """By rules alone, which tell several questions in one apart at any depth."""
        return by_rule(question, history)

    def answer(self, task: Task) -> Generator[Checked, None, Ending]:
        """One sentence for each piece of evidence, in its order."""
        began = time.perf_counter()
        checked = extracted([Piece(one.article, one.span, one.also) for one in task.evidence])
        seconds = time.perf_counter() - began
        yield from checked
        return Ending(self.name, seconds=seconds)
