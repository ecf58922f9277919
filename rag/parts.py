"""Several questions in one, told apart; and names that are asked about side by side."""

from __future__ import annotations

import re

from rag.words import stems

MOST = 4
"""Parts of one question that are answered apart."""
_ASKING = r"(?:who|whom|whose|what|when|where|why|how|which)"
_SEAM = re.compile(
    rf"(?<=[?;])\s+(?=\S)|,?\s+(?:and|or|but|as well as)(?:\s+also)?\s+(?={_ASKING}\b)|,\s+(?={_ASKING}\b)",
    re.IGNORECASE,
)
_NAMED = r"[^\W\d_a-z]\w*(?:['’]\w+)?"
"""A word with a capital."""
_ASKED = re.compile(rf"(?:^|\W){_ASKING}\b|\?", re.IGNORECASE)


def split(question: str) -> tuple[str, ...]:
    """The questions that a question consists of, in its own words; "when and where ..." is one."""
    found: list[str] = []
    for piece in _SEAM.split(question.strip()):
        if found and not (_stands_alone(found[-1]) and _asks(piece)):
            start = question.index(piece, question.index(found[-1]) + len(found[-1]))
            found[-1] = question[question.index(found[-1]) : start + len(piece)]
        else:
            found.append(piece)
    return tuple(found) if 1 < len(found) <= MOST else (question,)


def _stands_alone(piece: str) -> bool:
    """Whether it asks something of something: "Which countries" does not."""
    return _asks(piece) and len(stems(piece)) > 1


def _asks(piece: str) -> bool:
    return _ASKED.search(piece) is not None and bool(stems(piece))


def without(name: str, question: str) -> str | None:
    """The question without a name asked about beside another, "Kim and Xi"; ``None`` where it stands alone."""
    written = re.escape(name)
    for pattern in (
        rf"(?P<kept>{_NAMED})(?:,| and| or|, and|, or| nor) {written}\b",
        rf"\b{written}(?:,| and| or) (?P<kept>{_NAMED})",
    ):
        if match := re.search(pattern, question):
            return question[: match.start()] + match["kept"] + question[match.end() :]
    return None
