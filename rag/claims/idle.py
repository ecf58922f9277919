"""Numbers of a sentence that say nothing a source could bear: "one of them", "first, ...", "3. Stir", "both"."""

from __future__ import annotations

import re

from rag.claims.quantities import Quantity
from rag.words import STOPWORDS

_SET_PHRASE = re.compile(
    r"(?:a )?(?:third[- ]part(?:y|ies)|first[- ](?:aid|lady|hand|name|class|responders?|of all)"
    r"|second[- ](?:hand|thoughts?)"
    r"|(?:first|second|third) (?:half|part|section) of (?:the|this) (?:document|text|transcript|passage|article))\b",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"\b(?:finish\w*|c[ao]me|comes|plac\w+|rank\w*|is|are|was|were|be|been|stands?|stood|the|its?|his|her|their|a)"
    r"(?: in)? $"
)
"""What "first" at the end of a clause is a rank after."""
_STEP = re.compile(r"\W*(?:(?:step|point) )?", re.IGNORECASE)
_PIECE = r"[A-Z][\w'’.-]*"
_NAME = rf"{_PIECE}(?: (?:(?:of|the|de|la|van|von|bin|al) )*{_PIECE})*(?:, \d{{1,3}})?"
_LISTED = re.compile(
    rf"(?P<things>(?: [^\W\d_][\w'’-]*){{0,3}})(?:,| [-–—]|:) (?P<names>{_NAME}(?:, {_NAME})*,? and {_NAME})"
    r"(?:[,.;:)]| [-–—]|$)"
)
_BETWEEN_NAMES = re.compile(r",? and |, (?!\d)")
_JOINING = frozenset({"of", "the", "them", "these", "those"})


def is_idle(claimed: Quantity, sentence: str) -> bool:
    """Whether a number of the sentence only points, counts its lines, or counts the names behind it."""
    if claimed.kind == "implied" or (claimed.value == 1 and re.match(r"one\b", claimed.words, re.IGNORECASE)):
        return True
    after = sentence[claimed.end :]
    if claimed.kind == "ordinal":
        pointing = after.startswith(",") or _SET_PHRASE.match(sentence, claimed.start) is not None
        return pointing or _beforehand(claimed, sentence)
    return _marks_a_line(claimed, sentence) or _counts_the_named(claimed, after)


def _beforehand(claimed: Quantity, sentence: str) -> bool:
    """Whether "first" ends a clause and tells when: "unless they agree first", but not "she finished first"."""
    ends = claimed.words.lower() == "first" and re.match(r"\W|$", sentence[claimed.end :].lstrip(" "))
    return bool(ends) and not _PLACED.search(sentence, 0, claimed.start)


def _marks_a_line(claimed: Quantity, sentence: str) -> bool:
    """Whether it numbers a line: "3. Stir", "Step 3: Stir"."""
    if not (before := _STEP.fullmatch(sentence, 0, claimed.start)):
        return False
    marks = (". ", ") ", ": ") if before.group().strip() else (". ", ") ")
    return sentence[claimed.end :].startswith(marks)


def _counts_the_named(claimed: Quantity, after: str) -> bool:
    """Whether the sentence itself bears it out: "two friends, Ann and Bo, met"."""
    listed = _LISTED.match(after) if claimed.kind == "number" else None
    if listed is None or any(word in STOPWORDS - _JOINING for word in listed["things"].split()):
        return False
    return claimed.value == len(_BETWEEN_NAMES.split(listed["names"]))
