"""The steps of a summary: which articles it reads, and the record of what became of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from rag import evidence, options, question
from rag.citing import Draft
from rag.records import Article, Filters, Refusal, Seconds, Summary, Unused
from rag.store import Store
from rag.summary import Length, Summarizer

SUMMARIZED = 20
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
            unused.append(_unused(article, f"{_STUB}: {article.stub}"))
        elif name in kept:
            unused.append(_unused(article, f"carries the same report as '{kept[name].id}'"))
        else:
            kept[name] = article
    return list(kept.values()), unused


def _found(store: Store, ids: Sequence[str], query: str | None, filters: Filters) -> list[Article]:
    if ids:
        return [store.catalogue.article(id) for id in dict.fromkeys(ids)]
    if query is None:
        return list(store.catalogue.articles(filters))
    options.check_question(query, "query")
    hits = store.search(query, 5 * SUMMARIZED, filters)
    on_topic = evidence.on_subject(question.read(query), hits, store.catalogue.article, store.rarity)
    return [store.catalogue.article(id) for id in on_topic[:SUMMARIZED]]


def summarize(
    articles: Sequence[Article],
    unused: Sequence[Unused],
    *,
    writer: Summarizer,
    length: Length,
    subject: str | None,
    missing: str | None,
    as_of: datetime,
    began: float,
) -> Summary:
    """The summary that a writer makes of the articles chosen; ``began`` is when it was asked for.

    ``missing`` tells why the filters admit nothing, where that is known.
    """
    draft = writer.summarize(articles, length=length, subject=subject) if articles else _nothing(subject, missing)
    used = tuple(dict.fromkeys(citation.article_id for citation in draft.citations))
    no_room = [_unused(one, "no room in the length asked for") for one in articles if one.id not in used]
    spent = time.perf_counter() - began
    return Summary(
        model=writer.name,
        as_of=as_of,
        newest=max((one.published_at for one in articles if one.published_at), default=None),
        statements=draft.statements,
        rejected=draft.rejected,
        citations=draft.citations,
        used=used,
        unused=(*unused, *no_room),
        refusal=draft.refusal,
        usage=draft.usage,
        seconds=Seconds(answer=spent - draft.seconds, verify=draft.seconds, total=spent),
    )


def _nothing(query: str | None, missing: str | None) -> Draft:
    if missing is not None:
        return Draft(refusal=Refusal("filtered_out", missing))
    if query is not None:
        message = f"There is no article about '{query}' to summarise within the filters given."
        return Draft(refusal=Refusal("off_topic", message))
    return Draft(refusal=Refusal("filtered_out", "There is no article to summarise within the filters given."))


def _unused(article: Article, reason: str) -> Unused:
    return Unused(article.id, article.title, reason)
