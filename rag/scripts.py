"""Whether meanings can be compared: the bundled embedder and reader know English only, and that is said."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from rag.intake import languages
from rag.words import STOPWORDS, words

WORDS_ONLY = (
    "The bundled models read English only: in other languages words are found here, meanings are not. "
    "Set GROUNDWIRE_EMBEDDINGS to a model that reads this language and run 'groundwire reindex'."
)
_ENGLISH = 0.3
"""Part of a question's words that are the small words of English, from which it is English whatever it looks like."""

_LIKELY = 0.5
"""From so likely another language on it is that: English headlines and bare names stay below .3, questions seldom."""


def not_english(question: str, found: Sequence[str | None]) -> bool:
    """Whether the question, or most of the articles found for it, are in another language as far as can be told."""
    foreign = sum(language not in (None, "en") for language in found)
    return not is_english(question) or 2 * foreign > len(found)


def is_english(question: str) -> bool:
    """Whether a text is in Latin letters and does not look like another language more than like English."""
    if "¿" in question or "¡" in question:
        return False
    letters = [char for char in question if char.isalpha()]
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in letters)
    if 2 * latin < len(letters):
        return False
    asked = words(question)
    small = sum(word in STOPWORDS for word in asked)
    return small >= _ENGLISH * len(asked) or languages.guess(question, _LIKELY) in (None, "en")
