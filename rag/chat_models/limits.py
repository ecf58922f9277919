"""How many tokens a model reads and writes: from LangChain's profile of it, a setting, or its server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.errors import UsageError
from rag.settings import setting

CONTEXT = 8_192
"""Tokens, where nothing tells: the smallest context in use."""
REPLY = 4_096
"""Tokens of a reply at most: an answer is a few sentences."""
REASONED = 8_192
"""The same where the reasoning before a reply counts."""
_FIELDS = (
    "max_model_len",
    "loaded_context_length",
    "max_context_length",
    "context_length",
    "context_window",
    "n_ctx",
)
"""What servers call it: vLLM, LM Studio, LM Studio, several, several, llama.cpp."""
_ASKING = 5.0
"""Seconds a server may take to list its models."""


def context(chat: Any, model: str, address: str | None) -> int:
    """Tokens that prompt and reply may take together. Raises UsageError for a wrong setting."""
    profile = _profile(chat)
    if stated := setting("GROUNDWIRE_CONTEXT"):
        return _stated(stated)
    if known := profile.get("max_input_tokens"):
        return int(known)
    return (address and _asked(chat, model)) or CONTEXT


def longest(chat: Any, context: int) -> int:
    """Tokens of a reply at most."""
    profile = _profile(chat)
    wanted = REASONED if profile.get("reasoning_output") else REPLY
    return min(wanted, profile.get("max_output_tokens") or wanted, context // 4)


def _profile(chat: Any) -> Mapping[str, Any]:
    return getattr(chat, "profile", None) or {}


def _stated(written: str) -> int:
    if not written.isdigit() or int(written) < 1_000:
        raise UsageError(f"GROUNDWIRE_CONTEXT is '{written}'; it counts tokens and must be at least 1000.")
    return int(written)


def _asked(chat: Any, model: str) -> int | None:
    """What an OpenAI-compatible server says of its model, if it says anything; that it does not is no fault."""
    client = getattr(chat, "root_client", None)
    if client is None:
        return None
    try:
        listed = client.with_options(timeout=_ASKING, max_retries=0).models.list().model_dump()["data"]
    except Exception:  # not every server lists its models
        return None
    own = next((one for one in listed or () if isinstance(one, dict) and one.get("id") == model), {})
    meta = own.get("meta")
    told = own | (meta if isinstance(meta, dict) else {})
    return next((told[field] for field in _FIELDS if isinstance(told.get(field), int) and told[field] > 0), None)
