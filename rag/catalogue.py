"""Articles and their revisions: the only holder of article text. What is committed here is what exists."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rag.database import Database, Row
from rag.errors import UnknownArticle
from rag.folding import folded
from rag.records import Article, Citation, Filters, Removed, Standing

_ARTICLE = """r.article_id, r.title, r.text, r.url, r.source, r.authors, r.published_at, r.modified_at, r.language,
    r.description, r.revision, r.origin, r.canonical, r.stub"""
_CURRENT = "articles a JOIN revisions r ON r.article_id = a.id AND r.revision = a.revision"


@dataclass(frozen=True, slots=True)
class Known:
    """What is compared of an article that is there."""

    id: str
    revision: int
    digest: str


class Catalogue:
    """The articles of one archive."""

    def __init__(self, database: Database) -> None:
        self._db = database

    @property
    def generation(self) -> int:
        """Grows with every change of the articles, in whichever process."""
        return int(self._db.meta("generation") or 0)

    def match(self, article: Article) -> Known | None:
        """The article that this is another reading of: same id, address or origin, else in every word the same."""
        row = self._db.row(
            """SELECT id, revision, digest FROM articles a WHERE a.id = :id OR a.url = :url
            OR (a.url IS NULL AND :url IS NULL AND a.origin = :origin) OR a.digest = :digest
            ORDER BY a.id = :id DESC, a.url IS :url AND a.url IS NOT NULL DESC,
            a.url IS NULL AND :url IS NULL AND a.origin IS :origin DESC, a.id LIMIT 1""",
            {"id": article.id, "url": article.url, "origin": article.origin, "digest": article.digest},
        )
        return None if row is None else Known(*row)

    def alike(self, article: Article) -> set[str]:
        """Ids of other articles that this would be taken for another reading of."""
        rows = self._db.rows(
            """SELECT id FROM articles a WHERE a.id != :id AND (a.url = :url
            OR (a.url IS NULL AND :url IS NULL AND a.origin = :origin) OR a.digest = :digest)""",
            {"id": article.id, "url": article.url, "origin": article.origin, "digest": article.digest},
        )
        return {str(id) for (id,) in rows}

    def put(self, article: Article, *, removed: Sequence[Removed] = ()) -> None:
        """Make this revision the article's current one. Part of a transaction."""
        self._db.write(
            f"INSERT INTO revisions VALUES ({','.join('?' * 15)})",
            (*_revision_row(article), _removed_json(removed)),
        )
        self._db.write(
            f"INSERT OR REPLACE INTO articles VALUES ({','.join('?' * 15)})",
            (
                article.id,
                article.revision,
                article.digest,
                article.url,
                article.origin,
                article.source,
                epoch(article.published_at),
                article.canonical,
                article.stub,
                body(article.text),
                False,
                "",
                article.language,
                folded(article.title) or None,
                folded(f"{article.title} {article.source or ''} {article.id}"),
            ),
        )
        self._db.write("DELETE FROM gone WHERE article_id = ?", (article.id,))

    def put_back(self, revisions: Sequence[Article], removed: Sequence[Sequence[Removed]]) -> None:
        """Have all revisions of an article, in place of those that are there. Part of a transaction."""
        self._db.write("DELETE FROM revisions WHERE article_id = ?", (revisions[-1].id,))
        for revision, taken in zip(revisions, removed, strict=True):
            self.put(revision, removed=taken)

    def remove(self, article_id: str) -> None:
        """Forget an article and all its revisions; only that it was there is kept. Part of a transaction.

        Raises:
            UnknownArticle: no article has that id.
        """
        self.article(article_id)
        self._db.write("DELETE FROM revisions WHERE article_id = ?", (article_id,))
        self._db.write("DELETE FROM articles WHERE id = ?", (article_id,))
        self._db.write("INSERT OR REPLACE INTO gone VALUES (?, ?)", (article_id, int(time.time())))

    def next_generation(self) -> None:
        """Tell every process that something changed. Part of a transaction."""
        self._db.count_up("generation")

    def article(self, article_id: str, revision: int | None = None) -> Article:
        """One revision of an article, else its current one.

        Raises:
            UnknownArticle: no article has that id, or not that revision.
        """
        row = self._db.row(
            f"""SELECT {_ARTICLE} FROM revisions r JOIN articles a ON a.id = r.article_id
            WHERE r.article_id = ? AND r.revision = coalesce(?, a.revision)""",
            (article_id, revision),
        )
        if row is None:
            raise UnknownArticle(self._missing(article_id, revision))
        return _article(row)

    def revisions(self, article_id: str) -> list[Article]:
        """Every revision of an article, the first one first.

        Raises:
            UnknownArticle: no article has that id.
        """
        self.article(article_id)
        rows = self._db.rows(
            f"SELECT {_ARTICLE} FROM revisions r WHERE r.article_id = ? ORDER BY r.revision", (article_id,)
        )
        return [_article(row) for row in rows]

    def removed(self, article_id: str, revision: int | None = None) -> list[Removed]:
        """What cleaning took out of an article's revision.

        Raises:
            UnknownArticle: no article has that id, or not that revision.
        """
        found = self.article(article_id, revision)
        row = self._db.row(
            "SELECT removed FROM revisions WHERE article_id = ? AND revision = ?", (article_id, found.revision)
        )
        return [Removed(text, reason) for text, reason in json.loads(row[0] if row and row[0] else "[]")]

    def gone(self, article_id: str) -> datetime | None:
        """When an article was removed, if it was and has not come back."""
        row = self._db.row("SELECT at FROM gone WHERE article_id = ?", (article_id,))
        return None if row is None else moment(row[0])

    def standing(self, citation: Citation) -> Standing:
        """What became of an article since it was cited; one that came back with other words is not the source."""
        try:
            quoted = self.article(citation.article_id, citation.revision)
            current = self.article(citation.article_id)
        except UnknownArticle:
            return "source removed"
        if quoted.text[citation.start : citation.end] != citation.quote:
            return "source removed"
        return "current" if current.revision == citation.revision else "revised"

    def articles(self, filters: Filters) -> Iterator[Article]:
        """Current articles that the filters admit, newest first, ties by id."""
        condition, values = where(filters)
        for row in self._db.rows(
            f"SELECT {_ARTICLE} FROM {_CURRENT} WHERE {condition} ORDER BY a.published_at DESC, a.id", values
        ):
            yield _article(row)

    def ids(self) -> list[str]:
        """Ids of all articles, in order."""
        return [str(id) for (id,) in self._db.rows("SELECT id FROM articles ORDER BY id")]

    def count(self) -> int:
        """Number of articles."""
        row = self._db.row("SELECT count(*) FROM articles")
        return int(row[0]) if row else 0

    def holds(self, filters: Filters) -> bool:
        """Whether the filters admit any article."""
        condition, values = where(filters)
        return self._db.row(f"SELECT 1 FROM articles a WHERE {condition} LIMIT 1", values) is not None

    def newest(self, filters: Filters) -> datetime | None:
        """Publication time of the newest article that the filters admit."""
        condition, values = where(filters)
        row = self._db.row(f"SELECT max(a.published_at) FROM articles a WHERE {condition}", values)
        return moment(row[0]) if row else None

    def sources(self) -> list[str]:
        """Outlets of the articles, each in one spelling, in order."""
        return [str(source) for (source,) in self._db.rows(_each("source"))]

    def source_count(self) -> int:
        """Number of outlets, whatever the case of their letters."""
        row = self._db.row(f"SELECT count(*) FROM ({_each('source')})")
        return int(row[0]) if row else 0

    def languages(self) -> list[str]:
        """Languages of the articles, each in one spelling, in order."""
        return [str(language) for (language,) in self._db.rows(_each("language"))]

    def latest(self, count: int) -> list[Article]:
        """The newest current articles, at most so many, newest first, ties by id."""
        rows = self._db.rows(
            f"SELECT {_ARTICLE} FROM {_CURRENT} ORDER BY a.published_at DESC, a.id LIMIT ?", (count,)
        )
        return [_article(row) for row in rows]

    def _missing(self, article_id: str, revision: int | None) -> str:
        removed = self.gone(article_id)
        if removed is not None:
            return f"Article '{article_id}' was removed on {removed:%Y-%m-%d}. Ingest it again to have it back."
        which = f"'{article_id}'" if revision is None else f"'{article_id}' in revision {revision}"
        return f"No article {which}. 'groundwire articles list' shows the ids there are."


