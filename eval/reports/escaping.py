"""Text as Markdown that shows it as it is, whatever it looks like; fit for a cell of a table."""

from __future__ import annotations

import re
import unicodedata

# Whatever begins an inline element in GitHub's dialect, bare addresses among them.
_INLINE = re.compile(r"[\\`*_\[\]<>&~|^${}!]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
# A person, an address of mail, an issue: GitHub looks for these in the text that is left when escapes are resolved.
_CALLS = re.compile(r"(?<!\w)@(?=\w)|@(?=[\w-]*\.\w)|#(?=\w)")
_LEADING = re.compile(r"\A(\d+(?=[.)](?:\s|\Z)))?([-+#=]|(?<=\d)[.)])")
JOINER = "\N{WORD JOINER}"
"""Set after ``@`` and ``#`` where they would call, which no backslash prevents; it has no width."""


def escaped(text: str) -> str:
    """One line of Markdown whose only content is the text; what cannot be printed becomes a replacement character."""
    inline = _INLINE.sub(r"\\\g<0>", "".join(map(_printable, text)))
    inline = _LEADING.sub(r"\1\\\2", inline)
    inline = _CALLS.sub(rf"\g<0>{JOINER}", inline)
    return re.sub(r"[\n\t]|\A\s|\s\Z", lambda found: f"&#{ord(found.group())};", inline)


def _printable(char: str) -> str:
    if char == "\r":
        return "\n"
    # Cc and Cs cannot be shown; Bidi controls would turn the rest of the line around.
    hidden = unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"
    turning = unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    return "\N{REPLACEMENT CHARACTER}" if hidden or turning else char
