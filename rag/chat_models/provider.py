"""A LangChain chat model as the rest of the package sees it: where it sends, what it may take, what it streams."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage

from rag.chat_models.addresses import shown
from rag.chat_models.manner import Manner
from rag.records import Usage

_ADDRESSES = ("openai_api_base", "azure_endpoint", "anthropic_api_url", "base_url", "endpoint_url", "endpoint")
"""Fields in which LangChain's classes keep where they send."""
_CLIENTS = ("root_async_client.base_url", "_async_client._client.base_url")
"""The same within the clients of OpenAI and Ollama."""
_NAMES = ("model_name", "model", "model_id", "deployment_name")
_LONGEST = ("max_tokens", "max_output_tokens")
"""What most and Google's call the longest reply; others are not told."""
_ENDINGS = ("finish_reason", "stop_reason", "done_reason")


@dataclass(frozen=True, slots=True)
class Chunk:
    """One piece of a reply, and what came with it."""

    text: str = ""
    usage: Usage | None = None
    finish: str | None = None
    """Why the reply ends here, in the provider's own word."""
    refusal: str | None = None


class Provider:
    """One chat model object. Remembers what its server turned out not to understand."""

    def __init__(self, chat: BaseChatModel, temperature: float | None = None) -> None:
        """``temperature`` is asked for until the server will not have it; ``None`` leaves it as it is."""
        self._chat = chat
        self._temperature = temperature
        self._fields = type(chat).model_fields
        self._manner = Manner()

    @property
    def name(self) -> str:
        """Kind and model, for an object that was not opened by name."""
        return ":".join(filter(None, (self._chat._llm_type, self._first(_NAMES))))

    @property
    def address(self) -> str | None:
        """Where its requests go, without anything secret; ``None`` where it does not tell."""
        # What the client holds comes first: it knows what it took from the environment.
        clients = (_inside(self._chat, path) for path in _CLIENTS)
        address = next((str(client) for client in clients if client), None) or self._first(_ADDRESSES)
        return shown(address) if address else None

    @property
    def profile(self) -> Mapping[str, Any]:
        """What LangChain knows of the model; empty where nothing."""
        return self._chat.profile or {}

    @property
    def longest(self) -> int | None:
        """Tokens of a reply that its maker set, if so."""
        stated = (getattr(self._chat, name, None) for name in _LONGEST if name in self._fields)
        return next((number for number in stated if isinstance(number, int) and number > 0), None)

    @property
    def settings(self) -> str:
        """What else was set that decides its replies, such as a temperature."""
        asked = {} if self._temperature is None else {"asked temperature": self._temperature}
        return json.dumps(dict(self._chat._identifying_params) | asked, sort_keys=True, default=str)

    @property
    def secrets(self) -> list[str]:
        """Keys that the object holds."""
        held = (getattr(self._chat, field, None) for field in self._fields)
        revealing = (getattr(value, "get_secret_value", None) for value in held)
        return [reveal() for reveal in revealing if reveal]

    async def listed(self, seconds: float) -> list[dict[str, Any]]:
        """What its server says of the models it has, where it can be asked; raises what the provider raises."""
        client = getattr(self._chat, "root_async_client", None)
        if client is None:
            return []
        page = await client.with_options(max_retries=0, timeout=seconds).models.list()
        return [model.model_dump() for model in page.data]

    async def chunks(self, system: str, user: str, longest: int) -> AsyncGenerator[Chunk, None]:
        """The reply as it comes. Asks anew only for what the server's answer shows it not to understand."""
        while True:
            # What this request was told counts: another thread may meanwhile have learnt the same.
            begun, manner = False, self._manner
            try:
                async with aclosing(self._asked(manner, system, user, longest)) as messages:
                    async for message in messages:
                        begun = True
                        yield _chunk(message)
                return
            except Exception as error:  # each provider has classes of its own
                other = None if begun else manner.after(error)
                if other is None:
                    # A fault may have looked like a server that answers in one piece.
                    self._manner = replace(self._manner, streams=True)
                    raise
                self._manner = other

    async def _asked(self, manner: Manner, system: str, user: str, longest: int) -> AsyncGenerator[AIMessage, None]:
        messages = manner.messages(system, user)
        options: dict[str, Any] = {manner.limit or name: longest for name in _LONGEST if name in self._fields}
        if self._temperature is not None and manner.tempered and "temperature" in self._fields:
            options["temperature"] = self._temperature
        if not manner.streams:
            yield await self._chat.ainvoke(messages, **options)
            return
        if not manner.states_usage and "stream_usage" in self._fields:
            options["stream_usage"] = False
        streamed: AsyncIterator[AIMessage] = self._chat.astream(messages, **options)
        async with aclosing(streamed):  # type: ignore[type-var]  # a generator, though declared an iterator
            async for message in streamed:
                yield message

    def _first(self, fields: tuple[str, ...]) -> str | None:
        values = (getattr(self._chat, field, None) for field in fields)
        return next((value for value in values if isinstance(value, str) and value), None)


def _inside(thing: Any, path: str) -> Any:
    for name in path.split("."):
        thing = getattr(thing, name, None)
    return thing


def _chunk(message: AIMessage) -> Chunk:
    # A chunk that a server signs as the user's is no AIMessage.
    used, about = getattr(message, "usage_metadata", None), message.response_metadata
    return Chunk(
        message.text,
        Usage(used["input_tokens"], used["output_tokens"]) if used else None,
        next((str(ending) for ending in _endings(about) if ending), None),
        message.additional_kwargs.get("refusal") or _refusal(message.content),
    )


def _endings(about: Mapping[str, Any]) -> Iterator[Any]:
    yield (about.get("incomplete_details") or {}).get("reason")
    yield from map(about.get, _ENDINGS)


def _refusal(content: str | list[str | dict[str, Any]]) -> str | None:
    parts = [part for part in content if isinstance(part, dict)]
    return next((part["refusal"] for part in parts if part.get("refusal")), None)
