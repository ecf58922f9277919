"""A model's reply -> its sentences and the ``[n]`` each one carries, read tolerantly."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rag.passages import sentences

_MARKER = re.compile(r"[ \t]*[\[【]\s*(\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*)(?:†[^\]】]*)?\s*[\]】](?:\([^()\s]*\))?")
_LIST_SIGN = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)]|#{1,6})\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_WIDEST = 20
"""A range like [1-900] is noise, not a citation of 900 passages."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence without its markers, and their numbers in order."""

    text: str
    numbers: tuple[int, ...]


def read(reply: str) -> list[Marked]:
    """Sentences of a reply. A marker belongs to the sentence it stands in or directly behind."""
    return [marked for line in reply.splitlines() for marked in _line(_plain(line))]


def _plain(line: str) -> str:
    """The line without list signs, emphasis and control characters."""
    bare = _EMPHASIS.sub("", _LIST_SIGN.sub("", line))
    return "".join(character for character in bare if unicodedata.category(character) != "Cc")


def _line(line: str) -> list[Marked]:
    bare, markers = _lift(line)
    spans = sentences(bare)
    if not spans:
        return []
    owners: list[list[int]] = [[] for _ in spans]
    for position, numbers in markers:
        behind = [index for index, span in enumerate(spans) if span.start < position]
        owners[behind[-1] if behind else 0] += numbers
    return [
        Marked(bare[span.start : span.end], tuple(dict.fromkeys(numbers)))
        for span, numbers in zip(spans, owners, strict=True)
    ]


def _lift(line: str) -> tuple[str, list[tuple[int, list[int]]]]:
    """The line without markers, and each marker's place in it."""
    bare = ""
    markers: list[tuple[int, list[int]]] = []
    end = 0
    for match in _MARKER.finditer(line):
        bare += line[end : match.start()]
        markers.append((len(bare), _numbers(match.group(1))))
        end = match.end()
    return bare + line[end:], markers


def _numbers(inside: str) -> list[int]:
    found: list[int] = []
    for part in re.split(r"[,;]", inside):
        ends = [int(digits) for digits in re.findall(r"\d+", part)]
        first, last = ends[0], ends[-1]
        found += range(first, last + 1) if first <= last < first + _WIDEST else [first, last]
    return found
