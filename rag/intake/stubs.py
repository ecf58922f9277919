"""Whether a text is not the article but only what stands in its place: a wall, a banner, a missing page.

A real article marked a stub is lost to its readers, so a mark needs both the words of a wall and little else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.intake import leftovers
from rag.records import Removed

_WORDS = {
    "bot check": (
        r"(?:verify|confirm|prove)(?:ing)? (?:that )?you(?:'re| are) (?:a )?(?:human|not a (?:ro)?bot)",
        r"(?:checking|verifying) (?:if the site connection is secure|your browser)",
        r"are you a (?:ro)?bot\?",
        r"(?:detected|seen|noticed) unusual (?:traffic|activity)",
        r"complete the (?:security check|captcha)|solve (?:this|the) captcha",
        r"enable (?:javascript|js) and cookies to continue|enable cookies and javascript",
        r"(?:you have been|you are being) (?:blocked|rate limited)|ray id: ?\w+",
        r"access (?:to this page has been )?denied",
    ),
    "not found": (
        r"page (?:(?:you(?:'re| are| were)? (?:looking for|request\w*|tried to \w+|want\w*))|requested)?.{0,40}"
        r"(?:not (?:be )?found|couldn't be found|(?:doesn't|does not|no longer) exists?|(?:is|"
        r"has been) (?:removed|deleted|"
        r"moved)|isn't available|is (?:not|no longer) available)",
        r"(?:article|story|content|page) (?:is|has been|you .{0,30}) (?:no longer available|removed|expired)",
        r"^(?:sorry,? |oops!? ?)?(?:we )?(?:can't|cannot|couldn't|could not) (?:seem to )?find (?:the|that|"
        r"this) page",
        r"(?:error )?404(?: error)?[ :.–—-]{0,3}(?:(?:page )?not found|error)|^(?:error )?404$",
        r"seite (?:wurde )?nicht gefunden|page introuvable|página no encontrada|страница не найдена",
    ),
    "paywall": (
        r"(?:subscri\w+|register|sign (?:in|up)|log ?in|join)\b.{0,60}\bto (?:continue|keep|finish|read|unlock|"
        r"access|see|"
        r"view)\b",
        r"to (?:continue|keep|finish|unlock|read|access) (?:reading|the (?:rest|full|whole)|this (?:article|story))?"
        r".{0,50}\b(?:subscri\w+|register|log in|sign (?:in|up)|free account)\b",
        r"(?:article|story|content|page|report|feature) is (?:only |exclusively )?(?:for|"
        r"available (?:only )?(?:to|for)|"
        r"exclusive to|reserved for|restricted to|limited to)\b.{0,30}\b(?:subscribers?|members?|subscriptions?)",
        r"already (?:a|have a|have an) (?:subscri\w+|member|account|digital subscri\w+)\b",
        r"(?:you(?:'ve| have) )?(?:reached|used up|read)\b.{0,30}\b(?:free articles?|article limit|limit of free)",
        r"\d+ free articles? (?:left|remaining)|subscri(?:ber|bers|ption)[ -]only",
        r"unlock (?:this|the (?:full|whole|rest)|all|unlimited)\b|unlimited (?:digital )?access (?:for|from|to)",
        r"(?:subscribe|try|join) (?:now |today )?(?:for (?:just |only )?[$€£]|from [$€£])",
        r"(?:diesen artikel|jetzt) (?:weiterlesen|freischalten)|réservée? (?:à nos|aux) abonnés|"
        r"(?:contenido|artículo) exclusivo para suscriptores|(?:для|только) подписчик",
    ),
    "cookie notice": (
        r"\b(?:we|this (?:web ?)?site|our partners?|us) (?:and .{0,40} )?(?:also )?(?:uses?|"
        r"stores?)\b.{0,60}\bcookies\b",
        r"\bcookies?\b.{0,120}\b(?:consent|accept|agree|preferences|settings|your experience|privacy policy)\b",
        r"\b(?:consent|accept|agree|preferences|privacy)\b.{0,120}\bcookies?\b",
        r"(?:we|your) (?:value|care about|respect)? ?(?:your )?privacy\b.{0,10}$|your privacy choices",
        r"legitimate interest|(?:store|access) (?:and/or access )?information on (?:a|your) device",
    ),
    "newsletter": (
        r"\b(?:sign up|subscribe|signing up|subscribing)\b.{0,90}\b(?:newsletter|inbox|mailing list|e-?mails?)\b",
        r"\b(?:newsletter|inbox)\b.{0,90}\b(?:sign up|subscribe|unsubscribe)\b",
        r"(?:in|to) your inbox\b|(?:enter|your) e-?mail address",
        r"you can unsubscribe at any time|thank you for (?:subscribing|signing up)",
    ),
}
_WALLS = {kind: re.compile("|".join(words), re.IGNORECASE) for kind, words in _WORDS.items()}
LEFTOVERS = "leftovers"
KINDS = frozenset(_WORDS) | {LEFTOVERS}
_SHORT_LINE = 400
_LITTLE = 500
"""Characters of other text beside a wall that may stand before the whole is taken for an article."""
_LEAST = {"paywall": _LITTLE, "bot check": 150, "not found": 150, "cookie notice": 250, "newsletter": 150}
"""A lead is shown above a paywall; the others show nothing of an article, only links and the name of the site."""
_TITLES = {
    "not found": re.compile(
        r"(?:error )?404\b.{0,60}|(?:.{0,40}[-–—|:] ?)?page (?:not found|introuvable)(?: ?[-–—|:].{0,40})?",
        re.IGNORECASE,
    ),
    "bot check": re.compile(
        r"just a moment\.*|attention required!.{0,40}|access denied|are you a robot\??|security check", re.IGNORECASE
    ),
}


def kind(
    text: str, *, title: str | None = None, removed: Iterable[Removed] = (), free: bool | None = None
) -> str | None:
    """What the text stands in the place of an article as, such as ``paywall``; None for an article.

    ``removed`` is what cleaning took out of it. ``free`` is whether the page says that all may read the article.
    """
    lines = [line for line in text.split("\n") if line]
    other: list[str] = []
    size = 0
    for line in lines:
        if _wall(line) is None:
            other.append(line)
            size += len(line)
        if size >= _LITTLE:
            return None
    for name, pattern in _TITLES.items():
        if pattern.fullmatch(title or "") and size < _LITTLE:
            return name
    walls = {_wall(line) for line in lines} | {line.reason for line in removed}
    for name in _WALLS:
        if name in walls and size < _LEAST[name]:
            return name
    return "paywall" if free is False and size < _LITTLE and not _is_whole(other) else None


def before_wall(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines above a request to pay for reading on, and those from it to the end, where those are few."""
    for number, line in enumerate(lines):
        if number and asks_to_pay(line):
            below = lines[number:]
            return (lines[:number], below) if sum(map(len, below)) < _LITTLE else (lines, [])
    return lines, []


