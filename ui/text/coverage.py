"""How long a summary is, how much of what was read it tells, and what it leaves out, in short phrases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.summary import Coverage, Extent, Length, Summary, Unused

MANY = 6
"""Articles left out for one reason that are counted rather than listed."""
_NAMED = 3
_SHOWN = 3
_LONGEST_POINT = 200
_OTHER = re.compile(r"'.*'|“.*”", re.DOTALL)
"""The article or story that a reason names."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Articles left out for one reason; where they are many, only the first are named."""

    reason: str
    count: int
    titles: tuple[str, ...]


def measured(summary: Summary) -> tuple[str, ...]:
    """``5 sentences, 112 words (asked for 110 words)`` and, where it is known, how much they tell."""
    if summary.refusal:
        return ()
    return (extent(summary.extent), *(told(summary.coverage) if summary.coverage else ()))


def extent(extent: Extent) -> str:
    """How long a summary is, and was to be."""
    asked = _asked(extent.asked)
    return _length(extent.sentences, extent.words) + (f" (asked for {asked})" if asked else "")


def told(coverage: Coverage) -> tuple[str, ...]:
    """``7 of 9 main points told`` and ``3 of 4 articles used``."""
    points = f"{coverage.covered:,} of {count(coverage.points, 'main point')} told ({coverage.share:.0%} by weight)"
    return (
        *([points] if coverage.points else []),
        f"{coverage.used:,} of {count(coverage.articles, 'article')} used",
    )


def missing(summary: Summary) -> tuple[tuple[str, str], ...]:
    """The weightiest points not told, shortened, each with the title of its article."""
    points = summary.coverage.missing[:_SHOWN] if summary.coverage else ()
    return tuple((shortened(one.quote), one.title) for one in points)


def untold(summary: Summary) -> str:
    """How many points are not told, over those that are named."""
    if summary.coverage is None:
        return ""
    number = summary.coverage.points - summary.coverage.covered
    named = len(missing(summary))
    return f"{count(number, 'main point')} not told" + ("" if number <= named else f", the weightiest {named}")


def shortened(text: str) -> str:
    """A quote on one line, cut to what a list may take."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_POINT else line[: _LONGEST_POINT - 1].rstrip() + "…"


def left_out(unused: Sequence[Unused]) -> tuple[LeftOut, ...]:
    """What was left out, by reason, in the order of the first of each."""
    groups: dict[str, list[Unused]] = {}
    for one in unused:
        groups.setdefault(_OTHER.sub("another", one.reason), []).append(one)
    return tuple(told for reason, group in groups.items() for told in _told(reason, group))


def count(number: int, noun: str) -> str:
    """``1 article``, ``2 articles``."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _told(reason: str, group: Sequence[Unused]) -> list[LeftOut]:
    if len(group) < MANY:
        return [LeftOut(one.reason, 1, (one.title,)) for one in group]
    return [LeftOut(reason, len(group), tuple(one.title for one in group[:_NAMED]))]


def _asked(length: Length) -> str:
    asked = [] if length.sentences is None else [count(length.sentences, "sentence")]
    return ", ".join([*asked, *([] if length.words is None else [count(length.words, "word")])])


def _length(sentences: int, words: int) -> str:
    return f"{count(sentences, 'sentence')}, {count(words, 'word')}"
