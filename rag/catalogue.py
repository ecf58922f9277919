"""Articles, their revisions, passages and the word index, in one SQLite file: the only holder of article text.

What is committed here is what exists. A vector whose passage is not in here is never shown.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rag.errors import ArchiveError, UnknownArticle
from rag.records import Article, Filters, Hit, Passage
from rag.schema import TABLES, VERSION

_ARTICLE = """r.article_id, r.title, r.text, r.url, r.source, r.authors, r.published_at, r.modified_at, r.language,
    r.description, r.revision, r.origin"""
_CURRENT = "articles a JOIN revisions r ON r.article_id = a.id AND r.revision = a.revision"


class Catalogue:
    """The catalogue of one file. Threads share the object; each gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._create_or_check()

    def close(self) -> None:
        """Close every thread's connection."""
        while self._connections:
            self._connections.pop().close()

    def meta(self, key: str) -> str | None:
        """A setting the archive remembers."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def remember(self, settings: Mapping[str, str]) -> None:
        """Keep settings with the archive."""
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", settings.items())

    @property
    def generation(self) -> int:
        """Grows with every change of the articles, in whichever process."""
        return int(self.meta("generation") or 0)

    def match(self, article: Article) -> Article | None:
        """The current revision of the article that this is another reading of: same id, address or origin."""
        row = self._db.execute(
            f"""SELECT {_ARTICLE} FROM {_CURRENT} WHERE a.id = :id OR a.url = :url
            OR (a.url IS NULL AND :url IS NULL AND a.origin = :origin)
            ORDER BY a.id = :id DESC, a.url = :url DESC, a.id LIMIT 1""",
            {"id": article.id, "url": article.url, "origin": article.origin},
        ).fetchone()
        return None if row is None else _article(row)

    def holds(self, digest: str) -> bool:
        """Whether some current revision has this digest."""
        return self._db.execute("SELECT 1 FROM articles WHERE digest = ?", (digest,)).fetchone() is not None

    def put(self, article: Article, passages: Sequence[Passage], bands: Sequence[bytes], cluster: str) -> None:
        """Make this revision the article's current one, in one transaction: all of it shows or none."""
        with self._transaction() as db:
            self._drop_search(db, article.id)
            db.execute("INSERT INTO revisions VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", _revision_row(article))
            db.execute(
                "INSERT OR REPLACE INTO articles VALUES (?,?,?,?,?,?,?,?)",
                (
                    article.id,
                    article.revision,
                    article.digest,
                    article.url,
                    article.origin,
                    article.source,
                    _epoch(article.published_at),
                    cluster,
                ),
            )
            db.executemany(
                "INSERT OR IGNORE INTO bands VALUES (?,?,?)",
                [(band, key, article.id) for band, key in enumerate(bands)],
            )
            _add_passages(db, article, passages)
            _next_generation(db)

    def replace_passages(
        self, indexed: Sequence[tuple[Article, Sequence[Passage]]], settings: Mapping[str, str]
    ) -> None:
        """Index every article anew and remember how, in one transaction."""
        with self._transaction() as db:
            db.execute("DELETE FROM passages")
            db.execute("INSERT INTO words (words) VALUES ('delete-all')")
            for article, passages in indexed:
                _add_passages(db, article, passages)
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", settings.items())
            _next_generation(db)

    def remove(self, article_id: str) -> None:
        """Forget an article and all its revisions.

        Raises:
            UnknownArticle: no article has that id.
        """
        self.article(article_id)
        with self._transaction() as db:
            self._drop_search(db, article_id)
            db.execute("DELETE FROM revisions WHERE article_id = ?", (article_id,))
            db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
            _next_generation(db)

    def article(self, article_id: str, revision: int | None = None) -> Article:
        """An article's current revision, or the one asked for.

        Raises:
            UnknownArticle: no article has that id, or not that revision.
        """
        row = self._db.execute(
            f"""SELECT {_ARTICLE} FROM articles a JOIN revisions r ON r.article_id = a.id
            WHERE a.id = ? AND r.revision = coalesce(?, a.revision)""",
            (article_id, revision),
        ).fetchone()
        if row is None:
            which = f"'{article_id}'" if revision is None else f"'{article_id}' in revision {revision}"
            raise UnknownArticle(f"No article {which}. 'groundwire articles list' shows the ids there are.")
        return _article(row)

    def articles(self, filters: Filters) -> Iterator[Article]:
        """Current revisions, newest first, undated ones last; ties by id."""
        where, values = _where(filters)
        yield from (
            _article(row)
            for row in self._db.execute(
                f"SELECT {_ARTICLE} FROM {_CURRENT} WHERE {where} ORDER BY a.published_at DESC, a.id", values
            )
        )

    def count(self) -> int:
        """Number of articles."""
        return int(self._db.execute("SELECT count(*) FROM articles").fetchone()[0])

    def newest(self, filters: Filters) -> datetime | None:
        """Publication time of the newest article that the filters admit."""
        where, values = _where(filters)
        row = self._db.execute(f"SELECT max(a.published_at) FROM articles a WHERE {where}", values).fetchone()
        return _moment(row[0])

    def passage_ids(self, filters: Filters | None = None) -> list[str]:
        """Ids of all passages that the filters admit, in order."""
        where, values = _where(filters or Filters())
        query = f"SELECT p.id FROM passages p JOIN articles a ON a.id = p.article_id WHERE {where} ORDER BY p.number"
        return [str(id) for (id,) in self._db.execute(query, values)]

    def search(self, words: Iterable[str], *, limit: int, filters: Filters) -> list[tuple[str, float]]:
        """Ids of passages that hold any of ``words``, by BM25, best first; a larger score is better."""
        query = " OR ".join(_quoted(word) for word in words)
        if not query:
            return []
        where, values = _where(filters)
        rows = self._db.execute(
            f"""SELECT p.id, bm25(words, 1.0, 1.0) AS score FROM words
            JOIN passages p ON p.number = words.rowid JOIN articles a ON a.id = p.article_id
            WHERE words MATCH :words AND {where} ORDER BY score, p.id LIMIT :limit""",
            values | {"words": query, "limit": limit},
        )
        return [(str(id), -float(score)) for id, score in rows]

    def frequency(self, word: str) -> int:
        """Number of passages that hold ``word`` in any of its forms."""
        query = "SELECT count(*) FROM words WHERE words MATCH ?"
        return int(self._db.execute(query, (_quoted(word),)).fetchone()[0])

    def hits(self, scored: Sequence[tuple[str, float]], filters: Filters) -> list[Hit]:
        """Those of ``scored`` passages that exist and that the filters admit, in the order given."""
        where, values = _where(filters)
        ids = {f"p{position}": id for position, (id, _) in enumerate(scored)}
        rows = self._db.execute(
            f"""SELECT p.id, p.article_id, p.revision, p.start, p."end",
                substr(r.text, p.start + 1, p."end" - p.start)
            FROM passages p JOIN articles a ON a.id = p.article_id
            JOIN revisions r ON r.article_id = p.article_id AND r.revision = p.revision
            WHERE p.id IN ({", ".join(":" + name for name in ids)}) AND {where}""",
            values | ids,
        )
        found = {row[0]: row[1:] for row in rows}
        return [
            Hit(id, article_id, revision, start, end, score, text)
            for id, score in scored
            if id in found
            for article_id, revision, start, end, text in [found[id]]
        ]

    def sharing(self, bands: Sequence[bytes], *, but: str) -> list[Article]:
        """Current articles that share a band key with ``bands``, other than the one named."""
        rows = [
            row
            for band, key in enumerate(bands)
            for row in self._db.execute(
                "SELECT article_id FROM bands WHERE band = ? AND key = ? AND article_id != ?",
                (band, key, but),
            )
        ]
        return [self.article(id) for id in sorted({str(id) for (id,) in rows})]

    def cluster(self, article_id: str) -> tuple[str, ...]:
        """Ids of the articles that carry the same report, this one included: earliest first, ties by id."""
        rows = self._db.execute(
            """SELECT id FROM articles WHERE cluster = (SELECT cluster FROM articles WHERE id = ?)
            ORDER BY published_at IS NULL, published_at, id""",
            (article_id,),
        )
        return tuple(str(id) for (id,) in rows)

    def cluster_name(self, article_id: str) -> str:
        """What the articles of one cluster have in common in the table."""
        row = self._db.execute("SELECT cluster FROM articles WHERE id = ?", (article_id,)).fetchone()
        return str(row[0])

    def check(self) -> list[str]:
        """What is wrong with the file itself; empty when nothing is."""
        findings = [str(row[0]) for row in self._db.execute("PRAGMA quick_check")]
        missing = self._db.execute(
            "SELECT count(*) FROM passages WHERE number NOT IN (SELECT rowid FROM words)"
        ).fetchone()[0]
        findings += [f"{missing} passages are not in the word index"] if missing else []
        return [finding for finding in findings if finding != "ok"]

    @property
    def _db(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(
                self._path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=256
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            self._local.connection = connection
            self._connections.append(connection)
        held: sqlite3.Connection = self._local.connection
        return held

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise ArchiveError(_unusable(self._path, error)) from error

    def _create_or_check(self) -> None:
        try:
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
            tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise ArchiveError(_unusable(self._path, error)) from error
        except sqlite3.DatabaseError as error:
            raise ArchiveError(
                f"'{self._path}' is not a Groundwire catalogue ({error}). Choose another folder."
            ) from error
        if version > VERSION:
            raise ArchiveError(
                f"'{self._path.parent}' was written by a newer Groundwire (format {version}, not {VERSION})."
                " Upgrade groundwire or choose another --archive."
            )
        if version == 0 and tables:
            raise ArchiveError(f"'{self._path}' is a database of something else. Choose another folder.")
        if version == 0:
            try:
                self._db.executescript(f"BEGIN; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
            except sqlite3.OperationalError as error:
                raise ArchiveError(_unusable(self._path, error)) from error

    def _drop_search(self, db: sqlite3.Connection, article_id: str) -> None:
        """Take an article out of search. A contentless index wants the old words to forget them."""
        db.execute(
            """INSERT INTO words (words, rowid, title, text)
            SELECT 'delete', p.number, r.title, substr(r.text, p.start + 1, p."end" - p.start)
            FROM passages p JOIN revisions r ON r.article_id = p.article_id AND r.revision = p.revision
            WHERE p.article_id = ?""",
            (article_id,),
        )
        db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
        db.execute("DELETE FROM bands WHERE article_id = ?", (article_id,))


def _where(filters: Filters) -> tuple[str, dict[str, object]]:
    """The filters as a condition on ``articles a``; the values are always bound, never written into the SQL."""
    values: dict[str, object] = {}
    conditions = ["1"]
    if filters.since is not None:
        conditions.append("a.published_at >= :since")
        values["since"] = _epoch(filters.since)
    if filters.until is not None:
        conditions.append("a.published_at <= :until")
        values["until"] = _epoch(filters.until)
    if filters.known_at is not None:
        conditions.append("(a.published_at IS NULL OR a.published_at <= :known_at)")
        values["known_at"] = _epoch(filters.known_at)
    if filters.source is not None:
        conditions.append("a.source = :source COLLATE NOCASE")
        values["source"] = filters.source
    if filters.article_ids is not None:
        conditions.append("a.id IN (SELECT value FROM json_each(:ids))")
        values["ids"] = json.dumps(filters.article_ids)
    return " AND ".join(conditions), values


def _add_passages(db: sqlite3.Connection, article: Article, passages: Sequence[Passage]) -> None:
    for passage in passages:
        number = db.execute(
            'INSERT INTO passages (id, article_id, revision, start, "end") VALUES (?,?,?,?,?)',
            (passage.id, article.id, article.revision, passage.start, passage.end),
        ).lastrowid
        db.execute(
            "INSERT INTO words (rowid, title, text) VALUES (?,?,?)",
            (number, article.title, article.text[passage.start : passage.end]),
        )


def _quoted(word: str) -> str:
    """A word as FTS5 takes a string; it ends at a NUL."""
    return '"' + word.replace("\0", " ").replace('"', '""') + '"'


def _unusable(path: Path, error: sqlite3.Error) -> str:
    return f"'{path}' cannot be read or written ({error}). Check the folder's permissions and the space on its disk."


def _next_generation(db: sqlite3.Connection) -> None:
    db.execute(
        """INSERT INTO meta VALUES ('generation', '1')
        ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1"""
    )


def _epoch(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def _moment(epoch: int | None) -> datetime | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, UTC)


def _revision_row(article: Article) -> tuple[object, ...]:
    return (
        article.id,
        article.revision,
        article.title,
        article.text,
        article.url,
        article.source,
        json.dumps(article.authors, ensure_ascii=False),
        _epoch(article.published_at),
        _epoch(article.modified_at),
        article.language,
        article.description,
        article.origin,
    )


def _article(row: tuple[Any, ...]) -> Article:
    id, title, text, url, source, authors, published, modified, language, description, revision, origin = row
    return Article(
        id=id,
        title=title,
        text=text,
        url=url,
        source=source,
        authors=tuple(json.loads(authors)),
        published_at=_moment(published),
        modified_at=_moment(modified),
        language=language,
        description=description,
        revision=revision,
        origin=origin,
    )
