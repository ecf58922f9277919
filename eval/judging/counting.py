"""How many verdicts a run wanted of a judge, and how many could not be read: told from its scores alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from eval.cases import Case
from eval.report import Outcome
from eval.scores import Output, Score, cited, shown
from rag.records import Statement
from rag.verify import Source

UNREAD = "the verdict could not be read"
_UNREAD_OF = re.compile(r"(\d+) of \d+ verdicts could not be read")


def unread_of(unread: int, wanted: int) -> str:
    """The reason why there is no share, where verdicts are missing."""
    return f"{unread} of {wanted} verdicts could not be read"


def sources_of(statement: Statement, output: Output) -> list[Source]:
    """The words that a statement cites; none for a number that names no citation."""
    citations = cited(output)
    found = [citations[number] for number in statement.citations if number in citations]
    return [Source(citation.quote, citation.published_at) for citation in found]


def counted(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """Verdicts wanted, and those of them that could not be read."""
    judged = [outcome for outcome in outcomes if outcome.output and "judged_grounded" in outcome.scores]
    wanted = sum(_wanted(outcome.case, outcome.output) for outcome in judged if outcome.output)
    return wanted, sum(_unread(score) for outcome in judged for score in outcome.scores.values())


def _wanted(case: Case, output: Output) -> int:
    if output.refusal:
        return 0
    grounded = sum(any(source.text.strip() for source in sources_of(one, output)) for one in output.statements)
    return grounded + bool(case.answerable and case.answers and shown(output))


def _unread(score: Score) -> int:
    found = _UNREAD_OF.fullmatch(score.reason or "")
    return int(found[1]) if found else int(score.reason == UNREAD)
