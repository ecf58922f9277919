"""What a model will be asked for a summary, in a short phrase."""

from __future__ import annotations

from rag.summary import Plan
from ui.text.coverage import count

CENT = 0.01
"""In US dollars."""


def planned(plan: Plan) -> str:
    """``500 articles in 39 calls, about 205,000 tokens read and 3,600 written, about $0.12``."""
    size = f"{count(plan.articles, 'article')} in {count(plan.calls, 'call')}"
    read, written = _about(plan.input_tokens), _about(plan.output_tokens)
    return f"{size}, about {read} tokens read and {written} written{_cost(plan.cost)}"


def _cost(dollars: float | None) -> str:
    if dollars is None:
        return ""
    return f", about ${dollars:.2f}" if dollars >= CENT else f", less than ${CENT:.2f}"


def _about(number: int) -> str:
    """With its first three figures."""
    return f"{round(number, min(0, 3 - len(str(number)))):,}"
