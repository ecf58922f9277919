"""Chat models by LangChain's ``provider:name``, or as objects of LangChain, ready to be asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from langchain_core.language_models import BaseChatModel

from rag.chat_models.faults import redacted
from rag.chat_models.model import RETRIES, SILENCE, ChatModel
from rag.chat_models.prices import OPENAI
from rag.chat_models.spending import Budget
from rag.errors import ModelError
from rag.settings import setting

_PACKAGES = {"azure_openai": "langchain-openai", "google_vertexai": "langchain-google-vertexai"}
"""Where a provider's package is not called after it."""
_ADDRESSES = ("openai_api_base", "base_url", "anthropic_api_url", "azure_endpoint", "endpoint", "api_base")
"""What providers' chat models call the address that they ask."""


def open_model(name: str, *, cache: Path | None = None, budget: Budget | None = None) -> ChatModel:
    """A chat model by LangChain's ``provider:name``.

    Raises:
        ModelError: the name is none, the provider is unknown, its package is missing, or it has no key.
    """
    provider, _, model = name.partition(":")
    if not provider or not model:
        raise ModelError(
            f"'{name}' names no model. Use 'extractive', or 'provider:name' such as 'openai:gpt-5-mini'."
        )
    options: dict[str, Any] = {"timeout": SILENCE, "max_retries": RETRIES}
    if provider == "openai":
        options |= _openai()
    chat = _init(provider, model, options)
    address = options.get("base_url") or (OPENAI if provider == "openai" else _address(chat))
    bounded = provider in ("openai", "azure_openai")
    return ChatModel(chat, name, address=_bare(address), cache=cache, budget=budget, bounded=bounded)


def of_object(chat: BaseChatModel, *, cache: Path | None = None, budget: Budget | None = None) -> ChatModel:
    """A chat model of LangChain that was made in Python; its own time-outs and retries hold."""
    model = next((value for field in ("model_name", "model") if (value := getattr(chat, field, None))), None)
    name = f"{chat._llm_type}:{model}" if isinstance(model, str) else chat._llm_type
    return ChatModel(chat, name, address=_bare(_address(chat)), cache=cache, budget=budget)


def _init(provider: str, model: str, options: dict[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    failure: ModelError
    try:
        chat: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
        return chat
    except ImportError as error:
        told = re.search(r"pip install -?-?[a-zU ]*([\w-]+)", str(error))
        package = told.group(1) if told else _PACKAGES.get(provider, f"langchain-{provider.replace('_', '-')}")
        failure = ModelError(f"'{provider}' needs a package that is not installed. Run: pip install {package}")
    except ValueError as error:
        failure = ModelError(f"'{provider}:{model}' cannot be used: {_first_line(error)} Or use --model extractive.")
    except Exception as error:  # a provider's own class for a missing key, before any request
        failure = ModelError(f"'{provider}:{model}' cannot be used: {_first_line(error)}")
    raise failure


def _openai() -> dict[str, Any]:
    address = setting("OPENAI_BASE_URL") or setting("OPENAI_API_BASE")
    key = setting("OPENAI_API_KEY")
    if address is not None and urlsplit(address).scheme not in ("http", "https"):
        raise ModelError(f"OPENAI_BASE_URL is '{redacted(address)}'; write an address like http://127.0.0.1:8080/v1")
    if key is None and address is None:
        raise ModelError(
            "No key for 'openai'. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs none,"
            " or use --model extractive."
        )
    # A local server wants no key, but the SDK will not start without one. Silence is watched over here.
    return {"api_key": key or "none", "base_url": address, "stream_chunk_timeout": None}


def _address(chat: BaseChatModel) -> str | None:
    found = (getattr(chat, field, None) for field in _ADDRESSES)
    return next((address for address in found if isinstance(address, str) and address), None)


def _bare(address: str | None) -> str | None:
    """The address without name, password and query, which can hold secrets."""
    if address is None:
        return None
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))


def _first_line(error: Exception) -> str:
    return redacted(next(iter(str(error).strip().splitlines()), type(error).__name__)[:300])
