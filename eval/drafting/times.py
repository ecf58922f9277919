"""When something took place: questions with "when", and words of time that would mean another day later."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from eval.drafting.asked import DATES, Asked, Bearer
from eval.drafting.grammar import AUXILIARIES, PREPOSITIONS, PRONOUN, clause, holds_verb, is_named
from rag.claims import dates
from rag.claims.dates import DateMention

_ON = re.compile(r"(?:^|\s)(?:on|in)\s(?:(?:early|late|mid)[ -])?$")
_SAFE_TAIL = re.compile(rf"\s*$|,|\s(?:{PREPOSITIONS}|and)\b", re.IGNORECASE)
_RELATIVE_TAIL = re.compile(r"\s*(?:,\s)?(?:to|that|who|which|not|if|when|while|as|because)\b")
_LOOSE = re.compile(r"(?: (?:earlier|late|early|back|later|only|just))+$")
_DONE = re.compile(
    r"(?:\w+ly )?(?:(?!been)\w+(?:ed|en|ing|wn)|born|set|put|shot|held|built|sold|found|made|hit|sent|won|lost|led)\b"
)
"""Words behind "was" that tell what was done, and are not what somebody was."""
_WEEKDAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day")
_TAIL = 14
"""Words behind the date that a question keeps at most."""
_STATES_ONLY = frozenset("is are has have will would can could may might must should".split())


def asked(bearer: Bearer) -> Iterator[Asked]:
    """ "When was the dam opened?" of "The dam was opened on 3 May"."""
    told = clause(bearer.text)
    if told is None or told.verb in _STATES_ONLY:
        return
    mentions = _within(bearer, told.rest)
    if len(mentions) != 1 or (iso := iso_of(mentions[0])) is None:
        return
    mention = mentions[0]
    before, after = told.rest[: mention.start], told.rest[mention.end :]
    placed = _ON.search(before) or (mention.weekday is not None and before.endswith(" "))
    event = _LOOSE.sub("", _ON.sub("", before).strip()) if placed else ""
    if not event or not is_named(told.subject) or (told.verb in AUXILIARIES and not _DONE.match(event)):
        return
    if "," in event or (holds_verb(event) and told.verb not in ("was", "were")) or PRONOUN.search(event):
        return
    if not _SAFE_TAIL.match(after) or _RELATIVE_TAIL.match(after) or _is_only_start(event):
        return
    tail = _place(after)
    if question := told.inverted(f"{event}{tail}"):
        yield Asked(f"When {question}?", mention.words, DATES, "asks when", date=iso)


def iso_of(mention: DateMention) -> str | None:
    """The day, month or year that a date means, as ISO 8601; ``None`` for any other stretch of days."""
    first, last = mention.first, mention.last
    if first is None or last is None or mention.other is not None:
        return None
    if first == last:
        return first.isoformat()
    if (first.year, first.month, first.day) == (last.year, last.month, 1) and last.day == _last_day(last):
        return f"{first:%Y-%m}"
    whole_year = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
    return f"{first:%Y}" if whole_year else None


def fixed(text: str, bearer: Bearer) -> str:
    """The text with each weekday, and each day without its year, written out as the date that it means."""
    for mention in reversed(dates.find(text, published=bearer.published)):
        if mention.year is not None or mention.first is None or mention.first != mention.last:
            continue
        before = text[: mention.start]
        if before.endswith("on ") or _WEEKDAY.fullmatch(mention.words):
            text = before + _on(before) + _written(mention.first) + text[mention.end :]
    return text


def _within(bearer: Bearer, rest: str) -> list[DateMention]:
    """The dates of the rest of the sentence, their places counted in it."""
    offset = bearer.text.rstrip(" .").rfind(rest)
    found = dates.find(bearer.text, published=bearer.published)
    return [_moved(one, offset) for one in found if one.start >= offset] if offset >= 0 else []


def _moved(mention: DateMention, by: int) -> DateMention:
    return replace(mention, start=mention.start - by, end=mention.end - by)


def _place(after: str) -> str:
    """What of the words behind the date tells which event is meant, " with the leaders of Target": up to a comma."""
    found = re.match(rf" (?:{PREPOSITIONS})\b[^,]*", after)
    keeps = (
        found
        and not PRONOUN.search(found[0])
        and not holds_verb(found[0].partition(" and ")[2])
        and len(found[0].split()) <= _TAIL
    )
    return found[0] if found and keeps else ""


def _is_only_start(event: str) -> bool:
    """Whether the words before the date break off before what they are about: "agreed with", "the"."""
    return re.search(r"\b(?:the|a|an|of|and|or|with|to|by|for|at|from|that|suit)$", event) is not None


def _on(before: str) -> str:
    return (
        "" if re.search(r"\b(?:on|since|until|by|before|after|from|to|of|and|between) (?:the )?$", before) else "on "
    )


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _last_day(day: date) -> int:
    return monthrange(day.year, day.month)[1]
