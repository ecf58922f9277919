"""What was read where: by it an unchanged input needs no second parsing, and what vanished from a folder is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.database import Database
from rag.fetching.validators import Validators
from rag.intake.readings import Fetched


@dataclass(frozen=True, slots=True)
class Read:
    """That an article was read at a place."""

    place: str
    key: bytes
    """Digest of what it was read from."""
    run: int
    """Number of the ingest."""


class Register:
    """The ``Memory`` of an archive, and what is written into it. What writes is part of a transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def next_run(self) -> int:
        """The number of an ingest that begins."""
        return self._db.count_up("run")

    # Memory

    def whole(self, place: str, key: bytes) -> int | None:
        """How many articles the place had when it was read whole with this key, if all of them are still there."""
        row = self._db.row("SELECT count, held FROM wholes WHERE place = ? AND key = ?", (place, key))
        return int(row[0]) if row is not None and row[1] == self._held(place) else None

    def holds(self, place: str, key: bytes) -> bool:
        """Whether this input was read at this place, and nothing else since that became the same article."""
        query = """SELECT 1 FROM readings r WHERE place = ? AND key = ? AND run =
            (SELECT max(run) FROM readings s WHERE s.place = r.place AND s.article_id = r.article_id)"""
        return self._db.row(query, (place, key)) is not None

    def validators(self, address: str, salt: bytes) -> Validators | None:
        """What the server sent with the page, if it was read in the same way and its articles are still there."""
        query = "SELECT etag, last_modified, held FROM fetched WHERE address = ? AND salt = ?"
        row = self._db.row(query, (address, salt))
        return Validators(*row[:2]) if row is not None and row[2] == self._held(address) else None

    def _held(self, place: str) -> int:
        row = self._db.row("SELECT count(*) FROM readings WHERE place = ?", (place,))
        return int(row[0]) if row else 0

    # Writing

    def read(self, place: str, article_id: str, key: bytes, *, run: int) -> None:
        """An article was read at a place."""
        self._db.write("INSERT OR REPLACE INTO readings VALUES (?,?,?,?)", (place, key, article_id, run))

    def seen(self, place: str, keys: Iterable[bytes], *, run: int) -> None:
        """Articles of a place are still in it."""
        self._db.write_each(
            "UPDATE readings SET run = ? WHERE place = ? AND key = ?", [(run, place, key) for key in keys]
        )

    def finished(self, place: str, key: bytes, count: int, *, run: int) -> None:
        """A place was read to its end without a failure: what its articles were read from before is outdated."""
        self._db.write(
            """DELETE FROM readings WHERE place = :place AND run < :run AND article_id IN
            (SELECT article_id FROM readings WHERE place = :place AND run = :run)""",
            {"place": place, "run": run},
        )
        self._db.write(
            "INSERT OR REPLACE INTO wholes VALUES (?,?,?,?,?)", (place, key, count, self._held(place), run)
        )

    def fetched(self, event: Fetched) -> None:
        """A server's answer was read."""
        known = event.validators
        self._db.write(
            "INSERT OR REPLACE INTO fetched VALUES (?,?,?,?,?)",
            (event.address, known.etag, known.last_modified, event.salt, self._held(event.address)),
        )

    def forget(self, article_id: str) -> None:
        """An article was removed: what it was read from is to be read again."""
        self._db.write("DELETE FROM readings WHERE article_id = ?", (article_id,))

    def read_at(self, article_id: str) -> list[Read]:
        """Where an article was read, place by place."""
        rows = self._db.rows(
            "SELECT place, key, run FROM readings WHERE article_id = ? ORDER BY place, key", (article_id,)
        )
        return [Read(*row) for row in rows]

    def put_back(self, article_id: str, readings: Iterable[Read]) -> None:
        """An article that was removed is back: it was read there, unless what was read there is another one now."""
        self._db.write_each(
            "INSERT OR IGNORE INTO readings VALUES (?,?,?,?)",
            [(one.place, one.key, article_id, one.run) for one in readings],
        )

    # Folders kept in step

    def places(self, folder: str) -> list[str]:
        """Places inside a folder that articles were read at."""
        start = folder.rstrip("/") + "/"
        rows = self._db.rows(
            "SELECT DISTINCT place FROM readings WHERE place >= ? AND place < ? ORDER BY place",
            (start, start[:-1] + "0"),  # "0" follows "/"
        )
        return [str(place) for (place,) in rows]

    def vanished(self, place: str) -> list[str]:
        """Ids of articles that the place held once and did not when it was last read whole."""
        rows = self._db.rows(
            """SELECT DISTINCT article_id FROM readings r JOIN wholes w ON w.place = r.place
            WHERE r.place = ? AND r.run < w.run ORDER BY article_id""",
            (place,),
        )
        return [str(id) for (id,) in rows]

    def held(self, place: str) -> list[str]:
        """Ids of all articles read at a place."""
        rows = self._db.rows("SELECT DISTINCT article_id FROM readings WHERE place = ? ORDER BY article_id", (place,))
        return [str(id) for (id,) in rows]

    def leave(self, place: str, article_ids: Iterable[str]) -> list[str]:
        """Articles are no longer in a place; those of them that are in no other."""
        ids = list(article_ids)
        self._db.write_each(
            "DELETE FROM readings WHERE place = ? AND article_id = ?", [(place, article_id) for article_id in ids]
        )
        query = "SELECT 1 FROM readings WHERE article_id = ?"
        return [article_id for article_id in ids if self._db.row(query, (article_id,)) is None]
