"""A question on its way to an answer: how it was asked, the parts it has, and what was found for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from rag.answer import Answerer
from rag.citing import Passed
from rag.evidence import Evidence
from rag.question import Question
from rag.records import Filters, Hit, Period, Refusal, Seconds, Turn
from rag.stopping import Stop


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked and how."""

    question: str
    filters: Filters
    as_of: datetime
    k: int
    answerer: Answerer
    stop: Stop = field(default_factory=Stop)
    history: tuple[Turn, ...] = ()
    deep: bool = False
    """Whether what it asks is told apart with more effort, and outlets and days are set side by side."""
    streaming: bool = False
    """Whether sentences are wanted in the order in which they come to be certain."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that a question asks; most questions have one part."""

    words: str
    """The asker's own."""
    standalone: str
    asked: Question
    """Standing alone, without its words of time."""
    period: Period | None
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unknown: tuple[str, ...] = ()
    """Names asked about beside others that no article found holds."""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An ``Ask`` on its way through the steps."""

    ask: Ask
    started: float
    standalone: str
    parts: tuple[Part, ...]
    seconds: Seconds = field(default_factory=Seconds)
    passed: tuple[Passed, ...] = ()
    """The hits with their articles."""
    newest: datetime | None = None
    """Publication time of the newest article that the filters admit."""

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Those of all parts, each once."""
        return tuple({hit.passage_id: hit for part in self.parts for hit in part.hits}.values())

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """That of all parts, each sentence once."""
        found = {(one.article.id, one.span): one for part in reversed(self.parts) for one in reversed(part.evidence)}
        return tuple(reversed(found.values()))

    @property
    def refusal(self) -> Refusal | None:
        """The first part's, where no part is answered."""
        refusals = [part.refusal for part in self.parts]
        return refusals[0] if all(refusals) else None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What the articles say nothing of, where they answer the rest."""
        open_parts = [(part.words.strip(" ?;,"),) if part.refusal else part.unknown for part in self.parts]
        return tuple(words for part in open_parts for words in part)
