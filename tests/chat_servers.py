"""What OpenAI-compatible servers send, each in its own way, for the tests of what reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from threading import Event
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

PATH = "/v1/chat/completions"
WAIT = 20
"""Seconds after which a test that hangs is given up; none takes so long."""
USAGE = {"prompt_tokens": 321, "completion_tokens": 12, "total_tokens": 333}


def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
    """One streamed chunk."""
    choices = [{"index": 0, "delta": delta, "finish_reason": finish}]
    return {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": choices, **more}


def chunks(text: str, *, size: int = 12, usage: bool = True) -> list[dict[str, Any]]:
    """A whole reply as OpenAI streams it: the role first, then the text, the end, and the usage."""
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    sent = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": part}) for part in parts)]
    return [*sent, chunk({}, "stop"), *([chunk({}) | {"choices": [], "usage": USAGE}] if usage else [])]


def sse(sent: Iterable[dict[str, Any]], *, done: bool = True) -> str:
    """Chunks as server-sent events."""
    lines = "".join(f"data: {json.dumps(one)}\n\n" for one in sent)
    return lines + ("data: [DONE]\n\n" if done else "")


def streamed(body: str) -> Response:
    """A reply in a stream."""
    return Response(body, mimetype="text/event-stream")


def whole(text: str) -> Response:
    """A reply that is not streamed."""
    message = {"role": "assistant", "content": text}
    choices = [{"index": 0, "finish_reason": "stop", "message": message}]
    told = {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": choices, "usage": USAGE}
    return Response(json.dumps(told), mimetype="application/json")


def failing(status: int, message: str, *, code: str | None = None, **headers: str) -> Response:
    """An error as OpenAI words it."""
    body = {"error": {"message": message, "type": "error", "param": None, "code": code}}
    return Response(json.dumps(body), status=status, mimetype="application/json", headers=headers)


def reply(server: HTTPServer, *texts: str) -> None:
    """Have the server answer the first request with the first text, and so on; the last one holds on."""
    script(server, *(streamed(sse(chunks(text))) for text in texts))


def script(server: HTTPServer, *responses: Response) -> None:
    """Have the server send one response after the other; the last one holds on."""
    sent: list[Request] = []
    bodies = [(response.get_data(), response.status_code, dict(response.headers)) for response in responses]

    def answer(request: Request) -> Response:
        sent.append(request)
        body, status, headers = bodies[min(len(sent), len(bodies)) - 1]
        return Response(body, status=status, headers=headers)

    server.expect_request(PATH, method="POST").respond_with_handler(answer)


def asked(server: HTTPServer, place: int = -1) -> dict[str, Any]:
    """What a request asked, the latest unless told."""
    posted = [request for request, _ in server.log if request.path == PATH]
    told: dict[str, Any] = json.loads(posted[place].get_data())
    return told


def prompts(server: HTTPServer, place: int = -1) -> list[str]:
    """The contents of the messages of a request."""
    return [message["content"] for message in asked(server, place)["messages"]]


class Slow:
    """A server that sends the first part of a reply, and the rest only when it is told to."""

    def __init__(self, server: HTTPServer, first: str, rest: str = "") -> None:
        self.asked, self.go, self.left = Event(), Event(), Event()
        """Set once whoever asked has gone."""
        self._parts = [sse([chunk({"content": first})], done=False)], rest
        server.expect_request(PATH).respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        return Response(self._body(), mimetype="text/event-stream")

    def _body(self) -> Iterator[str]:
        (first,), rest = self._parts
        self.asked.set()
        try:
            yield first
            # Comments keep the connection busy: writing to one that was closed is how a server learns of it.
            while not self.go.wait(0.02):
                yield ": waiting\n\n"
            yield sse([chunk({"content": rest}), chunk({}, "stop")])
        finally:
            self.left.set()