def where(filters: Filters) -> tuple[str, dict[str, object]]:
    """The filters as a condition on ``articles a``; the values are always bound, never written into the SQL."""
    values: dict[str, object] = {}
    conditions = ["1"]
    if filters.since is not None:
        conditions.append("a.published_at >= :since")
        values["since"] = epoch(filters.since)
    if filters.until is not None:
        conditions.append("a.published_at <= :until")
        values["until"] = epoch(filters.until)
    if filters.known_at is not None:
        conditions.append("(a.published_at IS NULL OR a.published_at <= :known_at)")
        values["known_at"] = epoch(filters.known_at)
    if filters.source is not None:
        conditions.append("a.source = :source COLLATE NOCASE")
        values["source"] = filters.source
    if filters.language is not None:
        conditions.append("a.language = :language COLLATE NOCASE")
        values["language"] = filters.language
    if filters.article_ids is not None:
        conditions.append("a.id IN (SELECT value FROM json_each(:ids))")
        values["ids"] = json.dumps(filters.article_ids)
    return " AND ".join(conditions), values


def body(text: str) -> bytes:
    """By which texts that are equal are known."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def epoch(time: datetime | None) -> int | None:
    """Seconds since 1970."""
    return None if time is None else int(time.timestamp())


def moment(seconds: int | None) -> datetime | None:
    """The time in UTC so many seconds after 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _each(column: str) -> str:
    """Query for what a column holds, each once: from one straight to the next, for there are few in 100,000 rows."""
    following = f"""SELECT a.{column} FROM articles a WHERE a.{column} > %s COLLATE NOCASE
        ORDER BY a.{column} COLLATE NOCASE LIMIT 1"""
    return f"""WITH RECURSIVE known (spelt) AS (SELECT * FROM ({following % "''"})
        UNION ALL SELECT ({following % "spelt"}) FROM known WHERE spelt IS NOT NULL)
        SELECT spelt FROM known WHERE spelt IS NOT NULL"""


def _removed_json(removed: Sequence[Removed]) -> str | None:
    return json.dumps([[one.text, one.reason] for one in removed], ensure_ascii=False) if removed else None


def _revision_row(article: Article) -> tuple[object, ...]:
    return (
        article.id,
        article.revision,
        article.title,
        article.text,
        article.url,
        article.source,
        json.dumps(article.authors, ensure_ascii=False),
        epoch(article.published_at),
        epoch(article.modified_at),
        article.language,
        article.description,
        article.origin,
        article.canonical,
        article.stub,
    )


def _article(row: Row) -> Article:
    id, title, text, url, source, authors, published, modified, language, description, *rest = row
    known: dict[str, Any] = dict(zip(("revision", "origin", "canonical", "stub"), rest, strict=True))
    return Article(
        id=id,
        title=title,
        text=text,
        url=url,
        source=source,
        authors=tuple(json.loads(authors)),
        published_at=moment(published),
        modified_at=moment(modified),
        language=language,
        description=description,
        **known,
    )
