"""Evidence -> an answer: the articles' own sentences, or a model's, which are believed only once checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from rag import prompts
from rag.citing import Draft, Passed, Piece, Reply, check_reply, extract
from rag.evidence import Evidence
from rag.records import Refusal, Turn

EXTRACTIVE = "extractive"
Complete = Callable[[str, str], Reply]
"""(system prompt, user prompt) -> reply; raises ModelError."""


class Answerer(Protocol):
    """Writes an answer from evidence that was found to be enough."""

    name: str

    def answer(
        self,
        question: str,
        *,
        evidence: Sequence[Evidence],
        passed: Sequence[Passed],
        history: Sequence[Turn],
        as_of: datetime,
    ) -> Draft: ...


class ExtractiveAnswerer:
    """Answers with the articles' own sentences; needs no model."""

    name = EXTRACTIVE

    def answer(
        self,
        question: str,
        *,
        evidence: Sequence[Evidence],
        passed: Sequence[Passed],
        history: Sequence[Turn],
        as_of: datetime,
    ) -> Draft:
        """One statement for each piece of evidence, in its order."""
        return extract([Piece(one.article, one.span, one.also) for one in evidence])


class ModelAnswerer:
    """Has a language model write the answer, and believes none of it before it is checked."""

    def __init__(self, name: str, complete: Complete) -> None:
        self.name = name
        self._complete = complete

    def answer(
        self,
        question: str,
        *,
        evidence: Sequence[Evidence],
        passed: Sequence[Passed],
        history: Sequence[Turn],
        as_of: datetime,
    ) -> Draft:
        """The sentences of the reply that hold; a refusal where the model declines or none holds."""
        fenced = [fence(one) for one in passed]
        reply = self._complete(prompts.ANSWER, prompts.question_prompt(question, fenced, history, as_of))
        if reply.text.strip().rstrip(".").upper() == prompts.NO_ANSWER:
            message = "The articles found do not answer this question."
            return Draft(refusal=Refusal("not_answered", message), usage=reply.usage)
        return check_reply(reply, passed)


def fence(passed: Passed) -> prompts.Fenced:
    """A passage as prompts show it."""
    article = passed.article
    return prompts.Fenced(passed.hit.text, article.title, article.source, article.published_at)
