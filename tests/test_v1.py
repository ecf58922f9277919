"""The archive as a chat model: OpenAI's own client and LangChain's ask it over HTTP, and every citation is exact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import openai
import pytest
from chat_servers import WAIT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langchain_openai import ChatOpenAI
from openai.types.chat import ChatCompletionChunk
from serving import serving
from v1_client import BOTH, BRIDGE, OWLS, QUESTION, ask, client, filled, ours, user

from rag import Archive
from rag.records import Turn
from ui.http.completions.faults import Refused
from ui.http.completions.messages import conversation
from ui.http.completions.request import read

NOTHING = "What did the harbour's strike say of Mars?"


@pytest.fixture(scope="module")
def keyless(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Archive]]:
    """A server that answers with the articles' own sentences, and its archive."""
    folder = tmp_path_factory.mktemp("v1")
    with (
        filled(folder, None) as archive,
        pytest.MonkeyPatch.context() as patch,
        serving(archive, patch) as address,
    ):
        yield address, archive


def post(address: str, body: object) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.post(f"{address}v1/chat/completions", content=content, timeout=WAIT)


def test_the_archive_is_the_one_model(keyless: tuple[str, Archive]) -> None:
    with client(keyless[0]) as asked:
        assert [model.id for model in asked.models.list()] == ["groundwire"]
        assert asked.models.retrieve("groundwire").object == "model"
        with pytest.raises(openai.NotFoundError, match="The model 'owner/other' does not exist") as caught:
            asked.models.retrieve("owner/other")
    assert caught.value.code == "model_not_found"


def test_an_answer_is_what_ask_prints(keyless: tuple[str, Archive]) -> None:
    address, archive = keyless
    completion = ask(address)
    assert completion.id.startswith("chatcmpl-")
    assert completion.choices[0].finish_reason == "stop"
    assert completion.choices[0].message.content == archive.ask(QUESTION).text == ours(completion)["answer"]
    assert completion.usage is not None
    assert completion.usage.total_tokens == 0


@pytest.mark.parametrize("question", [QUESTION, BOTH, BRIDGE, OWLS])
def test_each_marker_is_annotated_and_each_quote_exact(keyless: tuple[str, Archive], question: str) -> None:
    address, archive = keyless
    completion = ask(address, question)
    message = completion.choices[0].message
    assert message.content
    cited = {one["number"]: one for one in ours(completion)["citations"]}
    marked = [
        message.content[one.url_citation.start_index : one.url_citation.end_index]
        for one in message.annotations or []
    ]
    assert marked == [f"[{number}]" for one in ours(completion)["statements"] for number in one["citations"]] != []
    for one in cited.values():
        assert archive.article(one["article_id"], one["revision"]).text[one["start"] : one["end"]] == one["quote"]


def test_a_source_is_linked_where_it_stands_on_the_web_else_on_this_server(keyless: tuple[str, Archive]) -> None:
    address, archive = keyless
    (web,) = ask(address).choices[0].message.annotations or []
    assert (web.url_citation.url, web.url_citation.title) == (
        "https://courier.example/harbour",
        "Harbour opens <again>",
    )
    (own,) = ask(address, BRIDGE).choices[0].message.annotations or []
    (bridge,) = [one.id for one in archive.articles() if one.title == "Bridge"]
    assert own.url_citation.url == f"{address}api/articles/{bridge}?revision=1"


def test_no_image_of_an_article_is_fetched_by_whoever_shows_the_answer(keyless: tuple[str, Archive]) -> None:
    completion = ask(keyless[0], OWLS)
    content = completion.choices[0].message.content or ""
    assert "17 owls. [1]" in content
    assert "!\\[owl](http" in content
    assert "![owl]" in ours(completion)["answer"]


def test_a_refusal_is_an_answer_with_the_nearest_articles(keyless: tuple[str, Archive]) -> None:
    completion = ask(keyless[0], NOTHING)
    refusal = ours(completion)["refusal"]
    content = completion.choices[0].message.content or ""
    assert content.startswith(f"{refusal['message']}\n\nNearest articles:\n- Harbour opens \\<again>")
    assert completion.choices[0].message.annotations == []


def test_our_own_options_limit_what_is_asked(keyless: tuple[str, Archive]) -> None:
    completion = ask(keyless[0], extra_body={"groundwire": {"since": "2023-01-01", "k": 3}})
    assert ours(completion)["refusal"]["reason"] == "filtered_out"
    with pytest.raises(openai.BadRequestError, match="since is 'soon'"):
        ask(keyless[0], extra_body={"groundwire": {"since": "soon"}})


def test_what_only_steers_a_writer_is_left_unread(keyless: tuple[str, Archive]) -> None:
    completion = ask(keyless[0], temperature=0.2, max_tokens=5, seed=1, user="me", metadata={"a": "b"}, stop=["4"])
    assert completion.choices[0].message.content == "The strike had stopped 40 ships 🚢. [1]"


