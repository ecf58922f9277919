"""The last step of an answer: its sentences as they come, each numbered, compared and told; then the whole record."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from rag import choosing, scripts
from rag.answer import EXTRACTIVE, Ending, Task
from rag.citing import Checked, Citations, nothing_holds, statement
from rag.errors import UnknownArticle
from rag.evidence import Evidence
from rag.inquiry import Inquiry, Part
from rag.records import Answer, Citation, Nearest, Statement
from rag.shelf import Shelf
from rag.stream import Done, Event, Found, Rejected, Stated
from rag.words import words

CARRIERS = 50
"""Carriers of a report that are looked into and listed at most."""
NEAREST = 3
"""Articles that a refusal names at most."""
UNCERTAIN = "Uncertain: these sentences come nearest to the question, but may well not answer it."


def write(inquiry: Inquiry, shelf: Shelf) -> Answer:
    """Have the answer written from the evidence, or hand on the refusal."""
    *_, last = stream(inquiry, shelf)
    assert isinstance(last, Done)  # noqa: S101
    return last.answer


def stream(inquiry: Inquiry, shelf: Shelf) -> Iterator[Event]:
    """The answer as it comes about; closing this stops the model that writes it."""
    began = time.perf_counter()
    told = _Told(inquiry, shelf)
    yield Found(inquiry.standalone, inquiry.hits)
    if inquiry.refusal:
        yield Done(told.answer(Ending(inquiry.ask.answerer.name, refusal=inquiry.refusal), began))
        return
    ask = inquiry.ask
    task = Task(inquiry.standalone, inquiry.evidence, inquiry.passed, ask.as_of, ask.deep, ask.streaming)
    with closing(ask.answerer.answer(task)) as written:
        sentences = _Sentences(written)
        for one in sentences if ask.streaming else sorted(sentences, key=lambda one: one.place):
            yield told.take(one)
        yield Done(told.answer(sentences.ending, began))


class _Sentences:
    """The sentences that an answerer writes, and how it ended once they are all read."""

    ending: Ending

    def __init__(self, written: Generator[Checked, None, Ending]) -> None:
        self._written = written

    def __iter__(self) -> Iterator[Checked]:
        self.ending = yield from self._written


class _Told:
    """What has been told of an answer so far."""

    def __init__(self, inquiry: Inquiry, shelf: Shelf) -> None:
        self._inquiry = inquiry
        self._shelf = shelf
        self._citations = Citations()
        self._statements: list[Statement] = []
        self._rejected: list[Checked] = []

    def take(self, one: Checked) -> Stated | Rejected:
        """A sentence's place in the answer, or among what was set aside."""
        if one.check.verdict == "unsupported":
            self._rejected.append(one)
            return Rejected(Statement(one.text, (), one.check.verdict, one.check.problems))
        plain = statement(one, self._citations)
        cited = {citation.number: citation for citation in self._citations.all()}
        citations = tuple(_carried(cited[number], self._shelf) for number in plain.citations)
        self._statements.append(_compared(plain, citations, self._inquiry.evidence))
        return Stated(self._statements[-1], citations)

    def answer(self, ending: Ending, began: float) -> Answer:
        """The whole record; ``began`` is when the writing did."""
        inquiry = self._inquiry
        refusal = ending.refusal or (None if self._statements else nothing_holds())
        rejected = tuple(statement(one, self._citations) for one in self._rejected)
        ended = time.perf_counter()
        return Answer(
            question=inquiry.ask.question,
            model=ending.model,
            as_of=inquiry.ask.as_of,
            newest=inquiry.newest,
            statements=() if refusal else tuple(self._statements),
            rejected=rejected,
            citations=tuple(_carried(one, self._shelf) for one in self._citations.all()),
            hits=inquiry.hits,
            refusal=refusal and replace(refusal, nearest=_nearest(inquiry)),
            usage=ending.usage,
            seconds=replace(
                inquiry.seconds,
                answer=inquiry.seconds.answer + ended - began - ending.seconds,
                verify=ending.seconds,
                total=ended - inquiry.started,
            ),
            period=next((part.period for part in inquiry.parts if part.period), None),
            unanswered=() if refusal else tuple(dict.fromkeys((*inquiry.unanswered, *ending.unanswered))),
            notes=(*ending.notes, *_notes(inquiry, ending, self._shelf)),
            incomplete=None if refusal else ending.incomplete,
        )


def _compared(plain: Statement, citations: Sequence[Citation], evidence: Sequence[Evidence]) -> Statement:
    """A statement with how other articles compare to the evidence that it cites."""
    held = [one for one in evidence if any(_bears(one, citation) for citation in citations)]
    return replace(
        plain,
        sources=max((one.sources for one in held), default=1),
        conflict=any(one.conflict for one in held),
        superseded=bool(held) and all(one.superseded for one in held),
    )


def _bears(one: Evidence, citation: Citation) -> bool:
    same = one.article.id == citation.article_id
    return same and one.span.start < citation.end and citation.start < one.span.end


def _carried(citation: Citation, shelf: Shelf) -> Citation:
    """Only those carriers whose text holds the words quoted: a copy that changed them does not bear them out."""
    quoted = words(citation.quote)
    return replace(citation, also=tuple(id for id in citation.also[:CARRIERS] if _holds(id, quoted, shelf)))


def _holds(article_id: str, quoted: Sequence[str], shelf: Shelf) -> bool:
    try:
        text = shelf.current(article_id).text
    except UnknownArticle:  # removed while the answer was written
        return False
    return f" {' '.join(quoted)} " in f" {' '.join(words(text))} "


def _nearest(inquiry: Inquiry) -> tuple[Nearest, ...]:
    found = {one.article.id: one.article for one in inquiry.passed}
    return tuple(Nearest(one.id, one.title, one.published_at) for one in list(found.values())[:NEAREST])


def _notes(inquiry: Inquiry, ending: Ending, shelf: Shelf) -> Iterator[str]:
    languages = [one.article.language for one in inquiry.passed]
    if shelf.english_only and scripts.not_english(inquiry.ask.question, languages):
        yield scripts.WORDS_ONLY
    if ending.model == EXTRACTIVE and any(_unlikely(part) for part in inquiry.parts if not part.refusal):
        yield UNCERTAIN


def _unlikely(part: Part) -> bool:
    return max((one.score for one in part.evidence), default=1.0) < choosing.LIKELY
