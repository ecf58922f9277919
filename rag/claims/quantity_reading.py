"""One match of the quantity pattern -> its value and kind, or nothing where the digits belong to a code or a name."""

from __future__ import annotations

import re
from fractions import Fraction

from rag.claims import numerals
from rag.claims.folding import GROUP
from rag.claims.quantity_pattern import FRACTIONS, IMPLIED, VAGUE
from rag.claims.units import CURRENCIES, DOLLARS, MEASURES, PENCE, PREFIXES

Reading = tuple[Fraction, str]
Readings = tuple[Reading, ...]
"""The likeliest first; empty where there is no number after all."""

_GROUPS = ("clock", "nth", "part", "ordinal", "vague", "twice", "implied", "count", "mark")
_CLOCK = re.compile(r"(\d+)(?:[:.](\d\d))?(?:[:.]\d\d)?\D*?([ap]?)\.?m?\.?$")
_SHARE_AFTER = re.compile(r" of\b| off\b| as (?:many|much)| (?:more|less|larger|smaller|bigger|higher|lower)\b")
_SHARE_BEFORE = re.compile(
    r"\b(?:by|than|about|nearly|almost|over|roughly|around|some|to|only|just|another|up|down) $"
)
_HALF_OF_PLAY = re.compile(r"(?:first|second|1st|2nd|other|better|top|bottom)[ -]$")
_OF_PERCENT = re.compile(r"(?: of)?(?: an?| one)? per ?cent(?P<points>age[ -]points?)?\b")
_LENGTH_BEFORE = re.compile(r"\b(?:an?|one) (?P<unit>minute|hour|day|week|month|year|decade|century) and $")
_CODE_BEFORE = re.compile(r"([^\W\d_]+)([-‐‑–]?)$")
_CODE_BEHIND = re.compile(r"\d+(?:[GD]\b|[A-Z]+\d)")
_CODES = frozenset({"covid", "omega", "vitamin", "sars"})


def read(match: re.Match[str], text: str, folded: str) -> Readings:
    """What ``match`` in ``folded``, the folded form of ``text``, says."""
    if _in_code(match, text):
        return ()
    group = next(group for group in _GROUPS if match[group] is not None)
    words = match[group]
    match group:
        case "clock":
            return _clock(words)
        case "nth":
            return ((Fraction(re.sub(r"\D", "", words)), "ordinal"),)
        case "part":
            return _part(match, folded)
        case "ordinal":
            named = text[match.start()].isupper() and _inside_sentence(text, match.start())
            return () if named else ((Fraction(numerals.ordinal(words)), "ordinal"),)
        case "vague":
            return ((_vague(words), "vague"),)
        case "twice":
            return ((Fraction(2 if words == "twice" else 3), "times"),)
        case "implied":
            return ((Fraction(IMPLIED[_key(words, "-")]), "implied"),)
        case _:
            return _count(match, text)


def _in_code(match: re.Match[str], text: str) -> bool:
    """Whether the digits belong to a code: letters with a capital before them, or such letters behind."""
    start = match.start()
    if not text[start].isdigit():
        return False
    before = _CODE_BEFORE.search(text, max(0, start - 16), start)
    if before and (not before[2] or before[1].lower() in _CODES or before[1] != before[1].lower()):
        return True
    return _CODE_BEHIND.match(text, start) is not None


def _inside_sentence(text: str, start: int) -> bool:
    """Whether a capital here is more than the start of a sentence."""
    before = text[max(0, start - 40) : start].rstrip(" \"'“‘(«")
    return bool(before) and before[-1] not in ".!?:\n"


def _clock(words: str) -> Readings:
    if words in ("noon", "midnight"):
        return ((Fraction(720 if words == "noon" else 0), "time"),)
    parts = _CLOCK.match(words)
    if parts is None:
        return ()
    hour, minute, half = int(parts[1]), int(parts[2] or 0), parts[3]
    if half:
        return ((Fraction(hour % 12 * 60 + minute + 720 * (half == "p")), "time"),)
    early = (Fraction(hour % 24 * 60 + minute), "time")
    return (early, (early[0] + 720, "time")) if 0 < hour < 12 else (early,)


def _part(match: re.Match[str], folded: str) -> Readings:
    """A share, "two-thirds"; of a percentage point, "half a percentage point"; past one, "an hour and a half"."""
    share = _share(match, folded)
    if share and (length := _LENGTH_BEFORE.search(folded, max(0, match.start() - 16), match.start())):
        return ((1 + share[0][0], MEASURES[length["unit"]][0]),)
    rate = _OF_PERCENT.match(folded, match.end())
    if share and rate:
        return ((share[0][0], "points" if rate["points"] else "percent"),)
    return share