def streamed(address: str, question: str = QUESTION, **more: Any) -> list[ChatCompletionChunk]:
    with client(address) as asked:
        return list(asked.chat.completions.create(model="groundwire", messages=[user(question)], stream=True, **more))


@pytest.mark.parametrize("question", [QUESTION, BOTH, OWLS, NOTHING])
def test_chunks_joined_are_the_whole(keyless: tuple[str, Archive], question: str) -> None:
    whole = ask(keyless[0], question)
    chunks = streamed(keyless[0], question)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert {(chunk.id, chunk.model) for chunk in chunks} == {(chunks[0].id, "groundwire")}
    message = whole.choices[0].message
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == message.content
    last = chunks[-1].choices[0]
    assert [chunk.choices[0].finish_reason for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
    assert last.finish_reason == "stop"
    annotations = [one.model_dump() for one in message.annotations or []]
    assert (last.delta.model_extra or {})["annotations"] == annotations
    changing = ("as_of", "seconds")
    told = (chunks[-1].model_extra or {})["groundwire"]
    assert {key: told[key] for key in told if key not in changing} == {
        key: value for key, value in ours(whole).items() if key not in changing
    }


def test_each_sentence_is_a_chunk_with_its_markers(keyless: tuple[str, Archive]) -> None:
    told = [chunk.choices[0].delta.content for chunk in streamed(keyless[0], BOTH)]
    assert told == [
        "",
        "The strike had stopped 40 ships 🚢. [1]",
        " Mayor Ada Finch said the town had lost $1.2bn. [2]",
        None,
    ]


def test_a_stream_counts_what_it_took_where_that_is_wanted(keyless: tuple[str, Archive]) -> None:
    chunks = streamed(keyless[0], stream_options={"include_usage": True})
    assert [bool(chunk.choices) for chunk in chunks] == [True, True, True, False]
    assert chunks[-1].usage is not None
    assert [chunk.usage for chunk in chunks[:-1]] == [None] * 3
    assert all(chunk.usage is None for chunk in streamed(keyless[0]))


def test_openais_own_gathering_of_chunks_reads_them(keyless: tuple[str, Archive]) -> None:
    with (
        client(keyless[0]) as asked,
        asked.chat.completions.stream(model="groundwire", messages=[user(QUESTION)]) as stream,
    ):
        told = [event.delta for event in stream if event.type == "content.delta"]
        message = stream.get_final_completion().choices[0].message
    assert "".join(told) == message.content == "The strike had stopped 40 ships 🚢. [1]"
    (cited,) = message.annotations or []
    assert cited.url_citation.title == "Harbour opens <again>"


def test_langchain_asks_it_as_any_chat_model(keyless: tuple[str, Archive]) -> None:
    model = ChatOpenAI(model="groundwire", base_url=f"{keyless[0]}v1", api_key="none", max_retries=0)
    answer = "The strike had stopped 40 ships 🚢. [1]"
    assert model.invoke([("system", "Be brief."), ("user", QUESTION)]).content == answer
    assert "".join(str(chunk.content) for chunk in model.stream(QUESTION)) == answer


def test_many_at_once_each_get_their_own_answer(keyless: tuple[str, Archive]) -> None:
    asked = [QUESTION, BRIDGE] * 4
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = list(pool.map(lambda question: ask(keyless[0], question), asked))
    assert [ours(one)["question"] for one in answers] == asked
    assert [("ships" in (one.choices[0].message.content or "")) for one in answers] == [True, False] * 4


@pytest.mark.parametrize(
    ("change", "status", "param", "said"),
    [
        ({"model": "gpt-5"}, 404, "model", "does not exist. The only one is 'groundwire'"),
        ({"model": None}, 400, "model", "Name a 'model'"),
        ({"messages": []}, 400, "messages", "must be a list"),
        ({"messages": [{"role": "system", "content": "x"}]}, 400, "messages", "must be the user's question"),
        ({"messages": [user("x"), {"role": "assistant", "content": "y"}]}, 400, "messages", "last message"),
        ({"messages": [user(" ")]}, 400, "messages[0].content", "The question is empty"),
        ({"messages": [user("x" * 5_000)]}, 400, "messages[0].content", "5,000 characters"),
        ({"messages": [user([])]}, 400, "messages[0].content", "a list of parts"),
        ({"messages": [user([{"type": "image_url"}])]}, 400, "messages[0].content[0]", "Only text is read"),
        ({"messages": [{"role": "narrator", "content": "x"}]}, 400, "messages[0].role", "whose 'role' is"),
        ({"n": 2}, 400, "n", "one answer to a question"),
        ({"tools": [{"type": "function"}]}, 400, "tools", "no tools are called"),
        ({"response_format": {"type": "json_object"}}, 400, "response_format", "never JSON"),
        ({"logprobs": True}, 400, "logprobs", "no probabilities"),
        ({"stream": "yes"}, 400, "stream", "must be true or false"),
        ({"stream_options": 3}, 400, "stream_options", "must be an object"),
        (
            {"groundwire": {"model": "openai:other"}},
            400,
            "groundwire",
            "There is no option 'model'. Options are as_of",
        ),
        ({"groundwire": {"k": True}}, 400, "groundwire.k", "k: Input should be a valid integer"),
        ({"groundwire": {"k": 10**40}}, 400, "groundwire.k", "k: Input should be less than"),
        ({"groundwire": {"article": "none"}}, 400, None, "No article 'none'"),
    ],
)
def test_what_cannot_be_answered_is_one_line_in_openais_form(
    keyless: tuple[str, Archive], change: dict[str, Any], status: int, param: str | None, said: str
) -> None:
    response = post(keyless[0], {"model": "groundwire", "messages": [user(QUESTION)], **change})
    assert response.status_code == status
    error = response.json()["error"]
    assert said in error["message"]
    assert (error["type"], error["param"]) == ("invalid_request_error", param)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"\xff", b"[]", b"3", b"[" * 200_000, b'{"model": ' + b"9" * 5_000 + b"}", b"NaN"),
        b'{"model": "\\ud800", "messages": []}',
        b'{"model": "groundwire", "messages": [{"role": "\\ud800"}]}',
    ],
    ids=lambda body: repr(body[:20]),
)
def test_no_body_breaks_the_server(keyless: tuple[str, Archive], body: bytes) -> None:
    response = post(keyless[0], body)
    assert response.status_code in (400, 404)
    assert response.json()["error"]["message"]


