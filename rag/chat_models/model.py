"""One chat model: asked in a stream, within limits of time, length and cost; its failures are one line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Self

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.runnables.config import ensure_config

from rag import tokens
from rag.chat_models import limits
from rag.chat_models.background import Pulled
from rag.chat_models.faults import fault, line
from rag.chat_models.prices import costed, price
from rag.chat_models.replies import Replies, Reply
from rag.chat_models.spending import Budget
from rag.chat_models.thinking import Unthought
from rag.errors import Declined, ModelError
from rag.records import Usage

SILENCE = 60.0
"""Seconds that a server may be silent, before its reply or within it."""
WHOLE = 300.0
"""Seconds that a reply may take altogether."""
RETRIES = 2
"""Done by the provider's SDK before a reply begins, honouring Retry-After; nothing above it retries."""
LONGEST_REPLY = 50_000
"""Characters read of a reply; what is longer is a fault of the server."""
_OPTIONAL = {"stream_options": "stream_usage", "max_completion_tokens": "max_tokens"}
"""What some servers refuse to be told, and our option that says it."""
_FRAME = 16
"""Tokens that a chat's own form adds to two messages, at most."""


class ChatModel:
    """A chat model of LangChain, as a writer of replies to two prompts. Safe to share between threads."""

    def __init__(
        self,
        chat: BaseChatModel,
        name: str,
        *,
        address: str | None,
        cache: Path | None = None,
        budget: Budget | None = None,
        bounded: bool = False,
    ) -> None:
        """``bounded`` says that the server may be told how long a reply may be, as "max_tokens"."""
        self.name = name
        self.address = address
        self._chat = chat
        self._replies = Replies(cache) if cache else None
        self._budget = budget or Budget()
        self._bounded = bounded
        self._refused: frozenset[str] = frozenset()

    @cached_property
    def context(self) -> int:
        """Tokens that prompt and reply may take together."""
        return limits.context(self._chat, self.name.partition(":")[2], self.address)

    @cached_property
    def longest(self) -> int:
        """Tokens of a reply at most."""
        return limits.longest(self._chat, self.context)

    @property
    def spent(self) -> Usage:
        """What all calls under this model's budget took so far."""
        return self._budget.spent

    def writing(self, system: str, user: str) -> Writing:
        """A reply as it is written. Raises ModelError where the budget does not allow it."""
        kept = self._replies.find(self._determined_by(system, user)) if self._replies else None
        if kept is not None:
            return Kept(kept)
        read = tokens.count(system) + tokens.count(user) + _FRAME
        reserved = self._budget.reserve(self.name, price(self.name, self.address), read, self.longest)
        return Writing(self, system, user, read=read, reserved=reserved)

    def complete(self, system: str, user: str) -> Reply:
        """A whole reply. Raises ModelError."""
        with self.writing(system, user) as writing:
            text = "".join(writing)
        return Reply(text, writing.usage)

    def failure(self, what: str, do: str) -> ModelError:
        """The error that says what is wrong with this model, and what to do."""
        return ModelError(line(self.name, self.address, what, do))

    def count(self, usage: Usage, reserved: float) -> Usage:
        """Count a call that ended; what it cost."""
        cost = costed(usage, price(self.name, self.address))
        self._budget.add(cost, reserved)
        return cost

    def keep(self, prompts: tuple[str, str], reply: Reply) -> None:
        """Keep a whole reply, where replies are kept."""
        if self._replies:
            self._replies.keep(self._determined_by(*prompts), reply)

    def _determined_by(self, system: str, user: str) -> dict[str, object]:
        settings = {"longest": self.longest if self._bounded else None}
        return {"name": self.name, "address": self.address, "system": system, "user": user, **settings}

    def _chunks(self, system: str, user: str) -> Pulled[AIMessage]:
        # The thread that streams is another: it must be told which callbacks of LangChain are listening in this one.
        config = ensure_config()
        messages = [("system", system), ("user", user)]
        options: dict[str, Any] = {"max_tokens": self.longest, "stream_usage": True} if self._bounded else {}

        async def source() -> AsyncGenerator[AIMessage]:
            while True:
                chosen = {name: value for name, value in options.items() if name not in self._refused}
                try:
                    async for chunk in _timed(self._chat.astream(messages, config=config, **chosen)):
                        yield chunk
                    return
                except Exception as error:  # only a refused option is mended here
                    refused = {option for said, option in _OPTIONAL.items() if said in str(error)} & chosen.keys()
                    if not refused:
                        raise
                    self._refused |= refused

        return Pulled(source)


