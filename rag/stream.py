"""What a streaming answer tells while it comes about: typed events, each as soon as it is certain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

from rag.errors import Stopped
from rag.records import Answer, Citation, Hit, Statement
from rag.stopping import Stop

Kind = Literal["searching", "hits", "statement", "rejected", "done"]


@dataclass(frozen=True, slots=True)
class Searching:
    """The question is being looked up. First of all events."""

    kind: ClassVar[Kind] = "searching"
    question: str
    """As it was asked."""


@dataclass(frozen=True, slots=True)
class Found:
    """The passages that were found; the answer rests on nothing else."""

    kind: ClassVar[Kind] = "hits"
    question: str
    """Standing alone, as it was looked up."""
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A sentence that was checked and belongs to the answer; its numbers stay what they are."""

    kind: ClassVar[Kind] = "statement"
    statement: Statement
    citations: tuple[Citation, ...]
    """Those that it cites, in the order of its numbers."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sentence that was set aside. What it cites is numbered once the answer is done."""

    kind: ClassVar[Kind] = "rejected"
    statement: Statement


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer, or the refusal. Last of all events."""

    kind: ClassVar[Kind] = "done"
    answer: Answer


Event = Searching | Found | Stated | Rejected | Done


class AnswerStream(Iterator[Event]):
    """The events of one answer in order. It may be stopped or closed from any thread, which stops the model."""

    def __init__(self, events: Iterator[Event], stop: Stop) -> None:
        self._events = events
        self._stop = stop
        self._closed = False

    def __next__(self) -> Event:
        if self._closed:
            raise StopIteration
        try:
            return next(self._events)
        except Stopped:
            raise StopIteration from None

    def stop(self) -> None:
        """Break off the request to the model's server. What was told until now is the answer, if anything was."""
        self._stop.set()

    def close(self) -> None:
        """Break it off and tell nothing more."""
        self._closed = True
        self._stop.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()
