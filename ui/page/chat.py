"""What the page does when its reader asks: plain functions from what was there to what is shown next.

A conversation is kept under an id that the page holds, so that a reload, a restart or another window goes on with it.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from eval.feedback import Feedback
from rag.answer import EXTRACTIVE
from rag.errors import ArchiveError, GroundwireError, UsageError
from rag.stream import AnswerStream
from ui.exports.download import copied_html, download_html
from ui.html.cited import EMPTY, single_html, sources_html
from ui.html.markup import error_html
from ui.html.sources import sources
from ui.html.turns import conversation_html, editing_html, masthead_html, welcome_html
from ui.kept.exchange import Exchange
from ui.page.components import counted
from ui.page.conversation import EMPTY_QUESTION, replies
from ui.page.suggesting import question_about, suggestions
from ui.text.render import model_label

if TYPE_CHECKING:
    from rag import Archive
    from rag.listing import Overview
    from rag.records import Answer
    from ui.admission import Admission
    from ui.kept.conversations import Conversations

PACE = 0.1
"""Seconds between two drawings of a growing answer at least."""
FAILED = "Something went wrong while answering. The server's terminal has the details; ask again."
BROKEN_OFF = "The connection broke off while this was answered. Ask again."
GONE = "This conversation is not here: it was deleted, or it belongs to another browser."
LEFT = "The conversation before is not here any more, so this is a new one."
AWAITED = "One question at a time: the one before is still being answered."


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown next; what is ``None`` stays as it is, such as a question that is being typed meanwhile."""

    at: str | None = None
    """The id of the conversation, ``""`` for none."""
    conversation: str | None = None
    panel: str | None = None
    """The sources."""
    question: str | None = None
    """In the box."""
    editing: str | None = None
    """The number of the question that is being changed, ``""`` for none."""
    changing: str | None = None
    """What is said of that."""


@dataclass(slots=True)
class _Writing:
    """An answer being written."""

    stream: AnswerStream | None = None
    """By which it is stopped, once it is begun."""
    left: bool = False
    """Whether its reader has turned to another conversation."""

    def begin(self, stream: AnswerStream) -> None:
        self.stream = stream
        if self.left:
            stream.stop()

    def stop(self) -> None:
        if self.stream:
            self.stream.stop()


