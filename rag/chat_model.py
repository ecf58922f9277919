"""Chat models by LangChain's ``provider:name``, as functions from two prompts to a reply."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage

from rag.citing import Reply
from rag.errors import ModelError
from rag.records import Usage
from rag.settings import setting

TIMEOUT = 60
"""Seconds a model's server may take; the SDK's own default is ten minutes."""
_KEY = re.compile(r"\bsk-\S+")
"""Servers repeat a key they refuse, partly masked."""
LONGEST_REPLY = 50_000
"""Characters read of a reply; what is longer is a fault of the server."""
RETRIES = 2
"""Done by the provider's SDK, which honours Retry-After; nothing above it retries."""


def open_model(name: str) -> Callable[[str, str], Reply]:
    """A chat model by LangChain's ``provider:name``, as a function of (system prompt, user prompt).

    Raises:
        ModelError: the provider is unknown, its package is missing, or it has no key.
    """
    provider, _, model = name.partition(":")
    if not model:
        raise ModelError(
            f"'{name}' names no model. Use 'extractive', or 'provider:name' such as 'openai:gpt-5-mini'."
        )
    return completing(_init(provider, model), name)


def completing(chat: BaseChatModel, name: str) -> Callable[[str, str], Reply]:
    """A chat model as a function from two prompts to a reply; its failures become ModelErrors."""

    def complete(system: str, user: str) -> Reply:
        try:
            message = chat.invoke([("system", system), ("user", user)])
        except Exception as error:  # every provider raises its own; none shares a base class
            raise ModelError(
                f"'{name}' did not answer: {_one_line(error)} (check its name, key and address)"
            ) from error
        # A lone surrogate can come out of a server's JSON; no text of ours may hold one.
        text = message.text[:LONGEST_REPLY].encode("utf-8", "replace").decode()
        return Reply(text, _usage(message))

    return complete


def _init(provider: str, model: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"timeout": TIMEOUT, "max_retries": RETRIES}
    if provider == "openai":
        options |= _openai()
    try:
        chat: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        package = f"langchain-{provider.replace('_', '-')}"
        raise ModelError(f"'{provider}' needs a package that is not installed. Run: pip install {package}") from error
    except ValueError as error:
        raise ModelError(
            f"'{provider}:{model}' cannot be used: {_one_line(error)} Or use --model extractive."
        ) from error
    except Exception as error:  # a provider's own class for a missing key, before any request
        raise ModelError(f"'{provider}:{model}' cannot be used: {_one_line(error)}") from error
    return chat


def _openai() -> dict[str, Any]:
    address = setting("OPENAI_BASE_URL") or setting("OPENAI_API_BASE")
    key = setting("OPENAI_API_KEY")
    if key is None and address is None:
        raise ModelError(
            "No key for 'openai'. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs none,"
            " or use --model extractive."
        )
    # A local server wants no key, but the SDK will not start without one.
    return {"api_key": key or "none", "base_url": address}


def _usage(message: AIMessage) -> Usage | None:
    used = message.usage_metadata
    return None if used is None else Usage(used["input_tokens"], used["output_tokens"])


def _one_line(error: Exception) -> str:
    """The first line of what a provider said, with any key in it blacked out."""
    line = next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]
    for name in ("OPENAI_API_KEY",):
        key = setting(name)
        line = line.replace(key, "***") if key else line
    return _KEY.sub("***", line)
