"""Passage ids and their vectors in Chroma; the only file that knows it. No text is kept here.

Chroma caches one system per folder and process, and a cached one does not see what another process wrote. So each
``Vectors`` owns a system of its own, and ``reopen`` replaces it. Two writers at once corrupt the folder in silence:
callers hold the archive's write lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from rag.errors import ArchiveError

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection

Vector = NDArray[np.float32]

COLLECTION = "passages"
BATCH = 5_000
"""Chroma takes at most 5,461 records at once."""
HNSW = {"space": "cosine", "ef_search": 400, "ef_construction": 100, "max_neighbors": 24}
"""Chroma's own defaults lose up to half of the true neighbours; see benchmarks/retrieval.py."""

_WAIT = 10.0
"""Seconds to wait for another process that is opening the folder."""

_slots_lock = threading.Lock()
_slots: set[str] = set()


class Vectors:
    """The vectors of one folder. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        self._lock = threading.RLock()
        self._folder = folder
        self._begin()

    def _begin(self) -> None:
        self._path = _own_path(self._folder)
        try:
            self._client, self._collection = _open(self._path, self._folder.parent / "open.lock")
        except BaseException:
            _give_up(self._path)
            raise

    def close(self) -> None:
        """Release the folder; the object cannot be used afterwards."""
        with self._lock:
            self._client.close()
            _give_up(self._path)

    def reopen(self, folder: Path) -> None:
        """See what other processes wrote since this was opened, in this folder or in the one that took its place."""
        with self._lock:
            self.close()
            self._folder = folder
            self._begin()

    def upsert(self, ids: Sequence[str], vectors: Vector) -> None:
        """Store ``vectors`` (n, dimensions) under ``ids``, replacing those that are there."""
        with self._lock, _sound(self._path):
            for start in range(0, len(ids), BATCH):
                part = slice(start, start + BATCH)
                self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def delete(self, ids: Sequence[str]) -> None:
        """Forget ``ids``; unknown ones are ignored."""
        with self._lock, _sound(self._path):
            for start in range(0, len(ids), BATCH):
                self._collection.delete(ids=list(ids[start : start + BATCH]))

    def search(self, vector: Vector, k: int) -> list[tuple[str, float]]:
        """The ``k`` nearest ids and their cosine similarity to ``vector`` (dimensions,), best first."""
        found = self._read(partial(_nearest, vector=vector, k=k))
        distances = (found["distances"] or [[]])[0]
        return [(id, 1.0 - distance) for id, distance in zip(found["ids"][0], distances, strict=True)]

    def of(self, ids: Sequence[str]) -> tuple[list[str], Vector]:
        """Those of ``ids`` that are stored, and their vectors, a row each."""
        stored: list[str] = []
        rows: list[Any] = []
        for start in range(0, len(ids), BATCH):
            found = self._read(partial(_with_vectors, ids=list(ids[start : start + BATCH])))
            stored += found["ids"]
            rows += list(found["embeddings"])
        return stored, np.array(rows, dtype=np.float32) if rows else np.zeros((0, 0), dtype=np.float32)

    def readable(self, ids: Sequence[str]) -> bool:
        """Whether the vectors of ``ids``, all of them stored, can be read."""
        for start in range(0, len(ids), BATCH):
            batch = list(ids[start : start + BATCH])
            try:
                found = self._read(partial(_with_vectors, ids=batch))
            except ArchiveError:
                return False
            if len(found["ids"]) != len(batch):
                return False
        return True

    def _read(self, read: Callable[[Any], Any]) -> Any:
        """What is read, after opening the folder anew where another process's writing got in between."""
        with self._lock:
            try:
                with _sound(self._path):
                    return read(self._collection)
            except ArchiveError:
                self.reopen(self._folder)
                with _sound(self._path):
                    return read(self._collection)

    def ids(self) -> Iterator[str]:
        """Every stored id."""
        offset = 0
        while True:
            with self._lock, _sound(self._path):
                page = self._collection.get(include=[], limit=BATCH, offset=offset)["ids"]
            yield from page
            if len(page) < BATCH:
                return
            offset += BATCH

    def __len__(self) -> int:
        with self._lock, _sound(self._path):
            return self._collection.count()


def _own_path(folder: Path) -> str:
    """A spelling of the folder that no other ``Vectors`` of this process uses: Chroma shares systems by spelling."""
    with _slots_lock:
        path = str(folder)
        while path in _slots:
            path += "/."
        _slots.add(path)
        return path


def _give_up(path: str) -> None:
    with _slots_lock:
        _slots.discard(path)


def _with_vectors(collection: Any, *, ids: list[str]) -> Any:
    return collection.get(ids=ids, include=["embeddings"])


def _nearest(collection: Any, *, vector: Vector, k: int) -> Any:
    return collection.query(query_embeddings=[vector.tolist()], n_results=k, include=["distances"])


def _open(path: str, lock: Path) -> tuple[Any, Collection]:
    """One process at a time: two that make the tables at once make each other fail."""
    import chromadb
    from chromadb.config import Settings

    with _alone(lock), _sound(path):
        client: Any = chromadb.PersistentClient(path, settings=Settings(anonymized_telemetry=False))
        configuration: Any = {"hnsw": HNSW}
        collection = client.get_or_create_collection(COLLECTION, configuration=configuration, embedding_function=None)
        return client, collection


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    try:
        held = FileLock(lock, timeout=_WAIT).acquire()
    except (OSError, Timeout):  # a folder that may only be read is not being made
        yield
        return
    with held:
        yield


@contextmanager
def _sound(path: str) -> Iterator[None]:
    """Chroma's failures, of which only some share a class, as one line with the way out."""
    try:
        yield
    except Exception as error:
        first = next(iter(str(error).splitlines()), type(error).__name__)
        raise ArchiveError(f"The vectors in '{path}' cannot be used ({first}). Run: groundwire reindex") from error
