"""Two numbers that have changed places: "29 for and 16 against" is not borne out by "16 for and 29 against"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, pairwise

from rag import passages
from rag.claims import quantities
from rag.claims.quantities import Quantity
from rag.words import STOPWORDS, stem, words

_LONGEST = 120
"""Words of a stretch that is compared; a longer one is a list or a table."""

Token = str | tuple[str, str]
"""A word's stem, or a number as its kind and value."""


def exchanged(sentence: str, found: Sequence[Quantity], texts: Sequence[str]) -> tuple[str, str] | None:
    """Two numbers of the sentence that stand the other way round in the sources, wherever these have both.

    ``found`` are the numbers of the sentence. It counts only where changing them back makes the sentence share a
    longer common run of words with a source and more pairs of neighbours, and no source is nearer as it stands.
    """
    pairs = [(one, two) for one, two in combinations(found, 2) if one.kind == two.kind and one.value != two.value]
    if not pairs:
        return None
    claimed = _tokens(sentence, found)
    stretches = [stretch for text in texts for stretch in _stretches(text)]
    for one, two in pairs:
        both: set[Token] = {_number(one), _number(two)}
        before = _before(claimed, both)
        near = [stretch for stretch in stretches if both <= set(stretch)]
        if not all(before in (None, *stretch) for stretch in near):  # "beaten by 29 to 16", who "lost by 16 to 29"
            continue
        gains = [_gain(claimed, stretch, _number(one), _number(two)) for stretch in near]
        if gains and max(gains) > 0 and min(gains) >= 0:
            return one.words, two.words
    return None


def _before(claimed: Sequence[Token], both: set[Token]) -> Token | None:
    """The last telling word before the first of the two numbers."""
    first = next(place for place, token in enumerate(claimed) if token in both)
    telling = (token for token in reversed(claimed[:first]) if isinstance(token, str) and token not in STOPWORDS)
    return next(telling, None)


def _gain(claimed: Sequence[Token], stretch: Sequence[Token], one: Token, two: Token) -> int:
    """How much nearer the claim comes with the two exchanged: 1 nearer, 0 undecided, -1 farther."""
    other = {one: two, two: one}
    if _keeps(claimed, stretch, one, two):
        return -1
    turned = [other.get(token, token) for token in claimed]
    longer = _common(turned, stretch) - _common(claimed, stretch)
    closer = _neighbours(turned, stretch) - _neighbours(claimed, stretch)
    if longer > 0 and closer > 0:
        return 1
    return -1 if longer < 0 or closer < 0 else 0


def _keeps(claimed: Sequence[Token], stretch: Sequence[Token], one: Token, two: Token) -> bool:
    """Whether one of the numbers is beside a word that the stretch has at it and not at the other number."""
    mine, theirs = _beside(claimed, one, two), _beside(stretch, one, two)
    return any(mine[side] & (theirs[side] - theirs[1 - side if side < 2 else 5 - side]) for side in range(4))


def _beside(tokens: Sequence[Token], one: Token, two: Token) -> tuple[frozenset[Token], ...]:
    """The telling words before each of two numbers, then those behind each, up to the other."""
    (first, number), (second, _) = sorted(
        ((tokens.index(number), number) for number in (one, two)), key=lambda each: each[0]
    )
    before, between, behind = (
        frozenset(token for token in part if isinstance(token, str) and token not in STOPWORDS)
        for part in (tokens[:first], tokens[first + 1 : second], tokens[second + 1 :])
    )
    return (before, between, between, behind) if number == one else (between, before, behind, between)


def _common(one: Sequence[Token], two: Sequence[Token]) -> int:
    blocks = SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks)


def _neighbours(one: Sequence[Token], two: Sequence[Token]) -> int:
    return len(set(pairwise(one)) & set(pairwise(two)))


@lru_cache(maxsize=512)
def _stretches(text: str) -> tuple[tuple[Token, ...], ...]:
    """The sentences of a text and each two that follow each other, where they have numbers to exchange."""
    spans = passages.sentences(text)
    ends = [(span.start, span.end) for span in spans]
    ends += [(one.start, two.end) for one, two in pairwise(spans)]
    read = (tuple(_tokens(part, quantities.find(part))) for part in (text[start:end] for start, end in ends))
    return tuple(each for each in read if len(each) <= _LONGEST and _numbers(each) > 1)


def _numbers(stretch: Sequence[Token]) -> int:
    return sum(isinstance(token, tuple) for token in stretch)


def _tokens(text: str, found: Sequence[Quantity]) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    for quantity in found:
        tokens += [*_words(text[place : quantity.start]), _number(quantity)]
        place = quantity.end
    return [*tokens, *_words(text[place:])]


def _words(text: str) -> Iterator[str]:
    return (stem(word) for word in words(re.sub(r"\d+", " ", text)))


def _number(quantity: Quantity) -> tuple[str, str]:
    return quantity.kind, str(quantity.value)
