"""LangChain's runnables: the steps of an answer in a row, kept private unless tracing is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda
from langsmith import tracing_context

from rag.settings import setting


def in_a_row(steps: Sequence[tuple[str, Callable[[Any], Any]]]) -> Runnable[Any, Any]:
    """A chain of named steps, each taking what the one before returns."""
    (name, first), *rest = steps
    chain: Runnable[Any, Any] = RunnableLambda(first, name=name)
    for name, step in rest:
        chain = chain | RunnableLambda(step, name=name)
    return chain


@contextmanager
def private() -> Iterator[None]:
    """Keep LangSmith from sending articles away because a shell variable says so; GROUNDWIRE_TRACING=1 lets it."""
    with tracing_context(enabled=None if setting("GROUNDWIRE_TRACING") else False):
        yield
