"""A question of a conversation and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eval.feedback import Feedback
from rag.records import Answer

__all__ = ["LONGEST_NOTE", "Exchange", "Feedback"]

LONGEST_NOTE = 1_000
"""Characters of what a reader writes beside a verdict."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what came of it: an answer, an error's message, or neither while it is awaited."""

    question: str
    answer: Answer | None = None
    error: str | None = None
    written: Answer | None = None
    """What is certain of an answer that is still being written."""
    key: str = ""
    """By which it is stopped while it is, and found again in its conversation."""
    asked_at: datetime | None = None
    verdict: Feedback | None = None
    """What the reader said of the answer."""

    @property
    def awaited(self) -> bool:
        return self.answer is None and self.error is None
