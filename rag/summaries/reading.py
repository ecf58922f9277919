"""Which articles a summary reads: those named, a story's, those about a query, or all that the filters admit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from rag import evidence, in_period, options, outlets, question, refusing
from rag.claims import dates
from rag.records import Article, Filters, Period, Refusal
from rag.store import Store
from rag.summaries import stories
from rag.summary import Request, Unused

PASSAGES = 5
"""Passages searched for each article that may be read."""
NEAR = 0.6
"""Part of the best hit's score that another has which is about the query too."""
AROUND = 60
"""Articles in which a story is looked for, those most like the one named."""
OPENING = 600
"""Characters of an article by which those like it are found."""
_RUN = re.compile(r"^\W*(?:the |this )?(?P<run>day|week|month|year) (?:in|at|of|for)\b", re.IGNORECASE)
""" "The week in Saltmere": the days up to the moment of asking."""
_RUNS = {"day": 1, "week": 7, "month": 31, "year": 366}
_NOTHING = re.compile(
    r"\b(?:the|this|in|of|on|at|for|from|about|news|stor(?:y|ies)|events?|what|happened|has|have|been|going|was|were|is|and|all"
    r"|summar(?:y|i[sz]e)|digest|everything)\b|\W",
    re.IGNORECASE,
)
"""Words of a query that name no subject."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a summary reads."""

    articles: tuple[Article, ...] = ()
    """One of each report's near-copies: the original, where it is among those found."""
    unused: tuple[Unused, ...] = ()
    subject: str | None = None
    """What was asked about, without words of time."""
    refusal: Refusal | None = None
    """Why there is nothing to read."""


def choose(store: Store, request: Request) -> Chosen:
    """The articles that a summary reads, and what that leaves out.

    Raises:
        UnknownArticle: an id is unknown.
    """
    request, period = _dated(request)
    found, beyond = _found(store, request)
    kept, unused = _folded(store, found)
    if not kept:
        return Chosen((), tuple(unused), request.query, _nothing(store, request, period, found))
    unused += [left_out(article, f"{request.k} others fit the query better") for article in beyond]
    return Chosen(tuple(kept), tuple(unused), request.query)


def left_out(article: Article, reason: str) -> Unused:
    """That an article was not used, and why."""
    return Unused(article.id, article.title, reason)


def _dated(request: Request) -> tuple[Request, Period | None]:
    """The request with the query's words of time turned into limits."""
    if request.query is None:
        return request, None
    options.check_question(request.query, "query")
    period = _run(request) or dates.period(request.query, as_of=request.as_of)
    if period is None:
        return request, None
    query = request.query.replace(period.words, " ").strip()
    named = query if _NOTHING.sub("", query) else None
    return replace(
        request, query=named, filters=in_period.narrowed(request.filters, period, later=timedelta())
    ), period


def _run(request: Request) -> Period | None:
    match = _RUN.match(request.query or "")
    if match is None:
        return None
    last = request.as_of.date()
    return Period(last - timedelta(_RUNS[match["run"].lower()] - 1), last, match.group())


def _found(store: Store, request: Request) -> tuple[list[Article], list[Article]]:
    """The articles found, and those that fit a query too but are too many."""
    if request.ids:
        return [store.catalogue.article(id) for id in dict.fromkeys(request.ids)], []
    if request.story is not None:
        return _story(store, store.catalogue.article(request.story), request.filters), []
    if request.query is None:
        return list(store.catalogue.articles(request.filters)), []
    hits = store.search(request.query, PASSAGES * request.k, request.filters)
    near = [hit for hit in hits if hit.score >= NEAR * hits[0].score]
    on_topic = evidence.on_subject(question.read(request.query), near, store.catalogue.article, store.rarity)
    articles = [store.catalogue.article(id) for id in on_topic]
    return articles[: request.k], articles[request.k :]


def _story(store: Store, named: Article, filters: Filters) -> list[Article]:
    """The articles that tell the story of one, which is among them, the newest first."""
    hits = store.search(f"{named.title}. {named.text[:OPENING]}", PASSAGES * AROUND, filters)
    ids = list(dict.fromkeys(hit.article_id for hit in hits if hit.article_id != named.id))
    around = [named, *(store.catalogue.article(id) for id in ids[: AROUND - 1])]
    own = next(story for story in stories.find(around) if named in story.articles)
    return sorted(own.articles, key=lambda one: (one.published_at is None, _age(one), one.id))


def _age(article: Article) -> float:
    return -article.published_at.timestamp() if article.published_at else 0.0


def _folded(store: Store, found: Sequence[Article]) -> tuple[list[Article], list[Unused]]:
    """One article of each report, and why the others are left out."""
    clusters = {article.id: store.clusters.of(article.id) for article in found}
    ids = {article.id for article in found}
    kept: dict[str, Article] = {}
    unused = []
    for article in found:
        cluster = clusters[article.id]
        if article.stub is not None:
            unused.append(left_out(article, f"only a stub of the article: {article.stub}"))
        elif article.id == _chosen_of(cluster.original, cluster.members, ids):
            kept[cluster.name] = article
        else:
            chosen = _chosen_of(cluster.original, cluster.members, ids)
            unused.append(left_out(article, f"carries the same report as '{chosen}'"))
    return list(kept.values()), unused


def _chosen_of(original: str, members: Sequence[str], found: set[str]) -> str:
    return original if original in found else next(id for id in members if id in found)


def _nothing(store: Store, request: Request, period: Period | None, found: Sequence[Article]) -> Refusal:
    """Why there is nothing to read."""
    if not store.catalogue.count():
        return refusing.nothing_to_search(Filters(), store.catalogue.sources)
    if found:
        return Refusal("filtered_out", "Of these articles only stubs are kept, such as a paywall's notice.")
    source = request.filters.source
    if source is not None and (missing := outlets.missing(source, store.catalogue.sources())) is not None:
        return Refusal("filtered_out", missing)
    newest = store.catalogue.newest(Filters(known_at=request.filters.known_at))
    until = f" The newest article is of {refusing.day(newest)}." if newest else ""
    if period is not None:
        about = f" about '{request.query}'" if request.query else ""
        return Refusal("out_of_period", f"No article{about} was published then: {refusing.described(period)}.{until}")
    if request.query is not None:
        message = f"There is no article about '{request.query}' to summarise within the filters given."
        return Refusal("off_topic", message)
    return Refusal("filtered_out", f"There is no article to summarise within the filters given.{until}")
