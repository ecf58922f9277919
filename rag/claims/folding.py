"""Letters, digits, quote marks, dashes and blanks folded one for one, so that places in the text stay places."""

from __future__ import annotations

import re
import unicodedata

_ZEROS = "٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᪀᪐᭐᮰᱀᱐꘠꣐꤀꧐꧰꩐꯰０"
_DOUBLE = "“”„‟«»″＂「」『』"
_SINGLE = "‘’‚‛‹›′`´＇"
_DASHES = "‐‑‒–—―−﹘﹣－"
_BLANKS = "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_GROUPING = "\xa0\u2007\u2009\u202f"
GROUP = "\x1f"
"""What ``numeric`` makes of the narrow blanks that group the digits of one number."""

_PLAIN = {ord(zero) + digit: str(digit) for zero in _ZEROS for digit in range(10)}
_PLAIN |= dict.fromkeys(map(ord, _DOUBLE), '"') | dict.fromkeys(map(ord, _SINGLE), "'")
_PLAIN |= dict.fromkeys(map(ord, _DASHES), "-") | dict.fromkeys(map(ord, _BLANKS), " ")
_NUMERIC = _PLAIN | dict.fromkeys(map(ord, _GROUPING), GROUP) | {ord("٬"): ",", ord("٫"): ".", ord("％"): "%"}

_SPACE = re.compile(r"\s+")
_TITLED = re.compile(r"\b[A-Z](?=[^\W\d_]*[^\W\d_A-Z])|\b[A-Z]{4,}\b")
_BRACKETS = re.compile(r"[\[\]]")
_UNSEEN = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def plain(text: str) -> str:
    """ASCII digits, straight quote marks, hyphens and plain blanks for all their kin; the same length."""
    return text.translate(_PLAIN)


def numeric(text: str) -> str:
    """``plain`` in small letters, with blanks that group digits kept apart as ``GROUP``; the same length."""
    return lowered(text.translate(_NUMERIC))


def lowered(text: str) -> str:
    """Small letters, one for one: the few capitals whose small form is longer stay."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def titled(text: str) -> str:
    """Without the capitals of titles, "Strategic Plan", and without the brackets of "[T]he"; initials keep theirs."""
    return _TITLED.sub(lambda capital: lowered(capital.group()), _BRACKETS.sub("", text))


def verbatim(text: str) -> str:
    """For comparing word for word: composed letters, single blanks, one kind of quote mark and of dash."""
    composed = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return _SPACE.sub(" ", plain(composed).replace('"', "'")).strip()
