"""A clause that its source knows nothing of, beside one that it bears: "..., and he keeps dragons there"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from rag.claims import numerals, wording
from rag.claims.wording import Wording
from rag.words import words

_PARTS = re.compile(
    r"\s*;\s+|,?\s+(?:and|but|while|whereas|although|though)\s+|,\s+(?:which|who|so)\s+", re.IGNORECASE
)
_FINITE = frozenset(
    """
    i we he she it they who is are was were be been has had have will would can could may might must do does did
    """.split()
)
"""A subject or an auxiliary: what tells a clause from the second half of "bread and butter"."""
_TIED = re.compile(r"[^,;:]{2,40}? (?:is|are|was|were)(?: (?:also|now|still|very))? (?P<what>[^,;:]+)$")
"""A short sentence of a subject and what it is."""
_TOGETHER = 1 / 3
"""Share of the telling words of a part that one sentence must have."""
_FEWEST = 2
"""Telling words that must be missing."""


def strange(text: str, said: Sequence[Wording], held: Sequence[tuple[int, int]], *, least: float) -> str | None:
    """A clause of whose telling words the sources have none, where they have the share ``least`` of all others.

    ``held`` are the spans of numbers, dates and names, which may be said in another form.
    """
    known = frozenset[str]().union(*(each.stems for each in said))
    whole = wording.read(text).stems
    for start, end in _parts(text):
        telling = _telling(text[start:end])
        if len(telling) < _FEWEST or telling & known or any(start < to and at < end for at, to in held):
            continue
        rest = whole - telling
        if rest and len(rest & known) >= least * len(rest):
            return text[start:end].strip(" ,.;")
    return None


def loose(text: str, said: Sequence[Wording], held: Sequence[tuple[int, int]]) -> str | None:
    """A part of a sentence that no single sentence of the sources has to do with: "..., and curl".

    Where it has a number, date or name, which may be said in another form, nothing is concluded.
    """
    for start, end in _parts(text):
        telling = frozenset(each for each in wording.read(text[start:end]).stems if not _is_number(each))
        if not telling or any(start < to and at < end for at, to in held):
            continue
        shared = max((len(telling & each.stems) for each in said), default=0)
        if shared < _TOGETHER * len(telling):
            return text[start:end].strip(" ,.;")
    return None


def predicate(text: str, said: Sequence[Wording], held: Sequence[tuple[int, int]]) -> str | None:
    """What "is" ties to its subject, where the sources have none of its telling words: "The tram is free"."""
    tied = _TIED.match(text)
    if tied is None or any(start < tied.end() and tied.start("what") < end for start, end in held):
        return None
    telling = wording.read(tied["what"]).stems
    known = frozenset[str]().union(*(each.stems for each in said))
    return tied["what"].strip(" .") if telling and not telling & known else None


def unborne(text: str, known: Set[str], *, least: float) -> str | None:
    """A part of a sentence, clause or not, of whose telling words none is known, or less than the share ``least``."""
    for start, end in list(_parts(text)) or [(0, len(text))]:
        telling = frozenset(each for each in wording.read(text[start:end]).stems if not _is_number(each))
        share = len(telling & known) / max(1, len(telling))
        if len(telling) >= _FEWEST and (share == 0 or share < least):
            return text[start:end].strip(" ,.;")
    return None


def _is_number(stemmed: str) -> bool:
    return stemmed in numerals.STEMS or stemmed[:1].isdigit()


def _telling(part: str) -> frozenset[str]:
    """Telling words of what has a subject or an auxiliary; none of anything else."""
    if not _FINITE & set(words(part)):
        return frozenset()
    return frozenset(word for word in wording.read(part).stems if not any(map(str.isdigit, word)))


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of what may be a clause; none where there is only one."""
    cuts = [match.span() for match in _PARTS.finditer(text)]
    if cuts:
        starts = [0, *(end for _, end in cuts)]
        ends = [*(start for start, _ in cuts), len(text)]
        yield from zip(starts, ends, strict=True)
