"""Opens chat models: by LangChain's ``provider:name``, or a chat model object as it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from rag.chat_models import streaming
from rag.chat_models.addresses import OPENAI, checked
from rag.chat_models.faults import one_line
from rag.chat_models.model import ChatModel
from rag.chat_models.provider import Provider
from rag.chat_models.replies import Replies
from rag.chat_models.spending import Budget
from rag.errors import ModelError
from rag.settings import setting

RETRIES = 2
"""Done by the provider's SDK, which honours Retry-After; nothing above it retries."""
_INSTALL = re.compile(r"pip install [^`\n]+")


def open_model(
    name: str, *, cache: Path | None = None, budget: Budget | None = None, temperature: float | None = None
) -> ChatModel:
    """The model that LangChain calls so, such as ``openai:gpt-5-mini``; replies are kept in ``cache``, if given.

    ``temperature`` is asked for where the model takes one; ``None`` leaves it to the model.

    Raises:
        ModelError: the provider is unknown, its package is missing, it has no key or a wrong address.
    """
    provider, _, model = name.partition(":")
    if not provider or not model:
        raise ModelError(
            f"'{name}' names no model. Use 'extractive', or 'provider:name' such as 'openai:gpt-5-mini'."
        )
    chat = _openai(model) if provider == "openai" else _other(provider, model)
    return _opened(chat, name, cache, budget, temperature)


def of_object(chat: BaseChatModel, *, cache: Path | None = None, budget: Budget | None = None) -> ChatModel:
    """Any chat model of LangChain, with the settings it has."""
    return _opened(chat, None, cache, budget)


def _opened(
    chat: BaseChatModel,
    name: str | None,
    cache: Path | None,
    budget: Budget | None,
    temperature: float | None = None,
) -> ChatModel:
    provider = Provider(chat, temperature)
    return ChatModel(provider, name or provider.name, cache=Replies(cache) if cache else None, budget=budget)


def _openai(model: str) -> BaseChatModel:
    from rag.chat_models.compatible import CompatibleChat

    named = next((name for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE") if setting(name)), None)
    address = checked(setting(named) or "", named) if named else None
    key = _key("OPENAI_API_KEY")
    if key is None and address is None:
        raise ModelError(
            "No key for 'openai'. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs none,"
            " or use --model extractive."
        )
    options: dict[str, Any] = {
        # A local server wants no key, but the SDK will not start without one.
        "api_key": key or "none",
        # Told always: the SDK would take an empty OPENAI_BASE_URL for one.
        "base_url": address or f"https://{OPENAI}/v1",
        # Left to itself, LangChain asks only OpenAI to state it.
        "stream_usage": True,
        # Silence between pieces is ours to time.
        "stream_chunk_timeout": None,
    }
    return CompatibleChat(model=model, timeout=streaming.SILENCE, max_retries=RETRIES, **options)


def _key(name: str) -> str | None:
    """The key, without the line end that a file leaves behind it; it is sent in a header, which takes plain signs."""
    key = (setting(name) or "").strip()
    if key.isascii() and key.isprintable() and " " not in key:
        return key or None
    raise ModelError(f"{name} has a space or a sign in it that no key has. Copy the key again.")


def _other(provider: str, model: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    try:
        chat: BaseChatModel = init_chat_model(
            model, model_provider=provider, timeout=streaming.SILENCE, max_retries=RETRIES
        )
        return chat
    except ImportError as error:
        told = _INSTALL.search(str(error))
        line = told[0] if told else f"pip install langchain-{provider.replace('_', '-')}"
        problem = f"'{provider}' needs a package that is not installed. Run: {line}"
    except Exception as error:  # a provider's own class for a missing key or an unknown setting, before any request
        problem = f"'{provider}:{model}' cannot be used: {one_line(error)} Or use --model extractive."
    raise ModelError(problem)
