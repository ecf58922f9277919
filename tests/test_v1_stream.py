"""The archive as a chat model with a scripted model behind it: whole or in chunks, broken off, left, two at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest
from chat_servers import PATH, WAIT, Slow, chunks, failing, prompts, reply, script, sse, streamed
from openai.types.chat import ChatCompletionChunk
from pytest_httpserver import HTTPServer
from serving import serving
from v1_client import BRIDGE, QUESTION, ask, client, filled, user
from werkzeug import Request, Response

from ui.admission import Admission, Busy
from ui.http.completions import routes
from ui.http.completions.faults import fault


class Held:
    """A model that says nothing until it is told to, and then what it was given."""

    def __init__(self, server: HTTPServer, then: str = "") -> None:
        self.asked, self.go, self.left = Event(), Event(), Event()
        self._then = then
        server.expect_request(PATH).respond_with_handler(
            lambda request: Response(self._body(), mimetype="text/event-stream")
        )

    def _body(self) -> Iterator[str]:
        self.asked.set()
        try:
            # Comments keep the connection busy: writing to one that was closed is how a server learns of it.
            while not self.go.wait(0.02):
                yield ": waiting\n\n"
            yield self._then
        finally:
            self.left.set()


@pytest.fixture
def modelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> Iterator[str]:
    """A server with a scripted model behind it."""
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    with filled(tmp_path, "openai:m") as archive, serving(archive, monkeypatch) as address:
        yield address


def test_the_conversation_reaches_the_model(modelled: str, httpserver: HTTPServer) -> None:
    reply(httpserver, "How many ships did the strike stop?", "The strike stopped 40 ships [1].")
    with client(modelled) as asked:
        completion = asked.chat.completions.create(
            model="groundwire",
            messages=[
                {"role": "system", "content": "Answer in rhymes."},
                user("What of the strike?"),
                {"role": "assistant", "content": "It ended. [1]"},
                user([{"type": "text", "text": "How many ships did it stop?"}]),
            ],
        )
    assert completion.choices[0].message.content == "The strike stopped 40 ships. [1]"
    assert completion.usage is not None
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (2 * 321, 2 * 12)
    assert "What of the strike?" in prompts(httpserver, 0)[1]
    assert not any("rhymes" in prompt for place in (0, 1) for prompt in prompts(httpserver, place))


def test_a_model_that_fails_is_a_bad_gateway_and_not_worth_trying_again(
    modelled: str, httpserver: HTTPServer
) -> None:
    script(httpserver, failing(401, "no"))
    with pytest.raises(openai.InternalServerError, match="refuses the key") as caught:
        ask(modelled)
    assert caught.value.status_code == 502
    assert caught.value.response.headers["x-should-retry"] == "false"


def test_a_model_that_will_not_write_is_told_as_a_filter(modelled: str, httpserver: HTTPServer) -> None:
    script(httpserver, failing(400, "The content management policy forbids it.", code="content_filter"))
    assert ask(modelled).choices[0].finish_reason == "content_filter"


def test_a_caller_that_goes_away_stops_the_model(modelled: str, httpserver: HTTPServer) -> None:
    model = Held(httpserver)
    asking = HTTPConnection(urlsplit(modelled).netloc, timeout=WAIT)
    asking.request("POST", "/v1/chat/completions", json.dumps({"model": "groundwire", "messages": [user(QUESTION)]}))
    assert model.asked.wait(WAIT)
    asking.close()
    assert model.left.wait(WAIT)


def test_a_busy_server_says_when_to_try_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.serving.app.Admission", lambda: Admission(per_minute=1))
    with filled(tmp_path, None) as archive, serving(archive, monkeypatch) as address:
        ask(address)
        with pytest.raises(openai.RateLimitError, match="Too many questions") as caught:
            ask(address)
    assert 1 <= int(caught.value.response.headers["retry-after"]) <= 60
    assert fault(Busy("Busy.", seconds=5, status=503)).headers == {"Retry-After": "5"}


def opened(address: str, question: str = QUESTION, **more: Any) -> Any:
    """A streamed reply, to be read on and closed."""
    return client(address).chat.completions.create(model="groundwire", messages=[user(question)], stream=True, **more)


def content(told: list[ChatCompletionChunk]) -> str:
    return "".join(one.choices[0].delta.content or "" for one in told)


def test_a_sentence_comes_before_the_model_has_written_the_next(modelled: str, httpserver: HTTPServer) -> None:
    model = Slow(httpserver, "The strike stopped 40 ships [1]. The town ", "lost $1.2bn [1].")
    with opened(modelled) as told:
        first = [next(told), next(told)]
        assert content(first) == "The strike stopped 40 ships. [1]"
        model.go.set()
        assert content(list(told)) == " The town lost $1.2bn. [2]"


def test_what_is_set_aside_is_never_in_the_message(modelled: str, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 99 ships [1]. The strike stopped 40 ships [1].")
    with opened(modelled, stream_options={"include_usage": True}) as told:
        *sent, last, usage = list(told)
    assert content(sent) == "The strike stopped 40 ships. [1]"
    assert [one["text"] for one in last.groundwire["rejected"]] == ["The strike stopped 99 ships."]
    assert usage.usage.total_tokens == 333


def test_a_reply_that_broke_off_ends_with_what_held(modelled: str, httpserver: HTTPServer) -> None:
    broken = sse(chunks("The strike stopped 40 ships [1]. The town ")[:-2], done=False) + "data: {broken\n\n"
    script(httpserver, streamed(broken))
    with opened(modelled) as told:
        sent = list(told)
    assert content(sent) == "The strike stopped 40 ships. [1]"
    assert sent[-1].choices[0].finish_reason == "length"
    assert "no chat reply" in sent[-1].groundwire["incomplete"]


def test_what_fails_before_the_first_sentence_has_a_status(modelled: str, httpserver: HTTPServer) -> None:
    script(httpserver, failing(401, "no"))
    with pytest.raises(openai.InternalServerError, match="refuses the key"):
        opened(modelled)


def test_what_fails_once_a_quiet_stream_has_begun_is_told_in_it(
    modelled: str, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "QUIET", 0.05)
    model = Held(httpserver, "data: {broken\n\n")
    with opened(modelled) as told:
        assert next(told).choices[0].delta.role == "assistant"
        model.go.set()
        with pytest.raises(openai.APIError, match="no chat reply"):
            list(told)


def test_a_reader_that_leaves_between_sentences_stops_the_model(modelled: str, httpserver: HTTPServer) -> None:
    model = Slow(httpserver, "The strike stopped 40 ships [1]. The town ")
    with opened(modelled) as told:
        assert content([next(told), next(told)]) == "The strike stopped 40 ships. [1]"
    assert model.left.wait(WAIT)


def test_a_reader_that_leaves_a_quiet_stream_stops_the_model_and_frees_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    monkeypatch.setattr("ui.serving.app.Admission", lambda: Admission(at_once=1, patience=WAIT))
    monkeypatch.setattr(routes, "QUIET", 0.05)
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    with filled(tmp_path, "openai:m") as archive, serving(archive, monkeypatch) as address:
        model = Held(httpserver)
        with opened(address) as told:
            assert next(told).choices[0].delta.role == "assistant"
            assert model.asked.wait(WAIT)
        assert model.left.wait(WAIT)
        httpserver.clear()
        reply(httpserver, "The strike stopped 40 ships [1].")
        assert ask(address).choices[0].message.content == "The strike stopped 40 ships. [1]"


def test_one_too_many_is_told_that_the_server_is_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    monkeypatch.setattr("ui.serving.app.Admission", lambda: Admission(at_once=1, patience=0.01))
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    with filled(tmp_path, "openai:m") as archive, serving(archive, monkeypatch) as address:
        model = Slow(httpserver, "The strike stopped 40 ships [1]. The town ", "lost $1.2bn [1].")
        with opened(address) as told:
            next(told)
            with pytest.raises(openai.InternalServerError, match="Busy: 1 question") as caught:
                opened(address)
            model.go.set()
            assert content(list(told)).endswith("lost $1.2bn. [2]")
    assert (caught.value.status_code, caught.value.response.headers["retry-after"]) == (503, "1")


def test_of_two_at_once_neither_waits_for_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = Event()

    def answer(request: Request) -> Response:
        quick = BRIDGE in request.get_data(as_text=True)

        def body() -> Iterator[str]:
            assert quick or go.wait(WAIT)
            yield sse(
                chunks("The bridge was built by Ivan Petrov [1]." if quick else "The strike stopped 40 ships [1].")
            )

        return Response(body(), mimetype="text/event-stream")

    monkeypatch.setattr(routes, "QUIET", 0.05)
    with HTTPServer(threaded=True) as server:
        server.expect_request(PATH).respond_with_handler(answer)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url_for("/v1"))
        with (
            filled(tmp_path, "openai:m") as archive,
            serving(archive, monkeypatch) as address,
            opened(address) as slow,
        ):
            assert next(slow).choices[0].delta.role == "assistant"
            with opened(address, BRIDGE) as quick:
                assert content(list(quick)) == "The bridge was built by Ivan Petrov. [1]"
            go.set()
            assert content(list(slow)) == "The strike stopped 40 ships. [1]"
