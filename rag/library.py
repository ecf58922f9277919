"""What an archive tells of the articles it holds: the reading half of ``Archive`` that asks no question."""

from __future__ import annotations

from typing import Unpack

from rag import listing, options
from rag.clusters import Cluster
from rag.listing import Listing, Overview
from rag.options import Limits
from rag.records import Article, Citation, Filters, Removed, Standing
from rag.store import Store


class Library:
    """The articles of one archive. Use ``Archive``."""

    _store: Store

    def articles(self, **limits: Unpack[Limits]) -> list[Article]:
        """Current articles, newest first; options and errors are those of ``search``."""
        chosen = self._limited(**limits)
        return list(self._store.catalogue.articles(chosen))

    def listing(
        self,
        *,
        query: str | None = None,
        sort: str = "newest",
        offset: int = 0,
        limit: int = 50,
        **limits: Unpack[Limits],
    ) -> Listing:
        """A page of the current articles, ``limit`` of them after the first ``offset``, without their texts.

        ``query`` admits those whose title, outlet or id holds all its words, or parts of words, in any case and
        with or without accents. ``sort`` is ``newest``, ``oldest``, ``title`` or ``outlet``, ties by id; what has
        no date, title or outlet comes last.

        Raises:
            UnknownArticle: ``article`` is or holds an unknown id.
            UsageError: the sort is unknown, the query has over 500 characters, ``offset`` is less than 0, ``limit``
                is not from 1 to 200, or a limit makes no sense.
        """
        page = listing.page(self._limited(**limits), query, sort, offset, limit)
        return listing.listing(self._store.database, page)

    def overview(self) -> Overview:
        """How many articles and outlets there are, and the newest article's date."""
        return listing.overview(self._store.catalogue)

    def newest(self, count: int = 50) -> list[Article]:
        """The newest articles, at most so many, newest first."""
        return self._store.catalogue.latest(max(0, count))

    def outlets(self) -> list[str]:
        """Outlets of the articles, in order."""
        return self._store.catalogue.sources()

    def languages(self) -> list[str]:
        """Languages of the articles, in order."""
        return self._store.catalogue.languages()

    def article(self, id: str, revision: int | None = None) -> Article:
        """An article's current revision, or the one asked for.

        Raises:
            UnknownArticle: there is none.
        """
        return self._store.catalogue.article(id, revision)

    def revisions(self, id: str) -> list[Article]:
        """Every revision of an article, the first one first.

        Raises:
            UnknownArticle: there is none.
        """
        return self._store.catalogue.revisions(id)

    def removed(self, id: str, revision: int | None = None) -> list[Removed]:
        """What cleaning took out of an article, and why.

        Raises:
            UnknownArticle: there is none.
        """
        return self._store.catalogue.removed(id, revision)

    def cluster(self, id: str) -> Cluster:
        """The articles that carry the same report as one, which of them is the original, and why.

        Raises:
            UnknownArticle: there is none.
        """
        self._store.catalogue.article(id)
        return self._store.clusters.of(id)

    def clusters(self) -> list[Cluster]:
        """Reports that several articles carry, those with the most carriers first."""
        return self._store.clusters.shared()

    def standing(self, citation: Citation) -> Standing:
        """What became of an article since it was cited."""
        return self._store.catalogue.standing(citation)

    # Inside

    def _limited(self, **limits: Unpack[Limits]) -> Filters:
        chosen = options.filters(**limits)
        for id in chosen.article_ids or ():
            self._store.catalogue.article(id)
        return chosen
