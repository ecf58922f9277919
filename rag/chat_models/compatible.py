"""OpenAI's way of chatting as its many imitators speak it: what LangChain's own class drops or renames for them."""

from __future__ import annotations

from typing import Any

from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI

from rag.chat_models.addresses import host, shown

RENAMED = ("openai.com", "azure.com")
"""Hosts that call the longest reply max_completion_tokens; elsewhere its first name is understood by most."""


class CompatibleChat(ChatOpenAI):
    """A model at OpenAI's address or at any server that speaks like it."""

    def _get_request_payload(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        payload = super()._get_request_payload(*arguments, **options)
        address = shown(str(self.root_async_client.base_url))
        known = "max_completion_tokens" in options or host(address).endswith(RENAMED)
        if "max_completion_tokens" in payload and not known:
            payload["max_tokens"] = payload.pop("max_completion_tokens")
        return payload

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], default_chunk_class: type, base_generation_info: dict[str, Any] | None
    ) -> ChatGenerationChunk | None:
        made = super()._convert_chunk_to_generation_chunk(chunk, default_chunk_class, base_generation_info)
        for choice in (chunk.get("choices") or [])[:1]:
            if made and (refusal := (choice.get("delta") or {}).get("refusal")):
                made.message.additional_kwargs["refusal"] = refusal
        return made
