"""What a count says of the people it counts: that they are dead, hurt, missing, moved, held."""

from __future__ import annotations

import re
from typing import Literal

from rag.claims.quantities import Quantity

Toll = Literal["dead", "hurt", "missing", "moved", "held"]

_WORDS: dict[Toll, str] = {
    "dead": r"dead|died?|dies|dying|deaths?|killed|kills|toll|fatalit\w+|lost their lives|perished|drowned|bodies",
    "hurt": r"injur\w+|hurt|wounded|hospitali[sz]ed",
    "missing": r"missing|unaccounted",
    "moved": r"evacuat\w+|displaced|homeless|leave their homes|moved (?:out|to safety)|fled",
    "held": r"arrest\w+|detained|charged|taken into custody",
}
_TOLL = re.compile("|".join(rf"(?P<{toll}>\b(?:{words})\b)" for toll, words in _WORDS.items()), re.IGNORECASE)


def toll(figure: Quantity, text: str) -> Toll | None:
    """What is nearest to a number of those that a sentence says of people; ``None`` where it says nothing such."""
    found = min(_TOLL.finditer(text), key=lambda match: _between(match, figure, text), default=None)
    return None if found is None else next(name for name in _WORDS if found[name])


def _between(match: re.Match[str], figure: Quantity, text: str) -> int:
    """Words between a word and a number; those before the number count double, for "three killed, 11 missing"."""
    if match.start() >= figure.end:
        return len(text[figure.end : match.start()].split())
    return 2 * len(text[match.end() : figure.start].split())
