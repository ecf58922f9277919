"""An answer as OpenAI's ``chat.completion``, whole or in chunks, with ours in full beside it under ``groundwire``."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rag.contract import answer_json
from rag.records import Answer, Usage
from rag.stream import Done, Event, Stated
from ui.http.completions.content import Content, url_citations, whole
from ui.http.completions.request import MODEL

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply, whose parts share an id and a time."""

    base: str
    """This server's own address."""
    usage: bool = False
    """Whether chunks tell what it took, in one more at the end."""
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def completion(self, answer: Answer) -> Json:
        """The whole of it."""
        content = whole(answer)
        message = {
            "role": "assistant",
            "content": content.text,
            "refusal": None,
            "annotations": url_citations(content, answer.citations, self.base),
        }
        choice = {"index": 0, "message": message, "finish_reason": _finish(answer), "logprobs": None}
        told = {"choices": [choice], "usage": usage_json(answer.usage), MODEL: answer_json(answer)}
        return self._headed("chat.completion") | told

    def opening(self) -> Json:
        """The first chunk."""
        return self._chunk({"role": "assistant", "content": ""})

    def chunks(self, event: Event, content: Content) -> Iterator[Json]:
        """A sentence; or the end with its citations, and what it took where that is wanted. Adds to the content."""
        match event:
            case Stated(statement):
                yield self._chunk({"content": content.state(statement)})
            case Done(answer):
                if rest := content.end(answer):
                    yield self._chunk({"content": rest})
                cited = url_citations(content, answer.citations, self.base)
                yield self._chunk({"annotations": cited}, _finish(answer)) | {MODEL: answer_json(answer)}
                if self.usage:
                    yield self._headed("chat.completion.chunk") | {"choices": [], "usage": usage_json(answer.usage)}

    def _chunk(self, delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        told = {"choices": [choice]} | ({"usage": None} if self.usage else {})
        return self._headed("chat.completion.chunk") | told

    def _headed(self, kind: str) -> Json:
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL, "system_fingerprint": None}


def usage_json(usage: Usage | None) -> Json:
    """Tokens as OpenAI counts them; none where no model was called."""
    used = usage or Usage(0, 0)
    return {
        "prompt_tokens": used.input_tokens,
        "completion_tokens": used.output_tokens,
        "total_tokens": used.input_tokens + used.output_tokens,
    }


def model_json(created: int) -> Json:
    """The one model, as ``/v1/models`` lists it."""
    return {"id": MODEL, "object": "model", "created": created, "owned_by": MODEL}


def _finish(answer: Answer) -> str:
    """Why it ends: its own end, a break, or a model that would not write."""
    if answer.refusal and answer.refusal.reason == "declined":
        return "content_filter"
    return "length" if answer.incomplete else "stop"
