"""The articles behind a result, looked up for the cards beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import UnknownArticle
from rag.records import Article
from ui.text.blocks import Result

if TYPE_CHECKING:
    from rag import Archive


@dataclass(frozen=True, slots=True)
class Sources:
    """The articles behind one result; one that is no longer in the archive is missing."""

    quoted: Mapping[tuple[str, int], Article]
    """By id and revision."""
    carriers: Mapping[str, Article]
    """By id: near-copies of a quoted article."""
    revised: frozenset[tuple[str, int]] = frozenset()
    """Those of the quoted that a newer revision has taken the place of."""


def sources(archive: Archive, result: Result) -> Sources:
    """The articles a result cites, in the revision it cites, and those that carried the same report."""
    standing = {(one.article_id, one.revision): archive.standing(one) for one in result.citations}
    copies = {copy for one in result.citations for copy in one.also}
    quoted = sorted(key for key, became in standing.items() if became != "source removed")
    revisions = {key: _article(archive, *key) for key in quoted}
    carriers = {copy: _article(archive, copy) for copy in sorted(copies)}
    return Sources(
        {key: article for key, article in revisions.items() if article},
        {copy: article for copy, article in carriers.items() if article},
        frozenset(key for key in quoted if standing[key] == "revised"),
    )


def _article(archive: Archive, article_id: str, revision: int | None = None) -> Article | None:
    try:
        return archive.article(article_id, revision=revision)
    except UnknownArticle:
        return None
