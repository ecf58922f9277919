"""Whatever a provider raises -> one line: which model, at which address, what happened, what to do; and no key."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.errors import ContextTooLong, Declined, ModelError
from rag.settings import secrets

_SECRETS = re.compile(r"\bsk-\S+|\b(?<=Bearer )\S+|(?<=://)[^/\s@]+@", re.IGNORECASE)
"""Servers repeat a key they refuse, partly masked."""
_SHORTEST = 4
"""Characters of a secret: a shorter value is a stand-in for none, and found in any text."""
_TOO_LONG = re.compile(
    r"context_length_exceeded|exceed_context_size|context (?:length|size|window)|(?:maximum|max) model length"
    r"|prompt (?:is )?too (?:long|large)|input is too (?:long|large)|input token count .{0,60}exceeds"
    r"|reduce the length of the (?:messages|prompt|input)",
    re.IGNORECASE,
)
"""The words of OpenAI and vLLM, llama.cpp, Ollama, Anthropic, Amazon and Google."""
_FILTER = re.compile(r"content_filter|content management policy|content_policy|ResponsibleAIPolicy", re.IGNORECASE)
_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing", re.IGNORECASE)
_UNREADABLE = re.compile(r"JSON|Decode|Validation|Unicode|KeyError|TypeError|AttributeError")
_STATED = 200
"""Characters shown of what a server said."""


def blacked_out(text: str, held: Iterable[str] = ()) -> str:
    """The text without keys: those of the settings, those ``held``, and what looks like one."""
    for secret in sorted({*secrets(), *held}, key=len, reverse=True):
        text = text.replace(secret, "***") if len(secret) >= _SHORTEST else text
    return _SECRETS.sub("***", text)


def one_line(error: BaseException, held: Iterable[str] = ()) -> str:
    """What an exception says, in one line without keys."""
    said = " ".join(blacked_out(str(error), held).split()) or type(error).__name__
    return said if len(said) <= _STATED else said[:_STATED] + "…"


def fault(error: Exception, name: str, address: str | None, held: Iterable[str] = ()) -> ModelError:
    """The error to raise in its place. It holds no reference to the one given, whose words may hold a key."""
    if isinstance(error, Declined):
        return Declined(f"{_who(name, address)} declined: {one_line(error, held)}. Ask in other words.")
    if isinstance(error, ModelError):
        return ModelError(
            f"{_who(name, address)} did not answer: {one_line(error, held)}. Ask again, or another model."
        )
    status, said = _status(error), str(error)
    if _TOO_LONG.search(said) and status in (None, 400, 413, 422, 500):
        return ContextTooLong(
            f"{_who(name, address)} cannot take so long a prompt: {one_line(error, held)} Send less, or use a model"
            " with a longer context."
        )
    if _FILTER.search(said) and status in (None, 400):
        return Declined(f"{_who(name, address)} declined: {one_line(error, held)} Ask in other words.")
    happened, remedy = _status_told(status, said) if status else _broken(error)
    return ModelError(f"{_who(name, address)} did not answer: {happened} ({one_line(error, held)}). {remedy}")


def _who(name: str, address: str | None) -> str:
    return f"'{name}' at {address}" if address else f"'{name}'"


def _status_told(status: int, said: str) -> tuple[str, str]:
    if status in (401, 403):
        return "it refused the key", "Check the key, and that it is for this address."
    if status == 404:
        return "it knows no such model or address", "Check the model's name and the address."
    if status == 429 and _QUOTA.search(said):
        return "the account has nothing left to spend", "Top it up, or use another model."
    if status == 429:
        return "too many requests", "Wait a little and ask again."
    if status >= 500:
        return f"the server failed with status {status}", "Ask again later; if it goes on, see the server's log."
    return f"it refused the request with status {status}", "Check the model's name and settings."


def _broken(error: Exception) -> tuple[str, str]:
    kinds = " ".join(kind.__name__ for link in _chain(error) for kind in type(link).__mro__)
    if "Timeout" in kinds:
        return "nothing came for too long", "Ask again, or use a faster model."
    if "ConnectError" in kinds or "ConnectionRefused" in kinds:
        return "no server is there", "Start it, or correct the address."
    if "Connection" in kinds or "Protocol" in kinds or "ReadError" in kinds:
        return "the connection broke", "Ask again; if it goes on, see the server's log."
    if _UNREADABLE.search(kinds):
        return "what came is no chat reply", "Check that the address is one of a chat server, often ending in /v1."
    return "it failed", "Check its name, key and address."


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in links:
        links.append(at)
        at = at.__cause__ or at.__context__
    return links


def _status(error: Exception) -> int | None:
    """The status that a server answered with, wherever the provider's class keeps it."""
    found = (getattr(error, "status_code", None), getattr(error, "code", None))
    response = getattr(error, "response", None)
    told = (*found, getattr(response, "status_code", None))
    return next((status for status in told if isinstance(status, int) and 400 <= status < 600), None)
