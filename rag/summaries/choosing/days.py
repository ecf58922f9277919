"""The days on which what sentences tell happened, and those on which somebody said so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from rag.alone import QUOTED
from rag.claims import dates
from rag.claims.date_pattern import MONTHS
from rag.claims.dates import DateMention
from rag.records import Article
from rag.summaries.choosing.sentences import Sentence

LONGEST = 366
"""Days that an event may last; what lasts longer is none."""
NEAR = timedelta(days=3)
"""How far from its publication a report's news lie at most."""
GOES_ON = 6
"""Sentences after one that states a day, in which an hour is still of that day."""
_SAYING = re.compile(
    r"\b(?:said|says|told|announced|reported|wrote|statement|interview|added|warned|confirmed|admitted|according|account"
    r"|put)\b[^.;:“”\"]{0,25}$",
    re.IGNORECASE,
)
"""Before a date that is the day of saying, not of what is said."""
_HOUR = re.compile(
    r"\b(?:at|by|before|until|around|about|after) (?:noon|midnight|midday|dawn|dusk|nightfall|mid-morning|lunchtime"
    r"|\d{1,2}(?::\d{2})? ?[ap]\.?m|\w+ o[’']clock|\d{1,2}:\d{2})"
    r"|\b(?:in the|this|by) (?:early |late )?(?:morning|afternoon|evening|night)\b",
    re.IGNORECASE,
)
"""A time of a day that the sentences before have stated."""
_NAMED = re.compile(rf"\b(?:{'|'.join(MONTHS)})\b|\b[12]\d{{3}}\b", re.IGNORECASE)
"""A month or a year by its name: "last week" is no more than a hint."""
_WHEN = re.compile(
    r"(?:\b(?:in|since|until|till|by|during|from|for|before|after|and|to)"
    r"(?: (?:early|late|mid|spring|summer|autumn|winter|fall))?[ -]|, |^)$",
    re.IGNORECASE,
)
"""Before a month or year in which something happens; in "the bridge of 1788" the year is the bridge's."""
_ASIDE = re.compile(r"(?:, | [–—-] )?\b(?:who|which|that|that['’]s|whose|since|as)\b[^,;–—]*$", re.IGNORECASE)
"""Before a month or year in a clause that says something besides: what is mainly told is of other days."""
_OPINION = re.compile(r"^\W*(?:opinion|comment|letters?|editorial|analysis|column|review|explainer)\b", re.IGNORECASE)

Days = tuple[date, date]
"""The first and the last day."""


def happened(sentence: Sentence) -> list[Days]:
    """The days that the sentence dates what it tells to, each once, in order."""
    return [days for days, said in _found(sentence) if not said]


def days_of(sentences: Sequence[Sentence]) -> list[list[Days]]:
    """The days that each sentence of one article tells of.

    Those on which it happened are meant before those on which it was said, single days before a month or a year. A
    sentence that states an hour alone is of the day of the news that was stated last. The first that can be chosen is
    also of the day on which it was said, for that is the news; in a report that states no day near its publication,
    of that one.
    """
    found: list[list[Days]] = []
    current: tuple[int, Days] | None = None
    for place, one in enumerate(sentences):
        days = _meant(one)
        if not days and current and place - current[0] <= GOES_ON and _HOUR.search(one.text):
            days = [current[1]] if _is_near(one, current[1]) else []
        if days and _is_single(days[-1]):
            current = place, days[-1]
        found.append(days)
    lead = next((place for place, one in enumerate(sentences) if one.eligible), None)
    if lead is not None:
        found[lead] = list(dict.fromkeys([*found[lead], *_of_the_news(sentences[lead], found)]))
    return found


def _of_the_news(lead: Sentence, found: Sequence[Sequence[Days]]) -> list[Days]:
    """The days of a report's first sentence, beside those on which what it tells happened."""
    if said := [days for days, of_saying in _found(lead) if of_saying and _is_single(days)]:
        return said
    published = lead.article.published_at
    if published is None or not reports(lead.article):
        return []
    today = published.date()
    near = any(_is_single(days) and _is_near(lead, days) for each in found for days in each)
    return [] if near else [(today, today)]


def _is_near(sentence: Sentence, days: Days) -> bool:
    """Whether days lie so near the publication of a sentence's article that they are those of its news."""
    published = sentence.article.published_at
    return published is not None and abs(days[0] - published.date()) <= NEAR


def reports(article: Article) -> bool:
    """Whether an article tells news, as far as its title says, and not what somebody thinks of them."""
    return _OPINION.match(article.title) is None


def _meant(sentence: Sentence) -> list[Days]:
    found = _found(sentence)
    for said in (False, True):
        if single := [days for days, of_saying in found if of_saying is said and _is_single(days)]:
            return single
    return [days for days, said in found if not said and not _is_single(days)]


def _found(sentence: Sentence) -> list[tuple[Days, bool]]:
    """Days with whether they are those of saying; what a quotation speaks of is left to it."""
    text = sentence.text
    quoted = [match.span() for match in QUOTED.finditer(text)]
    found = [
        ((one.first, one.last), _SAYING.search(text[: one.start]) is not None)
        for one in dates.find(text, published=sentence.article.published_at)
        if one.first and one.last and _is_event(one, text) and not any(a <= one.start < b for a, b in quoted)
    ]
    return list(dict.fromkeys(found))


def _is_event(mention: DateMention, text: str) -> bool:
    """Whether a date may be that of an event: a day, or a month or year in which something happens."""
    if mention.first is None or mention.last is None or (mention.last - mention.first).days >= LONGEST:
        return False
    if mention.first == mention.last:
        return True
    before = text[: mention.start]
    return bool(_NAMED.search(mention.words) and _WHEN.search(before) and not _ASIDE.search(before))


def _is_single(days: Days) -> bool:
    return days[0] == days[1]
