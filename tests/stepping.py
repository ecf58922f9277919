"""A model that copies what it was given, one cited sentence at a time, each only when the test says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from threading import Semaphore

from chat_servers import PATH, chunk, sse
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rag.passages import sentences

_PASSAGE = re.compile(r"<passage (\d+)>\n[^\n]*\n(.*?)\n</passage", re.DOTALL)


def copied(request: Request) -> list[str]:
    """The sentences of the passages that a request for an answer holds, in their order, each with its number."""
    prompt = json.loads(request.get_data())["messages"][-1]["content"]
    found = [(number, text.strip()) for number, text in _PASSAGE.findall(prompt)]
    return [f"{text[one.start : one.end].strip()} [{number}] " for number, text in found for one in sentences(text)]


class Stepping:
    """A server that writes its replies in steps; ``lines`` of them at most, so that no reply is endless."""

    def __init__(self, server: HTTPServer, *, lines: int = 40) -> None:
        self._steps = Semaphore(0)
        self._lines = lines
        server.expect_request(PATH).respond_with_handler(self._answer)

    def step(self, sentences: int = 1) -> None:
        """Write so many sentences more."""
        self._steps.release(sentences)

    def _answer(self, request: Request) -> Response:
        return Response(self._body(copied(request)[: self._lines]), mimetype="text/event-stream")

    def _body(self, lines: list[str]) -> Iterator[str]:
        for place in count():
            # Comments keep the connection busy: writing to one that was closed is how a server learns of it.
            while not self._steps.acquire(timeout=0.02):
                yield ": waiting\n\n"
            if place == len(lines):
                break
            yield sse([chunk({"content": lines[place]})], done=False)
        yield sse([chunk({}, "stop")])
