"""How many tokens a model takes: as it is set, as its server says, as LangChain knows it, else a safe guess."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from rag.chat_models.addresses import OPENAI, host
from rag.chat_models.background import Flow
from rag.chat_models.provider import Provider
from rag.errors import UsageError
from rag.settings import setting

GUESS = 8_192
PATIENCE = 5.0
"""Seconds that a server may take to list its models."""
LONGEST, LONGEST_THINKING = 4_096, 8_192
"""Tokens of a reply asked for; a model that thinks first spends most of them on that."""
_STATED = ("max_model_len", "loaded_context_length", "max_context_length", "context_length", "context_window")
"""vLLM, LM Studio twice, and what others say."""
_META = ("n_ctx", "n_ctx_train")
"""llama.cpp: as it was started, as it was trained."""


def context_of(provider: Provider, model: str) -> int:
    """Tokens that prompt and reply may take together.

    Raises:
        UsageError: GROUNDWIRE_CONTEXT is no number of tokens.
    """
    # A server may hold a model of a known name to less than it could read.
    return _set() or _asked(provider, model) or _number(provider.profile.get("max_input_tokens")) or GUESS


def longest_of(provider: Provider, context: int) -> int:
    """Tokens of a reply at most."""
    thinks = provider.profile.get("reasoning_output")
    limits = (provider.longest, _number(provider.profile.get("max_output_tokens")), context // 4)
    return min(LONGEST_THINKING if thinks else LONGEST, *(limit for limit in limits if limit))


def _set() -> int | None:
    stated = setting("GROUNDWIRE_CONTEXT")
    if stated is None:
        return None
    if not (stated.isdecimal() and int(stated) > 0):
        raise UsageError(f"GROUNDWIRE_CONTEXT is '{stated}'. Write a number of tokens, such as 32768.")
    return int(stated)


def _asked(provider: Provider, model: str) -> int | None:
    if provider.address is None or host(provider.address) == OPENAI:
        return None
    (listed,) = Flow(_listed(provider))
    described = next((one for one in listed if one.get("id") == model), listed[0] if len(listed) == 1 else {})
    meta = described.get("meta")
    stated = [described.get(key) for key in _STATED]
    stated += [meta.get(key) for key in _META] if isinstance(meta, dict) else []
    return next(filter(None, map(_number, stated)), None)


async def _listed(provider: Provider) -> AsyncGenerator[list[Mapping[str, Any]], None]:
    try:
        async with asyncio.timeout(PATIENCE):
            found: list[Mapping[str, Any]] = list(await provider.listed(PATIENCE))
    except Exception:  # a server that has no such list is as good as any other
        found = []
    yield found


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
