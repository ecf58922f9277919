"""First questions to ask of an archive, from its own newest articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from ui.text.render import headline

if TYPE_CHECKING:
    from rag import Archive
    from rag.records import Article

COUNT = 4
_LONGEST = 110
"""Characters of a drafted question; one that quotes a whole sentence is hard to take in."""
_READ = 24
"""Articles that questions are drafted from, the newest."""


def suggestions(archive: Archive, *, count: int = COUNT) -> tuple[str, ...]:
    """Questions that sentences of the newest articles answer, outlet by outlet; then what is known of each."""
    articles = _in_turn(archive.newest(_READ))
    asked = islice(_drafted(articles), count)
    about = [question_about(one) for one in articles]
    return tuple([*asked, *about][:count])


def question_about(article: Article) -> str:
    """What to ask of an article of which nothing more is known."""
    return f"What is known about “{headline(article.title)}”?"


def _drafted(articles: Sequence[Article]) -> Iterator[str]:
    """One short question an article at most, none with a gap to be filled."""
    from eval.drafting.choosing import choose

    for article in articles:
        asked = (one.asked for one in choose([article], 1))
        yield from (one.question for one in asked if not one.cloze and len(one.question) <= _LONGEST)


def _in_turn(articles: Sequence[Article]) -> list[Article]:
    """One of each outlet before a second of any, the newest first."""
    leading: dict[str | None, str] = {}
    for article in articles:
        leading.setdefault(article.source, article.id)
    return sorted(articles, key=lambda article: leading[article.source] != article.id)
