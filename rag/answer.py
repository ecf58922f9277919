"""Evidence -> an answer: the articles' own sentences, or a model's, which are believed only once checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from rag import prompts, tokens
from rag.citing import Draft, Passed, Piece, Reply, check_reply, extract
from rag.evidence import Evidence
from rag.records import Refusal, Turn

EXTRACTIVE = "extractive"
PASSAGE_TOKENS = 6_000
"""Of passages in one prompt; fits the smallest context in use, 8,192, with room for the answer."""
HISTORY_TOKENS = 1_000
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
        shown = _fitting(passed)
        fenced = [fence(one) for one in shown]
        reply = self._complete(prompts.ANSWER, prompts.question_prompt(question, fenced, _recent(history), as_of))
        if _declines(reply.text):
            message = "The articles found do not answer this question."
            return Draft(refusal=Refusal("not_answered", message), usage=reply.usage)
        return check_reply(reply, shown)


def _declines(reply: str) -> bool:
    return re.sub(r"[\W_]+", " ", reply).strip().upper() == prompts.NO_ANSWER


def _fitting(passed: Sequence[Passed]) -> list[Passed]:
    """The best passages that fit the budget together, whole; the first one always."""
    shown: list[Passed] = []
    room = PASSAGE_TOKENS
    for one in passed:
        room -= tokens.count(prompts.fenced([fence(one)]))
        if shown and room < 0:
            break
        shown.append(one)
    return shown


def _recent(history: Sequence[Turn]) -> list[Turn]:
    """The latest turns that fit the budget together, in their order."""
    kept: list[Turn] = []
    room = HISTORY_TOKENS
    for turn in reversed(history):
        room -= tokens.count(turn.question) + tokens.count(turn.answer)
        if room < 0:
            break
        kept.insert(0, turn)
    return kept


def fence(passed: Passed) -> prompts.Fenced:
    """A passage as prompts show it."""
    article = passed.article
    return prompts.Fenced(passed.hit.text, article.title, article.source, article.published_at)
