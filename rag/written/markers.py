"""A line of a reply -> its words without marks, and the ``[n]`` in it with their places, read tolerantly."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LIST = r"\d{1,3}(?:\s*(?:,|;|–|-|and|&)\s*(?:passages?\s*|\^)?\d{1,3})*"
_MARK = re.compile(
    r"[ \t]*(?:[\[【]\s*(?:\^|(?:passages?|sources?|cit(?:e|ation))\s*:?\s*)?"
    rf"(?P<numbers>{_LIST})(?:†[^\]】]*)?\s*[\]】]"
    r"(?:\([^()\s]*\))?|(?<=[^\W\d_⁰¹²³⁴-⁹]|[.,;:!?\"”’)。！？])(?<!\bm)(?<!\b[kcm]m)(?<!\bft)(?<!\bmi)"
    r"(?P<raised>[¹²³⁴-⁹][⁰¹²³⁴-⁹]{0,2})(?![⁰¹²³⁴-⁹]))"
    r"|(?P<image>!\[[^\]\n]{0,500}\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\))"
    r"|\[(?P<linked>[^\[\]\n]+)\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
    r"|(?P<emphasis>\*\*|__|~~|`|(?<!\w)[*_](?=\w)|(?<=[\w.,;:!?\"”’)])[*_](?!\w))",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>\n]*>|<(?=[a-z/!])", re.IGNORECASE)
_BLANK = re.compile(r"(?<=\w)[ \t]+(?=[.,](?:\s|$))")
"""Left of what stood before a full stop: a picture, a tag."""
_TWO_STOPS = re.compile(r"(?<!\.)\.\.$")
"""Left of "It came. [1]."."""
_WIDEST = 20
"""A range like [1-900] is noise, not a citation of 900 passages."""
_JOINERS = "\u200c\u200d"
"""Format characters that scripts and emoji need; all others are hidden marks."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence without its markers, and their numbers in order."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lifted:
    """A text without marks."""

    bare: str
    markers: tuple[tuple[int, tuple[int, ...]], ...]
    """Places in ``bare`` where markers stood, and their numbers."""
    back: tuple[int, ...]
    """For each place in ``bare``, and its end, the place in the text that it came from."""


def lift(text: str) -> Lifted:
    """Take off markers, emphasis, images and the addresses of links."""
    letters: list[str] = []
    back: list[int] = []
    markers: list[tuple[int, tuple[int, ...]]] = []
    end = 0
    for match in _MARK.finditer(text):
        letters += text[end : match.start()]
        back += range(end, match.start())
        numbers = match["numbers"] or (match["raised"] or "").translate(_SUPERSCRIPTS)
        if numbers:
            markers.append((len(letters), _numbers(numbers)))
        elif match["linked"]:
            letters += match["linked"]
            back += range(match.start("linked"), match.end("linked"))
        end = match.end()
    letters += text[end:]
    back += range(end, len(text) + 1)
    return Lifted("".join(letters), tuple(markers), tuple(back))


def clean(text: str) -> str:
    """A text without entities, tags and characters that nobody sees."""
    unescaped = _TAG.sub("", html.unescape(text)).encode("utf-8", "replace").decode()
    shown = (letter for letter in unescaped if letter in _JOINERS or unicodedata.category(letter) not in ("Cc", "Cf"))
    return _TWO_STOPS.sub(".", _BLANK.sub("", "".join(shown).strip()))


def _numbers(inside: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in re.split(r"[,;&]|and", inside, flags=re.IGNORECASE):
        ends = [int(digits) for digits in re.findall(r"\d+", part)]
        first, last = ends[0], ends[-1]
        found += range(first, last + 1) if first <= last < first + _WIDEST else [first, last]
    return tuple(dict.fromkeys(found))
