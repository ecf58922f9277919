"""Map and reduce: parts of the articles give facts, whose exact words are the passages of the next round."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

from rag.citing import Checked, Passed, understandable
from rag.errors import ModelError
from rag.records import Span
from rag.summaries.brief import Brief
from rag.summaries.writing.calling import Asked, Calls, Told, ask
from rag.summaries.writing.packing import packed, passed, size, whole
from rag.summaries.writing.planning import Level, Usual
from rag.summaries.writing.wanted import Wanted
from rag.written import prompts

FEWEST = 3
"""Facts asked for of a part, on average."""
SPARE = 0.8
"""Share of a prompt that the passages of a later round are planned to fill."""


@dataclass(frozen=True, slots=True)
class _Found:
    rank: int
    """The place of the sentence that rests on it, among those of its part."""
    passed: Passed


@dataclass(frozen=True, slots=True)
class Merging:
    """What is to be merged into one text."""

    first: tuple[Asked, ...]
    levels: tuple[Level, ...]
    """Rounds after the first; the last has one call."""
    room: int
    """Tokens of passages in a prompt."""
    final: Callable[[Sequence[Passed]], Asked]
    facts: Callable[[Sequence[Passed], int], Asked]


@dataclass(slots=True)
class Merged:
    """What came of it."""

    told: list[Told]
    """The last round."""
    before: list[Told] = field(default_factory=list)
    """The round before it."""
    errors: list[ModelError] = field(default_factory=list)
    """Why something is missing, of each call that failed."""
    faults: int = 0
    """Sentences of earlier rounds that did not hold."""


def merging(brief: Brief, wanted: Wanted, room: int, usual: Usual) -> Merging:
    """The prompts of the first round, and how many calls the rounds after it will make."""
    by_story = [article for story in brief.stories for article in story.articles]
    parts = packed((whole(one, brief.carriers) for one in by_story), room)

    def final(passages: Sequence[Passed]) -> Asked:
        return ask(passages, wanted.task(brief.style, brief.subject), wanted.sentences)

    def facts(passages: Sequence[Passed], count: int) -> Asked:
        return ask(passages, prompts.facts_task(count, brief.subject), count)

    if len(parts) == 1:
        return Merging((final(parts[0]),), (), room, final, facts)
    shares = _shares(parts, _facts(len(parts), wanted.sentences))
    first = tuple(facts(part, share) for part, share in zip(parts, shares, strict=True))
    return Merging(first, tuple(_levels(len(parts), sum(shares), wanted.sentences, room, usual)), room, final, facts)


def merge(work: Merging, calls: Calls) -> Merged:
    """All rounds, one after the other. Each shows the exact words that the sentences of the one before rest on."""
    told = calls.halved(calls.tell(work.first))
    # What one part was too long for, another of that size is too.
    room = work.room if len(told) == len(work.first) else work.room // 2
    merged = Merged(told, errors=[one.error for one in told if one.error])
    levels = iter(work.levels)
    while len(merged.told) > 1 and (found := _found(merged.told)):
        level = next(levels, Level(1, len(found), 0))
        merged.faults += sum(len(one.faults) for one in merged.told)
        merged.before, merged.told = merged.told, calls.tell(_round(work, level, found, room))
        merged.errors += [one.error for one in merged.told if one.error]
    return merged


def by_rank(told: Sequence[Told]) -> list[Checked]:
    """What holds of several parts as one text: the first sentence of each, then the second, and so on."""
    ranked = [(rank, one) for part in told for rank, one in enumerate(part.held)]
    return [one for _, one in sorted(ranked, key=lambda each: each[0])]


def _facts(calls: int, wanted: int) -> int:
    """Facts to ask a round for: twice what the summary holds, and some of each part."""
    return max(FEWEST * calls, 2 * wanted)


def _shares(parts: Sequence[Sequence[Passed]], facts: int) -> list[int]:
    """How many of them to ask each part for, by its length."""
    sizes = [sum(map(size, part)) for part in parts]
    every = sum(sizes)
    return [max(1, round(facts * one / every)) for one in sizes]


def _levels(calls: int, facts: int, wanted: int, room: int, usual: Usual) -> Iterator[Level]:
    fit = room / usual.passage
    while calls > 1:
        calls = max(1, min(ceil(facts / (SPARE * fit)), calls // 2))
        asked = wanted if calls == 1 else _facts(calls, wanted)
        yield Level(calls, min(facts, int(calls * fit)), asked)
        facts = asked


def _round(work: Merging, level: Level, found: Sequence[_Found], room: int) -> list[Asked]:
    calls = min(level.calls, len(found))
    if calls == 1:
        return [work.final(_fitting(found, room))]
    edges = [len(found) * place // calls for place in range(calls + 1)]
    share = max(1, round(level.asked / calls))
    return [work.facts(_fitting(found[start:end], room), share) for start, end in pairwise(edges)]


def _found(told: Sequence[Told]) -> list[_Found]:
    """The words that what holds rests on, each once, and so much before them that they can be understood."""
    found: dict[tuple[str, Span], _Found] = {}
    for one in told:
        for rank, checked in enumerate(one.held):
            for piece in checked.cited:
                span = understandable(piece.article, piece.span)
                found.setdefault((piece.article.id, span), _Found(rank, passed(piece.article, span, piece.also)))
    return list(found.values())


def _fitting(found: Sequence[_Found], room: int) -> list[Passed]:
    """As many as fit, those that matter most to their part first; in the order they came."""
    kept: set[int] = set()
    for place in sorted(range(len(found)), key=lambda place: found[place].rank):
        room -= size(found[place].passed)
        if room >= 0 or not kept:
            kept.add(place)
    return [one.passed for place, one in enumerate(found) if place in kept]
