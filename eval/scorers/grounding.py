"""Whether what is shown is borne by what it cites."""

from __future__ import annotations

from eval.cases import Case
from eval.scores import Context, Output, Score


def grounded(_: Case, output: Output, __: Context) -> Score:
    """The share of shown statements that their citations support; "weak" is not supported."""
    if output.refusal:
        return Score(None, "refused")
    if not output.statements:
        return Score(None, "shows no statement")
    supported = sum(statement.verdict == "supported" for statement in output.statements)
    return Score(supported / len(output.statements))
