"""What readers of news must be told beside the fact: who says so, when it was, and that others say otherwise.

Who and when are looked for in the statements that tell what was asked for: those that hold an expected answer, and
those that cite the words that bear it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date

from eval.cases import Case
from eval.scorers.citations import bears
from eval.scores import Context, Output, Score, named, shown
from eval.wording import contains, words
from rag.claims.dates import DateMention, find
from rag.records import Statement
from rag.summary import Summary

REFUSED = "refused"
UNTOLD = "does not tell what was asked for"
Days = tuple[date, date]
"""The first and the last of them, inclusive."""


def attribution(case: Case, output: Output, context: Context) -> Score:
    """Whether a statement that tells what was only said names who said it.

    Statements that hold an expected answer count; those that cite the words bearing it only where none does.
    """
    if not case.speaker:
        return Score(None, "nobody to name")
    if output.refusal:
        return Score(0.0, REFUSED)
    statements = output.statements
    telling = [one for one in statements if _answers(one, case)] or [
        one for one in statements if _cites(one, case, output, context)
    ]
    if not telling:
        return Score(0.0, UNTOLD)
    names = [words(name) for name in case.speaker]
    if any(contains(words(one.text), name) for one in telling for name in names):
        return Score(1.0)
    return Score(0.0, "told without saying who said it")


def date_told(case: Case, output: Output, context: Context) -> Score:
    """Whether a statement that tells what was asked for has a date within the expected day, month or year.

    Words like "on Friday" mean what they mean in the articles that the statement cites. The day under which a
    timeline puts the statement counts as well. Of a date with two readings, "5/9/2023", either will do.
    """
    if not case.date:
        return Score(None, "no date expected")
    if output.refusal:
        return Score(0.0, REFUSED)
    telling = {
        place: one
        for place, one in enumerate(output.statements)
        if _answers(one, case) or _cites(one, case, output, context)
    }
    if not telling:
        return Score(0.0, UNTOLD)
    found = [days for one in telling.values() for days in _dates(one, output)]
    found += _headings(output, telling)
    expected = _expected(case.date)
    if any(expected[0] <= first and last <= expected[1] for first, last in found):
        return Score(1.0)
    given = ", ".join(dict.fromkeys(map(_written, found)))
    return Score(0.0, f"gives {given}, not {case.date}" if given else "gives no date")


def conflict_shown(case: Case, output: Output, _: Context) -> Score:
    """The share of what the sources give differently that stands in what is shown, as whole words."""
    if not case.differs:
        return Score(None, "sources do not differ")
    if output.refusal:
        return Score(0.0, REFUSED)
    told = words(shown(output))
    missing = [each for each in case.differs if not contains(told, words(each))]
    reason = f"does not show: {', '.join(missing)}" if missing else None
    return Score((len(case.differs) - len(missing)) / len(case.differs), reason)


def _answers(statement: Statement, case: Case) -> bool:
    told = words(statement.text)
    return any(contains(told, words(expected)) for expected in case.answers)


def _cites(statement: Statement, case: Case, output: Output, context: Context) -> bool:
    return any(bears(citation, gold, context) for citation in named(statement, output) for gold in case.gold)


def _dates(statement: Statement, output: Output) -> Iterator[Days]:
    """The days that its dates mean beside each article it cites."""
    published = dict.fromkeys(citation.published_at for citation in named(statement, output)) or {None: None}
    for moment in published:
        for mention in find(statement.text, published=moment):
            yield from _readings(mention)


def _readings(mention: DateMention) -> Iterator[Days]:
    if mention.first and mention.last:
        yield mention.first, mention.last
    if mention.other:
        yield from _readings(mention.other)


def _headings(output: Output, places: Collection[int]) -> list[Days]:
    """The days of a timeline's entries that hold one of these statements."""
    sections = output.sections if isinstance(output, Summary) else ()
    return [
        (section.first, section.last or section.first)
        for section in sections
        if section.first and any(place in places for place in section.statements)
    ]


def _expected(written: str) -> Days:
    """The days of an ISO day, month or year, of which cases have only such as the calendar has."""
    year, month, day = (*map(int, written.split("-")), 0, 0)[:3]
    end = month or 12
    return date(year, month or 1, day or 1), date(year, end, day or monthrange(year, end)[1])


def _written(days: Days) -> str:
    return days[0].isoformat() if days[0] == days[1] else f"{days[0].isoformat()} to {days[1].isoformat()}"
