"""OpenAI's second way of chatting, its Responses, which its larger models are asked in."""

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from rag.chat_models.model import ChatModel
from rag.chat_models.opening import open_model
from rag.errors import Declined, ModelError
from rag.records import Usage

USAGE = {
    **{"input_tokens": 321, "output_tokens": 12, "total_tokens": 333},
    **{"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}},
}


@pytest.fixture
def model(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> ChatModel:
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    return open_model("openai:gpt-5-pro")


def told(server: HTTPServer, *events: dict[str, Any]) -> None:
    numbered = [event | {"sequence_number": number} for number, event in enumerate(events)]
    body = "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in numbered)
    server.expect_request("/v1/responses").respond_with_data(body, content_type="text/event-stream")


def delta(kind: str, text: str) -> dict[str, Any]:
    place = {"item_id": "i", "output_index": 0, "content_index": 0, "logprobs": []}
    return {"type": f"response.{kind}.delta", "delta": text, **place}


def end(status: str, output: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    about = {"id": "r", "object": "response", "created_at": 1, "model": "gpt-5-pro", "status": status}
    fixed = {"parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "output": list(output), "usage": USAGE}
    return {"type": f"response.{status}", "response": about | fixed | more}


def test_a_reply_is_read_like_any_other(model: ChatModel, httpserver: HTTPServer) -> None:
    told(httpserver, delta("output_text", "Forty "), delta("output_text", "ships."), end("completed"))
    with model.writing("Be brief.", "How many?") as writing:
        assert list(filter(None, writing)) == ["Forty ", "ships."]
    assert writing.usage == Usage(321, 12)
    asked = json.loads(httpserver.log[-1][0].get_data())
    assert asked["max_output_tokens"] == model.longest


@pytest.mark.parametrize(("reason", "kind"), [("max_output_tokens", ModelError), ("content_filter", Declined)])
def test_a_reply_that_was_not_finished_is_said_to_be(
    model: ChatModel, httpserver: HTTPServer, reason: str, kind: type[ModelError]
) -> None:
    told(httpserver, delta("output_text", "Forty "), end("incomplete", incomplete_details={"reason": reason}))
    with pytest.raises(kind):
        model.complete("Be brief.", "How many?")


def test_a_refusal_is_one(model: ChatModel, httpserver: HTTPServer) -> None:
    refusal = {"type": "refusal", "refusal": "I cannot say."}
    message = {"type": "message", "id": "i", "role": "assistant", "status": "completed", "content": [refusal]}
    done = {"type": "response.refusal.done", "item_id": "i", "output_index": 0, "content_index": 0}
    told(
        httpserver,
        delta("refusal", "I cannot say."),
        done | {"refusal": "I cannot say."},
        end("completed", (message,)),
    )
    with pytest.raises(Declined, match="I cannot say"):
        model.complete("Be brief.", "How many?")
