"""The steps of a summary: read, write, and the record of what became of it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rag import outlets
from rag.citing import Draft, draft
from rag.embedder import bundled_embedder
from rag.records import Article, Refusal, Seconds, Statement
from rag.store import Store
from rag.summaries import coverage, stories
from rag.summaries.brief import Brief, Outcome, Part, Summarizer
from rag.summaries.reading import choose, left_out
from rag.summary import Extent, Length, Request, Section, Summary, Unused, Watch


def summarize(store: Store, request: Request, writer: Summarizer, watch: Watch | None = None) -> Summary:
    """The summary that a writer makes of what was asked for.

    Raises:
        UnknownArticle: an id is unknown.
        ModelError: the model cannot be used.
    """
    began = time.perf_counter()
    with store.reading_at_once():
        articles, unused = choose(store, request.ids, request.query, request.filters)
        brief = Brief(
            tuple(articles),
            tuple(stories.find(articles)),
            request.style,
            request.length,
            request.query,
            bool(request.ids or request.story),
            request.as_of,
            store.clusters.carriers,
            bundled_embedder().embed,
        )
        outcome = writer.write(brief, watch) if articles else Outcome(refusal=_nothing(store, request))
    return _summary(brief, outcome, unused, model=writer.name, spent=time.perf_counter() - began)


def _summary(brief: Brief, outcome: Outcome, unused: Sequence[Unused], *, model: str, spent: float) -> Summary:
    written = _drafted(outcome)
    used = tuple(dict.fromkeys(citation.article_id for citation in written.citations))
    no_room = [
        left_out(one, outcome.reasons.get(one.id, "no room in the length asked for"))
        for one in brief.articles
        if one.id not in used
    ]
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
        unused=(*unused, *no_room),
        refusal=written.refusal,
        extent=_extent(brief.length, written.statements),
        coverage=coverage.measure(brief, written, used),
        usage=outcome.usage,
        plan=outcome.plan,
        notes=outcome.notes,
        incomplete=outcome.incomplete,
        seconds=Seconds(answer=spent - outcome.seconds, verify=outcome.seconds, total=spent),
    )


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
    return Extent(length, len(statements), sum(len(one.text.split()) for one in statements))


def _nothing(store: Store, request: Request) -> Refusal:
    source = request.filters.source
    if source is not None and (missing := outlets.missing(source, store.catalogue.sources())) is not None:
        return Refusal("filtered_out", missing)
    if request.query is not None:
        message = f"There is no article about '{request.query}' to summarise within the filters given."
        return Refusal("off_topic", message)
    return Refusal("filtered_out", "There is no article to summarise within the filters given.")
