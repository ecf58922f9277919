"""Catalogue and vectors of one folder, kept in step: one writer at a time, and readers that see its work.

Vectors are written first, then one transaction of the catalogue makes the articles exist. A vector that the catalogue
does not know is never shown, so a kill in between leaves nothing half visible, and the next writer clears it away.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from filelock import FileLock, Timeout

from rag import copies, originals, passages
from rag.catalogue import Catalogue
from rag.clusters import Clusters
from rag.database import Database, Place
from rag.embedder import Embedder
from rag.errors import ArchiveBusy, ArchiveError
from rag.intake.readings import Fetched, Finished, Reading, Unchanged
from rag.records import Article, Filters, Hit, Span
from rag.register import Register
from rag.retrieval import Retrieval
from rag.schema import CATALOGUE, INDEX
from rag.vectors import Vector, Vectors
from rag.word_index import WordIndex, content_key

WAIT = 60.0
"""Seconds a writer waits for another one."""
Taken = Literal["added", "updated", "skipped"]


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article that was read, with all that can be known of it before it has an id of its own."""

    reading: Reading
    spans: tuple[Span, ...]
    """Of its passages; a stub has none, which keeps it out of search."""
    keys: tuple[str, ...]
    """Of their contents."""
    bands: tuple[bytes, ...]

    @property
    def article(self) -> Article:
        return self.reading.article


@dataclass(frozen=True, slots=True)
class Whole:
    """A place was read whole; ``count`` of its articles went in or were there already."""

    finished: Finished
    count: int


Event = Prepared | Unchanged | Whole | Fetched
_State = tuple[Place | None, int]
"""Which catalogue was read, and how often it had been written."""


