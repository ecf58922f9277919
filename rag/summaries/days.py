"""The days on which what a sentence tells happened, and those on which somebody said so."""

from __future__ import annotations

import re
from datetime import date

from rag.claims import dates
from rag.claims.dates import DateMention
from rag.summaries.sentences import Sentence

LONGEST = 366
"""Days that an event may last; what lasts longer is none."""
_SAYING = re.compile(
    r"\b(?:said|says|told|announced|reported|wrote|statement|interview|added|warned|confirmed|according|account)\b"
    r"[^.;:“”\"]{0,25}$",
    re.IGNORECASE,
)
"""Before a date that is the day of saying, not of what is said."""

Days = tuple[date, date]
"""The first and the last day."""


def happened(sentence: Sentence) -> list[Days]:
    """The days that the sentence dates what it tells to, each once, in order."""
    return [(first, last) for first, last, said in _found(sentence) if not said]


def said(sentence: Sentence) -> list[Days]:
    """The days on which what it tells was said."""
    return [(first, last) for first, last, said in _found(sentence) if said]


def _found(sentence: Sentence) -> list[tuple[date, date, bool]]:
    mentions = dates.find(sentence.text, published=sentence.article.published_at)
    found = [
        (one.first, one.last, _SAYING.search(sentence.text[: one.start]) is not None)
        for one in mentions
        if one.first and one.last and _is_event(one)
    ]
    return list(dict.fromkeys(found))


def _is_event(mention: DateMention) -> bool:
    return bool(mention.first and mention.last and (mention.last - mention.first).days < LONGEST)
