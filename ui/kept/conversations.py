"""The conversations that readers had with an archive, kept in its folder; each reader sees their own alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from eval.feedback import Feedback
from rag.database import Database
from rag.errors import UsageError
from rag.folding import folded
from rag.history import micros, moment
from ui.kept.exchange import LONGEST_NOTE, Exchange
from ui.kept.file import KeptFile
from ui.kept.records import (
    BROKEN_OFF,
    COLUMNS,
    exchange_of,
    storable,
    title_of,
    values,
    verdict_values,
)

KEPT_DELETED = timedelta(hours=1)
"""How long what was deleted can be had back; then it is gone from the file."""
_WORDS = 20
"""Of a search, that are looked for."""
_OWN = "reader = :reader AND deleted IS NULL"
_FOUND = "EXISTS (SELECT 1 FROM exchanges WHERE conversation = id AND instr(searched, :word{place}))"
_PUT = """
INSERT INTO exchanges (conversation, place, key, asked, question, answer, written, error, writer, searched)
SELECT :id, coalesce(max(place) + 1, 0), :key, :asked, :question, :answer, :written, :error, :writer, :searched
FROM exchanges WHERE conversation = :id
ON CONFLICT (conversation, key) DO UPDATE SET asked = coalesce(:asked, asked), question = :question,
    answer = :answer, written = :written, error = :error, writer = :writer, searched = :searched,
    judged = iif(answer IS :answer, judged, NULL)
"""
_RESTORABLE = """
SELECT 1 FROM conversations WHERE id = ? AND reader = ? AND deleted IS NOT NULL
    AND EXISTS (SELECT 1 FROM exchanges WHERE conversation = id)
"""
_JUDGE = """
UPDATE exchanges SET judged = :judged, is_right = :is_right, sentence = :sentence, note = :note
WHERE key = :key AND conversation = (SELECT id FROM conversations WHERE id = :id AND reader = :reader)
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation, its exchanges in the order they were asked."""

    id: str
    title: str
    """The first question, shortened."""
    began: datetime
    changed: datetime
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A conversation in a list."""

    id: str
    title: str
    changed: datetime
    exchanges: int
    """How many."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list, and how many it has in all."""

    entries: tuple[Entry, ...]
    total: int


