"""The steps of a summary: read, write, and the record of what became of it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from rag import passages
from rag.citing import Draft, draft
from rag.embedder import bundled_embedder
from rag.records import Article, Seconds, Statement
from rag.store import Store
from rag.summaries import coverage, stories
from rag.summaries.brief import Brief, Outcome, Part, Summarizer
from rag.summaries.comparing import compared
from rag.summaries.reading import Chosen, choose, left_out
from rag.summaries.stories import Story
from rag.summary import Extent, Length, Request, Section, Summary, Unused, Watch


def summarize(store: Store, request: Request, writer: Summarizer, watch: Watch | None = None) -> Summary:
    """The summary that a writer makes of what was asked for.

    Raises:
        UnknownArticle: an id is unknown.
        ModelError: the model cannot be used.
    """
    began = time.perf_counter()
    with store.reading_at_once():
        chosen = choose(store, request)
        brief = Brief(
            articles=chosen.articles,
            stories=tuple(_stories(chosen)),
            style=request.style,
            length=request.length,
            subject=chosen.subject,
            named=bool(request.ids or request.story),
            as_of=request.as_of,
            carriers=store.clusters.carriers,
            embed=bundled_embedder().embed,
        )
        outcome = writer.write(brief, watch) if brief.articles else Outcome(refusal=chosen.refusal)
        outcome = replace(outcome, parts=compared(outcome.parts, brief))
        summary = _summary(brief, outcome, chosen.unused, model=writer.name, began=began)
        return replace(summary, subject=request.query)


def _stories(chosen: Chosen) -> list[Story]:
    """The stories that the articles tell; where something was asked about, the one that fits best first."""
    found = stories.find(chosen.articles)
    if chosen.subject is None:
        return found
    ranks = {article.id: rank for rank, article in enumerate(chosen.articles)}
    return sorted(found, key=lambda story: min(ranks[article.id] for article in story.articles))


def _summary(brief: Brief, outcome: Outcome, unused: Sequence[Unused], *, model: str, began: float) -> Summary:
    written = _drafted(outcome)
    used = tuple(dict.fromkeys(citation.article_id for citation in written.citations))
    covered = coverage.measure(brief, written, used)
    spent = time.perf_counter() - began
    return Summary(
        model=model,
        as_of=brief.as_of,
        newest=max((one.published_at for one in brief.articles if one.published_at), default=None),
        style=brief.style,
        statements=written.statements,
        rejected=written.rejected,
        citations=written.citations,
        sections=_sections(outcome.parts),
        used=used,
        unused=(*unused, *_not_cited(brief, outcome, used)),
        refusal=written.refusal,
        extent=_extent(brief.length, written.statements),
        coverage=covered,
        usage=outcome.usage,
        plan=outcome.plan,
        notes=outcome.notes,
        incomplete=outcome.incomplete,
        seconds=Seconds(answer=spent - outcome.seconds, verify=outcome.seconds, total=spent),
    )


def _not_cited(brief: Brief, outcome: Outcome, used: Collection[str]) -> Iterator[Unused]:
    for article in brief.articles:
        if article.id not in used:
            yield left_out(article, outcome.reasons.get(article.id, "no room in the length asked for"))


def _drafted(outcome: Outcome) -> Draft:
    checked = [one for part in outcome.parts for one in part.checked]
    if outcome.refusal and not any(one.check.verdict != "unsupported" for one in checked):
        return Draft(refusal=outcome.refusal)
    return draft(checked, seconds=outcome.seconds)


def _sections(parts: Sequence[Part]) -> tuple[Section, ...]:
    """The parts that have a heading and something to show, by the places of what they show."""
    sections = []
    place = 0
    for part in parts:
        shown = sum(one.check.verdict != "unsupported" for one in part.checked)
        if part.heading is not None and shown:
            places = tuple(range(place, place + shown))
            ids = tuple(article.id for article in part.articles)
            sections.append(Section(part.heading, places, part.first, part.last, ids, _outlets(part.articles)))
        place += shown
    return tuple(sections)


def _outlets(articles: Sequence[Article]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(article.source for article in articles if article.source))


def _extent(length: Length, statements: Sequence[Statement]) -> Extent:
    sentences = sum(max(1, len(passages.sentences(one.text))) for one in statements)
    return Extent(length, sentences, sum(len(one.text.split()) for one in statements))
