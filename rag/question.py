"""What a question asks for, read off its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.claims import names
from rag.words import stems

Asks = Literal["person", "date", "place", "quantity", "reason", "speech", "anything"]

_FIRST = r"(?:^(?:and |but |so |or )?|\b(?:by|to|for|with|from|at|since|until|about|of) )"
"""Where a question word asks: "the man who" does not."""
_ASKS: tuple[tuple[Asks, str], ...] = (
    ("quantity", r"\bhow (?:many|much|old|long|far|tall|big|large|high|deep|heavy|fast|often|wide)\b"),
    ("quantity", r"\b(?:what|which) (?:number|percentage|percent|share|proportion|amount|price|sum|age|total)\b"),
    ("quantity", r"\bwhat (?:is|was|are|were|will|would|did|does|do)\b.{0,40}\b(?:cost|price|toll|number|budget)\b"),
    (
        "speech",
        r"\bwhat (?:did|does|do|has|have|had) .{1,60}\b(?:say|said|tell|told|announce|claim|warn|argue|promise)\b",
    ),
    ("speech", r"\b(?:according to|quote|quoted)\b|\bsaid what\b"),
    ("reason", rf"{_FIRST}why\b|\bwhat (?:caused|led to|prompted)\b|\bwhat (?:is|was) the (?:reason|cause)\b"),
    ("date", rf"{_FIRST}when\b|\b(?:what|which) (?:year|date|day|month|time|decade|century)\b"),
    ("place", rf"{_FIRST}where\b|\b(?:what|which) (?:country|city|town|place|state|region|county|village)\b"),
    ("person", rf"{_FIRST}who(?:m|se)?\b|\b(?:what|which) (?:person|man|woman|president|minister|leader|official)\b"),
)
_GENERIC = frozenset(
    stems(
        "happen happened news new latest report reported reports story stories article day today "
        "events event occurred going date dated"
    )
)
_BROAD = re.compile(
    r"\bwhat(?:['’]s| has| have| is| was| did| do)?(?: \w+)? (?:happen(?:ed|ing)?|known|reported|going on|new|know)\b"
    r"|\b(?:tell me|anything) about\b|\bthe (?:latest|news)\b",
    re.IGNORECASE,
)
_WHAT = re.compile(r"\bwhat(?:['’]s)?\b(?!.*\b(?:that|this|it|why)\b)|\banything\b", re.IGNORECASE | re.DOTALL)
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|recent(?:ly)?|lately|so far|to date|by now|up-to-date|update)\b",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"\b(?:current(?:ly)?|right now|at the moment|at present|presently|nowadays|these days|now)\b(?! (?:known|famous))",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"\bhow (?:many|much|old|long|far|tall|big|large|high|deep|heavy|fast|often|wide)\b", re.IGNORECASE
)
"""Answers say "58 metres", seldom "tall"."""
_BESIDES = re.compile(
    r"\b(?:besides|apart from|other than|in addition to|except(?: for)?|aside from)\s+((?:\S+\s?){1,4}?)(?=[?.,;]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what an answer to it must hold."""

    text: str
    asks: Asks
    stems: tuple[str, ...]
    """Different telling words, stemmed, without those of ``besides``."""
    topic: tuple[tuple[str, ...], ...]
    """What an answer speaks of: each a word's stem, or the stems of a name, any of which stands for it."""
    names: tuple[str, ...]
    besides: tuple[str, ...]
    """Stems of what the asker already knows: "besides a rifle"."""

    @property
    def open(self) -> bool:
        """Whether it names no subject: "What happened last week?". "Why?" and "(((" ask for nothing that can be told."""
        asks = bool(self.stems) or _WHAT.search(self.text) is not None
        return asks and not self.names and set(self.stems) <= _GENERIC

    @property
    def empty(self) -> bool:
        """Whether it tells nothing to look for, as "Why?" and "((((" do not."""
        return not (self.stems or self.names or self.open)

    @property
    def present(self) -> bool:
        """Whether it asks how things stand as it is asked: "Who is the mayor now?"."""
        return _PRESENT.search(self.text) is not None

    @property
    def latest(self) -> bool:
        """Whether of several reports the newest is wanted most."""
        return self.present or _LATEST.search(self.text) is not None

    @property
    def broad(self) -> bool:
        """Whether it asks what there is to say of its subject: "What happened at the dam?"."""
        return self.asks == "anything" and _BROAD.search(self.text) is not None


def read(text: str) -> Question:
    """Analyse a question."""
    known = _BESIDES.search(text)
    besides = tuple(dict.fromkeys(stems(known.group(1)))) if known else ()
    rest = text[: known.start()] + text[known.end() :] if known else text
    found = tuple(dict.fromkeys(name.words for name in names.find(text)))
    telling = [stem for stem in dict.fromkeys(stems(_MEASURE.sub(" ", rest))) if stem not in besides]
    telling = [stem for stem in telling if stem not in _GENERIC] or telling
    return Question(text, _asks(text), tuple(telling), _topic(telling, found), found, besides)


def _topic(telling: Sequence[str], found: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Words of one name stand together: who was named in full is "Mr Kim" from then on."""
    named = [tuple(stem for stem in stems(name) if stem in telling) for name in found]
    inside = {stem for stems_of_name in named for stem in stems_of_name}
    units = [*(unit for unit in named if unit), *((stem,) for stem in telling if stem not in inside)]
    return tuple(dict.fromkeys(units))


def _asks(text: str) -> Asks:
    lowered = text.lower()
    return next((asks for asks, pattern in _ASKS if re.search(pattern, lowered)), "anything")
