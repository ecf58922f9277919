"""A time stated by what happened then: "before the summit", "since the strike began", "the week after the deal".

Nothing is read or searched here. The caller finds passages for the event's own words and hands their sentences over::

    event = events.find(standalone) if stated is None else None      # stated: what dates.period found
    if event is not None:
        hits = search(event.query, k, filters)
        told = [(sentence.article, sentence.text) for sentence in evidence.candidates(hits, article)]
        if (day := events.day(event, told)) is not None:
            stated = events.period(event, day)                       # .words are the asker's: take them out as usual

Where ``day`` is ``None`` the question is best answered as if it stated no time, its words kept.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from rag import passages
from rag.claims import dates, names, stretches
from rag.claims.date_pattern import COUNT
from rag.claims.dates import DateMention, Period
from rag.event_words import alike, lasts, names_event, one_verb, tells_past
from rag.records import Article
from rag.words import STOPWORDS, stem, stems, words

Way = Literal["before", "after", "since", "until", "during"]

ENOUGH = 0.5
"""Weight from which a day is believed: one lead in the past tense, or one date beside the event."""
CLEAR = 2.0
"""How many times the next best day's weight that must be."""
NEAR, FAR = 8, 15
"""Words between an event and its date: so few weigh 1, so many a half, more nothing."""
_PUBLISHED = 0.5
"""Weight of the day a lead was published that tells of the event and states no day."""

_WAYS: dict[str, Way] = {
    "before": "before",
    "prior to": "before",
    "ahead of": "before",
    "after": "after",
    "following": "after",
    "since": "since",
    "until": "until",
    "till": "until",
    "during": "during",
}
_FIND = re.compile(
    r"(?:\b(?:in |on |during )?the (?P<run>days?|weeks?|months?|years?) "
    rf"|\b(?P<count>{COUNT}) (?P<unit>day|week|month|year)s? )?"
    rf"\b(?P<way>{'|'.join(_WAYS)}) (?P<phrase>[^?.!;,]+)",
    re.IGNORECASE,
)
_NOUN_ENDS = re.compile(
    r" (?:of|in|at|with|between|on|over|for|by|to|from|that|which|who|against|near|was|were|had|is)\b"
)
_CLAUSE = re.compile(r"[,;:—–“”\"()]|\b(?:which|who|where|when|while|as|after|before|because|and|but)\b")
_CLAUSE_OPENS = re.compile(r"\b(?:where|when|while|as|after|before|because)\b")
_REPORTED = re.compile(
    r"\b(?:said|says|told|announced|reported|wrote|statement|according)(?: \w+){0,2} (?:on |late on |early on )?$"
)
_ASIDE = re.compile(r"\b(?:by|since|until|before|after|earlier than) $")
_ELSEWHEN = re.compile(r"\b(?:earlier|later|before|ago|previous|next)\b")
_OTHER_NOUNS = frozenset("end beginning start rest time moment fact".split())
_NO_OPENINGS = frozenset("all then that this it he she they we".split())
_ANY_DAY = datetime(2000, 6, 1, tzinfo=UTC)
_SOON = 300
"""Characters within which an article's lead ends."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a question counts its time from."""

    way: Way
    words: str
    """The asker's own: "in the week before the deal"."""
    phrase: str
    """The event alone: "the deal", "the dam collapsed"."""
    head: str
    """The word that tells what happened: "deal", "collapsed"."""
    names: tuple[str, ...] = ()
    """Names in the question, one of which an article about the event holds."""
    run: str | None = None
    """ "week" of "the week before"."""
    count: str | None = None
    """ "two" of "two days after", whose unit is ``run``."""

    @property
    def query(self) -> str:
        """What to search for."""
        return " ".join([self.phrase, *(name for name in self.names if not names.matches(name, self.phrase))])


def find(question: str) -> Event | None:
    """The event that the question states its time by, if it does and a single day can hold it."""
    for match in _FIND.finditer(question):
        phrase = match["phrase"].strip()
        head = _head(phrase)
        way = _WAYS[match["way"].lower()]
        if head is None or _is_dated(question[match.start() : match.end()]):
            continue
        if lasts(head) and way not in ("before", "since"):
            continue
        stated = question[match.start() : match.start("phrase")] + phrase
        named = tuple(dict.fromkeys(name.words for name in names.find(question)))
        run = (match["run"] or match["unit"] or "").lower() or None
        count = match["count"].lower() if match["count"] else None
        return Event(way, stated, phrase, head, named, run, count)
    return None


def day(event: Event, told: Sequence[tuple[Article, str]]) -> date | None:
    """The one day an event happened on, by sentences of articles found for it; ``None`` where they leave it open.

    A day counts for each article that states it close to the event; the day of publication, for less, where an
    article opens with the event in the past tense and states no day. The order of ``told`` does not matter.
    """
    weights: dict[date, float] = defaultdict(float)
    seen: set[tuple[str, ...]] = set()
    for article, sentences in _by_article(event, told):
        found: dict[date, float] = {}
        for text in sentences:
            if (folded := tuple(words(text))) not in seen:
                seen.add(folded)
                for when, weight in _days(event, article, one_verb(text)):
                    found[when] = max(weight, found.get(when, 0.0))
        for when, weight in found.items():
            weights[when] += weight
    ranked = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] < ENOUGH:
        return None
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] >= CLEAR * ranked[1][1] else None


def period(event: Event, when: date) -> Period:
    """The days that a question means by an event on a day; after an event its own day counts, before it not."""
    one = (when, when)
    match event.way:
        case "before" | "after" if event.count and event.run:
            return Period(*stretches.counted(event.count, event.run, event.way, one), event.words)
        case "before" | "after" if event.run:
            first, last = stretches.beside(event.run, event.way, one)
            return Period(when if event.way == "after" and event.run != "day" else first, last, event.words)
        case "before":
            return Period(None, max(when, date.min + timedelta(1)) - timedelta(1), event.words)
        case "after" | "since":
            return Period(when, None, event.words)
        case "until":
            return Period(None, when, event.words)
        case _:
            return Period(when, when, event.words)


