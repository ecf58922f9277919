"""What an output took: time, tokens and money."""

from __future__ import annotations

from eval.cases import Case
from eval.scores import Context, Output, Score

NO_MODEL = "no model was asked"


def seconds(_: Case, output: Output, __: Context) -> Score:
    """Wall-clock seconds from the question to the end of the output."""
    return Score(output.seconds.total) if output.seconds.total else Score(None, "not timed")


def tokens(_: Case, output: Output, __: Context) -> Score:
    """Tokens that a model read and wrote for it."""
    if output.usage is None:
        return Score(None, NO_MODEL)
    return Score(float(output.usage.input_tokens + output.usage.output_tokens))


def cost(_: Case, output: Output, __: Context) -> Score:
    """US dollars that a model took for it."""
    if output.usage is None:
        return Score(None, NO_MODEL)
    return Score(None, "no price known") if output.usage.cost is None else Score(output.usage.cost)
