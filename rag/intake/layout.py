"""Pieces of text and where they stand on their pages -> lines in reading order, without running heads and feet."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

_LONG = 15
"""Letters of a piece that may be a line of a column; a table's cells mostly have fewer."""
_FEWEST = 3
"""Lines that a column has at least."""

_MOST = 5000
"""Lines of a page in which columns are looked for; no page that people read has more."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of one line without a gap in them; y grows upwards."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    """Height of its letters."""

    @property
    def top(self) -> float:
        return self.bottom + self.size


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a column, and how far the column reaches."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    margins: tuple[float, float]
    column: int
    """Counts through the document."""


def lines(pages: Sequence[Sequence[Piece]]) -> list[list[Line]]:
    """The lines of each page, column after column."""
    found: list[list[Line]] = []
    column = 0
    for page in pages:
        on_page: list[Line] = []
        for pieces in _columns(_without_drop_caps(page)):
            on_page += _lined(pieces, column)
            column += 1
        found.append(on_page)
    return found


def parted(pages: Sequence[Sequence[Piece]], heights: Sequence[float]) -> tuple[list[list[Piece]], list[str]]:
    """The pages without running heads, feet and page numbers; and these, each once."""
    edges = [_edges(page, height) for page, height in zip(pages, heights, strict=True)]
    often = Counter(key for page in edges for key in {_key(piece, top) for piece, top in page})
    least = max(2, 0.4 * len(pages))  # left and right pages may differ
    out: dict[str, None] = {}
    kept: list[list[Piece]] = []
    for page, edge in zip(pages, edges, strict=True):
        gone = {
            piece: None for piece, top in edge if often[_key(piece, top)] >= least or _NUMBER.fullmatch(piece.text)
        }
        out |= dict.fromkeys(piece.text for piece in gone)
        kept.append([piece for piece in page if piece not in gone])
    return kept, list(out)


_NUMBER = re.compile(
    r"(?:page|p\.|seite|página|pagina)?\s*\d{1,4}\s*(?:(?:/|of|von|de|di)\s*\d{1,4})?|[-–—]\s*\d{1,4}\s*[-–—]",
    re.IGNORECASE,
)
_EDGE = 0.12
"""Of a page's height, at its top and bottom, where running heads and feet stand."""


def _edges(page: Sequence[Piece], height: float) -> list[tuple[Piece, bool]]:
    """What stands on the two outermost lines at the top (true) and the bottom of a page."""
    levels = sorted({round(piece.bottom) for piece in page})
    high, low = levels[-2:], levels[:2]
    edge = []
    for piece in page:
        if round(piece.bottom) in high and piece.bottom > (1 - _EDGE) * height:
            edge.append((piece, True))
        elif round(piece.bottom) in low and piece.bottom < _EDGE * height:
            edge.append((piece, False))
    return edge


def _key(piece: Piece, top: bool) -> tuple[str, int, bool]:
    return re.sub(r"\d+", "#", piece.text.casefold()), round(piece.size), top


def _without_drop_caps(page: Sequence[Piece]) -> list[Piece]:
    """The page with each large initial put before the line at its top."""
    usual = median([piece.size for piece in page]) if page else 0
    initials = [piece for piece in page if len(piece.text) == 1 and piece.text.isalpha() and piece.size > 1.8 * usual]
    if not 0 < len(initials) < 20:
        return list(page)
    rest = [piece for piece in page if piece not in initials]
    for initial in initials:
        beside = [
            piece
            for piece in rest
            if -usual < piece.left - initial.right < 2 * usual and initial.bottom - usual < piece.bottom < initial.top
        ]
        first = max(beside, key=lambda piece: piece.bottom, default=None)
        if first is None:
            rest.append(initial)
        else:
            rest[rest.index(first)] = replace(first, text=initial.text + first.text)
    return rest


def _columns(pieces: Sequence[Piece], depth: int = 0) -> Iterator[list[Piece]]:
    """Pieces that are read from top to bottom, in the order in which columns are read.

    What crosses the gap between two columns, such as a headline, parts what is above it from what is below.
    """
    gap = _gap(pieces) if depth < 12 else None
    if gap is None:
        if pieces:
            yield list(pieces)
        return
    across: list[Piece] = []
    beside: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: -piece.bottom):
        crosses = piece.left < gap < piece.right
        if crosses and beside:
            yield from _sides(beside, gap, depth)
            beside = []
        elif not crosses and across:
            yield from _columns(across, depth + 1)
            across = []
        (across if crosses else beside).append(piece)
    yield from _sides(beside, gap, depth)
    yield from _columns(across, depth + 1)


def _sides(pieces: Iterable[Piece], gap: float, depth: int) -> Iterator[list[Piece]]:
    left = [piece for piece in pieces if piece.right <= gap]
    yield from _columns(left, depth + 1)
    yield from _columns([piece for piece in pieces if piece.right > gap], depth + 1)


def _gap(pieces: Sequence[Piece]) -> float | None:
    """Where the widest possible columns part, if there are any."""
    lines = [piece for piece in pieces if len(piece.text) >= _LONG]
    if not 2 * _FEWEST <= len(lines) <= _MOST:
        return None
    least = 0.5 * median([piece.size for piece in lines])
    lefts = sorted(piece.left for piece in lines)
    rights = sorted(piece.right for piece in lines)
    best: tuple[int, int, float] | None = None
    for right in sorted(set(rights)):
        beyond = bisect_left(lefts, right)
        if beyond == len(lefts) or lefts[beyond] - right < least:
            continue
        before, after = bisect_right(rights, right), len(lefts) - beyond
        gap = (right + lefts[beyond]) / 2
        fitness = (min(before, after), before + after, -gap)
        if fitness[0] >= _FEWEST and (best is None or fitness > best) and _are_beside(lines, gap):
            best = fitness
    return None if best is None else -best[2]


def _are_beside(lines: Sequence[Piece], gap: float) -> bool:
    """Whether what is left and what is right of the gap stand at one height, in part."""
    left = [piece.bottom for piece in lines if piece.right <= gap]
    right = [piece.bottom for piece in lines if piece.left >= gap]
    return min(max(left), max(right)) - max(min(left), min(right)) >= lines[0].size


def _lined(pieces: Sequence[Piece], column: int) -> Iterator[Line]:
    """The pieces of one column as lines, those at one height joined."""
    margins = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    line: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.bottom, piece.left)):
        if line and line[0].bottom - piece.bottom > 0.4 * max(line[0].size, piece.size):
            yield _line(line, margins, column)
            line = []
        line.append(piece)
    yield _line(line, margins, column)


def _line(pieces: list[Piece], margins: tuple[float, float], column: int) -> Line:
    pieces = sorted(pieces, key=lambda piece: piece.left)
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        text += ("" if piece.left - before.right < 0.1 * piece.size else " ") + piece.text
    size = max(pieces, key=lambda piece: len(piece.text)).size
    bottom = min(piece.bottom for piece in pieces)
    return Line(text, pieces[0].left, max(piece.right for piece in pieces), bottom, size, margins, column)
