"""Words that are no words: neither in the passages nor in English, as a model writes that was told to misspell."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Set
from functools import cache

from rag import tokens
from rag.models import TOKENIZER, bundled
from rag.words import stem, words

_MANY = 2
"""Unknown words that are not the one rare word a sentence may have."""
_MIXED = re.compile(r"[^\W\d_][@#$%^*+=|<>~\d]+[^\W\d_]{2}|[^\W\d_]{2}[@#$%^*+=|<>~]+[^\W\d_]|[^\W\d_]{25}")
"""Signs among letters, and more letters than a word has."""


def misspelt(sentence: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The words of a sentence that are no words, and the pictures; one rare word is not counted among them."""
    text = " ".join(texts)
    held = frozenset(words(text))
    spoilt = [token for token in sentence.split() if _is_spoilt(token, text)]
    doubtful = [word for word in _small(sentence) if not _is_known(word, held)]
    unknown = [word for word in doubtful if not _is_frequent(word)]
    slips = unknown if len(unknown) >= _MANY else [word for word in doubtful if _is_slip(word, held)]
    return tuple(dict.fromkeys([*spoilt, *slips]))


def _small(sentence: str) -> list[str]:
    """Its words in small letters; names are not looked up."""
    found = (re.fullmatch(r"\W*([a-z]{2,})\W*", token) for token in re.split(r"[\s/–—-]+", sentence))
    return [match[1] for match in found if match]


def _is_spoilt(token: str, text: str) -> bool:
    pictured = any(unicodedata.category(letter) == "So" and letter not in "°©®™" for letter in token)
    return (pictured or _MIXED.search(token) is not None) and token.strip(".,;:!?()") not in text


def _is_known(word: str, held: Set[str]) -> bool:
    """Whether the text has it in any form, or the bundled embedder's vocabulary."""
    base = stem(word)
    return word in held or not {word, base}.isdisjoint(_vocabulary()) or any(base == stem(other) for other in held)


@cache
def _is_frequent(word: str) -> bool:
    """Whether it is one token, as frequent slips are too."""
    return tokens.count(f" {word}") == 1 or tokens.count(f" {stem(word)}") == 1


@cache
def _vocabulary() -> frozenset[str]:
    vocabulary = json.loads(bundled(TOKENIZER).read_text("utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha())


def _is_slip(word: str, held: Set[str]) -> bool:
    """Whether it is a word of the text with one letter wrong, too many or too few, or with its letters mixed."""
    likely = [other for other in held if len(other) > 3 and abs(len(other) - len(word)) < 2]
    if any(word.replace("s", "z") == other.replace("s", "z") for other in likely):  # -ise, -ize
        return False
    return any(sorted(word) == sorted(other) or _one_apart(word, other) for other in likely)


def _one_apart(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    same = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    rest = same + 1 if len(short) == len(long) else same
    return short[rest:] == long[same + 1 :]