def test_halves_of_characters_are_asked_as_what_can_be_sent(keyless: tuple[str, Archive]) -> None:
    body = b'{"model": "groundwire", "messages": [{"role": "user", "content": "\\ud800 How many ships?\\u0000"}]}'
    response = post(keyless[0], body)
    assert response.status_code == 200
    assert response.json()["groundwire"]["question"].startswith("? How many ships?")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "responses"), ("GET", "chat/completions"), ("DELETE", "x/%2F")]
)
def test_an_address_that_there_is_not_is_said_in_openais_form(
    keyless: tuple[str, Archive], method: str, path: str
) -> None:
    response = httpx.request(method, f"{keyless[0]}v1/{path}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "unknown_url"


def test_turns_pair_each_question_with_what_was_answered() -> None:
    said = [
        ("assistant", "Hello!"),
        ("user", "A?"),
        ("assistant", "b"),
        ("tool", 3),
        ("assistant", "c"),
        ("user", "D?"),
    ]
    messages = [{"role": role, "content": content} for role, content in [*said, ("user", "E?"), ("developer", "f")]]
    assert conversation(messages) == ("E?", (Turn("A?", "b\nc"), Turn("D?", "")))


def test_only_so_much_of_what_was_said_before_is_read() -> None:
    messages = [user("A" * 90_000), {"role": "assistant", "content": "b" * 90_000}] * 60
    _, turns = conversation([*messages, user("Who?")])
    assert turns == (Turn("A" * 4_000, "b" * 4_000),) * 20


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
dates = st.sampled_from(["0001-01-01", "9999-12-31", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "x"])
options = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("since", "until", "as_of"), dates | anything),
        **dict.fromkeys(("source", "language", "article", "fallback", "deep", "repair", "k"), anything),
    },
)
messages = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["user", "assistant", "system", "tool"]) | anything},
        optional={"content": anything | st.lists(st.just({"type": "text", "text": "Who?"}) | anything, max_size=2)},
    )
    | st.just(user(QUESTION))
    | anything,
    max_size=4,
)
bodies = st.fixed_dictionaries(
    {"model": st.just("groundwire") | anything, "messages": messages | anything},
    optional={
        "groundwire": options | anything,
        **dict.fromkeys(("stream", "stream_options", "n", "tools", "response_format", "stop", "audio"), anything),
    },
)


@settings(max_examples=200)
@given(anything | bodies)
def test_any_json_is_read_or_refused(body: object) -> None:
    with suppress(Refused):
        assert read(json.dumps(body).encode()).call.question.strip()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bodies.map(lambda body: body | {"model": "groundwire", "messages": [user(QUESTION)]}))
def test_no_json_is_a_fault_of_the_server(keyless: tuple[str, Archive], body: object) -> None:
    response = post(keyless[0], body)
    assert response.status_code < 500
    assert response.status_code == 200 or response.json()["error"]["message"]
