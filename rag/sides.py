"""Passages from every side: other outlets and other days than the best ones, to compare what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from rag.claims import names
from rag.inquiry import Ask
from rag.records import Article, Hit
from rag.shelf import Shelf

WIDER = 5
"""Times as many passages are looked through for other sides."""
MOST = 4
"""Outlets named in a question that are searched one by one, at most."""


def every(words: str, ask: Ask, shelf: Shelf) -> list[Hit]:
    """The best ``k`` passages, those of outlets that the words name, and the best of each other outlet and day."""
    found = shelf.search(words, ask.k * WIDER, ask.filters)
    best = [*found[: ask.k], *_of_named(words, ask, shelf)]
    behind = [hit for side in (_outlet, _day) for hit in _others(best, found, shelf, side)]
    return list({hit.passage_id: hit for hit in [*best, *behind[: ask.k]]}.values())


def _of_named(words: str, ask: Ask, shelf: Shelf) -> Iterator[Hit]:
    named = [outlet for outlet in shelf.outlets() if names.matches(outlet, words)]
    for outlet in named[:MOST]:
        if ask.filters.source is None:
            yield from shelf.search(words, max(1, ask.k // 2), replace(ask.filters, source=outlet))


def _others(
    best: Sequence[Hit], found: Sequence[Hit], shelf: Shelf, side: Callable[[Article], str | date | None]
) -> Iterator[Hit]:
    """The best passage of each side that none of the best ones is of."""
    seen = {side(shelf.article(hit.article_id, hit.revision)) for hit in best} | {None}
    for hit in found:
        own = side(shelf.article(hit.article_id, hit.revision))
        if own not in seen:
            seen.add(own)
            yield hit


def _outlet(article: Article) -> str | None:
    return article.source


def _day(article: Article) -> date | None:
    return article.published_at.date() if article.published_at else None
