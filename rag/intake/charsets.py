"""Bytes of a web page -> text: which charset they are in, whatever label they carry."""

from __future__ import annotations

import codecs
import re

from rag.errors import InputError

_WINDOWS_1252 = {"iso8859-1", "ascii"}
"""Labels that browsers read as Windows-1252 (WHATWG Encoding Standard)."""
_NO_CHARSETS = {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
"""Codecs that no page is written in, one of them slow without bound; and UTF-7, which hides markup."""


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


_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LABEL = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)


def decoded(data: bytes, charset: str | None = None) -> str:
    """The text of a page. ``charset`` is the label that the server gave, which stands above the page's own.

    Valid UTF-8 is read as that whatever the labels say: hardly any text in another charset is valid UTF-8 by chance.
    """
    mark = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    stated = charset if charset and codec(charset) else _label(data)
    name = mark or _usable(stated) or "utf-8"
    # Bytes that are all ASCII may be an encoding of seven bits, which only its label tells.
    for attempt in dict.fromkeys((mark or "utf-8", name) if not data.isascii() else (name, "utf-8")):
        try:
            return data.decode(attempt).replace("\0", "")
        except UnicodeDecodeError as failed:
            error = failed
    if stated and not mark and codec(stated) is None:
        raise InputError(f"Unknown charset {stated!r}. Save the page as UTF-8.")
    text = data.decode(name, "replace")
    if text.count("\ufffd") * _FEW <= len(text) and (mark or stated):
        return text.replace("\0", "")
    at = error.start + 1
    raise InputError(f"Not {name.upper()} text (byte {at}). Save the page as UTF-8, or declare its charset.")


_FEW = 1000
"""One broken character in so many is a slip of the outlet's; more are a wrong label."""


def _label(data: bytes) -> str | None:
    match = _LABEL.search(data[:4096])
    return match[1].decode("ascii", "replace") if match else None


def _usable(label: str | None) -> str | None:
    name = codec(label) if label else None
    # A label inside the page was read as ASCII, so one of two or four bytes a character is wrong.
    return "utf-8" if name and name.startswith(("utf-16", "utf-32")) else name
