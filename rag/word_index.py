"""Passages and the words in them. Equal passages under equal titles share one entry here and one vector elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

from rag.catalogue import where
from rag.database import Database
from rag.records import Article, Filters, Hit, Span
from rag.words import indexable

_HIT = 'p.id, p.article_id, p.revision, p.start, p."end", substr(r.text, p.start + 1, p."end" - p.start)'


def content_key(title: str, text: str) -> str:
    """The id of what a passage holds, 32 hexadecimal digits; its vector is kept under it."""
    digest = hashlib.sha256(json.dumps([title, text]).encode())
    return digest.hexdigest()[:32]


class WordIndex:
    """The passages of current revisions, found by their words."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, article: Article, spans: Sequence[Span], keys: Sequence[str]) -> None:
        """Index an article's passages, whose content keys are given. Part of a transaction."""
        for ordinal, (span, key) in enumerate(zip(spans, keys, strict=True)):
            text = article.text[span.start : span.end]
            self._db.write(
                'INSERT INTO passages (id, article_id, revision, start, "end", content) VALUES (?,?,?,?,?,?)',
                (
                    f"{article.id}#{article.revision}.{ordinal}",
                    article.id,
                    article.revision,
                    span.start,
                    span.end,
                    self._content(key, article.title, text),
                ),
            )

    def _content(self, key: str, title: str, text: str) -> int:
        row = self._db.row("SELECT number FROM contents WHERE key = ?", (key,))
        if row is not None:
            return int(row[0])
        number = self._db.write("INSERT INTO contents (key) VALUES (?)", (key,))
        self._db.write(
            "INSERT INTO words (rowid, title, text) VALUES (?,?,?)", (number, indexable(title), indexable(text))
        )
        return number

    def drop(self, article_id: str) -> list[str]:
        """Take an article out; keys of the contents that no other passage has. Part of a transaction.

        A contentless index wants the old words to forget them: call this while the revision is still there.
        """
        alone = list(
            self._db.rows(
                """SELECT c.number, c.key, r.title, substr(r.text, p.start + 1, p."end" - p.start)
                FROM passages p JOIN contents c ON c.number = p.content
                JOIN revisions r ON r.article_id = p.article_id AND r.revision = p.revision
                WHERE p.article_id = :id AND NOT EXISTS
                    (SELECT 1 FROM passages q WHERE q.content = p.content AND q.article_id != :id)
                GROUP BY c.number""",
                {"id": article_id},
            )
        )
        self._db.write("DELETE FROM passages WHERE article_id = ?", (article_id,))
        for number, _, title, text in alone:
            self._db.write(
                "INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)",
                (number, indexable(title), indexable(text)),
            )
            self._db.write("DELETE FROM contents WHERE number = ?", (number,))
        return [str(key) for _, key, *_ in alone]

    def clear(self) -> None:
        """Take everything out. Part of a transaction."""
        self._db.write("DELETE FROM passages")
        self._db.write("DELETE FROM contents")
        self._db.write("INSERT INTO words (words) VALUES ('delete-all')")

    def known(self, keys: Iterable[str]) -> set[str]:
        """Those of the keys that some passage has."""
        query = "SELECT key FROM contents WHERE key IN (SELECT value FROM json_each(?))"
        return {str(key) for (key,) in self._db.rows(query, (json.dumps(list(keys)),))}

    def keys(self, filters: Filters | None = None) -> list[str]:
        """Content keys of all passages that the filters admit, in order."""
        if filters is None or filters == Filters():
            return [str(key) for (key,) in self._db.rows("SELECT key FROM contents ORDER BY number")]
        condition, values = where(filters)
        query = f"""SELECT DISTINCT c.number, c.key FROM articles a JOIN passages p ON p.article_id = a.id
            JOIN contents c ON c.number = p.content WHERE {condition} ORDER BY c.number"""
        return [str(key) for _, key in self._db.rows(query, values)]

    def count(self) -> int:
        """Number of different contents: as many vectors there should be."""
        row = self._db.row("SELECT count(*) FROM contents")
        return int(row[0]) if row else 0

    def texts(self, keys: Sequence[str]) -> list[tuple[str, str, str]]:
        """Key, title and text of contents."""
        rows = self._db.rows(
            """SELECT c.key, r.title, substr(r.text, p.start + 1, p."end" - p.start)
            FROM contents c JOIN passages p ON p.content = c.number
            JOIN revisions r ON r.article_id = p.article_id AND r.revision = p.revision
            WHERE c.key IN (SELECT value FROM json_each(?)) GROUP BY c.number""",
            (json.dumps(list(keys)),),
        )
        return [(str(key), str(title), str(text)) for key, title, text in rows]

    def search(self, words: Iterable[str], *, limit: int, filters: Filters) -> list[tuple[str, float]]:
        """Content keys of passages that hold any of ``words``, by BM25, best first; a larger score is better."""
        query = " OR ".join(_quoted(word) for word in words)
        if not query:
            return []
        condition, values = where(filters)
        admitted = ""
        if filters != Filters():
            admitted = f"""AND EXISTS (SELECT 1 FROM passages p JOIN articles a ON a.id = p.article_id
                WHERE p.content = words.rowid AND {condition})"""
        rows = self._db.rows(
            f"""SELECT c.key, bm25(words, 1.0, 1.0) AS score FROM words JOIN contents c ON c.number = words.rowid
            WHERE words MATCH :words {admitted} ORDER BY score, c.key LIMIT :limit""",
            values | {"words": query, "limit": limit},
        )
        return [(str(key), -float(score)) for key, score in rows]

    def frequency(self, word: str) -> int:
        """Number of different passages that hold ``word`` in any of its forms."""
        row = self._db.row("SELECT count(*) FROM words WHERE words MATCH ?", (_quoted(word),))
        return int(row[0]) if row else 0

    def hits(self, scored: Sequence[tuple[str, float]], filters: Filters) -> list[Hit]:
        """One passage of each content that the filters admit, in order: the original's, else the earliest."""
        return [hit for key, score in scored for hit in [self._hit(key, score, filters)] if hit is not None]

    def _hit(self, key: str, score: float, filters: Filters) -> Hit | None:
        condition, values = where(filters)
        row = self._db.row(
            f"""SELECT {_HIT}
            FROM contents c JOIN passages p ON p.content = c.number JOIN articles a ON a.id = p.article_id
            JOIN revisions r ON r.article_id = p.article_id AND r.revision = p.revision
            LEFT JOIN clusters o ON o.name = a.cluster
            WHERE c.key = :key AND {condition}
            ORDER BY o.original IS a.id DESC, a.published_at IS NULL, a.published_at, p.number LIMIT 1""",
            values | {"key": key},
        )
        return None if row is None else Hit(row[0], row[1], row[2], row[3], row[4], score, row[5])

    def admits(self, article_id: str, filters: Filters) -> bool:
        """Whether the filters admit an article."""
        condition, values = where(filters)
        query = f"SELECT 1 FROM articles a WHERE a.id = :article AND {condition}"
        return self._db.row(query, values | {"article": article_id}) is not None

    def passages(self, article_id: str) -> list[Hit]:
        """All passages of an article's current revision, in order, unscored."""
        rows = self._db.rows(
            f"""SELECT {_HIT}
            FROM passages p JOIN revisions r ON r.article_id = p.article_id AND r.revision = p.revision
            WHERE p.article_id = ? ORDER BY p.number""",
            (article_id,),
        )
        return [Hit(row[0], row[1], row[2], row[3], row[4], 0.0, row[5]) for row in rows]

    def check(self) -> list[str]:
        """Where passages, contents and words do not fit together; empty when they do."""
        checks = {
            "passages are of no current article": """SELECT count(*) FROM passages p LEFT JOIN articles a
                ON a.id = p.article_id AND a.revision = p.revision WHERE a.id IS NULL""",
            "passages have no content": """SELECT count(*) FROM passages
                WHERE content NOT IN (SELECT number FROM contents)""",
            "contents belong to no passage": """SELECT count(*) FROM contents
                WHERE number NOT IN (SELECT content FROM passages)""",
            "passages are not in the word index": """SELECT count(*) FROM contents
                WHERE number NOT IN (SELECT rowid FROM words)""",
            "entries of the word index have no passage": """SELECT count(*) FROM words
                WHERE rowid NOT IN (SELECT number FROM contents)""",
            "articles have no passage": """SELECT count(*) FROM articles
                WHERE stub IS NULL AND id NOT IN (SELECT article_id FROM passages)""",
        }
        counts = {what: (self._db.row(query) or (0,))[0] for what, query in checks.items()}
        return [f"{count} {what}; 'groundwire reindex' mends that" for what, count in counts.items() if count]


def _quoted(word: str) -> str:
    """A word as FTS5 takes a string; it ends at a NUL."""
    return '"' + indexable(word).replace("\0", " ").replace('"', '""') + '"'
