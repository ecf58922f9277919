"""Article text -> spans of sentences and passages. Positions come first and text is sliced from them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

import sentencex

from rag.records import Article, Passage, Span

Offsets = Callable[[str], list[tuple[int, int]]]
"""Character span of each token of a text, as the embedder will read it."""

TITLE_SHARE = 4
"""At most one in this many of the embedder's tokens goes to the title."""
TARGET = 128
"""Tokens a passage aims at: long enough to be understood, short enough to be about one thing."""

_LINE = re.compile(r"[^\n]+")
_WRAPPED = 50
"""A line at least this long that ends in no sentence mark is taken to run on in the next line."""


def sentences(text: str, language: str | None = None) -> list[Span]:
    """Sentences of ``text`` in order, trimmed of white space; they never overlap and never cross a paragraph."""
    return [
        span
        for paragraph in paragraphs(text)
        for span in _segments(text, paragraph, language or "en")
        if span.start < span.end
    ]


def paragraphs(text: str) -> Iterator[Span]:
    """Paragraphs of ``text`` in order; a line that was wrapped runs on in the next one."""
    start: int | None = None
    previous: re.Match[str] | None = None
    for line in _LINE.finditer(text):
        if previous is not None and start is not None and not _runs_on(text, previous, line):
            yield Span(start, previous.end())
            start = line.start()
        start = line.start() if start is None else start
        previous = line
    if previous is not None and start is not None:
        yield Span(start, previous.end())


def spans(article: Article, *, offsets: Offsets, limit: int, target: int = TARGET) -> list[Span]:
    """Spans of whole sentences that, with the article's title before them, never exceed ``limit`` tokens.

    A sentence longer than that is cut between two tokens.
    """
    room = limit - len(offsets(context(article.title, offsets=offsets, limit=limit)))
    tokens = offsets(article.text)
    return list(_pack(article.text, sentences(article.text, article.language), tokens, min(room, target), room))


def split(article: Article, *, offsets: Offsets, limit: int, target: int = TARGET) -> list[Passage]:
    """The spans as passages of the article's revision."""
    found = spans(article, offsets=offsets, limit=limit, target=target)
    return [
        Passage(f"{article.id}#{article.revision}.{ordinal}", article.id, article.revision, span.start, span.end)
        for ordinal, span in enumerate(found)
    ]


def context(title: str, *, offsets: Offsets, limit: int) -> str:
    """As much of the title as is put before a passage when it is embedded."""
    tokens = offsets(title)
    most = limit // TITLE_SHARE
    return title if len(tokens) <= most else title[: tokens[most - 1][1]]


def _runs_on(text: str, line: re.Match[str], following: re.Match[str]) -> bool:
    ended = line.group().rstrip()[-1:] in '.!?:;"”’»…。！？'
    return following.start() == line.end() + 1 and len(line.group()) >= _WRAPPED and not ended


def _segments(text: str, paragraph: Span, language: str) -> Iterator[Span]:
    for boundary in sentencex.get_sentence_boundaries(language, text[paragraph.start : paragraph.end]):
        start, end = boundary["start_index"], boundary["end_index"]
        yield _trimmed(text, paragraph.start + start, paragraph.start + end)


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _pack(text: str, spans: list[Span], tokens: list[tuple[int, int]], target: int, most: int) -> Iterator[Span]:
    starts = [start for start, _ in tokens]

    def size(start: int, end: int) -> int:
        return bisect_left(starts, end) - bisect_left(starts, start)

    held: Span | None = None
    for span in spans:
        if held is not None and size(held.start, span.end) <= target:
            held = Span(held.start, span.end)
            continue
        if held is not None:
            yield held
        held = span
        while size(held.start, held.end) > most:
            cut = _cut(text, starts, held.start, most)
            yield _trimmed(text, held.start, cut)
            held = Span(cut, held.end)
    if held is not None:
        yield held


def _cut(text: str, starts: list[int], start: int, most: int) -> int:
    """The last place between two words, else between two tokens, that leaves at most ``most`` tokens before it."""
    first = bisect_left(starts, start)
    between = (place for place in reversed(starts[first + 1 : first + most + 1]) if text[place - 1].isspace())
    return next(between, starts[first + most])
