"""The few pieces of evidence that an answer shows: copies folded, rivals compared, the newest figure first."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from rag import wanted
from rag.claims.counted import ANYONE, counted
from rag.claims.quantities import Quantity
from rag.copies import near, shingles
from rag.evidence import ENOUGH, FEATURES, Evidence
from rag.records import Article, Span
from rag.verify import Source, verify
from rag.words import stems

LIKELY = 0.2
"""Less likely a best sentence is shown, and said to be uncertain: of those that were measured, half did answer."""
RELATIVE = 0.6
"""A further statement is at least this part as likely an answer as the best one."""
DIFFERING = 0.25
"""The same for a sentence that says otherwise: readers must see both."""
READ_ALIKE = 1.0
"""Or as the reader has it: log-odds no further below those of the best one."""
RIVAL = 0.4
"""Where the latest is asked for, a sentence at least this part as likely as the best one leads for being newer."""
AT_ONCE = timedelta(days=2)
"""Reports that differ and lie no further apart are in conflict; of others the older is superseded."""
FARTHEST = 100
"""Figures further apart, the larger as a multiple of the smaller, are not of one thing."""
AS_MUCH = 0.4
"""Nor is a sentence that holds less of the question than this part of what the other holds."""
ALIKE = 0.6
"""Part of the words of two sentences that they share, apart from what they differ in, if they speak of one thing."""
BORNE_OUT = 0.8
"""The same for two that tell the same without a figure, day or name asked for: one word more may be the news."""

_CHANGED = re.compile(
    r"\b(?:instead of|rather than|no longer|previous\w*|earlier|initial\w*|revised|first (?:said|reported|put)"
    r"|(?:up|down|rose|risen|raised|climb\w*|increase\w*|fell|fallen|cut|lowered|drop\w*|grew|grown) from)\b",
    re.IGNORECASE,
)

Carriers = Callable[[str], tuple[str, ...]]
"""Ids of the articles that carry an article's report, the original first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How to choose."""

    most: int
    carriers: Carriers
    article: Callable[[str], Article]
    latest: bool = False
    """Whether the newest report is asked for."""


def choose(weighed: Sequence[Evidence], choice: Choice) -> list[Evidence]:
    """The few best pieces of evidence, or none where none is enough; near-copies folded into the original."""
    chosen: list[Evidence] = []
    best = max((evidence.score for evidence in weighed), default=0.0)
    for evidence in weighed:
        if evidence.score < ENOUGH or len(chosen) == choice.most:
            break
        differs = any(contradicts(evidence, other) for other in chosen)
        alike = differs and _read_alike(evidence, chosen[0])
        enough = best * (DIFFERING if differs else RELATIVE)
        if (alike or evidence.score >= enough) and not any(_same(other, evidence) for other in chosen):
            chosen.append(evidence)
    anchored = [_anchored(one, choice.carriers(one.article.id), choice.article) for one in chosen]
    return [_compared(one, anchored, weighed, choice.carriers) for one in _newest_first(anchored, choice.latest)]


def _read_alike(one: Evidence, best: Evidence) -> bool:
    """Whether the reader, where it read at all, finds a sentence to answer, and about as well as the best one."""
    odds = [each.features[FEATURES.index("odds")] for each in (one, best) if each.features]
    return len(odds) == 2 and odds[0] > 0 and odds[0] >= odds[1] - READ_ALIKE


def contradicts(one: Evidence, other: Evidence) -> bool:
    """Whether two articles say different things in answer to one question: other figures, days or names."""
    if one.article.id == other.article.id:
        return False
    if one.answer and other.answer:
        if not wanted.differ(one.answer, other.answer):
            return False
        if isinstance(one.answer.what, Quantity) and isinstance(other.answer.what, Quantity):
            return _rivals(one.answer.what, one, other.answer.what, other)
        return _shared(one, other) >= ALIKE
    first, second = set(wanted.figures(one.quote)), set(wanted.figures(other.quote))
    return bool(first and second) and first.isdisjoint(second) and _shared(one, other) >= ALIKE


def _rivals(figure: Quantity, one: Evidence, rival: Quantity, other: Evidence) -> bool:
    """Whether two figures are given for one thing."""
    told = _tells(one.quote, rival) or _tells(other.quote, figure)
    things = counted(figure, one.quote), counted(rival, other.quote)
    return not told and _of_one_sort(*things) and _of_one_size(figure, rival) and _as_much_asked(one, other)


def _tells(quote: str, figure: Quantity) -> bool:
    """Whether a sentence has the figure too, and not as one that holds no longer: "climbed from 7 to 9"."""
    return figure.value in wanted.figures(quote) and _CHANGED.search(quote) is None


