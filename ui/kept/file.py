"""The file in which an archive keeps what its readers asked, opened when something is first looked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.database import Database, Place, place_of
from rag.history import FILE, HISTORY


class KeptFile:
    """The file of an archive's folder. Threads and processes share it.

    Every method raises ArchiveError where the file cannot be read or written: from a newer version, damaged,
    on a full or read-only disk.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing is opened or made yet."""
        self._path = folder / FILE
        self._opening = threading.Lock()
        self._opened: tuple[Database, Place | None] | None = None

    def close(self) -> None:
        """Close the file; what is called later opens it again."""
        with self._opening:
            if self._opened:
                self._opened[0].close()
            self._opened = None

    @contextmanager
    def read(self) -> Iterator[Database]:
        """All that is read inside is of one moment."""
        database = self._database()
        with database.snapshot():
            yield database

    @contextmanager
    def write(self) -> Iterator[Database]:
        """All that is written inside shows at once, or none of it."""
        database = self._database()
        with database.transaction():
            yield database

    def _database(self) -> Database:
        """Opened again where another file, or none, is in its place: what is written to a removed one is lost."""
        with self._opening:
            if self._opened is None or self._opened[1] != place_of(self._path):
                database = Database(self._path, HISTORY)
                self._opened = database, place_of(self._path)
            return self._opened[0]
