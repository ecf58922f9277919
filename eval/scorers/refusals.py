"""Whether it refused exactly where there is no answer."""

from __future__ import annotations

from eval.cases import Case
from eval.scores import Context, Output, Score

UNSURE = "not known whether there is an answer"


def refusal(case: Case, output: Output, _: Context) -> Score:
    """Whether it refused exactly where there is no answer."""
    if case.unsure:
        return Score(None, UNSURE)
    return Score(float((output.refusal is not None) == (not case.answerable)))


def refusal_precision(case: Case, output: Output, _: Context) -> Score:
    """Scored over refusals, so that its mean is the share of refusals that were right."""
    if output.refusal is None:
        return Score(None, "answered")
    return Score(None, UNSURE) if case.unsure else Score(float(not case.answerable))


def refusal_recall(case: Case, output: Output, _: Context) -> Score:
    """Scored over unanswerable cases, so that its mean is the share of them refused."""
    if case.answerable:
        return Score(None, UNSURE if case.unsure else "answerable")
    return Score(float(output.refusal is not None))
