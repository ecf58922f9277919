"""Which sentences of a passage answer a question: both read together by a small bundled network.

Trained by ``rag/models/reader/train.py`` on questions that their paragraphs answer and on questions that they only
seem to answer; see ``rag/models/reader/NOTICE.md``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from rag import networks
from rag.models import READER
from rag.networks import END, START, Network
from rag.records import Span

QUESTION, HEADING, LONGEST = 64, 24, 256
"""Word pieces read of a question, of a heading, and of both with the passage and the marks between them."""
UNREAD = -20.0
"""Log-odds of a sentence that is past what the network reads."""


@dataclass(frozen=True, slots=True)
class Page:
    """A passage as it is read: under the title of its article, its sentences as spans of its text."""

    heading: str
    text: str
    sentences: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of one passage."""

    odds: tuple[float, ...]
    """For each sentence the log-odds that it answers, against that nothing in the passage does."""
    marks: tuple[tuple[int, int, float], ...]
    """Spans of the passage's text and how strongly each looks like the answer itself."""

    def mark(self, span: Span) -> float:
        """How strongly a stretch of the passage looks like the answer itself: its best piece."""
        return max((mark for start, end, mark in self.marks if start < span.end and span.start < end), default=UNREAD)


@dataclass(frozen=True, slots=True)
class Row:
    """A question and a page as the network takes them."""

    ids: tuple[int, ...]
    second: int
    """Where the page's part begins."""
    base: int
    """Where its text begins, behind the heading."""
    offsets: tuple[tuple[int, int], ...]
    """Spans of the text that the pieces from ``base`` on stand for."""

    def within(self, span: Span) -> tuple[int, int]:
        """First and last but one of the pieces that begin inside a stretch of the text."""
        starts = [start for start, _ in self.offsets]
        return self.base + bisect_left(starts, span.start), self.base + bisect_left(starts, span.end)


class Reader:
    """Reads questions beside passages; safe to share between threads."""

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or Network(READER)

    def read(self, question: str, pages: Sequence[Page]) -> list[Reading]:
        """One reading a page, in order. Pages of the same words, such as those of one wire report, are read once."""
        asked = networks.pieces(question).ids[:QUESTION]
        rows = [row(asked, page) for page in pages]
        different = {one.ids: one.second for one in rows}
        read = dict(zip(different, self._network.run(list(different), list(different.values())), strict=True))
        return [_reading(page, one, read[one.ids]) for page, one in zip(pages, rows, strict=True)]


@cache
def open_reader() -> Reader:
    """The bundled reader, loaded once a process."""
    return Reader()


def row(asked: tuple[int, ...], page: Page) -> Row:
    """The pieces of a question, a page's heading and its text, as much as is read."""
    heading = networks.pieces(f"{page.heading}.").ids[:HEADING] if page.heading else ()
    second = len(asked) + 2
    base = second + len(heading)
    pieces = networks.pieces(page.text)
    room = LONGEST - base - 1
    ids = (START, *asked, END, *heading, *pieces.ids[:room], END)
    return Row(ids, second, base, pieces.offsets[:room])


def _reading(page: Page, taken: Row, numbers: NDArray[np.float32]) -> Reading:
    """A piece's three numbers: its part in its sentence's mean, the answer's own mark, and "nothing" at the start."""
    nothing = float(numbers[0, 2])
    odds = []
    for sentence in page.sentences:
        first, last = taken.within(sentence)
        odds.append(_odds(numbers[first:last], nothing) if first < last else UNREAD)
    marked = numbers[taken.base : taken.base + len(taken.offsets), 1].tolist()
    marks = tuple((start, end, mark) for (start, end), mark in zip(taken.offsets, marked, strict=True))
    return Reading(tuple(odds), marks)


def _odds(sentence: NDArray[np.float32], nothing: float) -> float:
    return float(sentence[:, 0].mean() + np.logaddexp.reduce(sentence[:, 1]) - nothing)
