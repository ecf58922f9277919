"""What goes wrong at a chat model's server is one line: which model, where, what happened, what to do; and no key."""

import re
import socket
import threading
import traceback
from collections.abc import Iterator

import pytest
from chat_servers import PATH, chunk, chunks, failing, script, sse, streamed
from pytest_httpserver import HTTPServer
from talking import Talker
from werkzeug import Request, Response

from rag.chat_models.faults import fault
from rag.chat_models.model import ChatModel, Writing
from rag.chat_models.opening import open_model
from rag.errors import ContextTooLong, Declined, ModelError

KEY = "a-key-of-no-known-form"
OTHER = "another-secret-of-the-shell"
WAIT = 20


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("SOME_TOKEN", OTHER)
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8000")


@pytest.fixture
def model(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> ChatModel:
    return at(httpserver.url_for("/v1"), monkeypatch)


@pytest.fixture
def talker() -> Iterator[Talker]:
    talker = Talker()
    yield talker
    talker.close()


def at(address: str, monkeypatch: pytest.MonkeyPatch, *, retries: int = 0) -> ChatModel:
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    monkeypatch.setattr("rag.chat_models.opening.RETRIES", retries)
    return open_model("openai:m")


def broken(writing: Writing) -> tuple[str, ModelError]:
    """What came before the fault, and the fault."""
    came: list[str] = []
    with pytest.raises(ModelError) as raised:
        came.extend(iter(writing))  # type: ignore[arg-type]
    return "".join(came), raised.value


def told(model: ChatModel) -> str:
    """The one line of a fault that comes before any word."""
    with pytest.raises(ModelError) as raised:
        model.complete("Be brief.", "How many?")
    line = str(raised.value)
    assert line.startswith(f"'openai:m' at {model.address} gave no answer: ")
    assert "\n" not in line
    return line


@pytest.mark.parametrize(
    ("response", "happened"),
    [
        (
            failing(401, "Incorrect API key provided"),
            "refuses the key .Incorrect API key provided.. Check the provider's",
        ),
        (
            failing(404, "The model `m` does not exist"),
            "no such model or address .The model `m` does not exist.. Check",
        ),
        (failing(429, "Slow down"), "asked too often .Slow down.. Wait"),
        (failing(429, "No credit", code="insufficient_quota"), "nothing left to spend"),
        (failing(402, "Insufficient balance"), "nothing left to spend .Insufficient balance.. Top it up"),
        (failing(400, "Bad \x1b[31mred\x07 \u202e\nword"), r"with 400 .Bad \[31mred word.\. Check"),
        (failing(500, "Oops"), "failed with 500 .Oops.. Try again later"),
        (failing(400, "No such setting"), "refuses the request with 400 .No such setting."),
        (Response("<html><body>Nothing</body></html>", status=404), "no such model or address"),
        (Response("<!doctype html>Hi", mimetype="text/html"), "no chat reply"),
        (Response("data: {broken\n\n", mimetype="text/event-stream"), "no chat reply"),
        (Response("dat {broken\n\n", mimetype="text/event-stream"), "no chat reply"),
        (Response('{"some": "JSON"}', mimetype="application/json"), "no chat reply"),
        (Response("{", mimetype="application/json"), "no chat reply"),
        (Response('{"choices": []}', mimetype="application/json"), "no chat reply"),
        (streamed(sse([chunk({}, "stop")])), "its reply is empty"),
        (streamed(sse([chunk({"content": " \n"}), chunk({}, "stop")])), "its reply is empty"),
        (streamed(sse([chunk({"content": "<think>Hm."}, "length")])), "all its tokens on thinking"),
        (streamed('data: {"error": {"message": "The GPU is on fire"}}\n\n'), "it failed .The GPU is on fire."),
    ],
)
def test_a_fault_is_told_in_one_line(
    model: ChatModel, httpserver: HTTPServer, response: Response, happened: str
) -> None:
    script(httpserver, response)
    line = told(model)

    assert re.search(happened, line), line


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens."),
        (400, "The decoder prompt (length 9000) is longer than the maximum model length of 4096."),
        (400, "the request exceeds the available context size. try increasing the context size"),
        (400, "the input length exceeds the context length"),
        (400, "prompt is too long: 210000 tokens > 200000 maximum"),
        (400, "The input token count (1100000) exceeds the maximum number of tokens allowed (1048576)."),
        (500, "the request exceeds the available context size"),
    ],
)
def test_a_prompt_that_does_not_fit_is_told_apart(
    model: ChatModel, httpserver: HTTPServer, status: int, said: str
) -> None:
    script(httpserver, failing(status, said))
    with pytest.raises(ContextTooLong, match="longer than it reads at once"):
        model.complete("Be brief.", "How many?")


