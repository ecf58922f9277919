"""A charset's label, as a page or server states it -> the codec that reads it."""

from __future__ import annotations

import codecs

_WINDOWS_1252 = {"iso8859-1", "ascii"}
"""Labels that browsers read as Windows-1252 (WHATWG Encoding Standard)."""
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
"""Codecs of Python's own that no page is written in, one of them slow without bound."""


def codec(label: str) -> str | None:
    """The codec's name; ``None`` where the label names no charset."""
    try:
        name = codecs.lookup(label).name
        "a".encode(name)  # refuses codecs that are no text encodings, such as base64
    except (LookupError, UnicodeError, ValueError):
        return None
    if name in _NO_CHARSETS:
        return None
    return "cp1252" if name in _WINDOWS_1252 else name
