"""Articles -> the sentences a summary can choose from, each with what must stand before it to be understood."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag import passages
from rag.alone import link, stands_alone
from rag.citing import without_dateline
from rag.orders import gives_orders
from rag.records import Article, Span
from rag.words import STOPWORDS, stems, words

FEWEST_STEMS = 4
"""A sentence with fewer telling words says too little to be chosen; so does a caption or a credit."""
MOST = 4
"""Sentences that are put together so that they are understood, at most."""
LONGEST = 80
"""Words: what is longer is a list or a paragraph that was not told apart."""
_ABOUT_ITSELF = re.compile(
    r"(?:editor[’']?s[’']? notes?|note|corrections?(?: and clarifications?)?|clarification|disclaimer|related"
    r"|read more|advertisement|sign up|subscribe|click|watch|photos?|video|image|source|copyright)\b[^.!?]{0,20}?"
    r"(?::|\bfor\b|\bhere\b)"
    r"|(?-i:[A-Z][A-Z'’\d]+(?: [A-Z'’\d]+){2,}): ?|[^.!?]{3,60}: ?here['’]s (?:how|what|why|everything|where|when)\b"
    r"|(?:see|read|find|view|follow|listen|check out)\b[^.!?]{0,60}\b(?:here|below|list|gallery)\b"
    r"|(?:this|our) (?:article|story|post|page|guide|content|site)\b|use \w+[’']?s? lite site",
    re.IGNORECASE,
)
"""Begins what an article says of itself or of the site around it."""
_ENDS = re.compile(r"[.!?…。！？।؟][\"”’»')\] ]*$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an article; sentences are known by their place in the list of all that are read."""

    article: Article
    span: Span
    stems: tuple[str, ...]
    """Of its telling words, in order."""
    terms: frozenset[str]
    """Its telling words themselves."""
    words: int
    """Split at white space."""
    cut: bool
    """Whether a dateline or a linking word before it is left out."""
    unit: range
    """Places of the sentences that are understood together, its own among them."""
    eligible: bool
    """Whether it may be chosen for itself: whole, understandable with what it needs, and telling something."""

    @property
    def text(self) -> str:
        return self.article.text[self.span.start : self.span.end]


def read(articles: Sequence[Article]) -> list[Sentence]:
    """Every sentence of the articles in order; those that give orders to a reader or a program can not be chosen.

    Where no sentence of an article could be chosen, as in a list or a table, each of its lines can be.
    """
    found: list[Sentence] = []
    for article in articles:
        found += _of(article, len(found))
    return found


def _of(article: Article, offset: int) -> list[Sentence]:
    whole_spans = passages.sentences(article.text, article.language)
    spans = [_own(article, span) for span in whole_spans]
    texts = [article.text[span.start : span.end] for span in spans]
    orders = [gives_orders(text) for text in texts]
    units = [_unit(texts, orders, place) for place in range(len(texts))]
    whole = [len(unit) > 0 and _tells(text) for unit, text in zip(units, texts, strict=True)]
    lax = not any(whole)
    return [
        Sentence(
            article,
            spans[place],
            () if orders[place] else stems(texts[place]),
            frozenset() if orders[place] else frozenset(words(texts[place])) - STOPWORDS,
            len(texts[place].split()),
            spans[place] != whole_spans[place],
            range(offset + units[place].start, offset + units[place].stop)
            or range(offset + place, offset + place + 1),
            (lax or whole[place]) and not orders[place],
        )
        for place in range(len(texts))
    ]


def _own(article: Article, span: Span) -> Span:
    """The sentence without a dateline, and without words that only tie it to the one before."""
    own = without_dateline(article, span)
    return Span(own.start + link(article.text[own.start : own.end]), own.end)


def _unit(texts: Sequence[str], orders: Sequence[bool], place: int) -> range:
    """The fewest sentences around one that are understood together; none where it is not even with ``MOST``."""
    for size in range(1, MOST + 1):
        for first in range(max(0, place - size + 1), min(place, len(texts) - size) + 1):
            if not any(orders[first : first + size]) and stands_alone(" ".join(texts[first : first + size])):
                return range(first, first + size)
    return range(0)


def _tells(text: str) -> bool:
    """Whether a text is a whole statement, not a heading, caption, question, list or notice."""
    return (
        _ENDS.search(text) is not None
        and _ABOUT_ITSELF.match(text) is None
        and not text.rstrip("\"”’»')").endswith("?")
        and len(text.split()) <= LONGEST
        and len(set(stems(text))) >= FEWEST_STEMS
    )
