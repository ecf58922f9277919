"""Lengths: what is usual where none is asked for, and what to say where one could not be kept."""

from __future__ import annotations

from rag.summaries.selecting import TOLERANCE, Room
from rag.summary import Length


def kept(asked: Length, usual: Length) -> Length:
    """The length to keep."""
    return asked if asked.sentences or asked.words else usual


def noted(
    asked: Length, room: Room, *, less: str = "there is no more to tell", more: str = "no whole sentence is shorter"
) -> list[str]:
    """That the length asked for could not be kept, and why: there is less of it, or more."""
    if asked.words and abs(room.words - asked.words) > asked.words * TOLERANCE:
        reason = less if room.words < asked.words else more
        return [f"Asked for {_counted(asked.words, 'word')}, this has {room.words:,}: {reason}."]
    if asked.sentences and room.sentences < asked.sentences:
        count = _counted(asked.sentences, "sentence")
        return [f"Asked for {count}, this has {room.sentences:,}: {less}."]
    return []


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
