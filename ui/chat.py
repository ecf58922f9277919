"""What the page does when its reader acts: plain functions from what was there to what is shown next."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from rag.errors import GroundwireError
from rag.stream import AnswerStream
from ui.cited import EMPTY, single_html, sources_html
from ui.conversation import Exchange, replies, sources, suggestions
from ui.exports.download import download_html
from ui.markup import error_html
from ui.render import model_label
from ui.turns import conversation_html, masthead_html, welcome_html

if TYPE_CHECKING:
    from rag import Archive

PACE = 0.1
"""Seconds between two drawings of a growing answer at least."""
Exchanges = tuple[Exchange, ...]
_FAILED = "Something went wrong while answering. The server's terminal has the details; ask again."


@dataclass(frozen=True, slots=True)
class Chat:
    """One archive's conversations; each reader's exchanges are passed in and handed back."""

    archive: Archive
    model: str | None = None
    questions: tuple[str, ...] = ()
    """To start with; taken from the newest articles where there are none."""
    _streams: dict[str, AnswerStream] = field(default_factory=dict)
    """Answers being written, by the key of their exchange."""

    def open(self) -> tuple[str, str]:
        """The masthead and the empty conversation."""
        articles = self.archive.articles()
        label = model_label(self.archive.described(self.model))
        return masthead_html(articles, model=label), welcome_html(self.questions or suggestions(articles))

    def put(self, question: str, exchanges: Exchanges) -> tuple[Exchanges, str, str]:
        """The question added as awaited, and the question box emptied; one question at a time."""
        if exchanges and exchanges[-1].awaited:
            return exchanges, conversation_html(exchanges), question
        grown = (*exchanges, Exchange(question, key=uuid4().hex))
        return grown, conversation_html(grown), ""

    def answer(self, exchanges: Exchanges) -> Iterator[tuple[Exchanges, str, str]]:
        """The awaited question answered, sentence by sentence: exchanges, conversation and sources."""
        if not exchanges or not exchanges[-1].awaited:
            yield exchanges, conversation_html(exchanges), self.cited(len(exchanges), None, exchanges)
            return
        *earlier, awaited = exchanges
        begun = partial(self._streams.__setitem__, awaited.key)
        try:
            grown = replies(self.archive, awaited.question, earlier, model=self.model, begun=begun)
            for exchange in _paced(grown):
                done = (*earlier, replace(exchange, key=awaited.key))
                yield done, conversation_html(done), self.cited(len(done), None, done)
        finally:
            self._streams.pop(awaited.key, None)

    def stop(self, exchanges: Exchanges) -> None:
        """Break off the answer that is being written; what is certain of it stays."""
        stream = self._streams.get(exchanges[-1].key) if exchanges else None
        if stream is not None:
            stream.stop()

    def failed(self, exchanges: Exchanges) -> tuple[Exchanges, str]:
        """After a fault of ours: nothing stays awaited for ever."""
        told = tuple(replace(one, error=_FAILED) if one.awaited else one for one in exchanges)
        return told, conversation_html(told)

    def cited(self, turn: object, number: object, exchanges: Exchanges) -> str:
        """The sources of one turn, a number of it shown. Both come from the browser and may be anything."""
        if not isinstance(turn, int) or not 1 <= turn <= len(exchanges):
            return EMPTY
        answer = exchanges[turn - 1].answer or exchanges[turn - 1].written
        if answer is None:
            return EMPTY
        current = number if isinstance(number, int) else None
        return sources_html(answer, sources(self.archive, answer), turn=turn, current=current)

    def exported(self, turn: object, form: object, exchanges: Exchanges) -> str:
        """The answer of one turn as a file for the browser to keep."""
        answer = exchanges[turn - 1].answer if isinstance(turn, int) and 1 <= turn <= len(exchanges) else None
        return download_html(answer, form) if answer else ""

    def article(self, article_id: object) -> str:
        """One whole article, or the line that says why it cannot be shown."""
        try:
            return single_html(self.archive.article(str(article_id)))
        except GroundwireError as error:
            return error_html(str(error))

    def again(self) -> tuple[Exchanges, str, str, str]:
        """A new conversation: no exchanges, the welcome, no sources, an empty question box."""
        return (), self.open()[1], EMPTY, ""


def _paced(grown: Iterator[Exchange]) -> Iterator[Exchange]:
    """The steps that change what is seen, no faster than a page can draw them."""
    drawn, seen = -PACE, None
    for exchange in grown:
        if exchange.awaited and exchange.written is seen:
            continue
        seen = exchange.written
        if exchange.awaited:
            time.sleep(max(0.0, drawn + PACE - time.monotonic()))
        drawn = time.monotonic()
        yield exchange


def chosen(data: object, name: str) -> object:
    """One value the browser sent with an event; ``None`` where it sent something else."""
    return data.get(name) if isinstance(data, Mapping) else None
