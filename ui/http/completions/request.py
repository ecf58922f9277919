"""The body of a request -> what is asked of the archive, or what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ui import calls
from ui.http.completions.faults import Refused
from ui.http.completions.messages import conversation

MODEL = "groundwire"
"""The one model there is: the archive, with whatever the server lets write."""
_TEXT = "only text is written, from the archive alone"
_ONE = "there is one answer to a question"
_ONLY: Mapping[str, tuple[tuple[object, ...], str]] = {
    "n": ((None, 1), _ONE),
    "tools": ((None, []), "no tools are called"),
    "functions": ((None, []), "no functions are called"),
    "tool_choice": ((None, "none", "auto"), "no tools are called"),
    "function_call": ((None, "none", "auto"), "no functions are called"),
    "response_format": ((None, {"type": "text"}), "answers are text with citations, never JSON"),
    "logprobs": ((None, False), "no probabilities are known"),
    "top_logprobs": ((None, 0), "no probabilities are known"),
    "modalities": ((None, ["text"]), _TEXT),
    "audio": ((None,), _TEXT),
    "moderation": ((None,), "nothing is moderated"),
}
"""Options that would change what comes back: the values that ask for nothing, and why no other will do. All options
not named here or read below only steer how a model writes, and are left unread."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request wants."""

    call: calls.Ask
    streamed: bool
    usage: bool
    """Whether a stream is to end with what it took."""


def read(body: bytes) -> Asked:
    """The request in a body. Raises Refused."""
    told = _object(body)
    _check_model(told.get("model"))
    for name, (values, reason) in _ONLY.items():
        if told.get(name) not in values:
            raise Refused(f"'{name}' is not supported: {reason}.", param=name, code="unsupported_parameter")
    streamed = _flag(told.get("stream"), "stream")
    usage = told.get("stream_options")
    if usage is not None and not isinstance(usage, dict):
        raise Refused("'stream_options' must be an object.", param="stream_options")
    question, history = conversation(told.get("messages"))
    counted = _flag((usage or {}).get("include_usage"), "stream_options.include_usage")
    options = _options(told.get(MODEL)).chosen()
    said = [calls.Said(question=turn.question, answer=turn.answer) for turn in history]
    return Asked(calls.Ask(question=question, history=said, **options), streamed, counted)


def check_known(model: str) -> None:
    """Raises Refused for a model that there is not."""
    if model != MODEL:
        shown = model.encode("utf-8", "replace").decode()[:100]
        message = f"The model '{shown}' does not exist. The only one is '{MODEL}'."
        raise Refused(message, param="model", code="model_not_found", status=404)


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused("The body is no JSON that can be read.", param=None, code="invalid_json") from error
    if not isinstance(told, dict):
        raise Refused("The body must be a JSON object.", param=None)
    return told


def _check_model(model: object) -> None:
    if not isinstance(model, str) or not model:
        raise Refused(f"Name a 'model'. The only one is '{MODEL}'.", param="model", code="missing_required_parameter")
    check_known(model)


def _flag(value: object, param: str) -> bool:
    if value is not None and not isinstance(value, bool):
        raise Refused(f"'{param}' must be true or false.", param=param)
    return bool(value)


def _options(told: object) -> calls.Asking:
    """Our own options, under ``groundwire``."""
    if told is not None and not isinstance(told, dict):
        raise Refused(f"'{MODEL}' must be an object of: {', '.join(calls.Asking.names())}.", param=MODEL)
    try:
        return calls.Asking.read(told or {}, strict=True)
    except calls.Misread as error:
        param = f"{MODEL}.{error.option}" if error.option else MODEL
        raise Refused(str(error), param=param) from error
