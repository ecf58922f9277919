"""Text as comparable words, so that an answer is not wrong for its punctuation.

Case, punctuation, white space and the articles a, an and the are dropped; number words up to twelve become digits,
and the "m" of "44m" a million.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
DIGITS = {word: str(number) for number, word in enumerate(NUMBERS)}
ARTICLES = frozenset({"a", "an", "the"})

INITIALS = re.compile(r"\b(?:[^\W\d_]\.)+[^\W\d_]\b\.?")
MILLIONS = {"m": "million", "mn": "million", "bn": "billion", "tn": "trillion"}
SHORT = re.compile(r"(?<=\d)(mn?|bn|tn)\b")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MARKS = "".join(letter for letter in map(chr, range(0x300, 0xFFFF)) if unicodedata.category(letter) in ("Mn", "Mc"))
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana and Han, which put no space between words: a letter counts as one."""
WORD = re.compile(
    r"(?<![^\s(])-?\d+(?:\.\d+)*\b|\d+(?:\.\d+)+"
    rf"|[{_UNSPACED}][{_MARKS}]*|(?:(?![{_UNSPACED}_])[\w{_MARKS}])+"
)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in order, each in the one form that it is compared in."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\N{MINUS SIGN}", "-")
    folded = re.sub(r"%|\bper cent\b", " percent ", folded)
    folded = INITIALS.sub(lambda found: found[0].replace(".", ""), folded)
    folded = SHORT.sub(lambda found: f" {MILLIONS[found[0]]}", folded)
    # Signs count only where there is nothing else, as in the answer "€".
    found = [DIGITS.get(word, word) for word in WORD.findall(THOUSANDS.sub("", folded)) or _signs(folded)]
    # A text that is nothing but an article, such as the grade "A", keeps it.
    return tuple(word for word in found if word not in ARTICLES) or tuple(found)


def _signs(text: str) -> list[str]:
    return [letter for letter in text if unicodedata.category(letter).startswith("S")]


def contains(shown: tuple[str, ...], expected: tuple[str, ...]) -> bool:
    """Whether ``expected`` stands in ``shown`` as a run of whole words; nothing is contained nowhere."""
    size = len(expected)
    return size > 0 and any(shown[at : at + size] == expected for at in range(len(shown) - size + 1))


def f1(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """Words that both hold, each as often as the one with fewer has it: harmonic mean of precision and recall."""
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs)) if shared else 0.0
