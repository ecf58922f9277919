"""Which articles carry one report, and which of them is its original."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag import copies
from rag.catalogue import body, moment
from rag.database import Database, Row
from rag.records import Article

COMPARED = 8
"""Clusters, and members of each, that a newcomer is compared with, lest 10,000 alike cost 10,000 times 10,000."""
LISTED = 1_000
"""Carriers named at most."""

# First whose address other pages name as canonical, then the agency's own report, then what was published first.
_ORDER = """EXISTS (
        SELECT 1 FROM articles b WHERE b.cluster = a.cluster AND b.canonical = a.url AND b.id != a.id
    ) DESC, a.own DESC, a.published_at IS NULL, a.published_at, a.id"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Articles that carry one report."""

    name: str
    original: str
    """Id of the article that the others are copies of."""
    reason: str
    """Why it is taken for the original."""
    members: tuple[str, ...]
    """Ids, the original first, then earliest first."""


class Clusters:
    """The clusters of one archive. What changes them is part of a transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def find(self, article: Article, bands: Sequence[bytes], *, formerly: str = "") -> str:
        """The cluster that an article belongs to; a name of its own where none has its report.

        ``formerly`` is the one it was in before: it goes back to those that are left of it, however near they are.
        """
        if formerly and self._has_members(formerly):
            return formerly
        return (
            self._with_equal_text(article)
            or self._with_near_text(article, bands)
            or formerly
            or self._new_name(article)
        )

    def _has_members(self, name: str) -> bool:
        return self._db.row("SELECT 1 FROM articles WHERE cluster = ? LIMIT 1", (name,)) is not None

    def _new_name(self, article: Article) -> str:
        # Never used before: a founder that was rewritten, or removed and is back, must not come to its old copies.
        return f"{article.id}#{self._db.count_up('clusters')}"

    def _with_equal_text(self, article: Article) -> str | None:
        row = self._db.row(
            "SELECT cluster FROM articles WHERE body = ? AND id != ? AND stub IS NULL AND cluster != '' LIMIT 1",
            (body(article.text), article.id),
        )
        return None if row is None else str(row[0])

    def _with_near_text(self, article: Article, bands: Sequence[bytes]) -> str | None:
        own = copies.shingles(article.text)
        for name in self._sharing(bands):
            for text in self._texts(name, but=article.id):
                if copies.near(own, copies.shingles(text)):
                    return name
        return None

    def _sharing(self, bands: Sequence[bytes]) -> list[str]:
        """Clusters that share bands, those that share most first: a near-copy shares nearly all."""
        query = "SELECT cluster FROM bands WHERE band = ? AND key = ? LIMIT ?"
        shared = Counter(
            str(name) for at, key in enumerate(bands) for (name,) in self._db.rows(query, (at, key, LISTED))
        )
        return sorted(shared, key=lambda name: (-shared[name], name))[:COMPARED]

    def _texts(self, name: str, *, but: str) -> list[str]:
        rows = self._db.rows(
            """SELECT r.text FROM articles a JOIN revisions r ON r.article_id = a.id AND r.revision = a.revision
            WHERE a.cluster = ? AND a.id != ? ORDER BY a.id LIMIT ?""",
            (name, but, COMPARED),
        )
        return [str(text) for (text,) in rows]

    def join(self, article: Article, name: str, bands: Sequence[bytes], *, own: bool) -> None:
        """Count an article of the catalogue into a cluster, and choose the original anew if it may be it.

        ``own`` says that the article is an agency's report at the agency.
        """
        self._db.write(
            "UPDATE articles SET cluster = ?, own = ?, body = ? WHERE id = ?",
            (name, own, body(article.text), article.id),
        )
        self._db.write_each(
            "INSERT OR IGNORE INTO bands VALUES (?,?,?)", [(band, key, name) for band, key in enumerate(bands)]
        )
        chosen = self._db.row("SELECT original FROM clusters WHERE name = ?", (name,))
        if chosen is None:
            self._db.write("INSERT INTO clusters VALUES (?,?,?)", (name, article.id, "the only one"))
        elif article.canonical:
            self.elect(name)
        else:
            self._elect(name, (article.id, str(chosen[0])))

    def elect(self, name: str) -> None:
        """Choose a cluster's original among all its members, and forget a cluster that has none."""
        if not self._has_members(name):
            self._db.write("DELETE FROM clusters WHERE name = ?", (name,))
            self._db.write("DELETE FROM bands WHERE cluster = ?", (name,))
            return
        self._elect(name, None)

    def _elect(self, name: str, among: Sequence[str] | None) -> None:
        some = "" if among is None else f"AND a.id IN ({','.join('?' * len(among))})"
        query = (
            f"SELECT a.id, a.url, a.own, a.published_at FROM articles a WHERE a.cluster = ? {some} ORDER BY {_ORDER}"
        )
        best, *others = self._db.rows(f"{query} LIMIT 2", (name, *(among or ())))
        self._db.write(
            "UPDATE clusters SET original = ?, reason = ? WHERE name = ?",
            (best[0], self._why(name, best, others), name),
        )

    def _why(self, name: str, best: Row, others: Sequence[Row]) -> str:
        id, url, own, published = best
        if not others:
            return "the only one"
        naming = self._db.row(
            "SELECT id FROM articles WHERE cluster = ? AND canonical = ? AND id != ?", (name, url, id)
        )
        if naming is not None:
            return f"'{naming[0]}' names its address as the canonical one"
        if own:
            return "it is the report of the agency itself"
        first = moment(published)
        return f"it was published first, on {first:%Y-%m-%d %H:%M} UTC" if first else "none of them has a date"

    def clear(self) -> None:
        """Forget all clusters."""
        self._db.write("UPDATE articles SET cluster = ''")
        self._db.write("DELETE FROM clusters")
        self._db.write("DELETE FROM bands")

    def name(self, article_id: str) -> str:
        """What the articles of one cluster have in common in the table."""
        row = self._db.row("SELECT cluster FROM articles WHERE id = ?", (article_id,))
        return "" if row is None else str(row[0])

    def carriers(self, article_id: str) -> tuple[str, ...]:
        """Ids of the articles that carry the same report, this one included: the original first."""
        rows = self._db.rows(
            """SELECT a.id FROM articles a JOIN clusters c ON c.name = a.cluster
            WHERE a.cluster = (SELECT cluster FROM articles WHERE id = ?)
            ORDER BY a.id = c.original DESC, a.published_at IS NULL, a.published_at, a.id LIMIT ?""",
            (article_id, LISTED),
        )
        return tuple(str(id) for (id,) in rows)

    def of(self, article_id: str) -> Cluster:
        """The cluster of an article that is in the catalogue."""
        name = self.name(article_id)
        row = self._db.row("SELECT original, reason FROM clusters WHERE name = ?", (name,))
        original, reason = row or (article_id, "the only one")
        return Cluster(name, str(original), str(reason), self.carriers(article_id) or (article_id,))

    def shared(self) -> list[Cluster]:
        """Clusters of more than one article, the largest first."""
        rows = self._db.rows(
            """SELECT c.original FROM clusters c JOIN articles a ON a.cluster = c.name
            GROUP BY c.name HAVING count(*) > 1 ORDER BY count(*) DESC, c.name"""
        )
        return [self.of(str(original)) for (original,) in list(rows)]

    def check(self) -> list[str]:
        """Where clusters and articles do not fit together; empty when they do."""
        row = self._db.row(
            """SELECT count(*) FROM articles a WHERE stub IS NULL AND NOT EXISTS (SELECT 1 FROM clusters c
            JOIN articles o ON o.id = c.original AND o.cluster = c.name WHERE c.name = a.cluster)"""
        )
        count = row[0] if row else 0
        return (
            [f"{count} articles have no original of their report; 'groundwire reindex' mends that"] if count else []
        )
