"""What a question asks for, read off its words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag import names
from rag.words import stems

Asks = Literal["person", "date", "place", "quantity", "reason", "speech", "anything"]

_ASKS: tuple[tuple[Asks, str], ...] = (
    ("quantity", r"\bhow (?:many|much|old|long|far|tall|big|large|high|deep|heavy|fast|often)\b"),
    (
        "quantity",
        r"\b(?:what|which) (?:number|percentage|percent|share|proportion|amount|price|sum|age|figure|total)\b",
    ),
    (
        "quantity",
        r"\bwhat (?:is|was|are|were|will|would|did|does|do)\b.{0,40}\b(?:cost|price|toll|number|budget|total)\b",
    ),
    (
        "speech",
        r"\bwhat (?:did|does|do|has|have|had) .{1,60}\b(?:say|said|tell|told|announce|claim|warn|argue|promise|write)\b",
    ),
    ("speech", r"\b(?:according to|quote|quoted)\b|\bsaid what\b"),
    (
        "reason",
        r"\bwhy\b|\bwhat (?:caused|led to|prompted)\b|\b(?:for what|what is the|what was the) (?:reason|cause)\b",
    ),
    ("date", r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time|decade|century)\b"),
    ("place", r"\bwhere\b|\b(?:what|which) (?:country|city|town|place|state|region|county|village|location)\b"),
    (
        "person",
        r"\bwho\b|\bwhom\b|\bwhose\b|\b(?:what|which) (?:person|man|woman|president|minister|leader|official)\b",
    ),
)
_GENERIC = frozenset(
    stems(
        "happen happened news new latest report reported reports story stories article day today "
        "events event occurred going date dated"
    )
)
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
    names: tuple[str, ...]
    besides: tuple[str, ...]
    """Stems of what the asker already knows: "besides a rifle"."""

    @property
    def open(self) -> bool:
        """Whether it names no subject: "What happened last week?"."""
        return not self.names and set(self.stems) <= _GENERIC


def read(text: str) -> Question:
    """Analyse a question."""
    known = _BESIDES.search(text)
    besides = tuple(dict.fromkeys(stems(known.group(1)))) if known else ()
    rest = text[: known.start()] + text[known.end() :] if known else text
    different = tuple(stem for stem in dict.fromkeys(stems(rest)) if stem not in besides)
    found = tuple(dict.fromkeys(name.words for name in names.find(text)))
    return Question(text, _asks(text), different, found, besides)


def _asks(text: str) -> Asks:
    lowered = text.lower()
    return next((asks for asks, pattern in _ASKS if re.search(pattern, lowered)), "anything")