class Store:
    """The two indexes of an archive. Safe to share between threads."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open the indexes of a folder that ``check_folder`` has passed.

        Raises:
            ArchiveError: the folder is no archive or was written by a newer version.
        """
        self.folder = folder
        self.embedder = embedder
        self.database = Database(folder / "catalogue.sqlite3", CATALOGUE)
        self.catalogue = Catalogue(self.database)
        self.words = WordIndex(self.database)
        self.clusters = Clusters(self.database)
        self.register = Register(self.database)
        self._seen = self._state()
        self._held: tuple[_State, Retrieval] | None = None
        self._opened: Vectors | None = None
        self._opening = threading.Lock()
        self._lock = FileLock(folder / "write.lock", timeout=WAIT)

    def check_embedder(self) -> None:
        """Refuse to compare vectors of two embedders; a new archive remembers the first one it meets.

        Raises:
            ArchiveError: the archive was built with another embedder, or its index has an older form.
        """
        built = self.database.meta("embedder")
        if built is None:
            self.database.remember({"embedder": self.embedder.name})
        elif built != self.embedder.name:
            raise ArchiveError(
                f"'{self.folder}' was built with the embedder '{built}', not '{self.embedder.name}'."
                f" Set GROUNDWIRE_EMBEDDINGS to '{built}', or run: groundwire reindex --archive '{self.folder}'"
            )
        if self.database.meta("index") != INDEX:
            raise ArchiveError(
                f"'{self.folder}' was indexed by an older Groundwire."
                f" Run: groundwire reindex --archive '{self.folder}'"
            )

    def close(self) -> None:
        """Release the folder."""
        if self._opened is not None:
            self._opened.close()
        self.database.close()

    # Reading

    def search(self, query: str, k: int, filters: Filters) -> list[Hit]:
        """The ``k`` best passages, as of the last write of any process."""
        with self.reading_at_once():
            return self._retrieval().search(query, k=k, filters=filters)

    def rarity(self, word: str) -> float:
        """Inverse document frequency over different passages, smoothed so that it is never 0."""
        return math.log(1 + max(1, self.words.count()) / (1 + self.words.frequency(word)))

    @contextmanager
    def reading_at_once(self) -> Iterator[None]:
        """All searches and texts inside are of one moment: what another process removes meanwhile is still there."""
        with self.database.snapshot():
            self._refresh()
            yield

    # Writing

    def prepare(self, reading: Reading) -> Prepared:
        """Split an article that was read; needs no lock."""
        article = reading.article
        if article.stub is not None:
            return Prepared(reading, (), (), ())
        spans = tuple(passages.spans(article, offsets=self.embedder.offsets, limit=self.embedder.limit))
        keys = tuple(content_key(article.title, article.text[span.start : span.end]) for span in spans)
        return Prepared(reading, spans, keys, tuple(copies.bands(article.text)))

    def embed(self, prepared: Iterable[Prepared]) -> dict[str, Vector]:
        """The vectors that are not there yet, by content key; needs no lock."""
        texts: dict[str, str] = {}
        for one in prepared:
            if self._is_news(one.article):
                texts |= dict(zip(one.keys, self.embedded(one), strict=True))
        wanted = sorted(texts.keys() - self.words.known(texts))
        return dict(zip(wanted, self.embedder.embed([texts[key] for key in wanted]), strict=True))

    def write(self, events: Sequence[Event], vectors: Mapping[str, Vector], *, run: int) -> list[Taken]:
        """Keep what was read, all of it or nothing; what became of each ``Prepared``, in order.

        Raises:
            ArchiveBusy: another process has been writing for too long.
            ArchiveError: the folder cannot be written.
        """
        prepared = [event for event in events if isinstance(event, Prepared)]
        with self.writing():
            self.upsert(prepared, vectors)
            with self.database.transaction():
                dropped: list[str] = []
                taken = [self._write(event, dropped, run) for event in events]
                if any(one in ("added", "updated") for one in taken):
                    self.catalogue.next_generation()
            self._forget(dropped)
        return [one for one in taken if one is not None]

    def take(self, article: Article) -> Taken:
        """Keep one article: new, as the next revision of one that is known, or not at all if nothing changed.

        Raises:
            ArchiveBusy: another process has been writing for too long.
        """
        prepared = self.prepare(Reading(article, article.id, f"article:{article.id}", article.digest.encode()))
        return self.write([prepared], self.embed([prepared]), run=0)[0]

    def remove(self, ids: Sequence[str]) -> None:
        """Forget articles: the catalogue first, so that they are gone from search at once.

        Raises:
            UnknownArticle: no article has one of the ids; none is removed.
        """
        with self.writing():
            with self.database.transaction():
                dropped = self._remove_from_catalogue(ids)
            self._forget(dropped)

    def keep_in_step(self, *, walked: Iterable[str], missing: Iterable[str]) -> list[str]:
        """Remove what vanished from a folder and is nowhere else; ids of the articles removed.

        ``walked`` are places in it that were read to their end, ``missing`` those that are no more.
        """
        alone: list[str] = []
        with self.writing():
            with self.database.transaction():
                for place in walked:
                    alone += self.register.leave(place, self.register.vanished(place))
                for place in missing:
                    alone += self.register.leave(place, self.register.held(place))
                dropped = self._remove_from_catalogue(alone)
            self._forget(dropped)
        return alone

    # Inside

    def _retrieval(self) -> Retrieval:
        """What searches read stays in memory until something changes."""
        state = self._state()
        held = self._held
        if held is None or held[0] != state:
            fresh = Retrieval(self.words, self.vectors, self.embedder, self.clusters, self.catalogue)
            self._held = held = (state, fresh)
        return held[1]

    def _write(self, event: Event, dropped: list[str], run: int) -> Taken | None:
        match event:
            case Prepared():
                return self._keep(event, dropped, run)
            case Unchanged():
                self.register.seen(event.place, event.keys, run=run)
            case Whole():
                self.register.finished(event.finished.place, event.finished.key, event.count, run=run)
            case Fetched():
                self.register.fetched(event)
        return None

    def _keep(self, prepared: Prepared, dropped: list[str], run: int) -> Taken:
        article, reading = prepared.article, prepared.reading
        known = self.catalogue.match(article)
        if known is not None and known.digest == article.digest:
            self.register.read(reading.place, known.id, reading.key, run=run)
            return "skipped"
        if known is not None:
            article = replace(article, id=known.id, revision=known.revision + 1)
            dropped += self.words.drop(article.id)
        self._put(article, prepared)
        self.register.read(reading.place, article.id, reading.key, run=run)
        return "added" if known is None else "updated"

    def _is_news(self, article: Article) -> bool:
        known = self.catalogue.match(article)
        return known is None or known.digest != article.digest

    def _put(self, article: Article, prepared: Prepared) -> None:
        left = self.clusters.name(article.id)
        self.catalogue.put(article, removed=prepared.reading.removed)
        self.derive(article, prepared)
        if left:
            self.clusters.elect(left)

    def derive(self, article: Article, prepared: Prepared, *, formerly: str = "") -> None:
        """Put an article of the catalogue into its cluster and the word index. Part of a transaction.

        ``formerly`` is the cluster it was in, if it was there before.
        """
        if article.stub is None:
            cluster = self.clusters.find(article, prepared.bands, formerly=formerly)
            self.clusters.join(article, cluster, prepared.bands, own=originals.own(article))
        self.words.add(article, prepared.spans, prepared.keys)

    def _forget(self, dropped: Sequence[str]) -> None:
        """Delete the vectors of contents that no passage has any more."""
        self.vectors.delete(sorted(set(dropped) - self.words.known(dropped)))

    def _remove_from_catalogue(self, ids: Sequence[str]) -> list[str]:
        dropped: list[str] = []
        left = {self.clusters.name(id) for id in ids}
        for id in ids:
            dropped += self.words.drop(id)
            self.catalogue.remove(id)
            self.register.forget(id)
        for cluster in sorted(left - {""}):
            self.clusters.elect(cluster)
        if ids:
            self.catalogue.next_generation()
        return dropped

    def upsert(self, prepared: Sequence[Prepared], vectors: Mapping[str, Vector]) -> None:
        """Store the vectors that are still wanted, embedding those that another process took away meanwhile."""
        new = [one for one in prepared if self._is_news(one.article)]
        texts = {key: text for one in new for key, text in zip(one.keys, self.embedded(one), strict=True)}
        wanted = sorted(texts.keys() - self.words.known(texts))
        lost = [key for key in wanted if key not in vectors]
        found = dict(vectors) | dict(zip(lost, self.embedder.embed([texts[key] for key in lost]), strict=True))
        if wanted:
            self.vectors.upsert(wanted, np.stack([found[key] for key in wanted]))

    def embedded(self, prepared: Prepared) -> list[str]:
        """What is embedded for each passage: as much of the title as fits, and its words."""
        title = self.heading(prepared.article.title)
        return [f"{title}\n{prepared.article.text[span.start : span.end]}" for span in prepared.spans]

    def heading(self, title: str) -> str:
        """As much of a title as is embedded with a passage."""
        return passages.context(title, offsets=self.embedder.offsets, limit=self.embedder.limit)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from writing; errors of the lock itself are told apart from those inside."""
        try:
            held = self._lock.acquire()
        except Timeout as error:
            raise ArchiveBusy(
                f"Another process has been writing to '{self.folder}' for over {WAIT:.0f} s. Wait for it or stop it."
            ) from error
        except OSError as error:
            raise ArchiveError(
                f"'{self.folder}' cannot be written ({error.strerror or error}). Check its permissions and its disk."
            ) from error
        with held:
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Only one process writes at a time, and it writes to what the others left."""
        with self.locked():
            self._refresh()
            yield
            self._seen = self._state()

    def _refresh(self) -> None:
        """See what other processes wrote since the last look, or put in the place of all that was here."""
        state = self._state()
        if state == self._seen:
            return
        self.check_embedder()
        if self._opened is not None:
            self._opened.reopen(self.vectors_folder())
        self._seen = state

    def _state(self) -> _State:
        return self.database.place, self.catalogue.generation

    def see_rebuilt(self) -> None:
        """Go on with the vectors that this process has just put in the place of the old ones."""
        if self._opened is not None:
            self._opened.reopen(self.vectors_folder())
        self._seen = self._state()

    @property
    def vectors(self) -> Vectors:
        """Opened at first use: a damaged index must not keep ``rebuild`` from replacing it."""
        with self._opening:
            if self._opened is None:
                self._opened = Vectors(self.vectors_folder())
            return self._opened

    def vectors_folder(self) -> Path:
        """Where the vectors are that the catalogue stands by."""
        return self.folder / (self.database.meta("vectors") or "vectors")
