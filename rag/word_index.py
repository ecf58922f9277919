"""Passages and the words in them. Equal passages under equal titles share one entry here and one vector elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from rag.catalogue import where
from rag.database import Database
from rag.holdings import Holdings, Ints
from rag.records import Article, Filters, Hit, Span
from rag.schema import TOKENIZER
from rag.words import indexable

_HIT = 'p.id, p.article_id, p.revision, p.start, p."end", substr(r.text, p.start + 1, p."end" - p.start)'

_TERMS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.occurrences USING fts5vocab(main, words, instance)",
    f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.asked USING fts5(word, tokenize='{TOKENIZER}')",
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.asked_terms USING fts5vocab(temp, asked, instance)",
    "DELETE FROM temp.asked",
)
"""What lasts as long as the connection: where each term stands, and the terms of the words asked for."""


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

    def keys(self) -> list[str]:
        """Content keys of all passages, in order."""
        return [str(key) for (key,) in self._db.rows("SELECT key FROM contents ORDER BY number")]

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

    def occurrences(self, words: Sequence[str]) -> list[Ints]:
        """For each word the numbers of the contents that hold it in any form, each as often as it does.

        SQLite's own BM25 reads a row for every match, which takes tens of milliseconds where words are common.
        """
        return [self._numbers(word, terms) for word, terms in zip(words, self._terms(words), strict=True)]

    def _numbers(self, word: str, terms: Sequence[str]) -> Ints:
        if len(terms) == 1:
            query, value = "SELECT group_concat(doc) FROM temp.occurrences WHERE term = ?", terms[0]
        else:
            query, value = "SELECT group_concat(rowid) FROM words WHERE words MATCH ?", _quoted(word)
        return _ints((self._db.row(query, (value,)) or (None,))[0])

    def _terms(self, words: Sequence[str]) -> list[list[str]]:
        """What the index makes of each word: only its own tokenizer knows the stems it keeps."""
        for statement in _TERMS:
            self._db.write(statement)
        self._db.write_each("INSERT INTO temp.asked (rowid, word) VALUES (?, ?)", enumerate(map(_plain, words)))
        terms: list[list[str]] = [[] for _ in words]
        for place, term in self._db.rows("SELECT doc, term FROM temp.asked_terms ORDER BY doc, offset"):
            terms[place].append(str(term))
        return terms

    def holdings(self) -> Holdings:
        """All passages, as arrays."""
        articles = list(
            self._db.rows("SELECT article_id, count(*) FROM passages GROUP BY article_id ORDER BY article_id")
        )
        row = self._db.row(
            """SELECT group_concat(content), group_concat(length) FROM
            (SELECT content, "end" - start AS length FROM passages ORDER BY article_id, number)"""
        )
        contents, lengths = row or (None, None)
        return Holdings.of([(str(id), int(count)) for id, count in articles], _ints(contents), _ints(lengths))

    def admitted(self, filters: Filters) -> list[str]:
        """Ids of the articles that the filters admit."""
        condition, values = where(filters)
        return [str(id) for (id,) in self._db.rows(f"SELECT a.id FROM articles a WHERE {condition}", values)]

    def numbers(self, keys: Iterable[str]) -> dict[str, int]:
        """Numbers of the contents that there are."""
        query = "SELECT key, number FROM contents WHERE key IN (SELECT value FROM json_each(?))"
        return {str(key): int(number) for key, number in self._db.rows(query, (json.dumps(list(keys)),))}

    def keys_of(self, numbers: Ints) -> dict[int, str]:
        """Keys of the contents with those numbers."""
        query = "SELECT number, key FROM contents WHERE number IN (SELECT value FROM json_each(?))"
        return {int(number): str(key) for number, key in self._db.rows(query, (json.dumps(numbers.tolist()),))}

    def frequency(self, word: str) -> int:
        """Number of different passages that hold ``word`` in any of its forms."""
        row = self._db.row("SELECT count(*) FROM words WHERE words MATCH ?", (_quoted(word),))
        return int(row[0]) if row else 0

    def hits(self, scored: Sequence[tuple[str, float]], filters: Filters) -> list[Hit]:
        """One passage of each content that the filters admit, in order: the original's, else the earliest."""
        condition, values = where(filters)
        rows = self._db.rows(
            f"""SELECT chosen.key, {_HIT} FROM
            (SELECT c.key, p.number, row_number() OVER (PARTITION BY p.content
                ORDER BY o.original IS a.id DESC, a.published_at IS NULL, a.published_at, p.number) AS place
            FROM contents c JOIN passages p ON p.content = c.number JOIN articles a ON a.id = p.article_id
            LEFT JOIN clusters o ON o.name = a.cluster
            WHERE c.key IN (SELECT value FROM json_each(:keys)) AND {condition}) AS chosen
            JOIN passages p ON p.number = chosen.number
            JOIN revisions r ON r.article_id = p.article_id AND r.revision = p.revision WHERE chosen.place = 1""",
            values | {"keys": json.dumps([key for key, _ in scored])},
        )
        found = {key: place for key, *place in rows}
        return [_hit(found[key], score) for key, score in scored if key in found]

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
        return [_hit(row, 0.0) for row in rows]

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


def _hit(row: Sequence[Any], score: float) -> Hit:
    id, article_id, revision, start, end, text = row
    return Hit(id, article_id, revision, start, end, score, text)


def _ints(joined: str | None) -> Ints:
    return np.fromstring(joined or "", dtype=np.int64, sep=",")


def _plain(word: str) -> str:
    """A word as it stands in the index; SQLite's strings end at a NUL."""
    return indexable(word).replace("\0", " ")


def _quoted(word: str) -> str:
    """A word as FTS5 takes a string."""
    return '"' + _plain(word).replace('"', '""') + '"'
