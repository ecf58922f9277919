"""How many verdicts a run wanted of a judge, and how many could not be read: told from its scores alone."""

from __future__ import annotations

import re
from collections.abc import Iterable

from eval.report import Outcome
from eval.scores import Score, shown

FAILED = "the judge failed: "
"""What the reason begins with where the model could not be asked."""
UNREAD = "the verdict could not be read"
_UNREAD_OF = re.compile(r"(\d+) of (\d+) verdicts could not be read")
_BARE_OF = re.compile(r"(\d+) of \d+ statements cite nothing verbatim")


def unread_of(unread: int, wanted: int) -> str:
    """The reason why there is no share, where verdicts are missing."""
    return f"{unread} of {wanted} verdicts could not be read"


def bare_of(bare: int, statements: int) -> str:
    """The reason why some statements count as unsupported though no verdict was wanted on them."""
    return f"{bare} of {statements} statements cite nothing verbatim"


def counted(outcomes: Iterable[Outcome]) -> tuple[int, int]:
    """Verdicts wanted, and those of them that could not be read."""
    judged = [outcome for outcome in outcomes if outcome.output and "judged_grounded" in outcome.scores]
    unread = sum(_unread(score) for outcome in judged for score in outcome.scores.values())
    return sum(_wanted(outcome) for outcome in judged), unread


def faults(outcomes: Iterable[Outcome]) -> int:
    """Cases of which it judged nothing, or not all, because the model failed."""
    return sum(
        any((score.reason or "").startswith(FAILED) for score in outcome.scores.values()) for outcome in outcomes
    )


def _wanted(outcome: Outcome) -> int:
    case, output = outcome.case, outcome.output
    if not output or output.refusal:
        return 0
    reason = outcome.scores["judged_grounded"].reason or ""
    if unread := _UNREAD_OF.fullmatch(reason):
        grounded = int(unread[2])
    else:
        bare = _BARE_OF.fullmatch(reason)
        grounded = len(output.statements) - (int(bare[1]) if bare else 0)
    return grounded + bool(case.answerable and case.answers and shown(output))


def _unread(score: Score) -> int:
    found = _UNREAD_OF.fullmatch(score.reason or "")
    return int(found[1]) if found else int(score.reason == UNREAD)
