"""Words of a text, folded so that two spellings of one word compare equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import snowballstemmer

from rag.irregular import BASE

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STEMMER = snowballstemmer.stemmer("english")
_ONE_AT_A_TIME = Lock()
"""A stemmer keeps the word it works on in itself."""

STOPWORDS = frozenset(
    """
    a about above after again against all also am an and any are aren't as at be because been before being below
    between both but by can can't could couldn't did didn't do does doesn't doing don't down during each else ever
    few for from further get had hadn't has hasn't have haven't having he her here hers herself him himself his how
    i if in into is isn't it it's its itself just let's like me more most much my myself no nor not now of off on
    once only or other our ours ourselves out over own please same shall she should shouldn't so some such tell than
    that the their theirs them themselves then there these they this those through to too under until up upon us
    very was wasn't we were weren't what what's when where which while who whom whose why will with won't would
    wouldn't you your yours yourself yourselves
    """.split()
)


def words(text: str) -> list[str]:
    """Lower-cased words in order, accents folded, a possessive ``'s`` dropped."""
    return [_fold(match.group()) for match in _WORD.finditer(text)]


@lru_cache(maxsize=8_192)
def stems(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, in order: stopwords left out."""
    return tuple(stem(word) for word in words(text) if word not in STOPWORDS)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Snowball's English stem of one folded word, of an irregular verb its base's; digits stay as they are."""
    word = BASE.get(word, word)
    if any(character.isdigit() for character in word):
        return word
    with _ONE_AT_A_TIME:
        stemmed: str = _STEMMER.stemWord(word)
    return stemmed


@lru_cache(maxsize=65_536)
def _fold(word: str) -> str:
    lowered = word.lower().replace("’", "'")
    lowered = lowered.removesuffix("'s") if lowered not in STOPWORDS else lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(character for character in decomposed if not unicodedata.combining(character))
