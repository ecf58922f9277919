"""One conversation: each question with its answer, or with the one line that says why there is none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from eval.feedback import TURNS
from rag.errors import GroundwireError, UsageError
from rag.records import Answer, Seconds, Turn
from rag.stream import AnswerStream, Done, Event, Stated
from ui.kept.exchange import Exchange

if TYPE_CHECKING:
    from rag import Archive

LONGEST_QUESTION = 4_000
"""Characters."""
EMPTY_QUESTION = "The question is empty. Type one and press Enter."


def replies(
    archive: Archive,
    question: str,
    earlier: Sequence[Exchange],
    *,
    model: str | None = None,
    begun: Callable[[AnswerStream], None] = lambda stream: None,
) -> Iterator[Exchange]:
    """The exchange as it grows, whole at last; an error becomes its message. ``begun`` gets what can be stopped."""
    exchange = Exchange(question[:LONGEST_QUESTION])
    begun_at = time.monotonic()
    try:
        with archive.ask_stream(checked(question), history=history(earlier), model=model) as stream:
            begun(stream)
            for event in stream:
                exchange = _grown(exchange, event, partial(_begin, archive, question, model))
                if exchange.written:
                    seconds = Seconds(total=time.monotonic() - begun_at)
                    exchange = replace(exchange, written=replace(exchange.written, seconds=seconds))
                yield exchange
    except GroundwireError as error:
        yield replace(exchange, error=str(error))
        return
    if exchange.awaited:
        yield replace(exchange, error="Stopped before any sentence was written.")


def _begin(archive: Archive, question: str, model: str | None) -> Answer:
    """An answer of which nothing is written yet: whoever goes away now leaves it so."""
    return Answer(question, archive.described(model), datetime.now(UTC), archive.overview().newest)


def _grown(exchange: Exchange, event: Event, begin: Callable[[], Answer]) -> Exchange:
    match event:
        case Done():
            return replace(exchange, answer=event.answer, written=None)
        case Stated():
            before = exchange.written or begin()
            known = {one.number: one for one in [*before.citations, *event.citations]}
            statements = (*before.statements, event.statement)
            return replace(exchange, written=replace(before, statements=statements, citations=tuple(known.values())))
        case _:
            return exchange


def checked(question: str) -> str:
    """The question without outer space; raises UsageError where there is none or it is too long."""
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(question):,} characters; the limit is {LONGEST_QUESTION:,}. Shorten it."
        )
    # A browser can send half a surrogate pair, which nothing further down can encode.
    asked = question.encode("utf-8", "replace").decode().strip()
    if not asked:
        raise UsageError(EMPTY_QUESTION)
    return asked


def history(earlier: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The last answered exchanges, as the archive takes them; refusals said nothing to follow up on."""
    answered = [one for one in earlier if one.answer and not one.answer.refusal]
    return tuple(Turn(one.question, one.answer.text) for one in answered[-TURNS:] if one.answer)
