"""Whether what is shown holds the expected answer."""

from __future__ import annotations

from eval.cases import Case
from eval.scores import Context, Output, Score, shown
from eval.wording import contains, f1, words


def answer_match(case: Case, output: Output, _: Context) -> Score:
    """Whether some expected answer stands in the answer shown, whole words, case and punctuation aside."""
    if unscored := _unscored(case, output):
        return unscored
    told = words(shown(output))
    return Score(float(any(contains(told, words(expected)) for expected in case.answers)))


def answer_exact(case: Case, output: Output, _: Context) -> Score:
    """Whether the answer shown is an expected one and nothing else, case, punctuation and articles aside."""
    if unscored := _unscored(case, output):
        return unscored
    told = words(shown(output))
    return Score(float(any(told == words(expected) for expected in case.answers)))


def token_f1(case: Case, output: Output, _: Context) -> Score:
    """Words shared with the nearest expected answer: the harmonic mean of precision and recall."""
    if unscored := _unscored(case, output):
        return unscored
    return Score(max(f1(words(shown(output)), words(expected)) for expected in case.answers))


def _unscored(case: Case, output: Output) -> Score | None:
    if not case.answerable:
        return Score(None, "unanswerable")
    if not case.answers:
        return Score(None, "no expected answer")
    return Score(0.0, "refused") if output.refusal else None
