"""The steps from a question to an answer, each a plain function of one record; ``chain`` puts them in a row."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from rag import evidence, followup, question
from rag.answer import Answerer
from rag.citing import Draft, Passed
from rag.claims import dates, names
from rag.claims.periods import Period, period
from rag.evidence import Evidence, Sentence
from rag.question import Question
from rag.records import (
    Answer,
    Article,
    Citation,
    Filters,
    Hit,
    Nearest,
    Refusal,
    RefusalReason,
    Seconds,
    Turn,
)
from rag.words import words

STATEMENTS = 3
"""An extractive answer is at most so long."""
CARRIERS = 50
"""Carriers of a report that are looked into and listed at most."""
LATER = timedelta(days=3)
"""What happened in a period is still reported so long after it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked and how."""

    question: str
    filters: Filters
    as_of: datetime
    k: int
    answerer: Answerer
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An ``Ask`` on its way through the steps."""

    ask: Ask
    started: float
    asked: Question
    """Standing alone, without its words of time."""
    standalone: str
    period: Period | None
    hits: tuple[Hit, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    refusal: Refusal | None = None
    seconds: Seconds = field(default_factory=Seconds)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the steps need of an archive."""

    search: Callable[[str, int, Filters], Sequence[Hit]]
    article: Callable[[str, int], Article]
    current: Callable[[str], Article]
    carriers: Callable[[str], tuple[str, ...]]
    admits: Callable[[str, Filters], bool]
    newest: Callable[[Filters], datetime | None]
    weigh: Callable[[Question, Sequence[Sentence]], list[Evidence]]


def understand(ask: Ask) -> Inquiry:
    """Make the question stand alone and take its period out of its words."""
    standalone = followup.standalone(ask.question, ask.history)
    stated = period(ask.question, as_of=ask.as_of)
    topic = standalone.replace(stated.words, " ") if stated else standalone
    return Inquiry(ask, time.perf_counter(), question.read(topic), standalone, stated)


def retrieve(inquiry: Inquiry, shelf: Shelf) -> Inquiry:
    """Find passages; a period in the question brings in those published in it as well."""
    ask = inquiry.ask
    hits = list(shelf.search(inquiry.standalone, ask.k, ask.filters))
    if inquiry.period is not None:
        inside = shelf.search(inquiry.standalone, ask.k, _narrowed(ask.filters, inquiry.period))
        hits = list({hit.passage_id: hit for hit in [*inside, *hits]}.values())
    sentences = tuple(evidence.candidates(hits, shelf.article))
    seconds = replace(inquiry.seconds, retrieve=time.perf_counter() - inquiry.started)
    return replace(inquiry, hits=tuple(hits), sentences=sentences, seconds=seconds)


def weigh(inquiry: Inquiry, shelf: Shelf) -> Inquiry:
    """Weigh the sentences found, and refuse where they are not enough."""
    began = time.perf_counter()
    if not inquiry.hits:
        return _refused(inquiry, *_nothing_to_search(inquiry))
    if unknown := _unknown_name(inquiry, shelf):
        return _refused(inquiry, "not_answered", f"The articles found say nothing about {unknown}.")
    sentences = [one for one in inquiry.sentences if inquiry.period is None or _within(one, inquiry.period)]
    if not sentences:
        return _refused(inquiry, "out_of_period", _nothing_then(inquiry))
    weighed = _weighed(inquiry.asked, sentences, shelf)
    chosen = evidence.choose(
        weighed,
        most=STATEMENTS,
        carriers=partial(_carriers, filters=inquiry.ask.filters, shelf=shelf),
        article=shelf.current,
    )
    if not chosen:
        return _refused(inquiry, *_why_not(weighed))
    spent = replace(inquiry.seconds, answer=time.perf_counter() - began)
    return replace(inquiry, evidence=tuple(chosen), seconds=spent)


def write(inquiry: Inquiry, shelf: Shelf) -> Answer:
    """Have the answer written from the evidence, or hand on the refusal."""
    ask = inquiry.ask
    began = time.perf_counter()
    draft = Draft(refusal=inquiry.refusal)
    if inquiry.refusal is None:
        passed = [
            Passed(hit, shelf.article(hit.article_id, hit.revision), _others(hit, ask.filters, shelf))
            for hit in inquiry.hits
        ]
        draft = ask.answerer.answer(
            inquiry.standalone, evidence=inquiry.evidence, passed=passed, history=ask.history, as_of=ask.as_of
        )
    refusal = draft.refusal and replace(draft.refusal, nearest=_nearest(inquiry, shelf))
    ended = time.perf_counter()
    return Answer(
        question=ask.question,
        model=ask.answerer.name,
        as_of=ask.as_of,
        newest=shelf.newest(ask.filters),
        statements=draft.statements if refusal is None else (),
        rejected=draft.rejected,
        citations=tuple(_carried(one, shelf) for one in draft.citations),
        hits=inquiry.hits,
        refusal=refusal,
        usage=draft.usage,
        seconds=replace(
            inquiry.seconds,
            answer=inquiry.seconds.answer + ended - began - draft.seconds,
            verify=draft.seconds,
            total=ended - inquiry.started,
        ),
    )


def _later(day: date) -> date:
    return day + LATER if day < date.max - LATER else date.max


def _weighed(asked: Question, sentences: Sequence[Sentence], shelf: Shelf) -> list[Evidence]:
    weighed = evidence.overview(asked, sentences) if asked.open or asked.broad else []
    return weighed or shelf.weigh(asked, sentences)


def _narrowed(filters: Filters, period: Period) -> Filters:
    """The filters, limited to what was published in the period or shortly after."""
    since = datetime.combine(period.first, datetime.min.time(), UTC) if period.first else None
    until = datetime.combine(_later(period.last), datetime.max.time(), UTC) if period.last else None
    return replace(
        filters,
        since=max((moment for moment in (since, filters.since) if moment), default=None),
        until=min((moment for moment in (until, filters.until) if moment), default=None),
    )


def _within(sentence: Sentence, period: Period) -> bool:
    """Whether a sentence was published in the period, or speaks of a day in it."""
    published = sentence.article.published_at
    if published is not None and _holds(period, published.date(), published.date()):
        return True
    mentioned = dates.find(sentence.text, published=published)
    return any(day.first and day.last and _holds(period, day.first, day.last) for day in mentioned)


def _holds(period: Period, first: date, last: date) -> bool:
    """Whether the days from ``first`` to ``last`` lie in the period."""
    return (period.first is None or first >= period.first) and (period.last is None or last <= period.last)


def _described(period: Period) -> str:
    """The asker's words and the days they were taken to mean."""
    days = [f"{day.day} {day:%B %Y}" if day else "" for day in (period.first, period.last)]
    if days[0] == days[1]:
        return f"“{period.words}” ({days[0]})"
    if not all(days):
        return f"“{period.words}” ({'from ' + days[0] if days[0] else 'until ' + days[1]})"
    return f"“{period.words}” ({days[0]} to {days[1]})"


def _unknown_name(inquiry: Inquiry, shelf: Shelf) -> str | None:
    """A name of the question that no article found holds."""
    articles = {(hit.article_id, hit.revision): shelf.article(hit.article_id, hit.revision) for hit in inquiry.hits}
    texts = [f"{article.title}\n{article.text}\n{article.source}" for article in articles.values()]
    return next((name for name in inquiry.asked.names if not any(names.matches(name, text) for text in texts)), None)


def _why_not(weighed: Sequence[Evidence]) -> tuple[RefusalReason, str]:
    if evidence.on_topic(weighed):
        return "not_answered", "The articles found touch on this, but none of their sentences answers it."
    return "off_topic", "No article here is about this."


def _refused(inquiry: Inquiry, reason: RefusalReason, message: str) -> Inquiry:
    return replace(inquiry, refusal=Refusal(reason, message))


def _nothing_to_search(inquiry: Inquiry) -> tuple[RefusalReason, str]:
    if inquiry.ask.filters == Filters():
        return "empty_archive", "The archive holds no articles. Add some with 'groundwire ingest PATH'."
    return "filtered_out", "No article in the archive passes the filters given (period, outlet)."


def _nothing_then(inquiry: Inquiry) -> str:
    assert inquiry.period is not None  # noqa: S101  # only called for a question with a period
    return f"The articles found say nothing about {_described(inquiry.period)}."


def _nearest(inquiry: Inquiry, shelf: Shelf) -> tuple[Nearest, ...]:
    found = {hit.article_id: shelf.article(hit.article_id, hit.revision) for hit in inquiry.hits}
    return tuple(Nearest(one.id, one.title, one.published_at) for one in list(found.values())[:3])


def _carried(citation: Citation, shelf: Shelf) -> Citation:
    """Only those carriers whose text holds the words quoted: a copy that changed them does not bear them out."""
    quoted = words(citation.quote)
    holding = (id for id in citation.also[:CARRIERS] if _holds_words(words(shelf.current(id).text), quoted))
    return replace(citation, also=tuple(holding))


def _holds_words(text: Sequence[str], quoted: Sequence[str]) -> bool:
    return f" {' '.join(quoted)} " in f" {' '.join(text)} "


def _carriers(article_id: str, *, filters: Filters, shelf: Shelf) -> tuple[str, ...]:
    """Who carries an article's report and passes the filters: an answer cites nothing that they leave out."""
    return tuple(id for id in shelf.carriers(article_id) if filters == Filters() or shelf.admits(id, filters))


def _others(hit: Hit, filters: Filters, shelf: Shelf) -> tuple[str, ...]:
    return tuple(id for id in _carriers(hit.article_id, filters=filters, shelf=shelf) if id != hit.article_id)
