"""What a call costs, what may be spent, and replies that are kept and cost nothing."""

import json
import threading
from pathlib import Path

import pytest
from chat_servers import USAGE, chunk, chunks, failing, script, sse, streamed
from pytest_httpserver import HTTPServer

from rag.chat_models.opening import open_model
from rag.chat_models.prices import Price, price_of
from rag.chat_models.spending import Budget
from rag.errors import ModelError, UsageError
from rag.records import Usage

OPENAI = "https://api.openai.com/v1"
KEY = "a-key-of-no-known-form"


@pytest.fixture(autouse=True)
def _server(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8000")
    script(httpserver, streamed(sse(chunks("Forty ships."))))


@pytest.mark.parametrize(
    ("model", "address", "price"),
    [
        ("gpt-5-mini", OPENAI, Price(0.25, 2.0)),
        ("gpt-5-mini-2025-08-07", OPENAI, Price(0.25, 2.0)),
        ("gpt-4o-2024-05-13", OPENAI, Price(5.0, 15.0)),
        ("gpt-5-mini-tuned", OPENAI, None),
        ("gpt-5-mini", "http://127.0.0.1:8080/v1", None),
        ("gpt-5-mini", "https://api.openai.com.example/v1", None),
        ("gpt-5-mini", None, None),
    ],
)
def test_a_price_is_known_only_for_the_very_model_at_openai(
    model: str, address: str | None, price: Price | None
) -> None:
    assert price_of(model, address) == price


def test_a_stated_price_is_that_of_any_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "1, 10")
    usage = open_model("openai:m").complete("Be brief.", "How many?").usage
    assert usage == Usage(321, 12, pytest.approx((321 + 120) / 1_000_000))


@pytest.mark.parametrize("stated", ["1", "1,2,3", "one,two", "-1,2", "nan,1", "1,inf"])
def test_a_price_that_is_none_is_said(monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", stated)
    with pytest.raises(UsageError, match=f"GROUNDWIRE_PRICE is '{stated}'"):
        open_model("openai:m")


def test_a_call_that_could_pass_the_limit_is_not_made(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer
) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "0,1000")
    model = open_model("openai:m", budget=Budget(1.5))
    with pytest.raises(ModelError, match=r"could cost \$2\.0+, and of --max-cost \$1\.5 \$1\.50+ is left"):
        model.writing("Be brief.", "How many?")
    assert httpserver.log == []


def test_a_limit_needs_a_price(httpserver: HTTPServer) -> None:
    model = open_model("openai:m", budget=Budget(1))
    with pytest.raises(ModelError, match=r"GROUNDWIRE_PRICE=0.25,2"):
        model.writing("Be brief.", "How many?")
    assert httpserver.log == []


def test_a_call_gives_back_what_it_did_not_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "0,1000")
    budget = Budget(2.1)
    for _ in range(5):
        open_model("openai:m", budget=budget).complete("Be brief.", "How many?")
    assert budget.spent == Usage(5 * 321, 60, pytest.approx(0.06))


def test_a_call_that_failed_at_once_costs_nothing(monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "0,1000")
    httpserver.clear()
    script(httpserver, failing(401, "no"))
    model = open_model("openai:m", budget=Budget(2.1))
    for _ in range(3):
        with pytest.raises(ModelError, match="refuses the key"):
            model.complete("Be brief.", "How many?")
    assert model.spent == Usage(0, 0, 0.0)


@pytest.mark.parametrize("delta", [{"reasoning_content": "Hm."}, {"refusal": "No."}], ids=str)
def test_a_call_that_only_thought_or_declined_costs_what_the_server_says(
    monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer, delta: dict[str, str]
) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "1,10")
    httpserver.clear()
    script(httpserver, streamed(sse([chunk(delta), chunk({}, "length"), chunk({}, usage=USAGE)])))
    budget = Budget(1)
    with pytest.raises(ModelError):
        open_model("openai:m", budget=budget).complete("Be brief.", "How many?")
    assert budget.spent == Usage(321, 12, pytest.approx((321 + 120) / 1_000_000))


def test_two_calls_at_once_cannot_both_take_what_is_left() -> None:
    budget, price, refused = Budget(1.0), Price(0, 1_000_000), []
    start = threading.Barrier(8)

    def call() -> None:
        start.wait()
        try:
            budget.hold("m", (), 1, price)
        except ModelError as error:
            refused.append(error)

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 7


def test_a_cost_that_is_not_known_makes_the_sum_unknown() -> None:
    budget = Budget()
    budget.settle(0.0, Usage(1, 2, 0.5))
    assert budget.spent == Usage(1, 2, 0.5)
    budget.settle(0.0, Usage(1, 2))
    assert budget.spent == Usage(2, 4, None)


def test_a_kept_reply_is_not_asked_for_again(
    tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "0,1000")
    first = open_model("openai:m", cache=tmp_path).complete("Be brief.", "How many?")
    budget = Budget(0.0)
    again = open_model("openai:m", cache=tmp_path, budget=budget).complete("Be brief.", "How many?")
    assert (again.text, again.usage) == (first.text, Usage(321, 12, 0.0))
    assert budget.spent == Usage(0, 0, 0.0)
    assert len(httpserver.log) == 1


def test_what_decides_a_reply_decides_which_is_found(
    tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, system, user in [
        ("openai:m", "Be brief.", "How many?"),
        ("openai:n", "Be brief.", "How many?"),
        ("openai:m", "Be long.", "How many?"),
        ("openai:m", "Be brief.", "How few?"),
    ]:
        open_model(name, cache=tmp_path).complete(system, user)
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "9000")
    open_model("openai:m", cache=tmp_path).complete("Be brief.", "How many?")
    assert len(httpserver.log) == len(list(tmp_path.iterdir())) == 5


def test_a_reply_file_that_cannot_be_read_counts_as_none(tmp_path: Path, httpserver: HTTPServer) -> None:
    for content in ("", "{", "[]", '{"text": 7, "input_tokens": 1, "output_tokens": 1}', '{"text": "x"}'):
        open_model("openai:m", cache=tmp_path).complete("Be brief.", "How many?")
        (file,) = tmp_path.iterdir()
        assert json.loads(file.read_text())["text"] == "Forty ships."
        file.write_text(content)
    assert len(httpserver.log) == 5


@pytest.mark.parametrize("delta", [{}, {"content": "Forty "}])
def test_only_whole_replies_are_kept(tmp_path: Path, httpserver: HTTPServer, delta: dict[str, str]) -> None:
    httpserver.clear()
    script(httpserver, streamed(sse([chunk(delta), chunk({}, "length")])))
    with pytest.raises(ModelError):
        open_model("openai:m", cache=tmp_path).complete("Be brief.", "How many?")
    assert list(tmp_path.iterdir()) == []


def test_no_key_and_no_prompt_is_in_the_folder_of_replies(tmp_path: Path) -> None:
    open_model("openai:m", cache=tmp_path).complete("Be brief.", "How many?")
    kept = "".join(file.name + file.read_text() for file in tmp_path.iterdir())
    assert "Forty" in kept
    assert KEY not in kept
    assert "brief" not in kept


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ModelError, match=r"cannot be kept in .*taken.*Name a folder that can be written"):
        open_model("openai:m", cache=tmp_path / "taken").complete("Be brief.", "How many?")
