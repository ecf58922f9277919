"""The steps from a question to an answer, each a plain function of one record; ``chain`` puts them in a row."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from rag import choosing, events, evidence, followup, parts, question, refusing, scripts, topic
from rag.answer import EXTRACTIVE, Answerer
from rag.choosing import Choice
from rag.citing import Draft, Passed
from rag.claims import dates
from rag.claims.periods import no_such_day, period
from rag.evidence import Evidence, Sentence
from rag.question import Question
from rag.records import (
    Answer,
    Article,
    Citation,
    Filters,
    Hit,
    Nearest,
    Period,
    Refusal,
    Seconds,
    Statement,
    Turn,
)
from rag.words import words

STATEMENTS = 3
"""An extractive answer is at most so long; where several things are asked, each has one less."""
CARRIERS = 50
"""Carriers of a report that are looked into and listed at most."""
LATER = timedelta(days=3)
"""What happened in a period is still reported so long after it."""
DEEP = 3
"""Times as many passages are looked through for what the first ones lack: other articles, newer ones."""
UNCERTAIN = "Uncertain: these sentences come nearest to the question, but may well not answer it."


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
class Part:
    """One of the things that a question asks; most questions have one part."""

    words: str
    """The asker's own."""
    standalone: str
    asked: Question
    """Standing alone, without its words of time."""
    period: Period | None
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    unknown: tuple[str, ...] = ()
    """Names asked about beside others that no article found holds."""
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """An ``Ask`` on its way through the steps."""

    ask: Ask
    started: float
    standalone: str
    parts: tuple[Part, ...]
    seconds: Seconds = field(default_factory=Seconds)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Those of all parts, each once."""
        return tuple({hit.passage_id: hit for part in self.parts for hit in part.hits}.values())

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """That of all parts, each sentence once."""
        found = {(one.article.id, one.span): one for part in reversed(self.parts) for one in reversed(part.evidence)}
        return tuple(reversed(found.values()))

    @property
    def refusal(self) -> Refusal | None:
        """The first part's, where no part is answered."""
        refusals = [part.refusal for part in self.parts]
        return refusals[0] if all(refusals) else None

    @property
    def unanswered(self) -> tuple[str, ...]:
        """What the articles say nothing of, where they answer the rest."""
        open_parts = [(part.words.strip(" ?;,"),) if part.refusal else part.unknown for part in self.parts]
        return tuple(words for part in open_parts for words in part)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the steps need of an archive."""

    search: Callable[[str, int, Filters], Sequence[Hit]]
    article: Callable[[str, int], Article]
    current: Callable[[str], Article]
    carriers: Callable[[str], tuple[str, ...]]
    admits: Callable[[str, Filters], bool]
    holds: Callable[[Filters], bool]
    newest: Callable[[Filters], datetime | None]
    outlets: Callable[[], Sequence[str]]
    weigh: Callable[[Question, Sequence[Sentence]], list[Evidence]]
    english_only: bool
    """Whether meanings are compared in English alone."""


def understand(ask: Ask) -> Inquiry:
    """Tell apart what is asked, make each part stand alone, and take the periods out of their words."""
    started = time.perf_counter()
    standalone = followup.standalone(ask.question, ask.history)
    return Inquiry(ask, started, standalone, tuple(_parts(ask, standalone)))


def _parts(ask: Ask, standalone: str) -> Iterator[Part]:
    history = ask.history
    stated = None
    split = parts.split(ask.question)
    for words_of_it in split:
        alone = followup.standalone(words_of_it, history) if len(split) > 1 else standalone
        stated = period(words_of_it, as_of=ask.as_of) or stated
        undated = alone.replace(stated.words, " ") if stated else alone
        yield Part(words_of_it, alone, question.read(undated), stated)
        history = (*history, Turn(alone, ""))


def retrieve(inquiry: Inquiry, shelf: Shelf) -> Inquiry:
    """Find passages for each part."""
    dated = (_dated(part, inquiry.ask, shelf) for part in inquiry.parts)
    found = tuple(replace(part, hits=tuple(_found(part, inquiry.ask, shelf))) for part in dated)
    seconds = replace(inquiry.seconds, retrieve=time.perf_counter() - inquiry.started)
    return replace(inquiry, parts=found, seconds=seconds)


def _dated(part: Part, ask: Ask, shelf: Shelf) -> Part:
    """The part with the period that an event states, where the articles tell when that was: "before the summit"."""
    event = events.find(part.standalone) if part.period is None else None
    if event is None:
        return part
    hits = shelf.search(event.query, ask.k, ask.filters)
    told = [(sentence.article, sentence.text) for sentence in evidence.candidates(hits, shelf.article)]
    day = events.day(event, told)
    if day is None:
        return part
    stated = events.period(event, day)
    return replace(part, period=stated, asked=question.read(part.standalone.replace(stated.words, " ")))


def _found(part: Part, ask: Ask, shelf: Shelf) -> list[Hit]:
    """The best passages and some behind them; a period in the question brings in what was published in it too."""
    behind = partial(_newest_too, shelf=shelf) if part.asked.latest else others_too
    hits = behind(shelf.search(part.standalone, ask.k * DEEP, ask.filters), ask.k)
    if part.period is not None:
        inside = shelf.search(part.asked.text, ask.k, _narrowed(ask.filters, part.period))
        hits = list({hit.passage_id: hit for hit in [*inside, *hits]}.values())
    return hits


def others_too(hits: Sequence[Hit], k: int) -> list[Hit]:
    """The first ``k`` hits, and the best of each of a few articles that have none among them: they may differ."""
    articles = {hit.article_id for hit in hits[:k]}
    best = {hit.article_id: hit for hit in reversed(hits[k:]) if hit.article_id not in articles}
    return [*hits[:k], *[hit for hit in hits[k:] if best.get(hit.article_id) is hit][: k // 2]]


def _newest_too(hits: Sequence[Hit], k: int, *, shelf: Shelf) -> list[Hit]:
    """The first ``k`` hits, and of those behind them the half that was published last."""

    def published(hit: Hit) -> float:
        moment = shelf.article(hit.article_id, hit.revision).published_at
        return moment.timestamp() if moment else float("-inf")

    behind = sorted(hits[k:], key=published, reverse=True)[: k // 2]
    return [*hits[:k], *behind]


def weigh(inquiry: Inquiry, shelf: Shelf) -> Inquiry:
    """Weigh the sentences found for each part, and refuse those parts for which they are not enough."""
    began = time.perf_counter()
    most = STATEMENTS if len(inquiry.parts) == 1 else STATEMENTS - 1
    weighed = tuple(_weighed(part, inquiry.ask, most, shelf) for part in inquiry.parts)
    spent = replace(inquiry.seconds, answer=time.perf_counter() - began)
    return replace(inquiry, parts=weighed, seconds=spent)


def _weighed(part: Part, ask: Ask, most: int, shelf: Shelf) -> Part:
    if not part.hits and not shelf.holds(ask.filters):
        return replace(part, refusal=refusing.nothing_to_search(ask.filters, shelf.outlets))
    if missing := no_such_day(part.words):
        return replace(part, refusal=refusing.no_such_day(missing))
    part = _without_unknown(part, shelf)
    if part.refusal:
        return part
    sentences = evidence.candidates(part.hits, shelf.article)
    within = [one for one in sentences if part.period is None or _within(one, part.period)]
    if part.period and sentences and not within:
        return replace(part, refusal=refusing.nothing_then(part.period))
    weighed = evidence.overview(part.asked, within) if part.asked.open or part.asked.broad else []
    if not weighed:
        weighed = shelf.weigh(part.asked, within)
        if part.asked.empty or not topic.held(part.asked, within, weighed):
            return replace(part, refusal=_away(part, sentences, within, shelf))
    if part.period:
        weighed = _told_then(weighed, part.period)
    likely = [one for one in weighed if one.score >= choosing.ENOUGH]
    carriers = partial(_carriers, filters=ask.filters, shelf=shelf)
    chosen = choosing.choose(weighed, Choice(most, carriers, shelf.current, part.asked.latest))
    if not chosen:
        return replace(part, refusal=refusing.insufficient())
    return replace(part, evidence=tuple(chosen), refusal=refusing.outdated(part.asked, likely, ask.as_of))


def _away(part: Part, sentences: Sequence[Sentence], within: Sequence[Sentence], shelf: Shelf) -> Refusal:
    """Why what was found in the period is of other things: others may tell of it, on other days."""
    if part.period is None or part.asked.empty or len(within) == len(sentences):
        return refusing.off_topic()
    about = topic.held(part.asked, sentences, shelf.weigh(part.asked, sentences))
    return refusing.nothing_then(part.period) if about else refusing.off_topic()


def _without_unknown(part: Part, shelf: Shelf) -> Part:
    """The part without a name that no article found holds; refused where nothing is left to ask.

    One that only the conversation brought in is left out without a word, if the question names another.
    """
    articles = list(_articles(part.hits, shelf).values())
    own = question.read(part.words).names
    while name := refusing.unknown_name(part.asked, articles):
        brought = bool(own) and name not in part.words and name in part.asked.text
        rest = part.asked.text.replace(name, "") if brought else parts.without(name, part.asked.text)
        if rest is None:
            return replace(part, refusal=refusing.nothing_about(name))
        part = replace(part, asked=question.read(rest), unknown=(*part.unknown, *([] if brought else [name])))
    return part


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
    citations = tuple(_carried(one, shelf) for one in draft.citations)
    ended = time.perf_counter()
    return Answer(
        question=ask.question,
        model=ask.answerer.name,
        as_of=ask.as_of,
        newest=shelf.newest(ask.filters),
        statements=() if refusal else tuple(_compared(one, citations, inquiry) for one in draft.statements),
        rejected=draft.rejected,
        citations=citations,
        hits=inquiry.hits,
        refusal=refusal,
        usage=draft.usage,
        seconds=replace(
            inquiry.seconds,
            answer=inquiry.seconds.answer + ended - began - draft.seconds,
            verify=draft.seconds,
            total=ended - inquiry.started,
        ),
        period=next((part.period for part in inquiry.parts if part.period), None),
        unanswered=() if refusal else inquiry.unanswered,
        notes=tuple(_notes(inquiry, shelf)),
    )


def _compared(statement: Statement, citations: Sequence[Citation], inquiry: Inquiry) -> Statement:
    """A statement with how other articles compare to the evidence that it cites."""
    cited = [one for one in citations if one.number in statement.citations]
    held = [one for one in inquiry.evidence if any(_bears(one, citation) for citation in cited)]
    return replace(
        statement,
        sources=max((one.sources for one in held), default=1),
        conflict=any(one.conflict for one in held),
        superseded=bool(held) and all(one.superseded for one in held),
    )


def _bears(one: Evidence, citation: Citation) -> bool:
    same = one.article.id == citation.article_id
    return same and one.span.start < citation.end and citation.start < one.span.end


def _notes(inquiry: Inquiry, shelf: Shelf) -> Iterator[str]:
    languages = [article.language for article in _articles(inquiry.hits, shelf).values()]
    if shelf.english_only and scripts.not_english(inquiry.ask.question, languages):
        yield scripts.WORDS_ONLY
    if inquiry.ask.answerer.name == EXTRACTIVE and any(_unlikely(part) for part in inquiry.parts if not part.refusal):
        yield UNCERTAIN


def _unlikely(part: Part) -> bool:
    return max((one.score for one in part.evidence), default=1.0) < choosing.LIKELY


def _later(day: date) -> date:
    return day + LATER if day < date.max - LATER else date.max


def _narrowed(filters: Filters, period: Period) -> Filters:
    """The filters, limited to what was published in the period or shortly after."""
    since = datetime.combine(period.first, datetime.min.time(), UTC) if period.first else None
    until = datetime.combine(_later(period.last), datetime.max.time(), UTC) if period.last else None
    return replace(
        filters,
        since=max((moment for moment in (since, filters.since) if moment), default=None),
        until=min((moment for moment in (until, filters.until) if moment), default=None),
    )


def _told_then(weighed: Sequence[Evidence], period: Period) -> list[Evidence]:
    """The evidence without what states other days only, where some that is as likely states a day of the period."""
    best = max((one.score for one in weighed), default=0.0)
    dated = {id(one): _days(one.quote, one.article.published_at) for one in weighed}
    inside = {id(one) for one in weighed if any(_holds(period, *day) for day in dated[id(one)])}
    if not any(id(one) in inside and one.score >= best * choosing.RELATIVE for one in weighed):
        return list(weighed)
    return [one for one in weighed if id(one) in inside or not dated[id(one)]]


def _days(text: str, published: datetime | None) -> list[tuple[date, date]]:
    return [(day.first, day.last) for day in dates.find(text, published=published) if day.first and day.last]


def _within(sentence: Sentence, period: Period) -> bool:
    """Whether a sentence was published in the period, or speaks of a day in it."""
    published = sentence.article.published_at
    if published is not None and _holds(period, published.date(), published.date()):
        return True
    return any(_holds(period, *day) for day in _days(sentence.text, published))


def _holds(period: Period, first: date, last: date) -> bool:
    """Whether the days from ``first`` to ``last`` lie in the period."""
    return (period.first is None or first >= period.first) and (period.last is None or last <= period.last)


def _nearest(inquiry: Inquiry, shelf: Shelf) -> tuple[Nearest, ...]:
    found = list(_articles(inquiry.hits, shelf).values())
    return tuple(Nearest(one.id, one.title, one.published_at) for one in found[:3])


def _articles(hits: Sequence[Hit], shelf: Shelf) -> dict[str, Article]:
    return {hit.article_id: shelf.article(hit.article_id, hit.revision) for hit in hits}


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
