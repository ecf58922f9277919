"""The ways in which servers depart from OpenAI's: none of them shows in the reply."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from chat_servers import PATH, USAGE, asked, chunk, chunks, failing, script, sse, streamed, whole
from pytest_httpserver import HTTPServer
from talking import Talker
from werkzeug import Request, Response

from rag import tokens
from rag.chat_models.model import ChatModel
from rag.chat_models.opening import open_model
from rag.errors import ModelError
from rag.records import Usage

TEXT = "The strike stopped 40 ships, and the port stood still."


@pytest.fixture
def model(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> ChatModel:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8000")
    return open_model("openai:m")


def texts(*pieces: Any, **more: Any) -> list[dict[str, Any]]:
    return [chunk({"content": piece}, **more) for piece in pieces]


DIALECTS: dict[str, Callable[[], str]] = {
    "as OpenAI": lambda: sse(chunks(TEXT)),
    "no usage": lambda: sse(chunks(TEXT, usage=False)),
    "no role": lambda: sse([*texts(TEXT), chunk({}, "stop")]),
    "role and nothing else first": lambda: sse([chunk({"role": "assistant"}), *texts(TEXT), chunk({}, "stop")]),
    "role in every chunk": lambda: sse(
        [chunk({"role": "assistant", "content": part}) for part in (TEXT[:9], TEXT[9:])]
    ),
    "no finish reason": lambda: sse(texts(TEXT)),
    "no end mark": lambda: sse(chunks(TEXT), done=False),
    "nothing but the text": lambda: f"data: {json.dumps({'choices': [{'delta': {'content': TEXT}}]})}\n\n",
    "another's role": lambda: sse([chunk({"role": "user", "content": TEXT}), chunk({}, "stop")]),
    "CR": lambda: sse(chunks(TEXT)).replace("\n", "\r"),
    "text with the finish reason": lambda: sse([chunk({"content": TEXT}, "stop")]),
    "reasoning beside the text": lambda: sse([chunk({"reasoning_content": "Hm, 41?"}), *texts(TEXT)]),
    "null beside the text": lambda: sse([chunk({"content": None, "reasoning": "Hm."}), *texts(TEXT)]),
    "thoughts in the text": lambda: sse(texts("<th", "ink>Hm, 41?</thi", "nk>", TEXT[:20], TEXT[20:])),
    "tool calls": lambda: sse(
        [chunk({"tool_calls": [{"index": 0, "id": "x", "function": {"name": "f", "arguments": "{}"}}]}), *texts(TEXT)]
    ),
    "empty choices": lambda: sse([chunk({}) | {"choices": []}, *texts(TEXT)]),
    "delta that is null": lambda: sse([chunk({}) | {"choices": [{"index": 0, "delta": None}]}, *texts(TEXT)]),
    "CRLF": lambda: sse(chunks(TEXT)).replace("\n", "\r\n"),
    "comments": lambda: ": waiting\n\n" + sse(chunks(TEXT)).replace("\n\n", "\n\n: keep-alive\n\n"),
    "event names": lambda: "event: message\n" + sse(chunks(TEXT)).replace("\n\n", "\n\nevent: message\n"),
    "parts": lambda: sse(texts([{"type": "text", "text": TEXT[:9]}], [{"type": "text", "text": TEXT[9:]}])),
}


# The SDK says on standard error that it did not expect parts.
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)
def test_a_reply_is_the_same_in_every_dialect(
    model: ChatModel, httpserver: HTTPServer, dialect: Callable[[], str]
) -> None:
    script(httpserver, streamed(dialect()))
    assert "".join(model.writing("Be brief.", "How many?")) == TEXT


def test_a_character_that_arrives_in_two_pieces_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    talker, text = Talker(), "Zürich: 40 °C 🌡"
    event = f"data: {json.dumps(chunk({'content': text}), ensure_ascii=False)}\n\n".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {len(event)}\r\n\r\n".encode()
    monkeypatch.setenv("OPENAI_BASE_URL", talker.say(head, *(event[at : at + 7] for at in range(0, len(event), 7))))
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8000")
    assert open_model("openai:m").complete("Be brief.", "How many?").text == text
    talker.close()


def test_a_reply_in_one_piece_is_asked_for_so_once_it_is_known(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, whole(TEXT))
    reply = model.complete("Be brief.", "How many?")
    assert (reply.text, reply.usage and reply.usage.input_tokens) == (TEXT, 321)
    assert model.complete("Be brief.", "How many?") == reply
    assert [bool(asked(httpserver, place).get("stream")) for place in range(3)] == [True, False, False]
    assert posted(httpserver) == 3


def test_an_option_that_a_server_refuses_is_not_sent_again(model: ChatModel, httpserver: HTTPServer) -> None:
    refusal = failing(400, "Unrecognized request argument supplied: stream_options")
    script(httpserver, refusal, streamed(sse(chunks(TEXT, usage=False))))
    assert model.complete("Be brief.", "How many?").text == TEXT
    model.complete("Be brief.", "And now?")
    assert ["stream_options" in asked(httpserver, place) for place in range(3)] == [True, False, False]


@pytest.mark.parametrize("fault", [Response("<html>", mimetype="text/html"), streamed("data: [DONE]\n\n")])
def test_a_server_that_failed_once_is_asked_for_a_stream_again(
    model: ChatModel, httpserver: HTTPServer, fault: Response
) -> None:
    script(httpserver, fault, fault, streamed(sse(chunks(TEXT))))
    with pytest.raises(ModelError, match="no chat reply"):
        model.complete("Be brief.", "How many?")
    assert model.complete("Be brief.", "How many?").text == TEXT
    assert [bool(asked(httpserver, place).get("stream")) for place in range(3)] == [True, False, True]


def test_a_gateway_to_openai_is_told_the_longest_reply_by_its_other_name(
    model: ChatModel, httpserver: HTTPServer
) -> None:
    told = (
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    )
    script(httpserver, failing(400, told), streamed(sse(chunks(TEXT))))
    for _ in range(2):
        assert model.complete("Be brief.", "How many?").text == TEXT
        assert asked(httpserver)["max_completion_tokens"] == model.longest
        assert "max_tokens" not in asked(httpserver)
    assert posted(httpserver) == 3


@pytest.mark.parametrize(
    "told",
    [
        "System role not supported",
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "Only user and assistant roles are supported!",
        "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
    ],
)
def test_a_model_without_a_system_role_is_told_all_in_one(
    model: ChatModel, httpserver: HTTPServer, told: str
) -> None:
    script(httpserver, failing(400, told), streamed(sse(chunks(TEXT))))
    for _ in range(2):
        assert model.complete("Be brief.", "How many?").text == TEXT
        assert asked(httpserver)["messages"] == [{"role": "user", "content": "Be brief.\n\nHow many?"}]
    assert posted(httpserver) == 3


def test_what_one_thread_learns_does_not_fail_another(monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=20)

    def answer(request: Request) -> Response:
        if "stream_options" not in json.loads(request.get_data()):
            return streamed(sse(chunks(TEXT)))
        both.wait()
        return failing(400, "stream_options: extra fields not permitted")

    with HTTPServer(threaded=True) as server:
        server.expect_request(PATH).respond_with_handler(answer)
        monkeypatch.setenv("OPENAI_BASE_URL", server.url_for("/v1"))
        monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8000")
        model = open_model("openai:m")
        writings = [model.writing("Be brief.", "How many?") for _ in range(2)]
        assert ["".join(writing) for writing in writings] == [TEXT, TEXT]


def test_a_refusal_that_goes_on_is_told_and_not_asked_again(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, failing(400, "System role not supported"))
    with pytest.raises(ModelError, match="System role not supported"):
        model.complete("Be brief.", "How many?")
    assert posted(httpserver) == 2


def test_the_longest_reply_is_asked_for_by_the_name_that_servers_know(
    model: ChatModel, httpserver: HTTPServer
) -> None:
    script(httpserver, streamed(sse(chunks(TEXT))))
    model.complete("Be brief.", "How many?")
    assert asked(httpserver)["max_tokens"] == model.longest == 2000
    assert "max_completion_tokens" not in asked(httpserver)


def test_usage_is_the_servers_where_it_states_it(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse(chunks(TEXT))))
    usage = model.complete("Be brief.", "How many?").usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens, usage.cost) == (321, 12, None)
    assert asked(httpserver)["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize("stated", [None, {}, {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}])
def test_usage_is_counted_where_the_server_states_none(
    model: ChatModel, httpserver: HTTPServer, stated: dict[str, int] | None
) -> None:
    script(httpserver, streamed(sse([*chunks(TEXT, usage=False), chunk({}, usage=stated)])))
    usage = model.complete("Be brief.", "How many?").usage
    assert usage is not None
    assert usage.output_tokens == tokens.count(TEXT)
    assert usage.input_tokens == tokens.count("Be brief.") + tokens.count("How many?")


def test_a_prompt_that_the_server_did_not_count_is_counted(model: ChatModel, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse([chunk({"content": TEXT}, usage=USAGE | {"prompt_tokens": 0})])))
    assert model.complete("Be brief.", "How many?").usage == Usage(tokens.count("Be brief.") + 3, 12)


def test_a_running_total_of_usage_is_not_added_up(model: ChatModel, httpserver: HTTPServer) -> None:
    totals = [USAGE | {"completion_tokens": number} for number in (4, 8, 12)]
    script(httpserver, streamed(sse([chunk({"content": "Forty. "}, usage=total) for total in totals])))
    usage = model.complete("Be brief.", "How many?").usage
    assert usage is not None
    assert (usage.input_tokens, usage.output_tokens) == (321, 12)


@pytest.mark.parametrize(
    ("listed", "context"),
    [
        ({"id": "m", "max_model_len": 32_768}, 32_768),
        ({"id": "m", "loaded_context_length": 4_096, "max_context_length": 131_072}, 4_096),
        ({"id": "m", "context_length": 16_384}, 16_384),
        ({"id": "other.gguf", "meta": {"n_ctx": 4_096, "n_ctx_train": 131_072}}, 4_096),
        ({"id": "m", "max_model_len": "long"}, 8_192),
        ({"id": "m"}, 8_192),
    ],
    ids=json.dumps,
)
def test_the_context_is_what_the_server_says(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, listed: dict[str, Any], context: int
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    httpserver.expect_request("/v1/models").respond_with_json({"object": "list", "data": [listed]})
    model = open_model("openai:m")
    assert httpserver.log == []
    assert (model.context, model.context, model.longest) == (context, context, min(4_096, context // 4))
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("body", ["<html>Not found</html>", '{"data": null}', '{"data": [7]}', ""])
def test_a_server_that_lists_no_models_is_taken_to_read_little(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    httpserver.expect_request("/v1/models").respond_with_data(body, content_type="application/json")
    assert open_model("openai:m").context == 8_192


def posted(server: HTTPServer) -> int:
    return [request.path for request, _ in server.log].count(PATH)
