"""Lengths: what is usual where none is asked for, and what to say where one could not be kept."""

from __future__ import annotations

from rag.summary import Length

TOLERANCE = 0.1
"""Part of a length in words by which a summary may miss it."""
SENTENCES = 5
"""Of a paragraph or bullets, where no length is asked for."""
WORDS = 20
"""Of a sentence, about."""
NO_MORE = "there is no more to tell"


def kept(asked: Length, usual: Length) -> Length:
    """The length to keep."""
    return asked if asked.sentences or asked.words else usual


def noted(asked: Length, *, words: int, sentences: int, lacking: str = NO_MORE) -> list[str]:
    """That the length asked for could not be kept, and why; ``lacking`` says why it is too short."""
    if asked.words and abs(words - asked.words) > asked.words * TOLERANCE:
        reason = lacking if words < asked.words else "no whole sentence is shorter"
        return [f"Asked for {_counted(asked.words, 'word')}, this has {words:,}: {reason}."]
    if asked.sentences and not asked.words and sentences < asked.sentences:
        count = _counted(asked.sentences, "sentence")
        return [f"Asked for {count}, this has {sentences:,}: {lacking}."]
    return []


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
