"""A reply's pieces -> the text to be shown, within its limits of time and length; and what the call took."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from rag import tokens
from rag.chat_models.provider import Chunk
from rag.chat_models.thinking import Spoken
from rag.errors import Declined, NoReply
from rag.records import Usage

SILENCE = 60.0
"""Seconds without a word, in each try to connect and between two pieces of a reply."""
ALTOGETHER = 300.0
"""Seconds that a reply may take, tries included."""
LONGEST_REPLY = 50_000
"""Characters read of a reply; what goes on for longer repeats itself, and is stopped."""
FILTERED = {
    "content_filter",
    "refusal",
    "safety",
    "prohibited_content",
    "blocklist",
    "recitation",
    "guardrail_intervened",
}
CUT = {"length", "max_tokens", "max_output_tokens", "model_length"}


@dataclass(slots=True)
class Tally:
    """What is known so far of one reply."""

    usage: Usage | None = None
    """As the server states it."""
    finish: str = ""
    refusal: str = ""
    heard: str = ""
    """All its text, thoughts included."""
    spoken: str = ""
    """What of that is shown."""

    @property
    def cut(self) -> bool:
        """Whether it ended for its length."""
        return self.finish.lower() in CUT

    @property
    def endless(self) -> bool:
        """Whether no more of it is read."""
        return len(self.heard) > LONGEST_REPLY

    def add(self, chunk: Chunk) -> None:
        """Take in what one piece says."""
        self.heard += chunk.text
        self.finish = chunk.finish or self.finish
        self.refusal += chunk.refusal or ""
        self.usage = _together(self.usage, chunk.usage)

    def counted(self, prompt: tuple[str, str]) -> Usage:
        """Tokens as the server counted them, else as we count them."""
        stated = self.usage or Usage(0, 0)  # Anthropic may state only what it wrote
        read, written = sum(map(tokens.count, prompt)), tokens.count(self.heard)
        return Usage(stated.input_tokens or read, stated.output_tokens or written)


async def spoken(chunks: AsyncGenerator[Chunk, None], tally: Tally) -> AsyncGenerator[str, None]:
    """The text that is no thought, piece by piece, as the tally grows.

    Raises:
        Declined: the model or its filter would not answer.
        NoReply: the reply is empty, cut off or endless.
        TimeoutError: nothing came for too long, or it took too long altogether.
    """
    words = Spoken()
    async with aclosing(_timed(chunks)) as timed:
        async for chunk in timed:
            tally.add(chunk)
            if text := _shown(words.feed(chunk.text), tally):
                yield text
            if tally.endless:
                break
    if text := _shown(words.end(), tally):
        yield text
    _judge(tally)


async def _timed(chunks: AsyncGenerator[Chunk, None]) -> AsyncGenerator[Chunk, None]:
    now = asyncio.get_running_loop().time
    end = now() + ALTOGETHER
    # Before the first piece the provider's own time-out counts, for each of its tries.
    until = end
    async with aclosing(chunks):
        while True:
            try:
                async with asyncio.timeout_at(min(until, end)):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            yield chunk
            until = now() + SILENCE


def _shown(text: str, tally: Tally) -> str:
    # A lone surrogate can come out of a server's JSON; no text of ours may hold one.
    text = tokens.encodable(text)[: LONGEST_REPLY - len(tally.spoken)]
    tally.spoken += text
    return text


def _judge(tally: Tally) -> None:
    """Raise what makes a reply that has ended no reply; its reason alone is the message."""
    if tally.refusal or tally.finish.lower() in FILTERED:
        raise Declined(tally.refusal or "its filter held the reply back")
    if not tally.spoken.strip():
        raise NoReply("it spent all its tokens on thinking" if tally.cut else "its reply is empty")
    if tally.cut:
        raise NoReply("its reply was cut off at its longest")
    if tally.endless:
        raise NoReply(f"its reply went on beyond {LONGEST_REPLY:,} characters and was broken off")


def _together(known: Usage | None, more: Usage | None) -> Usage | None:
    """What two pieces of a stream state: parts of a count, or, where the prompt is counted again, running totals."""
    if known is None or more is None:
        return known or more
    return more if 0 < known.input_tokens <= more.input_tokens else known + more
