"""Words of a text, folded so that two spellings of one word compare equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from threading import Lock

import snowballstemmer

from rag.irregular import BASE

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese syllables
    "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"  # Chinese characters
    "\uac00-\ud7a3"  # Korean, whose words carry their particles with them
)
"""Letters of scripts in which words do not end at spaces."""
_RUN = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_UNSPACED_LETTER = re.compile(f"[{_UNSPACED}]")
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
    """Lower-cased words in order, accents folded, a possessive ``'s`` dropped.

    Of scripts without spaces, each two neighbouring letters are a word: there is no telling where one ends.
    """
    if text.isascii():
        return [_fold(match.group()) for match in _WORD.finditer(text)]
    return [word for match in _WORD.finditer(text) for word in _parted(_fold(match.group()))]


def indexable(text: str) -> str:
    """The text as an index of spaced words is to read it, so that what ``words`` makes of it is found there.

    Accents are folded, and letters of scripts without spaces stand alone: two of them in a row are then a phrase.
    """
    return text if text.isascii() else _WORD.sub(_indexable, text)


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
    return _without_accents(lowered)


def _indexable(match: re.Match[str]) -> str:
    word = match.group()
    return word if word.isascii() else _UNSPACED_LETTER.sub(r" \g<0> ", _without_accents(word))


def _without_accents(word: str) -> str:
    """Composed again, for Korean letters are taken apart too."""
    decomposed = unicodedata.normalize("NFKD", word)
    return unicodedata.normalize("NFC", "".join(one for one in decomposed if not unicodedata.combining(one)))


def _parted(word: str) -> list[str]:
    if word.isascii() or not _UNSPACED_LETTER.search(word):
        return [word]
    return [part for run in _RUN.findall(word) for part in _pairs(run)]


def _pairs(run: str) -> list[str]:
    if len(run) < 3 or not _UNSPACED_LETTER.match(run):
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]
