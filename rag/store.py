"""Catalogue and vectors of one folder, kept in step: one writer at a time, and readers that see its work."""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from rag import copies, passages
from rag.catalogue import Catalogue
from rag.embedder import Embedder
from rag.errors import ArchiveBusy, ArchiveError
from rag.records import Article, Filters, Hit, Passage
from rag.retrieval import Retrieval
from rag.vectors import Vectors

WAIT = 60.0
"""Seconds a writer waits for another one."""
MENDED = 500
"""Passages embedded at once when vectors are missing."""

Taken = Literal["added", "updated", "skipped"]


class Store:
    """The two indexes of an archive. Safe to share between threads."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        """Open the indexes of a folder that ``check_folder`` has passed.

        Raises:
            ArchiveError: the folder is no archive or was written by a newer version.
        """
        self.folder = folder
        self.embedder = embedder
        self.catalogue = Catalogue(folder / "catalogue.sqlite3")
        self._seen = self.catalogue.generation
        self._open_vectors: Vectors | None = None
        self._opening = threading.Lock()
        self._lock = FileLock(folder / "write.lock", timeout=WAIT)

    def check_embedder(self) -> None:
        """Refuse to compare vectors of two embedders; a new archive remembers the first one it meets.

        Raises:
            ArchiveError: the archive was built with another embedder.
        """
        built = self.catalogue.meta("embedder")
        if built is None:
            self.catalogue.remember({"embedder": self.embedder.name})
        elif built != self.embedder.name:
            raise ArchiveError(
                f"'{self.folder}' was built with the embedder '{built}', not '{self.embedder.name}'."
                f" Set GROUNDWIRE_EMBEDDINGS to '{built}', or run: groundwire reindex --archive '{self.folder}'"
            )

    def close(self) -> None:
        """Release the folder."""
        if self._open_vectors is not None:
            self._open_vectors.close()
        self.catalogue.close()

    def search(self, query: str, k: int, filters: Filters) -> list[Hit]:
        """The ``k`` best passages, as of the last write of any process."""
        self._refresh()
        return Retrieval(self.catalogue, self._vectors, self.embedder).search(query, k=k, filters=filters)

    def rarity(self, word: str) -> float:
        """Inverse document frequency over passages, smoothed so that it is never 0."""
        passages_there = max(1, len(self._vectors))
        return math.log(1 + passages_there / (1 + self.catalogue.frequency(word)))

    def take(self, article: Article) -> Taken:
        """Keep an article: new, as the next revision of one that is known, or not at all if nothing changed.

        Raises:
            ArchiveBusy: another process has been writing for too long.
        """
        with self._writing():
            known = self.catalogue.match(article)
            if self.catalogue.holds(article.digest):
                return "skipped"
            if known is None:
                self._store(article)
                return "added"
            self._store(replace(article, id=known.id, revision=known.revision + 1))
            return "updated"

    def remove(self, id: str) -> None:
        """Forget an article: the catalogue first, so that it is gone from search at once.

        Raises:
            UnknownArticle: no article has that id.
        """
        with self._writing():
            stored = self.catalogue.passage_ids(Filters(article_ids=(id,)))
            self.catalogue.remove(id)
            self._vectors.delete(stored)

    def rebuild(self) -> int:
        """Build both indexes anew from the texts kept, with this store's embedder; how many articles.

        The new vectors take the old ones' place only when all of them are there.
        """
        with self._lock:
            name = f"vectors-{self.catalogue.generation + 1}"
            fresh = Vectors(self.folder / name)
            articles = list(self.catalogue.articles(Filters()))
            indexed = [(article, self._index(article, fresh)) for article in articles]
            fresh.close()
            replaced = self._vectors_folder()
            self.catalogue.replace_passages(indexed, {"embedder": self.embedder.name, "vectors": name})
            if self._open_vectors is not None:
                self._open_vectors.reopen(self.folder / name)
            self._seen = self.catalogue.generation
            shutil.rmtree(replaced, ignore_errors=True)
        return len(articles)

    def mend(self) -> None:
        """Bring the vectors in step with the catalogue again, after a kill between the two writes."""
        with self._writing():
            known = self.catalogue.passage_ids()
            stored = set(self._vectors.ids())
            self._vectors.delete(sorted(stored - set(known)))
            missing = [id for id in known if id not in stored]
            for start in range(0, len(missing), MENDED):
                self._embed_again(missing[start : start + MENDED])

    def findings(self) -> list[str]:
        """What is wrong, one line each; empty when nothing is."""
        self._refresh()
        known = set(self.catalogue.passage_ids())
        stored = set(self._vectors.ids())
        findings = self.catalogue.check()
        for what, ids in (("passages have no vector", known - stored), ("vectors have no passage", stored - known)):
            findings += [f"{len(ids)} {what}, such as {min(ids)}; the next ingest mends that"] if ids else []
        return findings

    def _store(self, article: Article) -> None:
        """Vectors first, then the catalogue's one transaction, which makes the article exist."""
        old = self.catalogue.passage_ids(Filters(article_ids=(article.id,)))
        split = self._index(article, self._vectors)
        bands = copies.bands(article.text)
        self.catalogue.put(article, split, bands, self._cluster(article, bands))
        self._vectors.delete(old)

    def _embed_again(self, ids: Sequence[str]) -> None:
        hits = self.catalogue.hits([(id, 0.0) for id in ids], Filters())
        texts = [f"{self._title(self.catalogue.article(hit.article_id))}\n{hit.text}" for hit in hits]
        self._vectors.upsert([hit.passage_id for hit in hits], self.embedder.embed(texts))

    def _index(self, article: Article, vectors: Vectors) -> list[Passage]:
        split = passages.split(article, offsets=self.embedder.offsets, limit=self.embedder.limit)
        vectors.upsert([one.id for one in split], self.embedder.embed(self._embedded(article, split)))
        return split

    def _embedded(self, article: Article, split: Sequence[Passage]) -> list[str]:
        title = self._title(article)
        return [f"{title}\n{article.text[one.start : one.end]}" for one in split]

    def _title(self, article: Article) -> str:
        return passages.context(article.title, offsets=self.embedder.offsets, limit=self.embedder.limit)

    def _cluster(self, article: Article, bands: Sequence[bytes]) -> str:
        own = copies.shingles(article.text)
        for other in self.catalogue.sharing(bands, but=article.id):
            if copies.near(own, copies.shingles(other.text)):
                return self.catalogue.cluster_name(other.id)
        return article.id

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Only one process writes at a time, and it writes to what the others left."""
        try:
            with self._lock:
                self._refresh()
                yield
                self._seen = self.catalogue.generation
        except Timeout as error:
            raise ArchiveBusy(
                f"Another process has been writing to '{self.folder}' for over {WAIT:.0f} s. Wait for it or stop it."
            ) from error

    def _refresh(self) -> None:
        """See what other processes wrote since the last look."""
        generation = self.catalogue.generation
        if generation == self._seen:
            return
        self.check_embedder()
        if self._open_vectors is not None:
            self._open_vectors.reopen(self._vectors_folder())
        self._seen = generation

    @property
    def _vectors(self) -> Vectors:
        """Opened at first use: a damaged index must not keep ``rebuild`` from replacing it."""
        with self._opening:
            if self._open_vectors is None:
                self._open_vectors = Vectors(self._vectors_folder())
            return self._open_vectors

    def _vectors_folder(self) -> Path:
        return self.folder / (self.catalogue.meta("vectors") or "vectors")


def check_folder(folder: Path, *, create: bool) -> None:
    """Refuse a folder that is no archive and cannot become one; make it where it may.

    Raises:
        ArchiveError: with what is in the way.
    """
    held = folder / "catalogue.sqlite3"
    if folder.exists() and not folder.is_dir():
        raise ArchiveError(f"'{folder}' is a file, not an archive's folder. Choose another --archive.")
    if held.exists() and (create or held.stat().st_size):
        return
    if not create:
        raise ArchiveError(
            f"There is no archive in '{folder}'. Make one with: groundwire ingest PATH --archive '{folder}'"
        )
    if folder.exists() and any(folder.iterdir()):
        raise ArchiveError(f"'{folder}' holds other files and is no archive. Choose an empty or new folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "write.lock").touch()
    except OSError as error:
        raise ArchiveError(f"'{folder}' cannot be written ({error.strerror}). Choose another --archive.") from error
