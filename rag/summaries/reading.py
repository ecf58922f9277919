"""Which articles a summary reads: those named, those about a query, a story's, or all that the filters admit."""

from __future__ import annotations

from collections.abc import Sequence

from rag import evidence, options, question
from rag.records import Article, Filters
from rag.store import Store
from rag.summary import Unused

ON_A_QUERY = 20
"""Articles a summary of a query reads at most."""
_STUB = "only a stub of the article"


def choose(
    store: Store, ids: Sequence[str], query: str | None, filters: Filters
) -> tuple[list[Article], list[Unused]]:
    """The articles a summary reads, one of each report's near-copies, and what that leaves out.

    Raises:
        UnknownArticle: an id is unknown.
    """
    kept: dict[str, Article] = {}
    unused = []
    for article in _found(store, ids, query, filters):
        name = store.clusters.name(article.id)
        if article.stub is not None:
            unused.append(left_out(article, f"{_STUB}: {article.stub}"))
        elif name in kept:
            unused.append(left_out(article, f"carries the same report as '{kept[name].id}'"))
        else:
            kept[name] = article
    return list(kept.values()), unused


def left_out(article: Article, reason: str) -> Unused:
    """That an article was not used, and why."""
    return Unused(article.id, article.title, reason)


def _found(store: Store, ids: Sequence[str], query: str | None, filters: Filters) -> list[Article]:
    if ids:
        return [store.catalogue.article(id) for id in dict.fromkeys(ids)]
    if query is None:
        return list(store.catalogue.articles(filters))
    options.check_question(query, "query")
    hits = store.search(query, 5 * ON_A_QUERY, filters)
    on_topic = evidence.on_subject(question.read(query), hits, store.catalogue.article, store.rarity)
    return [store.catalogue.article(id) for id in on_topic[:ON_A_QUERY]]
