"""How many verdicts a run wanted of a judge, and how many could not be read: told from its scores alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from eval.cases import Case
from eval.report import Outcome
from eval.scores import Output, Score, named, shown

FAILED = "the judge failed: "
"""What the reason begins with where the model could not be asked."""
UNREAD = "the verdict could not be read"
_UNREAD_OF = re.compile(r"(\d+) of \d+ verdicts could not be read")


def unread_of(unread: int, wanted: int) -> str:
    """The reason why there is no share, where verdicts are missing."""
    return f"{unread} of {wanted} verdicts could not be read"


def counted(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """Verdicts wanted, and those of them that could not be read."""
    judged = [outcome for outcome in outcomes if outcome.output and "judged_grounded" in outcome.scores]
    wanted = sum(_wanted(outcome.case, outcome.output) for outcome in judged if outcome.output)
    return wanted, sum(_unread(score) for outcome in judged for score in outcome.scores.values())


def faults(outcomes: Iterable[Outcome]) -> int:
    """Cases of which it judged nothing, or not all, because the model failed."""
    return sum(
        any((score.reason or "").startswith(FAILED) for score in outcome.scores.values()) for outcome in outcomes
    )


def _wanted(case: Case, output: Output) -> int:
    if output.refusal:
        return 0
    grounded = sum(bool(named(one, output)) for one in output.statements)
    return grounded + bool(case.answerable and case.answers and shown(output))


def _unread(score: Score) -> int:
    found = _UNREAD_OF.fullmatch(score.reason or "")
    return int(found[1]) if found else int(score.reason == UNREAD)
