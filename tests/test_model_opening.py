"""Models by name and as objects: what is opened, where it sends, and what is said where it cannot be."""

import pytest
from chat_servers import reply
from langchain_openai import ChatOpenAI
from pytest_httpserver import HTTPServer

from rag.chat_models.opening import of_object, open_model
from rag.errors import ModelError, UsageError

KEY = "a-key-of-no-known-form"


@pytest.mark.parametrize("name", ["", "gpt-5-mini", "openai:", ":gpt-5-mini"])
def test_a_name_that_names_no_model_is_said(name: str) -> None:
    with pytest.raises(ModelError, match="names no model"):
        open_model(name)


@pytest.mark.parametrize(
    ("provider", "package"),
    [
        ("anthropic", "langchain-anthropic"),
        ("google_genai", "langchain-google-genai"),
        ("mistralai", "langchain-mistralai"),
        ("ollama", "langchain-ollama"),
        ("bedrock_converse", "langchain-aws"),
        ("google_anthropic_vertex", "langchain-google-vertexai"),
    ],
)
def test_a_package_that_is_missing_is_named(provider: str, package: str) -> None:
    with pytest.raises(ModelError, match=rf"Run: pip install {package}\Z"):
        open_model(f"{provider}:m")


def test_a_provider_that_is_none_is_said() -> None:
    with pytest.raises(ModelError, match="'nonsense:m' cannot be used: Unsupported provider='nonsense'"):
        open_model("nonsense:m")


def test_openai_needs_a_key() -> None:
    with pytest.raises(ModelError, match=r"No key for 'openai'. Set OPENAI_API_KEY"):
        open_model("openai:gpt-5-mini")


def test_another_providers_missing_key_is_said() -> None:
    with pytest.raises(ModelError, match=r"'azure_openai:m' cannot be used: .*AZURE_OPENAI_API_KEY"):
        open_model("azure_openai:m")


def test_openai_is_at_its_own_address_with_limits_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    model = open_model("openai:gpt-5-mini")
    assert (model.name, model.address) == ("openai:gpt-5-mini", "https://api.openai.com/v1")
    assert (model.context, model.longest) == (272_000, 8_192)
    assert open_model("openai:gpt-4o").longest == 4_096


@pytest.mark.parametrize("named", ["OPENAI_BASE_URL", "OPENAI_API_BASE"])
def test_a_server_given_by_address_needs_no_key(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    monkeypatch.setenv(named, "http://me:secret@127.0.0.1:8080/v1/")
    model = open_model("openai:m")
    assert model.address == "http://127.0.0.1:8080/v1"
    assert "secret" not in repr(model)


@pytest.mark.parametrize(
    "address", ["localhost:11434", "127.0.0.1:8080/v1", "ftp://host/v1", "http://", "http://[::1"]
)
def test_an_address_that_is_none_is_said_before_any_request(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    with pytest.raises(ModelError, match=r"OPENAI_BASE_URL is no web address. Write it as http://HOST:PORT/v1"):
        open_model("openai:m")


@pytest.mark.parametrize("query", ["?api-version=secret", "?key=secret#x", "#secret"])
def test_an_address_with_a_query_is_said_without_it(monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:8080/v1/{query}")
    with pytest.raises(ModelError, match=r"OPENAI_BASE_URL has a query\. Write it without") as raised:
        open_model("openai:m")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("key", ["a-secret\u2013key", "a-secret\r\nkey", "a secret key"])
def test_a_key_that_cannot_be_sent_is_said_without_it(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(ModelError, match=r"OPENAI_API_KEY has a space or a sign .* Copy the key again") as raised:
        open_model("openai:m")
    assert "secret" not in str(raised.value)


def test_a_line_end_behind_a_key_is_not_sent(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    reply(httpserver, "Forty.")
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8000")
    open_model("openai:m").complete("Be brief.", "How many?")
    assert httpserver.log[0][0].headers["Authorization"] == f"Bearer {KEY}"


def test_the_v1_address_of_azure_is_one_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "https://mine.openai.azure.com/openai/v1/")
    assert open_model("openai:m").address == "https://mine.openai.azure.com/openai/v1"


def test_a_stated_context_comes_before_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "9000")
    assert open_model("openai:gpt-4o").context == 9_000


def test_a_server_of_ones_own_may_read_less_than_its_models_could(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {"object": "list", "data": [{"id": "gpt-4o", "max_model_len": 4_096}]}
    httpserver.expect_request("/v1/models").respond_with_json(listed)
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    assert open_model("openai:gpt-4o").context == 4_096


@pytest.mark.parametrize("stated", ["many", "0", "-5", "8k"])
def test_a_context_that_is_no_number_is_said(monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", stated)
    with pytest.raises(UsageError, match=f"GROUNDWIRE_CONTEXT is '{stated}'"):
        _ = open_model("openai:m").context


def test_an_object_keeps_its_own_settings() -> None:
    chat = ChatOpenAI(model="gpt-4o", api_key=KEY, base_url="http://127.0.0.1:9/v1", max_tokens=500)  # type: ignore[call-arg,arg-type]
    model = of_object(chat)
    assert (model.name, model.address) == ("openai-chat:gpt-4o", "http://127.0.0.1:9/v1")
    assert (model.context, model.longest) == (128_000, 500)


def test_a_key_that_only_an_object_holds_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    chat = ChatOpenAI(model=f"x {KEY}", api_key=KEY, base_url="http://127.0.0.1:9/v1", max_retries=0)  # type: ignore[arg-type]
    with pytest.raises(ModelError) as raised:
        of_object(chat).complete("Be brief.", "How many?")
    assert KEY not in str(raised.value)
