"""A pytest plugin: the fixture ``grounded``, and why an answer is not grounded in the report of the test that failed.

It imports nothing else of ours until a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

_FOUND = pytest.StashKey[list[str]]()
"""What a test's answers lacked."""


@pytest.fixture
def grounded(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """``grounded(answer)`` or ``grounded(text, sources=[...])``, for ``assert``; see ``eval.grounded``."""
    from eval.grounded import grounded

    found = request.node.stash.setdefault(_FOUND, [])

    def checking(given: object, *, sources: object = None, at_least: float = 1.0) -> Any:
        result = grounded(given, sources=sources, at_least=at_least)
        if not result:
            found.append(repr(result))
        return result

    return checking


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Pytest cuts what an assertion shows; all of it is put below the failure."""
    report = yield
    found = item.stash.get(_FOUND, [])
    if report.failed and report.when == "call" and found:
        report.sections.append(("grounded", "\n".join(found)))
        found.clear()
    return report
