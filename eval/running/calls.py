"""A system called for one case: what it gives, or in one line why it gave nothing, within the time allowed."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

from eval.cases import Case
from eval.running.outputs import output_json
from eval.scores import Output
from rag import settings
from rag.errors import GroundwireError
from rag.records import Answer
from rag.summary import Summary

_LOOK = 0.2
"""Seconds between looks whether the run is to end."""
MOST_TOKENS = 10**12
System = Callable[[Case], object]
"""Gives an ``Answer`` or a ``Summary``; anything else is a failed case."""


def call(
    system: System, case: Case, *, timeout: float | None = None, stop: threading.Event | None = None
) -> tuple[Output | None, str | None]:
    """The output or the error. What is not done after ``timeout`` seconds is left behind, and counts as failed."""
    if timeout is None:
        return _called(system, case)
    given: queue.SimpleQueue[tuple[Output | None, str | None] | BaseException] = queue.SimpleQueue()
    # A daemon, because nothing can end a thread that hangs: it must not keep the process alive.
    threading.Thread(target=_put, args=(given, system, case), name=f"case {case.id}", daemon=True).start()
    until = time.monotonic() + timeout
    while True:
        try:
            result = given.get(timeout=max(0.0, min(_LOOK, until - time.monotonic())))
            break
        except queue.Empty:
            if stop and stop.is_set():
                return None, "broken off"
            if time.monotonic() >= until:
                return None, f"gave nothing within {timeout:g} s"
    if isinstance(result, BaseException):
        raise result
    return result


def _put(given: queue.SimpleQueue[object], system: System, case: Case) -> None:
    try:
        given.put(_called(system, case))
    except BaseException as raised:  # an interrupt is raised again where the case was asked
        given.put(raised)


def _called(system: System, case: Case) -> tuple[Output | None, str | None]:
    try:
        output = system(case)
    except KeyboardInterrupt:
        raise
    except GroundwireError as raised:
        return None, _line(str(raised))
    except BaseException as raised:  # a suite is not stopped by one case, not even by one that wants to exit
        return None, f"{type(raised).__name__}: {_line(_said(raised))}"
    if output is None:
        return None, "returned nothing"
    if not isinstance(output, Answer | Summary):
        return None, f"returned {type(output).__name__} instead of an Answer or Summary"
    fault = _unkeepable(output)
    return (None, fault) if fault else (output, None)


def _unkeepable(output: Output) -> str | None:
    """Why an output cannot be written down and read back, such as a cost that is no number."""
    if output.usage and max(output.usage.input_tokens, output.usage.output_tokens) > MOST_TOKENS:
        return f"returned {type(output).__name__} with more tokens than there can be"
    try:
        json.dumps([output_json(output), asdict(output.seconds)], allow_nan=False).encode()
    except (AttributeError, TypeError, ValueError) as error:
        return f"returned {type(output).__name__} that cannot be kept: {_line(str(error))}"
    return None


def _said(raised: BaseException) -> str:
    try:
        return str(raised)
    except Exception:  # what an exception says of itself is a system's own code too
        return ""


def _line(message: str) -> str:
    """One line without the keys that a foreign system's message may hold."""
    for secret in settings.secrets():
        message = message.replace(secret, "…")
    return " ".join(message.split())[:500] or "no message"