def _of_one_sort(things: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two numbers may count one sort of thing; what is not told may be anything."""
    if not things or not others or not ANYONE.isdisjoint((things[0], others[0])):
        return True
    return not set(things).isdisjoint(others)


def _of_one_size(one: Quantity, other: Quantity) -> bool:
    first, second = abs(one.value), abs(other.value)
    return max(first, second) <= FARTHEST * max(min(first, second), Fraction(1))


def _as_much_asked(one: Evidence, other: Evidence) -> bool:
    """Whether both sentences hold about as much of the question."""
    less, more = sorted(_asked_in(each) for each in (one, other))
    return less >= AS_MUCH * more


def _asked_in(one: Evidence) -> float:
    return one.features[FEATURES.index("coverage")] if one.features else 1.0


def _compared(one: Evidence, chosen: Sequence[Evidence], weighed: Sequence[Evidence], carriers: Carriers) -> Evidence:
    """The evidence with how others compare: how many say the same, and whether others say otherwise."""
    others = [other for other in chosen if contradicts(one, other)]
    superseded = any(
        _dated(one, other) and _published(other) - _published(one) > AT_ONCE.total_seconds() for other in others
    )
    conflict = any(
        abs(_published(other) - _published(one)) <= AT_ONCE.total_seconds() or not _dated(one, other)
        for other in others
        if other.article.source != one.article.source or not one.article.source
    )
    return replace(one, sources=_sources(one, weighed, carriers), conflict=conflict, superseded=superseded)


def _sources(one: Evidence, weighed: Sequence[Evidence], carriers: Carriers) -> int:
    """Independent sources that say the same: outlets, each counted once, and a wire report with all its carriers."""
    agreeing = [other for other in weighed if other.score >= ENOUGH and _says_the_same(one, other)]
    outlets: set[str] = set()
    reports: set[str] = set()
    count = 0
    for other in [one, *agreeing]:
        report = next(iter(carriers(other.article.id)), other.article.id)
        outlet = (other.article.source or other.article.id).casefold()
        if report not in reports and outlet not in outlets:
            count += 1
        reports.add(report)
        outlets.add(outlet)
    return count


def _says_the_same(one: Evidence, other: Evidence) -> bool:
    if one.answer and other.answer:
        return wanted.agree(one.answer, other.answer)
    return _shared(one, other) >= BORNE_OUT and _bears(other, one)


def _bears(one: Evidence, other: Evidence) -> bool:
    """Whether the first sentence bears the second out, as an answer's sentence must be borne out by what it cites."""
    source = Source(one.quote, one.article.published_at)
    return verify(other.quote, [source]).verdict == "supported"


def _shared(one: Evidence, other: Evidence) -> float:
    """Part of the shorter sentence's words that the longer one holds, without the mentions that answer."""
    first, second = _gist(one), _gist(other)
    return len(first & second) / max(1, min(len(first), len(second)))


def _gist(one: Evidence) -> set[str]:
    answer = set(stems(one.answer.words)) if one.answer else set()
    return set(stems(one.quote)) - answer


def _anchored(one: Evidence, carriers: Sequence[str], article: Callable[[str], Article]) -> Evidence:
    """The same words in the first article that carries them, and who else carries the report."""
    for id in carriers:
        origin = article(id)
        start = origin.text.find(one.quote)
        if start >= 0:
            also = tuple(other for other in carriers if other != id)
            return replace(one, article=origin, span=Span(start, start + len(one.quote)), also=also)
    return one


def _newest_first(chosen: Sequence[Evidence], latest: bool) -> list[Evidence]:
    """Of sentences that say different things the newest leads: figures are superseded.

    Those that contradict the leading one follow it newest first, in their own places.
    """
    if not chosen:
        return []
    newer = [one for one in chosen if contradicts(one, chosen[0])]
    if latest:
        newer += [one for one in chosen if one.score >= RIVAL * chosen[0].score]
    lead = max([chosen[0], *newer], key=_published)
    rest = [one for one in chosen if one is not lead]
    differing = iter(sorted((one for one in rest if contradicts(one, lead)), key=_published, reverse=True))
    return [lead, *(next(differing) if contradicts(one, lead) else one for one in rest)]


def _dated(one: Evidence, other: Evidence) -> bool:
    return one.article.published_at is not None and other.article.published_at is not None


def _published(one: Evidence) -> float:
    return one.article.published_at.timestamp() if one.article.published_at else float("-inf")


def _same(one: Evidence, other: Evidence) -> bool:
    """Whether two sentences say the same in nearly the same words and with the same figures."""
    if one.article.id == other.article.id and one.span == other.span:
        return True
    figures = wanted.figures(one.quote) == wanted.figures(other.quote)
    return figures and near(shingles(one.quote), shingles(other.quote)) and _bears(one, other)
