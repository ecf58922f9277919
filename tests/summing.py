"""A chat server that summarises what it is shown, as told: it copies sentences, and counts what it is asked."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from chat_servers import PATH, chunk, failing, sse
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rag import tokens
from rag.chat_models.spending import PER_MESSAGE
from rag.passages import sentences
from rag.records import Article

_PASSAGE = re.compile(r"<passage (\d+)>\n[^\n]*\n(.*?)\n</passage \1>", re.DOTALL)
_ASKED = re.compile(r"(?:Write the|in|of the) (\d+) (?:sentences?|main points)\b")
TOWNS = "Aberwick Brockton Calder Dunmore Eastleigh Fairhope Glenrock Hartwell Inverley Juniper".split()
TRADES = "bakers dockers farmers miners nurses pilots tailors teachers weavers welders".split()

Write = Callable[[str, str], str | Response]
"""(system, user) -> a reply."""


class Newsroom:
    """Answers each prompt with ``write``, states what it took, and remembers how many it answered at once."""

    def __init__(self, server: HTTPServer, write: Write) -> None:
        self.users: list[str] = []
        self.read = self.written = 0
        self.most_at_once = 0
        self.server = server
        self._write = write
        self._at_once = 0
        self._lock = threading.Lock()
        server.expect_request(PATH, method="POST").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        system, user = (message["content"] for message in request.get_json()["messages"])
        with self._lock:
            self.users.append(user)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            reply = self._write(system, user)
        finally:
            with self._lock:
                self._at_once -= 1
        if isinstance(reply, Response):
            return reply
        return self._stated(tokens.count(system) + tokens.count(user) + 2 * PER_MESSAGE, reply)

    def _stated(self, read: int, reply: str) -> Response:
        written = tokens.count(reply)
        with self._lock:
            self.read += read
            self.written += written
        usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
        sent = [
            chunk({"role": "assistant", "content": reply}),
            chunk({}, "stop"),
            chunk({}) | {"choices": [], "usage": usage},
        ]
        return Response(sse(sent), mimetype="text/event-stream")


def shown(user: str) -> list[str]:
    """The passages of a prompt."""
    return [text for _, text in _PASSAGE.findall(user)]


def copied(system: str, user: str) -> str:
    """As many sentences as are asked for, copied from all over the passages."""
    told = [(text[one.start : one.end], n) for n, text in enumerate(shown(user), start=1) for one in sentences(text)]
    asked = _ASKED.search(user.rpartition("</passage")[2])
    count = min(int(asked[1]) if asked else len(told), len(told))
    chosen = [told[len(told) * place // count] for place in range(count)]
    return "\n".join(f"{sentence} [{number}]" for sentence, number in chosen)


def first(text: str) -> str:
    """The first sentence of a passage, without its full stop."""
    return text.partition("\n")[0].rstrip(".")


def too_long() -> Response:
    """What a server says whose model reads less."""
    return failing(400, "This model's maximum context length is 4096 tokens.", code="context_length_exceeded")


def news(count: int, length: int = 12) -> Iterator[Article]:
    """Articles of which no two sentences are the same."""
    for place in range(count):
        town = TOWNS[place % len(TOWNS)]
        told = [
            f"The {TRADES[number % len(TRADES)]} of {town} sold {place * 100 + number + 1000} crates of goods to the"
            f" council's market hall {number + 2} weeks after the harvest fair."
            for number in range(length)
        ]
        yield Article(
            f"story-{place}",
            f"Market report {place} from {town}",
            "\n\n".join(told),
            source=f"{town} Gazette",
            published_at=datetime(2025, 1, 1 + place % 28, tzinfo=UTC),
            language="en",
        )