def test_too_many_tokens_a_minute_are_no_prompt_that_does_not_fit(model: ChatModel, httpserver: HTTPServer) -> None:
    script(
        httpserver, failing(429, "Request too large for m: Limit 10000 tokens, requested 12000.", code="rate_limit")
    )
    assert "asked too often" in told(model)


@pytest.mark.parametrize(
    "response",
    [
        streamed(sse([chunk({"content": "Forty "}), chunk({}, "content_filter")])),
        streamed(sse([chunk({"refusal": "I cannot "}), chunk({"refusal": "say."}), chunk({}, "stop")])),
        failing(400, "The response was filtered by the content management policy.", code="content_filter"),
    ],
)
def test_a_model_that_will_not_answer_declines(model: ChatModel, httpserver: HTTPServer, response: Response) -> None:
    script(httpserver, response)
    with pytest.raises(Declined):
        model.complete("Be brief.", "How many?")


def test_what_a_model_says_in_declining_is_told_in_one_short_line(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse([chunk({"refusal": "I cannot\nsay. " + "Sorry. " * 500}), chunk({}, "stop")])))
    line = told(model)
    assert "gave no answer: I cannot say. Sorry." in line
    assert len(line) < 400


def test_a_prompt_that_does_not_fit_is_told_apart_within_a_stream(model: ChatModel, httpserver: HTTPServer) -> None:
    error = {"message": "This model's maximum context length is 8192 tokens.", "code": 400}
    script(httpserver, streamed(sse([{"error": error}])))
    with pytest.raises(ContextTooLong):
        model.complete("Be brief.", "How many?")


@pytest.mark.parametrize("headers", [{"retry-after-ms": "1"}, {"Retry-After": "0.01"}, {}], ids=str)
@pytest.mark.parametrize("status", [429, 503])
def test_a_passing_fault_is_not_seen(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, status: int, headers: dict[str, str]
) -> None:
    script(httpserver, failing(status, "Not now", **headers), streamed(sse(chunks("Forty."))))
    assert at(httpserver.url_for("/v1"), monkeypatch, retries=2).complete("", "How many?").text == "Forty."


