"""What a document's properties say of it, where a person wrote them and no program filled them in."""

from __future__ import annotations

import re
import unicodedata

_FILE = re.compile(r"\.(?:docx?|pdf|indd|qxd|qxp|rtf|odt|pages|txt|html?|pptx?|xlsx?|ps|tex|dvi)$", re.IGNORECASE)
_FILLED_IN = re.compile(
    r"(?:microsoft (?:word|powerpoint|publisher)|powerpoint presentation|word document|slide \d|untitled|document\d*|"
    r"doc\d+|no title|title|\(?anonymous\)?|\(?unspecified\)?|unbenannt|sans titre|layout \d|page \d+$|print$)\b.*",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"(?:administrator|admin|user|owner|unknown|author|default|anonymous|\(anonymous\)|unspecified|\(unspecified\)|"
    r"python-docx|microsoft(?: .*)?|adobe(?: .*)?|root|pc|guest|none|null|n/?a|user\d+|.*@.*|.*\\.*)",
    re.IGNORECASE,
)
_LIGATURES = re.compile("[\ufb00-\ufb06]")


def title(value: str | None) -> str | None:
    """A title of two words or more that is neither a file's name nor what a program puts there."""
    line = spelt_out(" ".join((value or "").split()))
    if not 2 <= len(line.split()) <= 40 or len(line) > 300 or _FILE.search(line) or _FILLED_IN.fullmatch(line):
        return None
    return line


def author(value: str | None) -> str | None:
    """Names of people, none of a machine's accounts or programs."""
    line = spelt_out(" ".join((value or "").split()))
    if len(line) > 300 or not re.search(r"[^\W\d_]{2}", line) or _NO_PERSON.fullmatch(line):
        return None
    return line


def spelt_out(text: str) -> str:
    """The same words with ligatures as the letters they join."""
    return _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