def asks_to_pay(line: str) -> bool:
    """Whether the line is the page's own, and says that reading on costs money or an account."""
    return len(line) <= _SHORT_LINE and bool(_READ_ON.search(line)) and not leftovers.is_report(line)


def is_walled(lines: Sequence[str], shown: Iterable[str]) -> bool:
    """Whether little was found of a page that, beside it, asks to pay for reading on."""
    if sum(map(len, lines)) >= _LITTLE:
        return False
    return any(map(asks_to_pay, shown))


# Frames of sites offer subscriptions on every page; only these words belong to one article.
_READ_ON = re.compile(
    r"(?:subscri\w+|register|sign (?:in|up)|log ?in)\b.{0,60}\bto (?:continue|keep|finish) reading|"
    r"to (?:continue|keep|finish) reading\b.{0,60}\b(?:subscri\w+|register|log in|sign (?:in|up))|"
    r"this (?:article|story|report) is (?:only |exclusively )?(?:for|available (?:only )?to|exclusive to|"
    r"reserved for)\b"
    r".{0,30}\b(?:subscribers?|members)",
    re.IGNORECASE,
)


def _wall(line: str) -> str | None:
    """The wall that a line is a part of; a line that reports what somebody said is of none."""
    key = leftovers.key(line)
    if len(key) > _SHORT_LINE or leftovers.is_report(key):
        return None
    return next((name for name, words in _WALLS.items() if words.search(key)), None)


def _is_whole(lines: list[str]) -> bool:
    """Whether the text ends as a report does: two paragraphs or more, the last of them with a full stop."""
    return len(lines) > 2 and lines[-1].rstrip("\"”'’)").endswith((".", "!", "?"))
