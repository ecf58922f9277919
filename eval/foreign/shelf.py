"""The articles that an output may be about, found by name or by their words; contexts stand beside them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from eval.contexts import own_article
from eval.suite import names
from rag.errors import UnknownArticle
from rag.records import Article, Span

_WORD = re.compile(r"\S+")


class Shelf:
    """Articles by id and revision, by name, and by the words in them."""

    def __init__(self, articles: Iterable[Article] | Mapping[str, Article] = ()) -> None:
        kept = articles.values() if isinstance(articles, Mapping) else articles
        self._held = [_Held(article) for article in kept]

    def __iter__(self) -> Iterator[Article]:
        return (held.article for held in self._held)

    def copy(self) -> Shelf:
        """A shelf with the same articles, to which others can be added."""
        shelf = Shelf()
        shelf._held = list(self._held)
        return shelf

    def add(self, text: str, title: str) -> Article:
        """An article of these words alone; the one that is there, where it was added before."""
        article = own_article(text, title)
        found = next((held.article for held in self._held if held.article.id == article.id), None)
        if found is None:
            self._held.append(_Held(article))
        return found or article

    def article(self, id: str, revision: int) -> Article | None:
        """The article of that id and revision."""
        wanted = (id, revision)
        return next((held.article for held in self._held if (held.article.id, held.article.revision) == wanted), None)

    def text(self, id: str, revision: int) -> str:
        """Its text; raises ``UnknownArticle``."""
        if article := self.article(id, revision):
            return article.text
        raise UnknownArticle(f"No article '{id}' in revision {revision} is known.")

    def named(self, name: str) -> list[Article]:
        """The articles of that id, file name, address or title."""
        return [held.article for held in self._held if name in held.names]

    def holding(self, words: str) -> list[tuple[Article, Span]]:
        """Where these words stand, white space aside: the first place in each article that has them."""
        return [(held.article, span) for held in self._held if (span := held.find(words))]


def place(article: Article, words: str) -> Span | None:
    """The first place of these words in an article, white space aside."""
    return _Held(article).find(words)


@dataclass(frozen=True)
class _Held:
    """An article, and its text made ready for being searched."""

    article: Article

    @cached_property
    def names(self) -> set[str | None]:
        return names(self.article)

    @cached_property
    def _folded(self) -> tuple[str, list[int], list[int]]:
        """The words with one blank between them, and where each begins, there and in the text."""
        words = list(_WORD.finditer(self.article.text))
        starts, at = [], 0
        for word in words:
            starts.append(at)
            at += len(word[0]) + 1
        return " ".join(word[0] for word in words), starts, [word.start() for word in words]

    def find(self, words: str) -> Span | None:
        if not words.strip():
            return None
        start = self.article.text.find(words)
        if start >= 0:
            return Span(start, start + len(words))
        folded, starts, places = self._folded
        sought = " ".join(words.split())
        at = folded.find(sought)
        if at < 0:
            return None

        def back(position: int) -> int:
            word = bisect_right(starts, position) - 1
            return places[word] + position - starts[word]

        return Span(back(at), back(at + len(sought) - 1) + 1)
