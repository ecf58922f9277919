"""One SQLite file: a connection a thread, transactions that show whole or not at all, and its tables' version.

Where another file is put in its place, what comes next is read from that; where it is taken away, that is said.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import ArchiveBusy, ArchiveError
from rag.folding import folded

_ROWS = 256
"""Rows that are read at a time: between two times a connection can be closed by another thread."""
_TRIES, _PAUSE = 100, 0.05
"""How often and after how many seconds a file that another process is just making is tried again."""

Row = tuple[Any, ...]
Place = tuple[int, int]
"""Which file it is: its device and inode, which no other has as long as a connection holds it."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What a file holds, and the ways up from what older versions of it held."""

    kind: str
    """As it is named to a reader: ``catalogue``."""
    version: int
    """A larger one was written by a newer Groundwire."""
    made: str
    """The statements that make them; a semicolon stands only at the end of one."""
    upgrades: Mapping[int, str]
    """By the version they lead away from, each to the next."""
    otherwise: str
    """What to do where the file cannot be used."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A thread's connection."""

    connection: sqlite3.Connection
    place: Place | None
    """Of the file it was made to."""
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Held while it is used: to close one that another thread reads from ends the process."""

    def close(self) -> None:
        with self.lock:
            self.connection.close()


class Database:
    """One file. Threads share the object; each gets a connection of its own."""

    def __init__(self, path: Path, tables: Tables) -> None:
        """Open the file, and bring its tables up to date.

        Raises:
            ArchiveError: it holds something else, is from a newer version, or cannot be written.
        """
        self._path = path
        self._tables = tables
        self._local = threading.local()
        self._connections: dict[threading.Thread, _Held] = {}
        self._connecting = threading.Lock()
        self._checked: set[Place | None] = set()
        self._create_or_check()
        self._checked.add(self.place)

    def close(self) -> None:
        """Close every thread's connection, each once it has read what it is just reading."""
        with self._connecting:
            held = list(self._connections.values())
            self._connections.clear()
        for one in held:
            one.close()

    @property
    def place(self) -> Place | None:
        """The file that the thread which calls reads from."""
        return self._held.place

    def close_thread(self) -> None:
        """Close the connection of the thread that calls."""
        self._local.__dict__.pop("held", None)
        with self._connecting:
            held = self._connections.pop(threading.current_thread(), None)
        if held is not None:
            held.close()

    def rows(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> Iterator[Row]:
        """The rows of a query."""
        held = self._held
        with self._sound(), held.lock:
            cursor = held.connection.execute(sql, values)
            found = cursor.fetchmany(_ROWS)
        while found:
            yield from found
            with self._sound(), held.lock:
                found = cursor.fetchmany(_ROWS) if len(found) == _ROWS else []

    def row(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> Row | None:
        """The first row of a query."""
        with self._using() as connection:
            found: Row | None = connection.execute(sql, values).fetchone()
            return found

    def write(self, sql: str, values: Sequence[object] | Mapping[str, object] = ()) -> int:
        """Run one statement of a transaction; the number of the row it inserted."""
        with self._using() as connection:
            return connection.execute(sql, values).lastrowid or 0

    def write_each(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Run a statement of a transaction once for each row of values."""
        with self._using() as connection:
            connection.executemany(sql, values)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside shows at once, or none of it; one inside another is part of it."""
        if self._in_transaction:
            yield
            return
        self._run("BEGIN IMMEDIATE")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            if self._in_transaction:  # a full disk ends it by itself
                self._run("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read inside is of one moment, whatever others write meanwhile."""
        if self._in_transaction:
            yield
            return
        self._run("BEGIN")
        try:
            yield
        finally:
            try:
                self._run("COMMIT")
            finally:
                if self._in_transaction:  # the file is damaged; what comes next must not be part of this
                    self._run("ROLLBACK")

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
    def _held(self) -> _Held:
        """This thread's connection to the file that is there."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is not None and (held.connection.in_transaction or held.place == place_of(self._path)):
            return held
        return self._connect()

    @property
    def _in_transaction(self) -> bool:
        return self._held.connection.in_transaction

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection, which nobody closes meanwhile."""
        held = self._held
        with self._sound(), held.lock:
            yield held.connection

    def _run(self, sql: str) -> None:
        with self._using() as connection:
            connection.execute(sql)

    def _connect(self) -> _Held:
        """This thread's connection to the file that is there now."""
        # To connect to none would make one, and what was written there would be lost with what is put back.
        if self._checked and place_of(self._path) is None:
            raise ArchiveError(
                f"'{self._path}' is not there any more: it was moved or removed while it was open. Put it back."
            )
        self.close_thread()
        with self._sound():
            connection = self._connected()
        self._local.held = held = _Held(connection, place_of(self._path))
        self._keep(held)
        if self._checked and held.place not in self._checked:
            self._check_other()
        return held

    def _check_other(self) -> None:
        """Another file than was opened is made sure of before anything is read from it."""
        try:
            self._create_or_check()
        except BaseException:
            self.close_thread()
            raise
        self._checked.add(self._held.place)

    def _keep(self, held: _Held) -> None:
        """Keep a thread's connection to be closed at the end, and close those of threads that have ended."""
        with self._connecting:
            for thread in [thread for thread in self._connections if not thread.is_alive()]:
                self._connections.pop(thread).close()
            self._connections[threading.current_thread()] = held

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        try:
            _write_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")
            connection.create_function("folded", 1, folded, deterministic=True)
        except BaseException:
            connection.close()
            raise
        return connection

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
                f"'{self._path}' is damaged or not a Groundwire {self._tables.kind} ({error})."
                f" Restore it from a backup, or {self._tables.otherwise}."
            ) from error

    def _create_or_check(self) -> None:
        known, otherwise = self._tables.version, self._tables.otherwise
        version = self._version()
        tables = self.row("SELECT count(*) FROM sqlite_master")
        if version > known:
            raise ArchiveError(
                f"'{self._path}' was written by a newer Groundwire (format {version}, not {known})."
                f" Upgrade groundwire, or {otherwise}."
            )
        if version == 0 and tables != (0,):
            raise ArchiveError(f"'{self._path}' is a database of something else: {otherwise}.")
        if version < known:
            self._bring_up()

    def _bring_up(self) -> None:
        """Make the tables, or lead them up version by version; two processes may both come here."""
        known = self._tables
        with self.transaction():
            version = self._version()
            steps = "".join(known.upgrades[step] for step in range(version, known.version)) if version else known.made
            if version < known.version:
                for statement in _statements(steps):
                    self._run(statement)
                self._run(f"PRAGMA user_version = {known.version}")

    def _version(self) -> int:
        found = self.row("PRAGMA user_version")
        return int(found[0]) if found else 0


def place_of(path: Path) -> Place | None:
    """Which file is there; ``None`` where there is none to be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


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
