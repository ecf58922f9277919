"""A model makes a question stand alone and tells apart what it asks; what it adds of its own is not taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag import parts
from rag.claims import names
from rag.records import Turn
from rag.understanding import Put, Understood, by_rule
from rag.written import prompts
from rag.written.fitting import recent

LONGEST = 400
"""Characters of a question that a model wrote; more is no question."""
_FIGURE = re.compile(r"\d+")
_LIST_SIGN = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")

Write = Callable[[str, str], str]
"""(system prompt, user prompt) -> what a model wrote."""


def by_model(question: str, history: Sequence[Turn], write: Write, *, deep: bool) -> Understood:
    """As ``by_rule``, with a call to a model where there is a conversation, and another where ``deep`` is wanted.

    A question that the model garbled, or gave names or figures that nobody mentioned, is made by rule instead.
    """
    ruled = by_rule(question, history)
    whole = _standalone(question, history, write) if history else question
    if whole is None:
        return ruled
    split = _split(whole, write) if deep else ()
    if not split:
        apart = parts.split(whole)
        return Understood(whole, _puts(apart)) if len(apart) > 1 else Understood(whole, (Put(question, whole),))
    return Understood(whole, _puts(split))


def _puts(questions: Sequence[str]) -> tuple[Put, ...]:
    return tuple(Put(each, each) for each in questions)


def _standalone(question: str, history: Sequence[Turn], write: Write) -> str | None:
    said = recent(history)
    written = " ".join(write(prompts.STANDALONE, prompts.standalone_prompt(question, said)).split())
    given = "\n".join([question, *(f"{turn.question}\n{turn.answer}" for turn in said)])
    return written if _is_question(written) and not adds(written, given) else None


def _split(question: str, write: Write) -> tuple[str, ...]:
    lines = [_LIST_SIGN.sub("", line).strip() for line in write(prompts.SPLIT, question).splitlines()]
    fit = [line for line in lines if _is_question(line) and not adds(line, question)]
    return tuple(dict.fromkeys(fit))[: parts.MOST]


def _is_question(text: str) -> bool:
    return 0 < len(text) <= LONGEST and any(letter.isalnum() for letter in text)


def adds(text: str, given: str) -> bool:
    """Whether a text has a figure or a name that what was given has not."""
    if not set(_FIGURE.findall(text)) <= set(_FIGURE.findall(given)):
        return True
    return any(not names.matches(name.words, given) for name in names.find(text) if name.kind == "name")
