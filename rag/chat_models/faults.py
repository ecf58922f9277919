"""Whatever a provider raises -> one line: which model, at which address, what happened, what to do; and no key."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.errors import ContextTooLong, Declined, ModelError
from rag.settings import secrets

_SECRETS = re.compile(r"\bsk-\S+|[\w-]+\*{3,}[\w-]*|\b(?<=Bearer )\S+|(?<=://)[^/\s@]+@", re.IGNORECASE)
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
_PAGE = re.compile(r"<html|<!doctype", re.IGNORECASE)
_QUOTA = re.compile(r"insufficient_quota|exceeded your current quota|billing", re.IGNORECASE)
_UNREADABLE = re.compile(r"ValueError|Validation|LookupError|TypeError|AttributeError")
_STATED = 200
"""Characters shown of what a server said."""


def blacked_out(text: str, held: Iterable[str] = ()) -> str:
    """The text without keys: those of the settings, those ``held``, and what looks like one."""
    for secret in sorted({*secrets(), *held}, key=len, reverse=True):
        # Stripped: an error may quote a key with its line end written out.
        text = text.replace(secret.strip(), "***") if len(secret.strip()) >= _SHORTEST else text
    return _SECRETS.sub("***", text)


def one_line(error: BaseException, held: Iterable[str] = ()) -> str:
    """What an exception says, in one line without keys or control characters."""
    text = _message(getattr(error, "body", None)) or str(error)
    if _PAGE.search(text):
        return "a web page"
    plain = "".join(sign if sign.isprintable() else " " for sign in blacked_out(text, held))
    said = " ".join(plain.split()) or type(error).__name__
    return (said if len(said) <= _STATED else said[:_STATED] + "…").rstrip(" .")


def fault(error: Exception, name: str, address: str | None, held: Iterable[str] = ()) -> ModelError:
    """The error to raise in its place. It holds no reference to the one given, whose words may hold a key."""
    kind, happened, remedy = _told(error)
    who = f"'{name}' at {address}" if address else f"'{name}'"
    said = "" if isinstance(error, ModelError) or not str(error) else f" ({one_line(_reason(error), held)})"
    return kind(f"{blacked_out(f'{who} gave no answer: {happened}', held)}{said}. {remedy}")


def _told(error: Exception) -> tuple[type[ModelError], str, str]:
    """What to raise, what happened, what to do."""
    # A provider's own word for what happened may be beside its message.
    status, said = _status(error), f"{error} {getattr(error, 'body', None) or ''}"
    if isinstance(error, Declined):
        return Declined, one_line(error), "Ask in other words."
    if isinstance(error, ModelError):
        return type(error), str(error), "Ask for something else, or choose another model."
    if _TOO_LONG.search(said) and status in (None, 400, 413, 422, 500):
        return ContextTooLong, "the prompt is longer than it reads at once", "Send less, or choose another model."
    if _FILTER.search(said) and status in (None, 400, 403):
        return Declined, "a filter held the prompt back", "Ask in other words."
    return ModelError, *(_answered(status, said) if status else _broken(error))


def _answered(status: int, said: str) -> tuple[str, str]:
    if status in (401, 403):
        return "its server refuses the key", "Check the provider's key, such as OPENAI_API_KEY."
    if status == 404:
        return "its server knows no such model or address", "Check the model's name, and the address set for it."
    if status == 402 or (status == 429 and _QUOTA.search(said)):
        return "the account has nothing left to spend", "Top it up, or choose another model."
    if status == 429:
        return "its server is asked too often", "Wait a little, or choose another model."
    if status >= 500:
        return f"its server failed with {status}", "Try again later; if it goes on, see the server's log."
    return f"its server refuses the request with {status}", "Check the model's name and settings."


def _broken(error: Exception) -> tuple[str, str]:
    kinds = " ".join(kind.__name__ for link in _chain(error) for kind in type(link).__mro__)
    if "Timeout" in kinds:
        return "nothing came for too long", "Try again, or choose a faster model."
    if "ConnectError" in kinds or "ConnectionRefused" in kinds:
        return "it cannot be reached", "Check that the server runs, and the address set for it."
    if "Connection" in kinds or "Protocol" in kinds or "ReadError" in kinds:
        return "the connection broke off", "Try again; if it goes on, see the server's log."
    if _UNREADABLE.search(kinds):
        return "what it sent is no chat reply", "Check the address; those of chat servers often end in /v1."
    return "it failed", "Check its name, key and address."


def _message(body: object) -> str | None:
    """What a server's JSON says in words; OpenAI's and Anthropic's differ in how deep it lies."""
    if not isinstance(body, dict):
        return None
    message = body.get("message")
    return message if isinstance(message, str) else _message(body.get("error"))


def _reason(error: Exception) -> BaseException:
    """The error whose words tell most: where nothing was answered, what the connection itself died of."""
    links = _chain(error)
    broken = any("ConnectionError" in kind.__name__ for kind in type(error).__mro__)
    return next((link for link in reversed(links) if broken and str(link)), error)


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in links:
        links.append(at)
        at = at.__cause__ or at.__context__
    return links


def _status(error: Exception) -> int | None:
    """The status that a server answered with, wherever the provider's class keeps it."""
    for link in _chain(error):
        response = getattr(link, "response", None)
        told = (
            getattr(link, "status_code", None),
            getattr(link, "code", None),
            getattr(response, "status_code", None),
        )
        for status in told:
            if isinstance(status, int) and 400 <= status < 600:
                return status
    return None
