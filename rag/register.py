"""What was read where: by it an unchanged input needs no second parsing, and what vanished from a folder is known."""

from __future__ import annotations

from collections.abc import Iterable

from rag.database import Database
from rag.fetching.validators import Validators
from rag.intake.readings import Fetched

_STANDING = """SELECT count(*) FROM readings r JOIN articles a ON a.id = r.article_id AND a.revision = r.revision
    WHERE r.place = ?"""


class Register:
    """The ``Memory`` of an archive, and what is written into it. What writes is part of a transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def next_run(self) -> int:
        """The number of an ingest that begins."""
        return self._db.count_up("run")

    # Memory

    def whole(self, place: str, key: bytes) -> int | None:
        """How many articles the place had when it was read whole with this key, if all of them still stand."""
        row = self._db.row("SELECT count, standing FROM wholes WHERE place = ? AND key = ?", (place, key))
        if row is None or self._standing(place) != row[1]:
            return None
        return int(row[0])

    def holds(self, place: str, key: bytes) -> bool:
        """Whether the article read from this input at this place still stands, unchanged since."""
        query = """SELECT 1 FROM readings r JOIN articles a ON a.id = r.article_id AND a.revision = r.revision
            WHERE r.place = ? AND r.key = ?"""
        return self._db.row(query, (place, key)) is not None

    def validators(self, address: str, salt: bytes) -> Validators | None:
        """What the server sent with the page, if it was read in the same way and its articles still stand."""
        row = self._db.row("SELECT etag, last_modified FROM fetched WHERE address = ? AND salt = ?", (address, salt))
        read = self._db.row("SELECT count(*) FROM readings WHERE place = ?", (address,))
        if row is None or read is None or self._standing(address) != read[0]:
            return None
        return Validators(*row)

    def _standing(self, place: str) -> int:
        row = self._db.row(_STANDING, (place,))
        return int(row[0]) if row else 0

    # Writing

    def read(self, place: str, article_id: str, revision: int, key: bytes, *, run: int) -> None:
        """An article was read at a place."""
        self._db.write("INSERT OR REPLACE INTO readings VALUES (?,?,?,?,?)", (place, article_id, revision, key, run))

    def seen(self, place: str, keys: Iterable[bytes], *, run: int) -> None:
        """Articles of a place are still in it."""
        self._db.write_each(
            "UPDATE readings SET run = ? WHERE place = ? AND key = ?", [(run, place, key) for key in keys]
        )

    def finished(self, place: str, key: bytes, count: int, *, run: int) -> None:
        """A place was read to its end without a failure."""
        self._db.write(
            "INSERT OR REPLACE INTO wholes VALUES (?,?,?,?,?)", (place, key, count, self._standing(place), run)
        )

    def fetched(self, event: Fetched) -> None:
        """A server's answer was read."""
        self._db.write(
            "INSERT OR REPLACE INTO fetched VALUES (?,?,?,?)",
            (event.address, event.validators.etag, event.validators.last_modified, event.salt),
        )

    def forget(self, article_id: str) -> None:
        """An article was removed: what it was read from is to be read again."""
        self._db.write("DELETE FROM readings WHERE article_id = ?", (article_id,))

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
            """SELECT article_id FROM readings r JOIN wholes w ON w.place = r.place
            WHERE r.place = ? AND r.run < w.run ORDER BY article_id""",
            (place,),
        )
        return [str(id) for (id,) in rows]

    def held(self, place: str) -> list[str]:
        """Ids of all articles read at a place."""
        rows = self._db.rows("SELECT article_id FROM readings WHERE place = ? ORDER BY article_id", (place,))
        return [str(id) for (id,) in rows]

    def leave(self, place: str, article_ids: Iterable[str]) -> list[str]:
        """Articles are no longer in a place; those of them that are in no other."""
        ids = list(article_ids)
        self._db.write_each(
            "DELETE FROM readings WHERE place = ? AND article_id = ?", [(place, article_id) for article_id in ids]
        )
        query = "SELECT 1 FROM readings WHERE article_id = ?"
        return [article_id for article_id in ids if self._db.row(query, (article_id,)) is None]