@dataclass(frozen=True, slots=True)
class Chat:
    """One archive's conversations. ``reader`` is whose they are, ``at`` the id of the one that is open or ``""``.

    A browser without cookies is reader ``""``: it finds a conversation by its id, which nobody can guess.
    """

    archive: Archive
    conversations: Conversations
    admission: Admission
    model: str | None = None
    questions: tuple[str, ...] = ()
    """To start with; taken from the newest articles where there are none."""
    _writing: dict[str, _Writing] = field(default_factory=dict)
    """Answers being written, by the id of their conversation, which has one at a time."""
    _suggested: dict[Overview, tuple[str, ...]] = field(default_factory=dict)
    """By what the archive held when they were drafted."""

    def masthead(self) -> str:
        """What is being read, and who answers."""
        return masthead_html(self.archive.overview(), model=model_label(self.archive.described(self.model)))

    def open(self, reader: str, at: str) -> Shown:
        """The conversation of that id with its last sources, or the welcome."""
        try:
            found = self.conversations.load(reader, at) if at else None
        except ArchiveError as error:
            return Shown("", self._welcome(str(error)), EMPTY)
        if found is None or not found.exchanges:
            return Shown("", self._welcome(GONE if at else None), EMPTY)
        exchanges = found.exchanges
        return Shown(at, conversation_html(exchanges, at=at), self.cited(reader, at, len(exchanges), None))

    def new(self, before: str = "") -> Shown:
        """A new conversation; the one before is kept, and an answer that is being written there ends."""
        self.leave(before)
        return Shown("", self._welcome(), EMPTY, "", "", "")

    def ask(self, reader: str, question: str, at: str, editing: str = "") -> Iterator[Shown]:
        """The question put at once, then answered sentence by sentence; one at a time.

        ``editing`` is the number of an earlier question that this one takes the place of, in a copy of the
        conversation until there.
        """
        loaded = self._loaded(reader, at)
        exchanges = loaded or ()
        if exchanges and exchanges[-1].awaited:
            yield self._awaited(at, exchanges)
            return
        if not question.strip():
            shown = conversation_html(exchanges, at=at, note=error_html(EMPTY_QUESTION))
            yield Shown(at, shown or self._welcome(EMPTY_QUESTION))
            return
        # Under the id of one that is gone it would come back, with questions before this one that are not shown.
        # One that only cannot be read now is gone on with once it can.
        unread = bool(at) and loaded is None
        note = error_html(LEFT) if at and not exchanges and not unread else ""
        if changed := _turn(exchanges, editing):
            at, exchanges = self._copied(reader, at, changed)
        elif not exchanges and not unread:
            at = self.conversations.begin(reader)
        yield from self._asked(reader, question, at, exchanges, note=note)

    def again(self, reader: str, at: str, turn: object) -> Iterator[Shown]:
        """A question asked again: in its place where it had no whole answer, else in a copy until there."""
        exchanges = self._exchanges(reader, at)
        asked = _turn(exchanges, turn)
        if asked is None:
            yield self.open(reader, at)
            return
        if exchanges[-1].awaited:
            yield self._awaited(at, exchanges)
            return
        failed = asked is exchanges[-1] and (asked.answer is None or asked.answer.incomplete)
        if failed:
            yield from self._asked(reader, asked.question, at, exchanges[:-1], key=asked.key)
        else:
            at, exchanges = self._copied(reader, at, asked)
            yield from self._asked(reader, asked.question, at, exchanges)

    def edit(self, reader: str, at: str, turn: object) -> tuple[str, str, str]:
        """An earlier question put back into the box: its words, its number, and what is said of that."""
        exchanges = self._exchanges(reader, at)
        if (asked := _turn(exchanges, turn)) is None:
            return "", "", ""
        place = counted(turn)
        return asked.question, str(place), editing_html(place, last=asked is exchanges[-1])

    def stop(self, reader: str, at: str) -> None:
        """Break off the answer that is being written; what is certain of it stays."""
        if self._exchanges(reader, at) and (writing := self._writing.get(at)):
            writing.stop()

    def leave(self, at: str) -> None:
        """Break off the answer that is being written, and show nothing more of it: another conversation is open.

        The one left may have been deleted, so it is not looked up; its id is known to its reader alone.
        """
        if writing := self._writing.get(at):
            writing.left = True
            writing.stop()

    def end(self) -> None:
        """Break off all answers that are being written, and those that wait for it."""
        for at in list(self._writing):
            self.leave(at)

    def failed(self, reader: str, at: str) -> str:
        """After a fault of ours: nothing stays awaited for ever."""
        for exchange in self._exchanges(reader, at):
            if exchange.awaited:
                self._keep(reader, at, replace(exchange, error=FAILED))
        return conversation_html(self._exchanges(reader, at), at=at) or error_html(FAILED)

    def judge(self, reader: str, at: str, turn: object, right: object, place: object, note: object) -> str:
        """Whether an answer was right, and which sentence was not; ``right`` of ``None`` takes it back.

        Raises:
            UsageError: the answer is no longer kept.
            ArchiveError: the history cannot be written.
        """
        judged = _turn(self._exchanges(reader, at), turn)
        if judged and judged.answer:
            sentence, told = _sentence(place, judged.answer), note if isinstance(note, str) else ""
            feedback = Feedback(right, sentence, told, datetime.now(UTC)) if isinstance(right, bool) else None
            self.conversations.judge(reader, at, judged.key, feedback)
        return conversation_html(self._exchanges(reader, at), at=at) or self._welcome(GONE)

    def looked_again(self, reader: str, at: str) -> tuple[str | None, str | None]:
        """What became of an answer that another window, or a visit before, awaited, and its sources.

        Nothing while it is awaited still.
        """
        exchanges = self._exchanges(reader, at)
        if not exchanges or exchanges[-1].awaited:
            return None, None
        return conversation_html(exchanges, at=at), self.cited(reader, at, len(exchanges), None)

    def cited(self, reader: str, at: str, turn: object, number: object) -> str:
        """The sources of one turn, a number of it shown. Both come from the browser and may be anything."""
        try:
            answer, place = self._answer(reader, at, turn)
        except UsageError as error:
            return error_html(str(error))
        return self._sources(answer, place, number)

    def exported(self, reader: str, at: str, turn: object, form: object) -> str:
        """The answer of one turn as a file for the browser to keep; empty where there is none.

        Raises:
            UsageError: the conversation is kept no longer.
        """
        answer, _ = self._answer(reader, at, turn)
        return download_html(answer, form) if answer else ""

    def copied(self, reader: str, at: str, turn: object) -> str:
        """The answer of one turn with its sources, as text for the browser to copy; empty where there is none.

        Raises:
            UsageError: the conversation is kept no longer.
        """
        answer, _ = self._answer(reader, at, turn)
        return copied_html(answer) if answer else ""

    def about(self, article_id: object) -> str:
        """A question about an article, for the box; the id comes from the browser and may be anything.

        Raises:
            UnknownArticle: it was removed meanwhile.
        """
        return question_about(self.archive.article(str(article_id)))

    def article(self, article_id: object) -> str:
        """One whole article; the id comes from the browser and may be anything."""
        try:
            return single_html(self.archive.article(str(article_id)))
        except GroundwireError as error:
            return error_html(str(error))

    # Inside

    def _asked(
        self, reader: str, question: str, at: str, earlier: Sequence[Exchange], *, key: str = "", note: str = ""
    ) -> Iterator[Shown]:
        exchange = Exchange(question, key=key or uuid4().hex, asked_at=datetime.now(UTC))
        note = self._keep(reader, at, exchange) or note
        panel = self._sources(earlier[-1].answer, len(earlier), None) if earlier else EMPTY
        box: str | None = ""
        writing = self._writing[at] = _Writing()
        with closing(self._answered(reader, at, exchange, earlier, writing)) as growing:
            for grown in growing:
                if writing.left:
                    yield Shown()
                    continue
                told = [*earlier, grown]
                if answer := grown.answer or grown.written:
                    panel = self._sources(answer, len(told), None)
                yield Shown(at, conversation_html(told, at=at, note=note), panel, box, box, box)
                box = None

    def _answered(
        self, reader: str, at: str, exchange: Exchange, earlier: Sequence[Exchange], writing: _Writing
    ) -> Generator[Exchange, None, None]:
        """The exchange as it grows, from when it is only awaited, and kept at its end however that comes."""
        last = exchange
        try:
            yield last
            with self.admission.admitted(reader or at):
                told = replies(self.archive, exchange.question, earlier, model=self.model, begun=writing.begin)
                for grown in self._drawn(told):
                    last = replace(grown, key=exchange.key, asked_at=exchange.asked_at)
                    if not last.awaited:
                        self._keep(reader, at, last)
                    yield last
        except GroundwireError as error:
            last = replace(exchange, error=str(error))
            self._keep(reader, at, last)
            yield last
        finally:
            if self._writing.get(at) is writing:
                del self._writing[at]
            if last.awaited:
                self._keep(reader, at, _broken(last))

    def _drawn(self, grown: Iterator[Exchange]) -> Iterator[Exchange]:
        """The steps that are shown: without a model all sentences come at once, and nobody waits to see them grow."""
        if self.archive.described(self.model) == EXTRACTIVE:
            return (exchange for exchange in grown if not exchange.awaited)
        return _paced(grown)

    def _awaited(self, at: str, exchanges: Sequence[Exchange]) -> Shown:
        return Shown(at, conversation_html(exchanges, at=at, note=error_html(AWAITED)))

    def _keep(self, reader: str, at: str, exchange: Exchange) -> str:
        """Keep an exchange; where that fails, why, as HTML: a full disk is no reason not to answer."""
        try:
            self.conversations.put(reader, at, exchange)
        except GroundwireError as error:
            return error_html(f"This conversation is not kept: {error}")
        return ""

    def _copied(self, reader: str, at: str, until: Exchange) -> tuple[str, Sequence[Exchange]]:
        """A copy of a conversation as it was before an exchange."""
        copy = self.conversations.fork(reader, at, until.key) or self.conversations.begin(reader)
        return copy, self._exchanges(reader, copy)

    def _exchanges(self, reader: str, at: str) -> Sequence[Exchange]:
        return self._loaded(reader, at) or ()

    def _loaded(self, reader: str, at: str) -> Sequence[Exchange] | None:
        """The exchanges of a conversation; ``None`` where it cannot be read, which is said when it cannot be kept."""
        try:
            found = self.conversations.load(reader, at) if at else None
        except ArchiveError:
            return None
        return found.exchanges if found else ()

    def _answer(self, reader: str, at: str, turn: object) -> tuple[Answer | None, int]:
        exchanges = self._exchanges(reader, at)
        if at and not exchanges:
            raise UsageError(GONE)
        asked = _turn(exchanges, turn)
        return (asked.answer or asked.written, counted(turn)) if asked else (None, 0)

    def _sources(self, answer: Answer | None, turn: int, number: object) -> str:
        if answer is None:
            return EMPTY
        current = number if isinstance(number, int) else None
        return sources_html(answer, sources(self.archive, answer), turn=turn, current=current)

    def _welcome(self, note: str | None = None) -> str:
        return welcome_html(self.questions or self._suggestions(), note=note)

    def _suggestions(self) -> tuple[str, ...]:
        held = self.archive.overview()
        if held not in self._suggested:
            self._suggested.clear()
            self._suggested[held] = suggestions(self.archive)
        return self._suggested[held]


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


def _broken(exchange: Exchange) -> Exchange:
    """What is certain of an answer whose reader went away, as one that is incomplete; else that there is none."""
    if exchange.written is None:
        return replace(exchange, error=BROKEN_OFF)
    return replace(exchange, answer=replace(exchange.written, incomplete=BROKEN_OFF), written=None)


def _turn(exchanges: Sequence[Exchange], turn: object) -> Exchange | None:
    """The exchange of a number that the browser sent, which may be anything; ``None`` where there is none."""
    place = counted(turn)
    return exchanges[place - 1] if 1 <= place <= len(exchanges) else None


def _sentence(value: object, answer: Answer) -> int | None:
    """The place of a sentence of an answer as the browser sends it; ``None`` where it is none."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value < len(answer.statements) else None
