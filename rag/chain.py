"""LangChain's runnables: the steps of an answer in a row, kept private unless tracing is asked for."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import copy_context
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda
from langsmith import tracing_context

from rag.settings import setting

_END = object()


def in_a_row(steps: Sequence[tuple[str, Callable[[Any], Any]]]) -> Runnable[Any, Any]:
    """A chain of named steps, each taking what the one before returns."""
    (name, first), *rest = steps
    chain: Runnable[Any, Any] = RunnableLambda(first, name=name)
    for name, step in rest:
        chain = chain | RunnableLambda(step, name=name)
    return chain


def within(
    context: Callable[[], AbstractContextManager[None]], chain: Runnable[Any, Any], *, name: str
) -> Runnable[Any, Any]:
    """A chain as one named step, all of it run inside a context."""

    def run(value: Any) -> Any:
        with context():
            return chain.invoke(value)

    return RunnableLambda(run, name=name)


def streamed(chain: Runnable[Any, Any], value: Any) -> Iterator[Any]:
    """What the chain's last step yields, as it does; it may be read on in any thread, and closed at any moment."""
    kept = copy_context()

    def run() -> Generator[Any]:
        with private():
            yield from chain.stream(value)

    steps = run()
    try:
        while (item := kept.run(next, steps, _END)) is not _END:
            yield item
    finally:
        kept.run(steps.close)


@contextmanager
def private() -> Iterator[None]:
    """Keep LangSmith from sending articles away because a shell variable says so; GROUNDWIRE_TRACING=1 lets it."""
    with tracing_context(enabled=None if setting("GROUNDWIRE_TRACING") else False):
        yield
