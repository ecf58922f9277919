"""A question in a conversation -> a question that stands alone, without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.claims import names
from rag.records import Turn
from rag.words import stems

_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|theirs|there|this|that|these|those|then|else|"
    r"the (?:same|other|others|former|latter))\b|^(?:and|but|or|so|also|what about|how about)\b",
    re.IGNORECASE,
)
_SHORT = 3
"""A question with fewer telling words than this leans on what was said before."""
_BACK = 3
"""Turns looked at for names, latest first."""


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question itself, or with the names that the latest turn was about set behind it."""
    if not history or not leans(question):
        return question
    topic = _topic(history)
    missing = [name for name in topic if not names.matches(name, question)]
    return f"{question} ({', '.join(missing)})" if missing else question


def leans(question: str) -> bool:
    """Whether a question cannot be understood without what came before it."""
    own = names.find(question)
    person = _PERSON.search(question)
    if person and not any(name.end <= person.start() for name in own):
        return True
    return (_LEANS.search(question) is not None and len(own) < 2) or len(stems(question)) < _SHORT


def _topic(history: Sequence[Turn]) -> list[str]:
    for turn in list(reversed(history))[:_BACK]:
        found = list(dict.fromkeys(name.words for name in names.find(turn.question)))
        if found:
            return found
        if telling := stems(turn.question):
            return list(dict.fromkeys(telling))
    return []