def _head(phrase: str) -> str | None:
    """The word of a phrase that tells what happened; ``None`` if nothing in it happens."""
    tokens = re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", one_verb(phrase))
    if not tokens or tokens[0].lower() in _NO_OPENINGS:
        return None
    return _verb(tokens) or _noun(phrase)


def _verb(tokens: Sequence[str]) -> str | None:
    """The verb of a short clause: "the dam collapsed", not "the armed forces"."""
    for index, token in enumerate(tokens[1:7], start=1):
        follows = tokens[index + 1] if index + 1 < len(tokens) else ""
        attribute = (
            token.endswith("ed") and follows.islower() and follows not in STOPWORDS and not follows.endswith("ly")
        )
        subject = index > 1 or tokens[0].lower() not in STOPWORDS
        if subject and tells_past(token) and not attribute:
            return token
    return None


def _noun(phrase: str) -> str | None:
    """The noun that a phrase is about, if it names an event."""
    ends = _NOUN_ENDS.search(phrase)
    tokens = re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", phrase[: ends.start()] if ends else phrase)
    if not tokens or tokens[-1].lower() in _OTHER_NOUNS or not names_event(tokens[-1]):
        return None
    return None if len(tokens) == 1 and tokens[0].endswith("ing") else tokens[-1]


def _is_dated(stated: str) -> bool:
    """Whether the words are a period of the calendar already: "after last week"."""
    found = dates.period(stated, as_of=_ANY_DAY)
    return found is not None and stated.startswith(found.words)


def _by_article(event: Event, told: Sequence[tuple[Article, str]]) -> Iterator[tuple[Article, list[str]]]:
    """Each article about the event with its title, lead and the sentences given."""
    given: dict[str, tuple[Article, list[str]]] = {}
    for article, text in told:
        given.setdefault(article.id, (article, []))[1].append(text)
    for article, sentences in given.values():
        whole = article.headed
        if event.names and not any(names.matches(name, whole) for name in event.names):
            continue
        yield article, list(dict.fromkeys([article.title, _lead(article), *sentences]))


def _lead(article: Article) -> str:
    spans = passages.sentences(article.text[:_SOON], article.language)
    return article.text[spans[0].start : spans[0].end] if spans else ""


def _days(event: Event, article: Article, text: str) -> Iterator[tuple[date, float]]:
    """The days that a sentence puts the event on, each with its weight."""
    if not _is_about(event, article, text):
        return
    heads = [match for match in re.finditer(r"[^\W_]+", text) if stem(words(match.group())[0]) in alike(event.head)]
    if not heads:
        return
    mentions = dates.find(text, published=article.published_at)
    dated = [one for one in mentions if one.first is not None and one.first == one.last]
    stated = False
    for mention in dated:
        weight = max(_closeness(head, mention, text, event) for head in heads)
        if weight and mention.first:
            stated = True
            yield mention.first, weight
    if not stated and not dated and article.published_at and _opens_with(event, article, text, heads):
        yield article.published_at.date(), _PUBLISHED


def _is_about(event: Event, article: Article, text: str) -> bool:
    """Whether a sentence, with its article's title and lead, holds every word of the event or one like it."""
    context = set(stems(f"{article.title}\n{_lead(article)}\n{text}"))
    return all(not context.isdisjoint(alike(word)) for word in _telling(event))


def _telling(event: Event) -> list[str]:
    return [word for word in words(one_verb(event.phrase)) if word not in STOPWORDS]


def _closeness(head: re.Match[str], mention: DateMention, text: str, event: Event) -> float:
    """How well a date belongs to the word for the event: in one clause, few words between them."""
    start, end = min(head.end(), mention.end), max(head.start(), mention.start)
    between = text[start:end]
    before = text[: mention.start].lower()
    if _CLAUSE.search(between.lower()) or _REPORTED.search(before) or _ASIDE.search(before):
        return 0.0
    if _ELSEWHEN.search(text[max(0, head.end()) : head.end() + 30].lower()) and head.end() > mention.end:
        return 0.0
    if not _has_subject(event, head, text):
        return 0.0
    apart = len(between.split())
    return 1.0 if apart <= NEAR else 0.5 if apart <= FAR else 0.0


def _has_subject(event: Event, head: re.Match[str], text: str) -> bool:
    """Whether what a verb is said of stands near it: in "the count ended" it was not the strike.

    A name may stand further off: "Bohdan Šlapal, who had directed the company for 11 years, resigned".
    """
    if not tells_past(event.head) or any(name.start < head.start() for name in _subjects(event, text)):
        return True
    others = [word for word in _telling(event) if stem(word) not in alike(event.head)]
    before = {stem(word) for word in words(_CLAUSE_OPENS.split(text[: head.start()])[-1])[-NEAR:]}
    return not others or any(not before.isdisjoint(alike(other)) for other in others)


def _subjects(event: Event, text: str) -> list[names.Name]:
    mine = [name.words for name in names.find(event.phrase)]
    return [name for name in names.find(text) if any(names.matches(one, name.words) for one in mine)]


def _opens_with(event: Event, article: Article, text: str, heads: Sequence[re.Match[str]]) -> bool:
    """Whether a title or lead reports the event as just happened: "Spillway collapses", "the director resigned"."""
    if text == one_verb(article.title):
        return any(head.group().endswith("s") and not lasts(head.group()) for head in heads)
    return text == one_verb(_lead(article)) and any(tells_past(head.group()) for head in heads)
