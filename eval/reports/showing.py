"""What an HTML report shows of one case, drawn together from its outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from eval.cases import Case
from eval.report import Outcome, Report
from eval.reports.quoting import Quoted, quoted
from eval.reports.ranking import Ranked, ranked
from eval.reports.rows import UNITS
from eval.scores import Output, Score, hits
from rag.records import Statement
from rag.summary import Summary


@dataclass(frozen=True, slots=True)
class Part:
    """Statements under a heading, or under none."""

    heading: str | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One case, ready to be laid out."""

    place: int
    """Counts from 1, failed and worst first; links lead by it."""
    ranked: Ranked
    gold: Mapping[str, Sequence[str]]
    """The articles that hold each of the gold quotes."""
    scores: tuple[tuple[str, str, Score], ...]
    """Measure, value with its unit, and the score, where it is not the best there is."""
    best: tuple[str, ...]
    """Measures that reached the most that they can give, and have nothing to add."""
    unscored: Mapping[str, Sequence[str]]
    """The measures that could not be scored, by reason."""
    quotes: tuple[Quoted, ...]
    found: tuple[str, ...]
    """Ids of the articles found, the best first."""
    parts: tuple[Part, ...]

    @property
    def case(self) -> Case:
        """What was asked and expected."""
        return self.ranked.outcome.case

    @property
    def output(self) -> Output | None:
        """What came of it."""
        return self.ranked.outcome.output

    @property
    def error(self) -> str | None:
        """Why nothing came of it."""
        return self.ranked.outcome.error

    @property
    def numbers(self) -> frozenset[int]:
        """Those of its citations: what a marker can lead to."""
        return frozenset(quote.citation.number for quote in self.quotes)


def shown(report: Report) -> list[Shown]:
    """Every case, failed and worst first."""
    return [_shown(place, one, report) for place, one in enumerate(ranked(report), 1)]


def _shown(place: int, one: Ranked, report: Report) -> Shown:
    output, best = one.outcome.output, _best(one, report)
    return Shown(
        place=place,
        ranked=one,
        gold=_grouped((gold.quote, gold.article) for gold in one.outcome.case.gold),
        scores=tuple(
            (name, f"{score.value:.3g}{UNITS[report.measures[name].unit]}", score)
            for name, score in one.outcome.scores.items()
            if score.value is not None and name in report.measures and name not in best
        ),
        best=best,
        unscored=_unscored(one.outcome),
        quotes=tuple(quoted(citation, report.texts) for citation in output.citations) if output else (),
        found=tuple(dict.fromkeys(hit.article_id for hit in hits(output))) if output else (),
        parts=tuple(_parts(output)) if output else (),
    )


def _best(one: Ranked, report: Report) -> tuple[str, ...]:
    measures = report.measures
    return tuple(
        name
        for name, score in one.outcome.scores.items()
        if score.value is not None
        and score.reason is None
        and name in measures
        and measures[name].unit == "share"
        and name not in one.below
    )


def _unscored(outcome: Outcome) -> dict[str, list[str]]:
    return _grouped(
        (score.reason or "no reason given", name) for name, score in outcome.scores.items() if score.value is None
    )


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _parts(output: Output) -> list[Part]:
    """A summary's sections, those that follow one another under one heading as one; else all statements."""
    if not isinstance(output, Summary) or not output.sections:
        return [Part(None, output.statements)] if output.statements else []
    held = range(len(output.statements))
    return [
        Part(heading, tuple(output.statements[place] for one in ones for place in one.statements if place in held))
        for heading, ones in groupby(output.sections, key=lambda section: section.heading)
    ]
