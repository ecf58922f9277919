"""Whatever a provider's package raises -> one line: which model at which address, what happened, what to do."""

from __future__ import annotations

import os
import re
from json import JSONDecodeError

from rag.errors import ContextTooLong, Declined, ModelError
from rag.settings import setting

_LONGEST = 200
"""Characters of what a server says."""
_TOO_LONG = re.compile(
    r"context[_ ](?:length|size|window)|maximum (?:context|prompt|input)|too (?:long|many tokens)|prompt is too"
    r"|exceeds? .{0,40}(?:context|tokens)|tokens? .{0,40}exceed",
    re.IGNORECASE,
)
_FILTERED = re.compile(r"content[_ ](?:filter|policy|management)|moderation|safety", re.IGNORECASE)
_SECRET = re.compile(r"\b(?:sk|pk|gsk|xai|hf|key)[-_][^\s\"',;}]+|\bBearer\s+[^\s\"',;}]+", re.IGNORECASE)
"""Servers repeat a key they refuse, partly masked."""
_KEY_NAMES = re.compile(r"(?:_KEY|_TOKEN|_SECRET|_PASSWORD)$")


def fault(error: Exception, name: str, address: str | None, *, tries: int, silence: float) -> ModelError:
    """The error to raise for one of a provider's own. ``tries`` counts requests, ``silence`` is in seconds."""
    status = getattr(error, "status_code", None)
    said = _said(error)
    if status in (400, 413, 422) and _TOO_LONG.search(said):
        return ContextTooLong(line(name, address, f"the passages are longer than it reads at once ({said})", ""))
    if status in (400, 403) and _FILTERED.search(said):
        return Declined(line(name, address, f"it would not write about this ({said})", ""))
    if isinstance(status, int):
        return ModelError(line(name, address, *_answered(status, said, name, tries)))
    kind = type(error).__name__
    if isinstance(error, TimeoutError) or "Timeout" in kind:
        what = f"nothing came for {silence:g} seconds"
        return ModelError(line(name, address, what, "Try again, or choose a faster model."))
    if "Connect" in kind and "Lost" not in kind:
        what = f"it cannot be reached ({said})"
        return ModelError(line(name, address, what, "Check that the server runs, and OPENAI_BASE_URL."))
    if any(word in kind for word in ("Protocol", "Read", "Write", "Closed", "Network")):
        return ModelError(line(name, address, f"the connection broke off ({said})", "Try again."))
    if isinstance(error, JSONDecodeError) or kind.endswith(("ValidationError", "DecodeError")):
        return ModelError(line(name, address, "what it sent is no chat reply", "Check the address."))
    return ModelError(line(name, address, f"it failed ({said or kind})", "Check its name, key and address."))


def line(name: str, address: str | None, what: str, do: str) -> str:
    """One line about a model, without any secret."""
    place = f"'{name}' at {address}" if address else f"'{name}'"
    return redacted(f"{place} gave no answer: {what}. {do}".strip())


def redacted(text: str) -> str:
    """The text with every key that the settings hold, and whatever looks like one, blacked out."""
    names = [name for name in os.environ if _KEY_NAMES.search(name)]
    for name in {"OPENAI_API_KEY", *names}:
        key = setting(name)
        text = text.replace(key, "***") if key and len(key) > 3 else text
    return _SECRET.sub("***", text)


def _answered(status: int, said: str, name: str, tries: int) -> tuple[str, str]:
    """What an HTTP status means, and what to do about it."""
    told = f" ({said})" if said else ""
    if status in (401, 403):
        return f"its server refuses the key{told}", "Check the provider's key, such as OPENAI_API_KEY."
    if status == 404:
        model = name.partition(":")[2] or name
        return f"there is no model '{model}' there{told}", "Check the name, and OPENAI_BASE_URL."
    if status == 429:
        return f"its limit is reached, at {tries} tries{told}", "Wait, or choose another model."
    if status >= 500 or status in (408, 409):
        return f"its server failed with {status}, at {tries} tries{told}", "Try again later."
    return f"its server answered {status}{told}", "Check the model's name and the address."


def _said(error: Exception) -> str:
    """The first line of what the server said, shortened."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    text = message if isinstance(message, str) else str(getattr(error, "message", "") or error)
    if "<html" in text.lower() or "<!doctype" in text.lower():
        return "a web page"
    first = next(iter(text.strip().splitlines()), "")
    return redacted(first[:_LONGEST].rstrip(" ."))
