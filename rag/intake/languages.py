"""The language of a text, as stated where its script allows that, else told; the file that knows py3langid."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_SHORTEST = 200
_SAMPLE = 600
_CONFIDENT = 0.9
_LATIN = set(
    "af br bs ca cs cy da de en eo es et eu fi fo fr fy ga gd gl ha hr ht hu id ig is it la lb lt lv mg ms mt nb nl "
    "nn no oc pl pt qu ro sk sl so sq sv sw tl tr vi xh yo zu".split()
)
_SCRIPTS = {code: {"LATIN"} for code in _LATIN}
_SCRIPTS |= {code: {"CYRILLIC"} for code in "be bg ky mk mn ru tg uk".split()}
_SCRIPTS |= {code: {"ARABIC"} for code in "ar fa ps ug ur".split()}
_SCRIPTS |= {code: {"DEVANAGARI"} for code in "hi mr ne sa".split()}
_SCRIPTS |= {
    "el": {"GREEK"},
    "he": {"HEBREW"},
    "yi": {"HEBREW"},
    "hy": {"ARMENIAN"},
    "ka": {"GEORGIAN"},
    "th": {"THAI"},
}
_SCRIPTS |= {"ko": {"HANGUL", "CJK"}, "ja": {"HIRAGANA", "KATAKANA", "CJK"}, "zh": {"CJK"}, "bn": {"BENGALI"}}
"""Languages written in one way; what is written in several, such as Serbian, is believed as stated."""


def language(stated: str | None, text: str) -> str | None:
    """The ISO 639-1 code of the language, or None where it is not stated and not plain."""
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_].*)?", (stated or "").strip())
    code = match[1].lower() if match else None
    if code and _fits(code, text):
        return code
    return _told(text)


def _fits(code: str, text: str) -> bool:
    """Whether the text's letters are such as the language has, most of them."""
    scripts = _SCRIPTS.get(code)
    if scripts is None:
        return True
    letters = [char for char in text[:_SAMPLE] if char.isalpha()]
    counts = Counter("LATIN" if char.isascii() else unicodedata.name(char, "").partition(" ")[0] for char in letters)
    fitting = sum(count for script, count in counts.items() if script in scripts)
    return len(letters) < 20 or fitting * 3 >= len(letters)


def _told(text: str) -> str | None:
    return guess(text) if len(text) >= _SHORTEST else None


def guess(text: str, confident: float = _CONFIDENT) -> str | None:
    """The code of the language that a text most looks like, or None where that is less likely than ``confident``."""
    code, probability = _identifier().classify(text[:_SAMPLE])
    return str(code) if probability >= confident and len(code) == 2 else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
