"""A question as it was put -> what is looked up: one question that stands alone, or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag import followup, parts
from rag.records import Turn


@dataclass(frozen=True, slots=True)
class Put:
    """One thing asked."""

    words: str
    """As the asker put it."""
    standalone: str
    """With what the conversation says of it."""


@dataclass(frozen=True, slots=True)
class Understood:
    """The whole question standing alone, and the things that it asks; most questions ask one."""

    standalone: str
    puts: tuple[Put, ...]


def by_rule(question: str, history: Sequence[Turn]) -> Understood:
    """Follow-ups are completed from the conversation, and each of several questions from those before it."""
    standalone = followup.standalone(question, history)
    split = parts.split(question)
    if len(split) == 1:
        return Understood(standalone, (Put(question, standalone),))
    puts: list[Put] = []
    for words in split:
        earlier = [*history, *(Turn(put.standalone, "") for put in puts)]
        puts.append(Put(words, followup.standalone(words, earlier)))
    return Understood(standalone, tuple(puts))