def test_only_the_providers_package_tries_again(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    script(httpserver, failing(500, "Oops", **{"retry-after-ms": "1"}))
    told(at(httpserver.url_for("/v1"), monkeypatch, retries=2))
    assert [request.path for request, _ in httpserver.log] == [PATH] * 3


@pytest.mark.parametrize("sent", [b"", sse([chunk({"content": "Forty "})], done=False).encode()])
def test_a_server_that_falls_silent_is_left(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    done = threading.Event()

    def answer(request: Request) -> Response:
        def body() -> Iterator[bytes]:
            yield sent
            done.wait(WAIT)

        if not sent:
            done.wait(WAIT)
        return Response(body(), mimetype="text/event-stream")

    httpserver.expect_request(PATH).respond_with_handler(answer)
    monkeypatch.setattr("rag.chat_models.streaming.SILENCE", 0.2)
    came, fault = broken(at(httpserver.url_for("/v1"), monkeypatch).writing("", "How many?"))
    done.set()
    assert came == ("Forty " if sent else "")
    assert "nothing came for too long" in str(fault)


def test_a_server_that_never_comes_to_an_end_is_left(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    left = threading.Event()

    def answer(request: Request) -> Response:
        def body() -> Iterator[bytes]:
            try:
                while not left.wait(0.02):
                    yield b": still here\n\n"
            finally:
                left.set()

        return Response(body(), mimetype="text/event-stream")

    httpserver.expect_request(PATH).respond_with_handler(answer)
    monkeypatch.setattr("rag.chat_models.streaming.ALTOGETHER", 0.3)
    assert "nothing came for too long" in told(at(httpserver.url_for("/v1"), monkeypatch))
    assert left.wait(WAIT)


def test_what_came_before_the_connection_broke_was_given(talker: Talker, monkeypatch: pytest.MonkeyPatch) -> None:
    event = sse([chunk({"content": "The strike stopped "})], done=False).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    address = talker.say(head + f"{len(event):x}\r\n".encode() + event + b"\r\n")
    came, fault = broken(at(address + "v1", monkeypatch).writing("", "How many?"))
    assert came == "The strike stopped "
    assert "the connection broke off" in str(fault)


def test_what_came_before_a_piece_that_is_no_json_was_given(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse(chunks("The strike"), done=False) + "data: {broken\n\n"))
    came, fault = broken(model.writing("", "How many?"))
    assert came == "The strike"
    assert "no chat reply" in str(fault)


def test_a_reply_that_has_begun_is_not_asked_for_again(model: ChatModel, httpserver: HTTPServer) -> None:
    begun = sse([chunk({"content": "The strike"})], done=False)
    script(httpserver, streamed(begun + 'data: {"error": {"message": "bad stream_options"}}\n\n'))
    came, _ = broken(model.writing("", "How many?"))
    assert came == "The strike"
    assert len(httpserver.log) == 1


def test_a_reply_cut_off_at_its_longest_is_given_and_said_to_be(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse([chunk({"content": "The strike sto"}), chunk({}, "length")])))
    came, fault = broken(model.writing("", "How many?"))
    assert came == "The strike sto"
    assert "cut off at its longest" in str(fault)


def test_a_reply_without_end_is_stopped(model: ChatModel, httpserver: HTTPServer) -> None:
    left = threading.Event()

    def answer(request: Request) -> Response:
        def body() -> Iterator[bytes]:
            try:
                while True:
                    yield sse([chunk({"content": "again and " * 100})], done=False).encode()
            finally:
                left.set()

        return Response(body(), mimetype="text/event-stream")

    httpserver.expect_request(PATH).respond_with_handler(answer)
    came, fault = broken(model.writing("", "How many?"))
    assert len(came) == 50_000
    assert "went on beyond 50,000 characters" in str(fault)
    assert left.wait(WAIT)


def test_a_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    assert re.search("it cannot be reached .*connect", told(at(address, monkeypatch)), re.IGNORECASE)


def test_what_a_connection_died_of_is_told(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    address = httpserver.url_for("/v1").replace("http:", "https:")
    assert "it cannot be reached ([SSL" in told(at(address, monkeypatch))


def test_a_server_that_hangs_up_before_it_answers_broke_off(talker: Talker, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "the connection broke off" in told(at(talker.say() + "v1", monkeypatch))


def test_what_an_address_holds_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}/v1"
    model = at(f"http://me:hunter2@{place}", monkeypatch)
    assert "hunter2" not in told(model) + repr(model)


@pytest.mark.parametrize(
    "said",
    [
        f"bad key {KEY} and {OTHER}",
        "bad key sk-te***6789",
        "bad key a-key******known-form",
        "Bearer abc.def sent",
        f"{KEY}\nx",
    ],
)
@pytest.mark.parametrize("status", [400, 401, 500])
def test_no_key_is_in_an_error_or_in_what_it_is_chained_to(
    model: ChatModel, httpserver: HTTPServer, said: str, status: int
) -> None:
    script(httpserver, failing(status, said))
    with pytest.raises(ModelError) as raised:
        model.complete("Be brief.", "How many?")
    shown = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + repr(model)
    assert raised.value.__cause__ is raised.value.__context__ is None
    for secret in (KEY, OTHER, "sk-te", "a-key", "known-form", "abc.def"):
        assert secret not in shown


class Odd(Exception):
    """An error as packages other than OpenAI's make them."""

    def __init__(self, said: str, **more: object) -> None:
        super().__init__(said)
        self.__dict__ |= more


def wrapping(cause: Exception) -> Exception:
    error = Odd("it did not work")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "happened"),
    [
        (wrapping(Odd("no", code=401)), "refuses the key (it did not work)"),
        (Odd("long text", status_code=404, body={"error": {"message": "no such model"}}), "address (no such model)"),
        (Odd("no", response=Response(status=529)), "failed with 529 (no)"),
        (wrapping(TimeoutError()), "nothing came for too long"),
        (wrapping(ConnectionResetError("reset")), "the connection broke off"),
        (Odd("strange"), "it failed (strange)"),
        (Odd(""), "it failed. Check"),
        (Odd("code", code="E17"), "it failed (code)"),
    ],
)
def test_the_errors_of_any_package_are_understood(error: Exception, happened: str) -> None:
    assert happened in str(fault(error, "other:m", None))


def test_an_error_that_goes_on_is_shortened() -> None:
    assert len(str(fault(Odd("word " * 1_000), "other:m", None))) < 400
