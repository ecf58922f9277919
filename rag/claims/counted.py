"""What a number counts: "two" of "two rifles" is not borne out by two trains where the rifles are three."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.claims.quantities import Quantity, agree
from rag.words import STOPWORDS, stem, words

_FOLLOWING = re.compile(
    r"[ \xa0]+(?:of (?:the |its |their |his |her |those |these )?)?((?:[^\W\d_][\w'’-]*[ \xa0]?){1,3})"
)
ANYONE = frozenset(
    map(stem, "people person others men women victims time times way ways part parts thing things".split())
)


def counted(quantity: Quantity, text: str) -> tuple[str, ...]:
    """Stems of the up to three telling words behind a number; empty where a small word or a mark follows."""
    following = _FOLLOWING.match(text, quantity.end)
    if following is None or quantity.kind != "number":
        return ()
    found: list[str] = []
    for word in words(following[1]):
        if word in STOPWORDS:
            break
        found.append(stem(word))
    return tuple(found)


def other_count(claimed: Quantity, sentence: str, said: Sequence[tuple[Quantity, str]]) -> Quantity | None:
    """The number the sources give for what the sentence counts, where the claimed one clearly counts something else.

    ``said`` pairs each number of the sources with the text it stands in.
    """
    things = counted(claimed, sentence)
    if not things or things[0] in ANYONE:
        return None
    same = [counted(quantity, text) for quantity, text in said if agree(claimed, quantity)]
    if not all(same) or any(set(things) & set(others) or others[0] in ANYONE for others in same):
        return None
    for quantity, text in said:
        if not agree(claimed, quantity) and things[0] in counted(quantity, text)[:1]:
            return quantity
    return None