async def _timed(chunks: AsyncIterator[AIMessage]) -> AsyncGenerator[AIMessage]:
    """The chunks, unless the server is silent for too long, or the whole takes too long."""
    clock = asyncio.get_running_loop().time
    end = clock() + WHOLE
    async with asyncio.timeout_at(min(end, clock() + SILENCE * (RETRIES + 1) + SILENCE)) as waiting:
        async for chunk in chunks:
            waiting.reschedule(min(end, clock() + SILENCE))
            yield chunk


class Writing(Iterator[str]):
    """The deltas of one reply. Leaving it, or closing it from any thread, breaks off the request."""

    usage: Usage | None = None
    """Tokens as the server counted them, else as we do, and the cost where the price is known; set at the end."""

    def __init__(self, model: ChatModel, system: str, user: str, *, read: int = 0, reserved: float = 0.0) -> None:
        """Use ``ChatModel.writing``."""
        self._model = model
        self._prompts = system, user
        self._read = read
        self._reserved = reserved
        self._written = ""
        self._reported: Usage | None = None
        self._ends: list[str] = []
        self._closed = False
        self._settling = Lock()
        self._unthought = Unthought()
        self._chunks = model._chunks(system, user)
        self._deltas = self._read_on()

    def __next__(self) -> str:
        return next(self._deltas)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Break off the request at once, where it has not ended; whoever waits for the next delta gets none."""
        self._closed = True
        self._chunks.close()
        self._settle()

    def _read_on(self) -> Iterator[str]:
        failure: ModelError | None = None
        try:
            for chunk in self._chunks:
                if delta := self._taken(chunk):
                    yield delta
                if len(self._written) > LONGEST_REPLY:
                    self.close()
                    what = f"its reply went on beyond {LONGEST_REPLY:,} characters and was broken off"
                    failure = self._model.failure(what, "Ask for something narrower.")
                    break
            if not self._closed and (rest := self._unthought.finish()):
                self._written += rest
                yield rest
        except Exception as error:  # every provider raises its own; none shares a base class
            failure = fault(error, self._model.name, self._model.address, tries=RETRIES + 1, silence=SILENCE)
        self._settle()
        if failure is None and not self._closed:
            failure = self._at_end()
        if failure is not None:
            # Raised here, and not where it was caught: a provider's error can hold the key.
            raise failure

    def _taken(self, chunk: AIMessage) -> str:
        if used := chunk.usage_metadata:
            self._reported = Usage(used["input_tokens"], used["output_tokens"])
        if chunk.additional_kwargs.get("refusal"):
            self._ends.append("refusal")
        if reason := chunk.response_metadata.get("finish_reason"):
            self._ends.append(str(reason))
        # A lone surrogate can come out of a server's JSON; no text of ours may hold one.
        delta = self._unthought.feed(chunk.text.encode("utf-8", "replace").decode())
        self._written += delta
        return delta

    def _at_end(self) -> ModelError | None:
        """What is wrong with a reply that came to its end, or nothing; then it is kept."""
        if "refusal" in self._ends or "content_filter" in self._ends:
            return Declined(line(self._model.name, self._model.address, "it would not write about this", ""))
        if "length" in self._ends:
            what = f"its reply was cut off at {self._model.longest:,} tokens"
            return self._model.failure(what, "Ask for something narrower.")
        if not self._written.strip():
            return self._model.failure("its reply was empty", "Try again, or choose another model.")
        self._model.keep(self._prompts, Reply(self._written, self.usage))
        return None

    def _settle(self) -> None:
        with self._settling:
            if self.usage is None:
                counted = self._reported or Usage(self._read, tokens.count(self._written))
                self.usage = self._model.count(counted, self._reserved)


class Kept(Writing):
    """A reply that was kept: all of it at once, at no cost."""

    def __init__(self, reply: Reply) -> None:
        self.usage = reply.usage
        self._deltas = iter([reply.text])

    def close(self) -> None:
        """There is nothing to break off."""