def _share(match: re.Match[str], folded: str) -> Readings:
    """ "Two-thirds", "3/4", "half"; "a third man" is the third of them, "the second half" no share."""
    words = match["part"]
    if "/" in words:
        above, below = map(int, words.split("/"))
        return ((Fraction(above, below), "fraction"),) if 0 < above < below else ()
    if words in ("half", "halves"):
        played = _HALF_OF_PLAY.search(folded, max(0, match.start() - 8), match.start())
        return () if played else ((Fraction(1, 2), "fraction"),)
    count, _, share = re.sub(rf"[ {GROUP}]", "-", words).rpartition("-")
    if count in ("a", "an") and not _is_share(match, folded):
        return () if share in ("quarter", "quarters") else ((Fraction(FRACTIONS[share]), "ordinal"),)
    value = Fraction(int(count)) if count.isdigit() else numerals.cardinal(count) if len(count) > 2 else Fraction(1)
    if value > 1 and not share.endswith("s"):  # "19 fourth-graders"
        return ((value, "number"),)
    return ((value / FRACTIONS[share], "fraction"),)


def _is_share(match: re.Match[str], folded: str) -> bool:
    """Whether "a third" is a share: "a third of", "by a third."."""
    if (
        match["part"].endswith("half")
        or _OF_PERCENT.match(folded, match.end())
        or _SHARE_AFTER.match(folded, match.end())
    ):
        return True
    following = folded[match.end() : match.end() + 4].strip()
    ends = not following or following[0] in ".,;:)"
    return ends and _SHARE_BEFORE.search(folded, max(0, match.start() - 10), match.start()) is not None


def _vague(words: str) -> Fraction:
    product = Fraction(1)
    for word in re.findall(r"[a-z]+", words):
        product *= VAGUE.get(word, 1)
    return product


def _count(match: re.Match[str], text: str) -> Readings:
    bare = _bare(match)
    short = (match["short"] or "").strip(f" {GROUP}")
    value = bare * numerals.scale(short) if short else bare
    kind, size, other = _kind(match)
    readings = [(value * size, kind)]
    if short == "mm" and kind == "number":
        readings = [(bare / 1000, "length")]
    elif short == "m" and kind == "number":
        readings.append((bare, "length"))
    if other:
        readings.append((value * size, other))
    return tuple(readings)


def _bare(match: re.Match[str]) -> Fraction:
    """The value without an abbreviated scale."""
    count = match["count"] or "0"
    value = numerals.cardinal(count) if count[0].isalpha() else numerals.digits(count)
    for mark in (match["vulgar"], match["mark"]):
        value += numerals.VULGAR[mark[-1]] if mark else 0
    for word in re.findall(r"[a-z]+", match["scales"]):
        value *= numerals.scale(word)
    return -value if match["minus"] else value


def _kind(match: re.Match[str]) -> tuple[str, Fraction, str | None]:
    """Kind, what one of it is in common terms, and another kind it may be."""
    if match["points"]:
        return "points", Fraction(1, 100 if "b" in match["points"] else 1), None
    if match["percent"]:
        return "percent", Fraction(1), None
    if match["times"]:
        return "times", Fraction(1), None
    before, after = match["before"] or match["sign"], _key(match["after"], " ")
    if before:
        return DOLLARS.get(after) or PREFIXES[_key(before, " ")], Fraction(1), "CNY" if before == "¥" else None
    if after:
        return _money(after)
    if match["unit"]:
        kind, size = MEASURES.get(_key(match["unit"], "-"), ("second", Fraction(1)))
        return kind, size, None
    return "number", Fraction(1), None


def _money(word: str) -> tuple[str, Fraction, str | None]:
    if word in PENCE:
        return PENCE[word], Fraction(1, 100), None
    if word in ("pound", "pounds"):
        return "GBP", Fraction(1), "pounds"
    if word == "won":  # "five won" may be people who did
        return "KRW", Fraction(1), "number"
    return DOLLARS.get(word) or CURRENCIES[word], Fraction(1), None


def _key(words: str | None, blank: str) -> str:
    return re.sub(rf"[- {GROUP}]", blank, (words or "").strip(f"- {GROUP}"))