class Conversations:
    """An archive's history. Threads and processes share the file.

    A reader of ``None`` has nothing kept. One of ``""``, a browser without cookies, finds a conversation by its id,
    which nobody can guess, and has no list of them: others are ``""``, too.

    Every method raises ArchiveError where the file cannot be read or written: from a newer version, damaged,
    on a full or read-only disk.
    """

    def __init__(self, folder: Path) -> None:
        """Of an archive's folder; the file is made when something is first looked for."""
        self._file = KeptFile(folder)
        self._writer = uuid4().hex

    def close(self) -> None:
        """Close the file; what is called later opens it again."""
        self._file.close()

    def begin(self, reader: str | None = None) -> str:
        """The id of a new conversation, of which nothing is kept before something is put into it."""
        return uuid4().hex

    def load(self, reader: str | None, id: str) -> Conversation | None:
        """A reader's own conversation; ``None`` for another's, a deleted one and one that never was."""
        if reader is None:
            return None
        own = {"reader": reader, "id": id}
        with self._file.read() as database:
            found = database.row(f"SELECT title, began, changed FROM conversations WHERE id = :id AND {_OWN}", own)
            rows = list(
                database.rows(f"SELECT {COLUMNS} FROM exchanges WHERE conversation = ? ORDER BY place", (id,))
            )
        if found is None:
            return None
        exchanges = tuple(exchange_of(row, self._writer) for row in rows)
        return Conversation(id, found[0], moment(found[1]), moment(found[2]), exchanges)

    def put(self, reader: str | None, id: str, exchange: Exchange) -> None:
        """Add an exchange, or replace the one that has its key; a verdict stays as long as its answer does.

        A question brings a deleted conversation back; an answer that comes after the deletion does not.

        Raises:
            UsageError: the conversation is another reader's.
        """
        if reader is None:
            return
        kept = exchange if exchange.key else replace(exchange, key=uuid4().hex)
        with self._file.write() as database:
            if _takes(database, reader, id, kept):
                database.write(_PUT, values(kept, self._writer) | {"id": id})

    def fork(self, reader: str | None, id: str, before: str) -> str | None:
        """A new conversation with copies of the exchanges before the one whose key is ``before``.

        ``None`` where there is no such exchange. Nothing is kept of a copy of none.
        """
        conversation = self.load(reader, id)
        keys = [one.key for one in conversation.exchanges] if conversation else []
        if reader is None or conversation is None or before not in keys:
            return None
        made = self.begin(reader)
        with self._file.write():
            for exchange in conversation.exchanges[: keys.index(before)]:
                copy = replace(exchange, key=uuid4().hex, error=BROKEN_OFF if exchange.awaited else exchange.error)
                self.put(reader, made, copy)
                self.judge(reader, made, copy.key, copy.verdict)
        return made

    def listed(self, reader: str | None, search: str = "", offset: int = 0, limit: int = 50) -> Listing:
        """A reader's conversations, newest first; of a search, those whose questions and answers have every word."""
        if not reader:
            return Listing((), 0)
        words = {
            f"word{place}": word
            for place, word in enumerate(dict.fromkeys(folded(storable(search)).split()[:_WORDS]))
        }
        own = {"reader": reader, "limit": limit, "offset": offset, **words}
        where = " AND ".join([_OWN, *(_FOUND.format(place=place) for place in range(len(words)))])
        count = "(SELECT count(*) FROM exchanges WHERE conversation = id)"
        with self._file.read() as database:
            total = database.row(f"SELECT count(*) FROM conversations WHERE {where}", own)
            rows = database.rows(
                f"SELECT id, title, changed, {count} FROM conversations WHERE {where}"
                " ORDER BY changed DESC, id LIMIT :limit OFFSET :offset",
                own,
            )
            entries = tuple(Entry(id, title, moment(changed), held) for id, title, changed, held in rows)
        return Listing(entries, total[0] if total else 0)

    def delete(self, reader: str | None, *ids: str) -> None:
        """Delete conversations, with what was said of their answers; for an hour ``restore`` brings them back."""
        if reader is None:
            return
        now = micros(datetime.now(UTC))
        with self._file.write() as database:
            _purge(database)
            database.write_each(
                "UPDATE conversations SET deleted = ? WHERE id = ? AND reader = ? AND deleted IS NULL",
                [(now, id, reader) for id in ids],
            )

    def restore(self, reader: str | None, *ids: str) -> int:
        """Bring deleted conversations back; how many of them there still were."""
        if reader is None:
            return 0
        with self._file.write() as database:
            held = [id for id in ids if database.row(_RESTORABLE, (id, reader))]
            database.write_each("UPDATE conversations SET deleted = NULL WHERE id = ?", [(id,) for id in held])
        return len(held)

    def delete_all(self, reader: str | None) -> None:
        """Delete for good all that is kept of a reader, summaries and what could still be brought back too."""
        if not reader:
            return
        with self._file.write() as database:
            database.write("DELETE FROM summaries WHERE reader = ?", (reader,))
            database.write(
                "DELETE FROM exchanges WHERE conversation IN (SELECT id FROM conversations WHERE reader = ?)",
                (reader,),
            )
            # The bare ids stay for the hour: an answer still being written must not bring its conversation back.
            database.write(
                "UPDATE conversations SET title = '', deleted = ? WHERE reader = ?",
                (micros(datetime.now(UTC)), reader),
            )

    def judge(self, reader: str | None, id: str, key: str, feedback: Feedback | None) -> None:
        """Keep what a reader says of an answer, in place of what they said before; ``None`` takes it back.

        Raises:
            UsageError: there is no such answer any more, or no such sentence in it.
        """
        conversation = self.load(reader, id)
        exchange = next((one for one in conversation.exchanges if one.key == key), None) if conversation else None
        if feedback is not None:
            feedback = replace(feedback, note=feedback.note.strip()[:LONGEST_NOTE])
            _check(feedback, exchange)
        with self._file.write() as database:
            database.write(_JUDGE, {**verdict_values(feedback), "id": id, "key": key, "reader": reader})


def _takes(database: Database, reader: str, id: str, exchange: Exchange) -> bool:
    """Make the conversation of an exchange, or say that it changed; is the exchange to be kept in it?"""
    _purge(database)
    now = micros(datetime.now(UTC))
    found = database.row("SELECT reader, deleted FROM conversations WHERE id = ?", (id,))
    if found is None:
        row = (id, reader, title_of(exchange.question), now, now)
        database.write("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, NULL)", row)
        return True
    if found[0] != reader:
        raise UsageError("That conversation is another reader's. Begin a new one.")
    if found[1] is not None and not exchange.awaited:
        known = database.row("SELECT 1 FROM exchanges WHERE conversation = ? AND key = ?", (id, exchange.key))
        return known is not None
    database.write(
        "UPDATE conversations SET deleted = NULL, changed = ?, title = iif(title = '', ?, title) WHERE id = ?",
        (now, title_of(exchange.question), id),
    )
    return True


def _purge(database: Database) -> None:
    """What was deleted too long ago to be brought back goes for good."""
    until = (micros(datetime.now(UTC) - KEPT_DELETED),)
    old = "SELECT id FROM conversations WHERE deleted < ?"
    database.write(f"DELETE FROM exchanges WHERE conversation IN ({old})", until)
    database.write("DELETE FROM conversations WHERE deleted < ?", until)


def _check(feedback: Feedback, exchange: Exchange | None) -> None:
    if exchange is None or exchange.answer is None:
        raise UsageError("That answer is no longer kept, so nothing can be said of it. Ask again.")
    if feedback.sentence is not None and not 0 <= feedback.sentence < len(exchange.answer.statements):
        raise UsageError(f"The answer has no sentence {feedback.sentence + 1}.")
