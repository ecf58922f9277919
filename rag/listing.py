"""Lists of articles, a page of them at a time, and what an archive holds in all: read without any text.

A query is a filter, not a search: it admits the articles whose title, outlet or id holds each of its words, in any
script and case and without regard to accents, as a part of a word too. What texts hold is what ``search`` is for: its
index knows stems of passages, which is neither exact nor quick for words that a third of 100,000 articles have.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rag.catalogue import Catalogue, moment, where
from rag.database import Database, Row
from rag.errors import UsageError
from rag.folding import folded
from rag.records import Filters

SORTS = {
    "newest": "a.published_at DESC, a.id",
    "oldest": "a.published_at ASC NULLS LAST, a.id",
    "title": "a.heading ASC NULLS LAST, a.id",
    "outlet": "a.source COLLATE NOCASE ASC NULLS LAST, a.id",
}
"""In every one, what has no date, title or outlet to be sorted by comes last."""
_INDEXES = {
    "newest": "articles_published",
    "oldest": "articles_published",
    "title": "articles_heading",
    "outlet": "articles_source",
}
MOST = 200
"""Articles of one page."""
LONGEST_QUERY = 500
"""Characters."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows of an article's current revision."""

    id: str
    revision: int
    title: str
    source: str | None
    """The outlet."""
    published_at: datetime | None
    language: str | None
    url: str | None
    stub: str | None
    """Why this is not the article but only what stands in its place."""
    copies: int
    """Other articles that carry the same report."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the articles asked for."""

    articles: tuple[Listed, ...]
    total: int
    """Of all pages."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What an archive holds in all."""

    articles: int
    outlets: int
    """Different ones, whatever the case of their letters."""
    newest: datetime | None
    """When the newest article was published; ``None`` where none has a date."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of which list is asked for."""

    filters: Filters
    words: tuple[str, ...] = ()
    """Folded; the title, outlet or id holds each of them."""
    sort: str = "newest"
    offset: int = 0
    limit: int = 50


def page(filters: Filters, query: str | None, sort: str, offset: int, limit: int) -> Page:
    """What a caller asks for, checked.

    Raises:
        UsageError: the sort is unknown, the query too long, or the offset or limit out of range.
    """
    if sort not in SORTS:
        raise UsageError(f"There is no sort '{sort}'. Sorts are {', '.join(SORTS)}.")
    if not 0 <= offset < 2**63:
        raise UsageError(f"The offset is {offset}; it counts the articles before the page and must be 0 or more.")
    if not 1 <= limit <= MOST:
        raise UsageError(f"The limit is {limit}; it counts the articles of a page and must be from 1 to {MOST}.")
    if query is not None and len(query) > LONGEST_QUERY:
        raise UsageError(f"The query has {len(query):,} characters; at most {LONGEST_QUERY} are read. Shorten it.")
    return Page(filters, tuple(dict.fromkeys(folded(query or "").split())), sort, offset, limit)


def listing(database: Database, asked: Page) -> Listing:
    """The page asked for, and how many articles all pages have; both of one moment."""
    condition, values = _condition(asked)
    with database.snapshot():
        rows = list(database.rows(_query(asked, condition), values))
        total = _total(database, asked, len(rows))
        carriers = _carriers(database, [str(row[-1]) for row in rows])
    return Listing(tuple(_listed(row, carriers) for row in rows), total)


def overview(catalogue: Catalogue) -> Overview:
    """What there is in all."""
    return Overview(catalogue.count(), catalogue.source_count(), catalogue.newest(Filters()))


def _condition(asked: Page) -> tuple[str, dict[str, object]]:
    condition, values = where(asked.filters)
    for number, word in enumerate(asked.words):
        condition += f" AND instr(a.sought, :word{number})"
        values[f"word{number}"] = word
    return condition, values


def _query(asked: Page, condition: str) -> str:
    """Ids first, from an index alone; only those of the page are looked up."""
    return f"""SELECT a.id, a.revision, r.title, a.source, a.published_at, a.language, a.url, a.stub, a.cluster
        FROM (SELECT a.id AS chosen FROM {_from(_INDEXES[asked.sort], asked)} WHERE {condition}
            ORDER BY {SORTS[asked.sort]} LIMIT {asked.limit} OFFSET {asked.offset})
        JOIN articles a ON a.id = chosen JOIN revisions r ON r.article_id = a.id AND r.revision = a.revision
        ORDER BY {SORTS[asked.sort]}"""


def _total(database: Database, asked: Page, found: int) -> int:
    """A page that is not full is the last one, and its end the number of all: a second look would take as long."""
    if found < asked.limit and (found or not asked.offset):
        return asked.offset + found
    condition, values = _condition(asked)
    dated = asked.filters.since or asked.filters.until
    index = "articles_published" if dated else "articles_source"
    row = database.row(f"SELECT count(*) FROM {_from(index, asked)} WHERE {condition}", values)
    return int(row[0]) if row else 0


def _from(index: str, asked: Page) -> str:
    """SQLite cannot know how many rows an index admits, and would read half the table to save a sort."""
    named = asked.filters.article_ids is not None
    return "articles a" if named else f"articles a INDEXED BY {index}"


def _carriers(database: Database, clusters: Sequence[str]) -> dict[str, int]:
    """How many articles each of the clusters has."""
    query = """SELECT value, (SELECT count(*) FROM articles WHERE cluster = value)
        FROM (SELECT DISTINCT value FROM json_each(?) WHERE value != '')"""
    return {str(name): int(count) for name, count in database.rows(query, (json.dumps(clusters),))}


def _listed(row: Row, carriers: dict[str, int]) -> Listed:
    id, revision, title, source, published, language, url, stub, cluster = row
    copies = carriers.get(cluster, 1) - 1
    return Listed(id, revision, title, source, moment(published), language, url, stub, copies)
