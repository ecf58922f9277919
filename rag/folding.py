"""Text folded so that a reader who types part of a name finds it in any script, case and with or without accents."""

from __future__ import annotations

import unicodedata

_ACCENTS = range(0x0300, 0x0370)
"""The marks of Latin, Greek and Cyrillic letters; those of other scripts are letters of their own."""


def folded(text: str) -> str:
    """Small letters without accents, one space between words; composed again, for Korean is taken apart too."""
    small = text.casefold()
    if not small.isascii():
        apart = unicodedata.normalize("NFKD", small)
        plain = "".join(one for one in apart if ord(one) not in _ACCENTS).casefold()
        small = unicodedata.normalize("NFC", plain)
    return " ".join(small.replace("\0", " ").split())
