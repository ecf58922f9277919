"""Lines as a document sets them -> its title and paragraphs, with words that a line end parts made whole."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median

from rag.intake.layout import Line

_ENDS = re.compile(r"[.!?:…]['\"”’»)\]]*$")
_ITEM = re.compile(r"[•·▪◦‣■–—-]\s|\(?\d{1,2}[.)]\s")
_LONGEST_WORD = 100
_COMPOUNDS = {
    *("all", "cross", "ex", "far", "full", "half", "high", "ill", "long", "low", "mid", "near", "non", "old"),
    *("part", "pre", "self", "semi", "short", "so", "two", "three", "four", "vice", "well"),
}
"""First halves that mostly keep their hyphen, with the words they are joined to."""


def headline(lines: Sequence[Line]) -> list[Line]:
    """The lines set largest on a first page, if they are set larger than the rest and are words."""
    if not lines:
        return []
    usual = _usual_size(lines)
    worded = [line for line in lines if len(line.text.split()) >= 2 and len(line.text) <= 200]
    largest = max((line.size for line in worded), default=0.0)
    if largest < 1.15 * usual:
        return []
    first = next(number for number, line in enumerate(lines) if line in worded and line.size == largest)
    found = []
    for line in lines[first : first + 5]:
        if abs(line.size - largest) > 0.05 * largest:
            break
        found.append(line)
    return found


def paragraphs(lines: Sequence[Line]) -> list[str]:
    """The lines joined, across columns and pages too, where no new paragraph begins."""
    pitches = _pitches(lines)
    found: list[list[str]] = []
    for number, line in enumerate(lines):
        if number and not _begins(lines[number - 1], line, pitches.get(line.column, 0.0)):
            found[-1].append(line.text)
        else:
            found.append([line.text])
    words = Counter(re.findall(r"\w+(?:-\w+)*", " ".join(line.text for line in lines).casefold()))
    return [joined(parts, words) for parts in found]


def joined(parts: Iterable[str], words: Counter[str]) -> str:
    """The lines of a paragraph as one, with ``words`` of the whole document to tell hyphens of a line end by."""
    pieces: list[str] = []
    for part in parts:
        before = re.search(r"(\w+)-$", pieces[-1][-_LONGEST_WORD:]) if pieces else None
        after = re.match(r"\w+", part)
        if before and after:
            pieces[-1] = pieces[-1][:-1] + _hyphen(before[1], after[0], words)
        elif pieces:
            pieces[-1] += " "
        pieces.append(part)
    return "".join(pieces)


def _hyphen(before: str, after: str, words: Counter[str]) -> str:
    """What parts the halves of a word in the middle of a line: a hyphen or nothing."""
    one, two = before.casefold(), after.casefold()
    if not one.isalpha() or not after[0].islower():
        return "-"
    whole, parted = words[one + two], words[f"{one}-{two}"]
    if whole or parted:
        return "" if whole >= parted else "-"
    return "-" if one in _COMPOUNDS else ""


def _usual_size(lines: Sequence[Line]) -> float:
    """The size that most of the letters have."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _pitches(lines: Sequence[Line]) -> dict[int, float]:
    """How far apart the lines of each column mostly stand."""
    found: dict[int, list[float]] = {}
    for above, line in pairwise(lines):
        if above.column == line.column:
            found.setdefault(line.column, []).append(above.bottom - line.bottom)
    return {column: median(pitches) for column, pitches in found.items()}


def _begins(above: Line, line: Line, pitch: float) -> bool:
    """Whether a paragraph begins with the line."""
    larger, smaller = max(above.size, line.size), min(above.size, line.size)
    if larger > 1.15 * smaller or _ITEM.match(line.text):
        return True
    ended = bool(_ENDS.search(above.text))
    indented = line.left - line.margins[0] > 0.6 * line.size
    if above.column != line.column:
        return not line.text[:1].islower() and (_is_cut_short(above, line) or (ended and indented))
    fall = above.bottom - line.bottom
    if (pitch and not 0 < fall <= max(1.3 * pitch, pitch + 0.3 * line.size)) or fall > 2.2 * line.size:
        return True
    if indented and (ended or above.left - above.margins[0] <= 0.6 * above.size):
        return True
    return ended and _is_cut_short(above, line)


def _is_cut_short(above: Line, line: Line) -> bool:
    """Whether the next line's first word would have had room on the line above."""
    first = line.text.partition(" ")[0]
    letter = (line.right - line.left) / max(1, len(line.text))
    return above.margins[1] - above.right > (len(first) + 1.5) * letter
