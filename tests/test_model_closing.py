"""A reply can be stopped at any moment, and LangChain's callbacks see it being written."""

import gc
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from chat_servers import PATH, chunk, chunks, failing, script, sse, streamed
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import FakeListChatModel
from langchain_core.runnables import RunnableLambda
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rag.chain import private
from rag.chat_models.model import ChatModel, Writing
from rag.chat_models.opening import of_object, open_model
from rag.errors import ModelError

WAIT = 20


class Slow:
    """A server that says a few words and then nothing, until whoever asked has left."""

    def __init__(self, server: HTTPServer, *pieces: str) -> None:
        self.asked, self.left = threading.Event(), threading.Event()
        self._pieces = pieces
        server.expect_request(PATH).respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        return Response(self._body(), mimetype="text/event-stream")

    def _body(self) -> Iterator[bytes]:
        try:
            self.asked.set()
            for piece in self._pieces:
                yield sse([chunk({"content": piece})], done=False).encode()
            while not self.left.wait(0.01):  # what is no event shows only whether anyone is there
                yield b":\n\n"
        finally:
            self.left.set()


@pytest.fixture
def model(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> ChatModel:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8000")
    return open_model("openai:m")


def test_leaving_a_reply_stops_it(model: ChatModel, httpserver: HTTPServer) -> None:
    server = Slow(httpserver, "The strike ")
    with model.writing("", "How many?") as writing:
        assert next(writing) == "The strike "
    assert server.left.wait(WAIT)
    assert list(writing) == []


def test_closing_before_the_first_word_stops_it(model: ChatModel, httpserver: HTTPServer) -> None:
    server = Slow(httpserver)
    writing = model.writing("", "How many?")
    assert server.asked.wait(WAIT)
    writing.close()
    assert server.left.wait(WAIT)


def test_closing_does_not_wait_until_a_busy_server_may_be_asked_again(
    model: ChatModel, httpserver: HTTPServer
) -> None:
    asked = threading.Event()

    def answer(request: Request) -> Response:
        asked.set()
        return failing(429, "Slow down", **{"Retry-After": "50"})

    httpserver.expect_request(PATH).respond_with_handler(answer)
    writing, came = model.writing("", "How many?"), []
    reader = threading.Thread(target=lambda: came.extend(iter(writing)))
    reader.start()
    assert asked.wait(WAIT)
    writing.close()
    reader.join(WAIT)
    assert not reader.is_alive()
    assert [request.path for request, _ in httpserver.log] == [PATH]


def test_closing_at_once_and_again_leaves_nothing_behind(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse(chunks("Forty ships."))))
    for _ in range(20):
        writing = model.writing("", "How many?")
        writing.close()
        writing.close()
        assert list(writing) == []
    gc.collect()
    assert model.complete("", "How many?").text == "Forty ships."


def test_closing_from_another_thread_ends_the_wait_for_the_next_word(
    model: ChatModel, httpserver: HTTPServer
) -> None:
    server = Slow(httpserver, "The strike ")
    writing, came = model.writing("", "How many?"), []
    reader = threading.Thread(target=lambda: came.extend(iter(writing)))
    reader.start()
    assert server.asked.wait(WAIT)
    writing.close()
    reader.join(WAIT)
    assert not reader.is_alive()
    assert server.left.wait(WAIT)


def test_a_reply_that_nobody_holds_is_stopped(model: ChatModel, httpserver: HTTPServer) -> None:
    server = Slow(httpserver, "The strike ")
    writing: Writing | None = model.writing("", "How many?")
    assert writing is not None
    next(writing)
    writing = None
    gc.collect()
    assert server.left.wait(WAIT)


def test_what_a_stopped_reply_took_is_counted(model: ChatModel, httpserver: HTTPServer) -> None:
    Slow(httpserver, "The strike ")
    with model.writing("Be brief.", "How many?") as writing:
        next(writing)
    assert writing.usage is not None
    assert writing.usage.output_tokens > 0
    assert model.spent == writing.usage


def test_words_come_before_the_reply_has_ended(model: ChatModel, httpserver: HTTPServer) -> None:
    server = Slow(httpserver, "The ", "strike ")
    with model.writing("", "How many?") as writing:
        assert [next(writing), next(writing)] == ["The ", "strike "]
        assert not server.left.is_set()


def test_replies_are_written_side_by_side(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse(chunks("Forty ships."))))
    replies: list[str] = []
    threads = [threading.Thread(target=lambda: replies.append(model.complete("", "?").text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert replies == ["Forty ships."] * 8
    assert model.spent.output_tokens == 8 * 12


class Listening(BaseCallbackHandler):
    """Notes which model was asked, inside which run, and what it wrote."""

    def __init__(self) -> None:
        self.parents: list[UUID | None] = []
        self.written = ""
        self.chains: list[UUID] = []
        self.asked: list[UUID] = []
        self.failed: list[UUID] = []

    def on_chain_start(self, serialized: Any, inputs: Any, *, run_id: UUID, **more: Any) -> None:
        self.chains.append(run_id)

    def on_chat_model_start(
        self, serialized: Any, messages: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        self.asked.append(run_id)
        self.parents.append(parent_run_id)

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **more: Any) -> None:
        self.failed.append(run_id)

    def on_llm_new_token(self, token: str, **more: Any) -> None:
        self.written += token


def test_the_callbacks_of_a_chain_see_the_model_at_work(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse(chunks("Forty ships."))))
    listening = Listening()
    step = RunnableLambda(lambda question: model.complete("", question).text)
    assert step.invoke("How many?", config={"callbacks": [listening]}) == "Forty ships."
    assert listening.parents == listening.chains
    assert listening.written == "Forty ships."


def test_the_callbacks_of_a_chain_see_the_model_fail(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, failing(401, "No"))
    listening = Listening()
    step = RunnableLambda(lambda question: model.complete("", question).text)
    with pytest.raises(ModelError, match="refuses the key"):
        step.invoke("How many?", config={"callbacks": [listening]})
    assert listening.failed == listening.asked


def test_a_shell_that_traces_does_not_get_the_prompt(
    model: ChatModel, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(httpserver, streamed(sse(chunks("Forty ships."))))
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "none")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", httpserver.url_for(""))
    with private():
        model.complete("", "How many?")
    assert [request.path for request, _ in httpserver.log] == [PATH]


def test_any_chat_model_object_writes() -> None:
    model = of_object(FakeListChatModel(responses=["Forty ships."]))
    assert (model.name, model.address) == ("fake-list-chat-model", None)
    assert "".join(model.writing("", "How many?")) == "Forty ships."
