"""What a sentence says beside its numbers and names: its telling words, and which of them it denies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag import passages
from rag.antonyms import ANTONYMS
from rag.words import STOPWORDS, stem, words

_NOT = frozenset("not never cannot neither nor hardly unable without".split())
_NO = frozenset({"no", "without"})
_DENIES = frozenset("deny denies denied denying refuse refuses refused refusing fail fails failed".split())
_NOT_ONLY = frozenset("only just least merely simply necessarily yet".split())
_REACH = 5
"""Words after "not" in which what it denies is looked for."""
_SAYS = frozenset(
    stem(word)
    for word in """
    said say says saying told tells reported reports reportedly according stated states added adds noted notes announced
    announces article report news also however meanwhile including
    """.split()
)
_ALIKE = 0.5
"""Share of a sentence's telling words that another must have to be about the same thing."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The telling words of one sentence, stemmed."""

    stems: frozenset[str]
    denied: frozenset[str]
    """Those that a negation governs."""


@lru_cache(maxsize=4096)
def read(sentence: str) -> Wording:
    """The wording of one sentence."""
    listed = words(sentence)
    denied: set[str] = set()
    for place, word in enumerate(listed):
        denied |= set(_governed(listed, place, word))
    telling = {stem(word) for word in listed if word not in STOPWORDS and word not in _NOT and word not in _DENIES}
    return Wording(frozenset(telling - _SAYS), frozenset(denied))


@lru_cache(maxsize=512)
def sentences(text: str) -> tuple[Wording, ...]:
    """The wording of each sentence of a text."""
    return tuple(read(text[span.start : span.end]) for span in passages.sentences(text))


def coverage(sentence: Wording, said: Sequence[Wording]) -> float:
    """Share of the sentence's telling words that occur in what was said; words with digits are checked elsewhere."""
    telling = {word for word in sentence.stems if not any(map(str.isdigit, word))}
    if not telling:
        return 1.0
    return len(telling & frozenset().union(*(each.stems for each in said))) / len(telling)


def turned(sentence: Wording, said: Sequence[Wording]) -> str | None:
    """A word that the sentence denies where its source affirms it, or the other way round."""
    close = [each for each in said if _alike(sentence, each) >= _ALIKE]
    for word in sorted(sentence.stems | sentence.denied):
        holding = [each for each in said if word in each.stems]
        differing = [each for each in holding if (word in each.denied) != (word in sentence.denied)]
        if differing and len(differing) == len(holding) and any(each in close for each in differing):
            return word
    return None


def exchanged(sentence: Wording, said: Sequence[Wording]) -> tuple[str, str] | None:
    """A word of the sentence for which its source has the contrary, and that contrary."""
    everything = frozenset().union(*(each.stems for each in said)) if said else frozenset()
    close = [each for each in said if _alike(sentence, each) >= _ALIKE]
    for word in sorted(sentence.stems - everything):
        for each in close:
            contrary = (ANTONYMS.get(word, frozenset()) & each.stems) - sentence.stems
            if contrary:
                return word, min(contrary)
    return None


def _alike(sentence: Wording, other: Wording) -> float:
    return len(sentence.stems & other.stems) / len(sentence.stems) if sentence.stems else 0.0


def _governed(listed: list[str], place: int, word: str) -> list[str]:
    """Stems of what the word at ``place`` denies; none where it denies nothing."""
    negates = word in _NOT or word in _NO or word in _DENIES or word.endswith("n't")
    following = listed[place + 1 : place + 1 + _REACH]
    if not negates or (following and following[0] in _NOT_ONLY):
        return []
    telling = [stem(each) for each in following if each not in STOPWORDS and not each.endswith("ly")]
    return telling[: 2 if word in _NO else 1]
