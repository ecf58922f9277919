"""An outline's parts, such as the days of a timeline, told by a model; headings and days stay as they were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

from rag import passages
from rag.citing import Checked, Passed
from rag.records import Article, Problem, Span
from rag.summaries.brief import Brief, Part
from rag.summaries.choosing.telling import others
from rag.summaries.writing.calling import Asked, Told, ask
from rag.summaries.writing.packing import packed, passed, size
from rag.verify import Check, verify
from rag.written import prompts

STORY_TOKENS = 1_500
"""Of passages that a story of a digest is told from, at most."""
LEAD = 2
"""Sentences at the start of an article that a story is told from besides those found."""
_MIXED = Problem("citation", "", "It runs together what stands under different headings.")


@dataclass(frozen=True, slots=True)
class Home:
    """Where a passage comes from."""

    part: int
    statement: int | None = None
    """Of the part's shown ones; ``None`` where the passage is of the whole part."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What is to be told."""

    parts: tuple[Part, ...]
    asked: tuple[Asked, ...]
    homes: tuple[Home, ...]
    """Of each passage of the prompts, in their order."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of it."""

    parts: tuple[Part, ...]
    written: int
    """Sentences of the model that hold."""
    own: int
    """Statements left to the articles' own sentences, as the model wrote none that holds."""


def filling(brief: Brief, parts: Sequence[Part], room: int) -> Filling:
    """The prompts that have the parts told: a story in one, other parts passage by passage, as many as fit."""
    if brief.style == "digest":
        asked = [_story(brief, part) for part in parts]
        homes = [Home(place) for place, one in enumerate(asked) for _ in one.passed]
        return Filling(tuple(parts), tuple(asked), tuple(homes))
    found = [
        [(Home(place, number), one) for number, told in enumerate(_held(part)) for one in _passages(brief, told)]
        for place, part in enumerate(parts)
    ]
    prompted = packed([[one for _, one in each] for each in found], room)
    asked = [ask(one, prompts.lines_task(), len(one)) for one in prompted]
    return Filling(tuple(parts), tuple(asked), tuple(home for each in found for home, _ in each))


def filled(work: Filling, told: Sequence[Told]) -> Filled:
    """The parts as they were told. A statement that no sentence tells stays the article's own."""
    gathered: list[list[_Sentence]] = [[] for _ in work.parts]
    homes = iter(work.homes)
    for one in told:
        mine = list(islice(homes, len(one.asked.passed)))
        for sentence in _sentences(one, mine):
            gathered[sentence.homes[0].part].append(sentence)
    made = [_part(part, sentences) for part, sentences in zip(work.parts, gathered, strict=True)]
    return Filled(tuple(part for part, _, _ in made), sum(new for _, new, _ in made), sum(own for _, _, own in made))


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One that was told."""

    checked: Checked
    homes: tuple[Home, ...]
    """Of the passages it cites; where it cites none that exist, of the first that was shown."""

    @property
    def holds(self) -> bool:
        return self.checked.check.verdict != "unsupported"


def _sentences(told: Told, homes: Sequence[Home]) -> Iterator[_Sentence]:
    for checked in told.checked:
        cited = tuple(homes[place] for place in told.places(checked))
        if len({home.part for home in cited}) > 1:
            checked = replace(checked, check=Check("unsupported", (*checked.check.problems, _MIXED)))
        yield _Sentence(checked, cited or (homes[0],))


def _part(part: Part, sentences: Sequence[_Sentence]) -> tuple[Part, int, int]:
    """A part with what was told in it, how many sentences that is, and how many statements stay its own."""
    held = [one for one in sentences if one.holds]
    own = _held(part)
    if any(home.statement is None for one in held for home in one.homes):
        chosen, left = [one.checked for one in held][: len(own)], 0
    else:
        chosen, left = _line_by_line(own, held)
    faults = [one.checked for one in sentences if not one.holds]
    return replace(part, checked=(*chosen, *faults)), len(chosen) - left, left


def _line_by_line(own: Sequence[Checked], held: Sequence[_Sentence]) -> tuple[list[Checked], int]:
    """For each statement the first sentence that tells it, else itself; and how many stay themselves."""
    chosen: list[Checked] = []
    left = 0
    taken: set[int] = set()
    for number, statement in enumerate(own):
        telling = next((one for one in held if any(home.statement == number for home in one.homes)), None)
        told = _borne(telling.checked, statement) if telling else None
        if telling is None or told is None:
            chosen.append(statement)
            left += 1
        elif id(telling) not in taken:
            taken.add(id(telling))
            chosen.append(told)
    return chosen, left


def _borne(told: Checked, statement: Checked) -> Checked | None:
    """A sentence with all that a statement cites, marked like it; ``None`` where not each of these bears it out."""
    others = statement.cited[1:]
    if any(verify(told.text, [piece.evidence]).verdict == "unsupported" for piece in others):
        return None
    return replace(
        told,
        cited=(*told.cited, *others),
        sources=statement.sources,
        conflict=statement.conflict,
        superseded=statement.superseded,
    )


def _held(part: Part) -> list[Checked]:
    return [one for one in part.checked if one.check.verdict != "unsupported"]


def _passages(brief: Brief, told: Checked) -> list[Passed]:
    """What it rests on first; further outlets that agree are not told again, only cited."""
    return [passed(piece.article, piece.span, others(piece.article, brief.carriers)) for piece in told.cited[:1]]


def _story(brief: Brief, part: Part) -> Asked:
    """A prompt of what was found of a story, with the sentences around it, and how its other articles begin."""
    found = [piece for told in _held(part) for piece in told.cited]
    spans: dict[str, list[Span]] = {}
    articles = {one.id: one for one in (*(piece.article for piece in found), *part.articles)}
    for piece in found:
        spans.setdefault(piece.article.id, []).append(piece.span)
    shown: list[Passed] = []
    left = STORY_TOKENS
    for article in articles.values():
        for span in _widened(article, spans.get(article.id, ())):
            one = passed(article, span, others(article, brief.carriers))
            left -= size(one)
            if left >= 0 or not shown:
                shown.append(one)
    count = len(_held(part))
    return ask(shown, prompts.story_task(count), count)


def _widened(article: Article, spans: Sequence[Span]) -> Iterator[Span]:
    """Sentences with their neighbours, in runs; the first ones of an article of which none was found."""
    every = passages.sentences(article.text, article.language)
    if not spans:
        yield from [Span(every[0].start, every[:LEAD][-1].end)] if every else []
        return
    found = [any(one.start < span.end and span.start < one.end for span in spans) for one in every]
    near = [any(found[max(0, place - 1) : place + 2]) for place in range(len(every))]
    for is_near, run in groupby(range(len(every)), key=near.__getitem__):
        places = list(run)
        if is_near:
            yield Span(every[places[0]].start, every[places[-1]].end)
