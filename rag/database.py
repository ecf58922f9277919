"""One SQLite file: a connection a thread, transactions that show whole or not at all, and its tables' version."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.errors import ArchiveBusy, ArchiveError
from rag.schema import INDEX, TABLES, UPGRADES, VERSION

_TRIES, _PAUSE = 100, 0.05
"""How often and after how many seconds a file that another process is just making is tried again."""

Row = tuple[Any, ...]


class Database:
    """The file of one archive. Threads share the object; each gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        """Open the file, and bring its tables up to date.

        Raises:
            ArchiveError: it is no catalogue, is from a newer version, or cannot be written.
        """
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._create_or_check()

    def close(self) -> None:
        """Close every thread's connection."""
        while self._connections:
            self._connections.pop().close()

    def close_thread(self) -> None:
        """Close the connection of the thread that calls."""
        connection = self._local.__dict__.pop("connection", None)
        if connection is not None and connection in self._connections:
            self._connections.remove(connection)
            connection.close()

    def rows(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> Iterator[Row]:
        """The rows of a query."""
        with self._sound():
            yield from self._db.execute(sql, values)

    def row(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> Row | None:
        """The first row of a query."""
        with self._sound():
            found: Row | None = self._db.execute(sql, values).fetchone()
            return found

    def write(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> int:
        """Run one statement of a transaction; the number of the row it inserted."""
        with self._sound():
            return self._db.execute(sql, values).lastrowid or 0

    def write_each(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Run a statement of a transaction once for each row of values."""
        with self._sound():
            self._db.executemany(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside shows at once, or none of it; one inside another is part of it."""
        if self._db.in_transaction:
            yield
            return
        with self._sound():
            self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            with self._sound():
                self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk ends it by itself
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whatever others write meanwhile."""
        if self._db.in_transaction:
            yield
            return
        with self._sound():
            self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("COMMIT")

    def meta(self, key: str) -> str | None:
        """A setting the archive remembers."""
        found = self.row("SELECT value FROM meta WHERE key = ?", (key,))
        return None if found is None else str(found[0])

    def remember(self, settings: Mapping[str, str]) -> None:
        """Keep settings with the archive."""
        with self.transaction():
            self.write_each("INSERT OR REPLACE INTO meta VALUES (?, ?)", settings.items())

    def count_up(self, key: str) -> int:
        """The next value of a counter that the archive remembers."""
        with self.transaction():
            value = int(self.meta(key) or 0) + 1
            self.remember({key: str(value)})
        return value

    def check(self) -> list[str]:
        """What is wrong with the file itself; empty when nothing is."""
        return [str(row[0]) for row in self.rows("PRAGMA quick_check") if row[0] != "ok"]

    @property
    def _db(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(
                self._path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            self._local.connection = connection
            self._connections.append(connection)
        held: sqlite3.Connection = self._local.connection
        return held

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """SQLite's failures of the disk and the file as one line."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise ArchiveBusy(f"'{self._path}' is locked by another program. Wait for it or stop it.") from error
            raise ArchiveError(
                f"'{self._path}' cannot be read or written ({error})."
                " Check the folder's permissions and the space on its disk."
            ) from error
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            raise ArchiveError(
                f"'{self._path}' is damaged or not a Groundwire catalogue ({error})."
                " Restore it from a backup, or choose another folder."
            ) from error

    def _create_or_check(self) -> None:
        with self._sound():
            version = self._version()
            tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version > VERSION:
            raise ArchiveError(
                f"'{self._path.parent}' was written by a newer Groundwire (format {version}, not {VERSION})."
                " Upgrade groundwire or choose another --archive."
            )
        if version == 0 and tables:
            raise ArchiveError(f"'{self._path}' is a database of something else. Choose another folder.")
        if version < VERSION:
            with self._sound():
                self._bring_up()

    def _bring_up(self) -> None:
        """Make the tables, or lead them up version by version; two processes may both come here."""
        self._db.execute("BEGIN IMMEDIATE")
        version = self._version()
        if version == 0:
            steps = TABLES + f"INSERT INTO meta VALUES ('index', '{INDEX}');"
        else:
            steps = "".join(UPGRADES[step] for step in range(version, VERSION))
        try:
            if version < VERSION:
                for statement in _statements(steps):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version = {VERSION}")
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])


def _write_ahead(connection: sqlite3.Connection) -> None:
    """SQLite does not wait for others here, as it does everywhere else."""
    for _ in range(_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(_PAUSE)
    connection.execute("PRAGMA journal_mode = WAL")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script of ours, one by one: ``executescript`` would end the transaction."""
    return (statement for statement in script.split(";") if statement.strip())
