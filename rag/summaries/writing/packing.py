"""Whole articles -> passages of a few sentences, packed into parts of what a model reads at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag import passages, tokens
from rag.citing import Passed
from rag.records import Article, Hit, Span
from rag.summaries.choosing.telling import Carriers, others

PART_TOKENS = 6_000
"""Of passages in one prompt at most: more costs more than it adds, and long prompts are read less well."""
PASSAGE_TOKENS, LONGEST_PASSAGE = 200, 400
"""A passage aims at the first and keeps to the second; each repeats its article's head."""
MARKS = 24
"""Tokens of the marks around a passage and of its date."""


def whole(article: Article, carriers: Carriers) -> list[Passed]:
    """All of an article as passages in order."""
    spans = passages.spans(article, offsets=tokens.offsets, limit=LONGEST_PASSAGE, target=PASSAGE_TOKENS)
    also = others(article, carriers)
    return [passed(article, span, also) for span in spans]


def passed(article: Article, span: Span, also: tuple[str, ...]) -> Passed:
    """A stretch of an article as a passage."""
    text = article.text[span.start : span.end]
    return Passed(Hit("", article.id, article.revision, span.start, span.end, 0.0, text), article, also)


def packed(groups: Iterable[Sequence[Passed]], room: int) -> list[tuple[Passed, ...]]:
    """Parts of about ``room`` tokens, in order; a group is cut only where it is longer than a part."""
    parts: list[list[Passed]] = [[]]
    left = room
    for group in groups:
        sizes = [size(one) for one in group]
        fresh = sum(sizes) > left
        for one, taken in zip(group, sizes, strict=True):
            if parts[-1] and (fresh or taken > left):
                parts.append([])
                left = room
            fresh = False
            parts[-1].append(one)
            left -= taken
    return [tuple(part) for part in parts if part]


def size(one: Passed) -> int:
    """Tokens that a passage takes in a prompt, roughly."""
    return tokens.count(one.hit.text) + tokens.count(f"{one.article.source} {one.article.title}") + MARKS
