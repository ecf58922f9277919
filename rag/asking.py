"""The steps from a question to what answers it, each a plain function of one record; ``chain`` puts them in a row."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from rag import choosing, events, evidence, in_period, parts, question, refusing, sides, topic
from rag.choosing import Choice
from rag.citing import Passed
from rag.claims.periods import no_such_day, period
from rag.evidence import Evidence, Sentence
from rag.inquiry import Ask, Inquiry, Part
from rag.question import Question
from rag.records import Filters, Hit, Refusal
from rag.shelf import Shelf
from rag.understanding import Put

STATEMENTS = 3
"""An extractive answer is at most so long; where several things are asked, each has one less."""
DEEP = 3
"""Times as many passages are looked through for what the first ones lack: other articles, newer ones."""


def understand(ask: Ask) -> Inquiry:
    """Tell apart what is asked, make each part stand alone, and take the periods out of their words."""
    started = time.perf_counter()
    understood = ask.answerer.understand(ask.question, ask.history, deep=ask.deep)
    return Inquiry(ask, started, understood.standalone, tuple(_parts(ask, understood.puts)))


def _parts(ask: Ask, puts: Sequence[Put]) -> Iterator[Part]:
    stated = None
    for put in puts:
        stated = period(put.words, as_of=ask.as_of) or stated
        undated = put.standalone.replace(stated.words, " ") if stated else put.standalone
        yield Part(put.words, put.standalone, question.read(undated), stated)


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
    if ask.deep:
        hits = list({hit.passage_id: hit for hit in [*hits, *sides.every(part.standalone, ask, shelf)]}.values())
    if part.period is not None:
        inside = shelf.search(part.asked.text, ask.k, in_period.narrowed(ask.filters, part.period))
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
    within = [one for one in sentences if part.period is None or in_period.within(one, part.period)]
    if part.period and sentences and not within:
        return replace(part, refusal=refusing.nothing_then(part.period))
    weighed = evidence.overview(part.asked, within) if part.asked.open or part.asked.broad else []
    if not weighed:
        weighed = _evidence(part.asked, within, ask.answerer.closest, shelf)
        if part.asked.empty or not topic.held(part.asked, within, weighed):
            return replace(part, refusal=_away(part, sentences, within, shelf))
    if part.period:
        weighed = in_period.told_then(weighed, part.period)
    likely = [one for one in weighed if one.score >= evidence.ENOUGH]
    carriers = partial(_carriers, filters=ask.filters, shelf=shelf)
    chosen = choosing.choose(weighed, Choice(most, carriers, shelf.current, part.asked.latest))
    if not chosen:
        return replace(part, refusal=refusing.insufficient())
    return replace(part, evidence=tuple(chosen), refusal=refusing.outdated(part.asked, likely, ask.as_of))


def _evidence(asked: Question, sentences: Sequence[Sentence], most: int, shelf: Shelf) -> list[Evidence]:
    """The sentences as evidence, weighed no further than it takes to know that they are on the topic."""
    return shelf.weigh(asked, sentences, most, partial(topic.held, asked, sentences))


def _away(part: Part, sentences: Sequence[Sentence], within: Sequence[Sentence], shelf: Shelf) -> Refusal:
    """Why what was found in the period is of other things: others may tell of it, on other days."""
    if part.period is None or part.asked.empty or len(within) == len(sentences):
        return refusing.off_topic()
    weighed = _evidence(part.asked, sentences, evidence.TO_JUDGE, shelf)
    about = topic.held(part.asked, sentences, weighed)
    return refusing.nothing_then(part.period) if about else refusing.off_topic()


def _without_unknown(part: Part, shelf: Shelf) -> Part:
    """The part without a name that no article found holds; refused where nothing is left to ask.

    One that only the conversation brought in is left out without a word, if the question names another.
    """
    articles = list({hit.article_id: shelf.article(hit.article_id, hit.revision) for hit in part.hits}.values())
    own = question.read(part.words).names
    while name := refusing.unknown_name(part.asked, articles):
        brought = bool(own) and name not in part.words and name in part.asked.text
        rest = part.asked.text.replace(name, "") if brought else parts.without(name, part.asked.text)
        if rest is None:
            return replace(part, refusal=refusing.nothing_about(name))
        part = replace(part, asked=question.read(rest), unknown=(*part.unknown, *([] if brought else [name])))
    return part


def gather(inquiry: Inquiry, shelf: Shelf) -> Inquiry:
    """Take along all that the answer is written from, so that nothing is read of the archive while it is."""
    ask = inquiry.ask
    passed = tuple(
        Passed(hit, shelf.article(hit.article_id, hit.revision), _others(hit, ask.filters, shelf))
        for hit in inquiry.hits
    )
    return replace(inquiry, passed=passed, newest=shelf.newest(ask.filters))


def _carriers(article_id: str, *, filters: Filters, shelf: Shelf) -> tuple[str, ...]:
    """Who carries an article's report and passes the filters: an answer cites nothing that they leave out."""
    return tuple(id for id in shelf.carriers(article_id) if filters == Filters() or shelf.admits(id, filters))


def _others(hit: Hit, filters: Filters, shelf: Shelf) -> tuple[str, ...]:
    return tuple(id for id in _carriers(hit.article_id, filters=filters, shelf=shelf) if id != hit.article_id)
