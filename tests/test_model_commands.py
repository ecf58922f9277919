"""The commands with a language model: what is said before anything is sent, what it took, what it may cost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from chat_servers import PATH, asked, failing, reply, script
from commands import Run
from pytest_httpserver import HTTPServer

KEY = "sk-test-secret-0123456789"
QUESTION = "How many ships did the strike stop?"
TRUE = "The strike stopped 40 ships [1]."


@pytest.fixture
def asking(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> Run:
    """Runs commands on an archive of one article, with a model at a local server."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("GROUNDWIRE_MODEL", "openai:m")
    (tmp_path / "harbour.txt").write_text("Harbour\n\nThe strike had stopped 40 ships. The town had lost $1.2bn.")
    assert run("ingest", str(tmp_path / "harbour.txt")).code == 0
    return run


def requests(server: HTTPServer) -> int:
    return [request.path for request, _ in server.log].count(PATH)


def test_which_model_is_asked_and_where_is_said_first(asking: Run, httpserver: HTTPServer) -> None:
    reply(httpserver, TRUE)
    ran = asking("ask", QUESTION)
    address = httpserver.url_for("/v1")
    assert (
        ran.err == f"groundwire: openai:m at {address} writes; the question and the passages found are sent there\n"
    )
    assert ran.out.startswith("The strike stopped 40 ships. [1]\n")
    assert KEY not in ran.out + ran.err


def test_it_is_said_before_a_failure_too(asking: Run, httpserver: HTTPServer) -> None:
    script(httpserver, failing(401, f"Incorrect API key provided: {KEY}"))
    ran = asking("ask", QUESTION)
    first, second = ran.err.splitlines()
    assert "are sent there" in first
    assert "refuses the key" in second
    assert ran.code == 1
    assert KEY not in ran.err


def test_a_second_opinion_is_said_too(asking: Run, httpserver: HTTPServer) -> None:
    reply(httpserver, TRUE, "NO")
    ran = asking("ask", QUESTION, "--verify", "openai:judge", "--no-repair", "--json")
    assert "openai:judge" in ran.err.splitlines()[1]
    assert "second opinion" in ran.err.splitlines()[1]
    assert asked(httpserver)["model"] == "judge"
    told = json.loads(ran.out)
    assert told["refusal"]["reason"] == "unverified"
    assert told["rejected"][0]["problems"][0]["kind"] == "opinion"


def test_a_second_opinion_without_a_model_that_writes_is_wrong_usage(asking: Run, httpserver: HTTPServer) -> None:
    ran = asking("ask", QUESTION, "--model", "extractive", "--verify", "openai:judge")
    assert ran.code == 2
    assert ran.err == "groundwire: A second opinion needs a model that writes. Choose one, or leave 'verify' out.\n"
    assert requests(httpserver) == 0


def test_what_a_summary_takes_is_said_before_it_is_sent_and_is_in_the_json(
    asking: Run, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "1,10")
    reply(httpserver, TRUE)
    ran = asking("summarize", "--sentences", "1", "--json")
    plan = json.loads(ran.out)["plan"]
    assert (plan["articles"], plan["calls"]) == (1, 1)
    assert plan["cost"] == pytest.approx((plan["input_tokens"] + 10 * plan["output_tokens"]) / 1_000_000)
    assert ran.err.splitlines()[1].startswith(f"groundwire: 1 article in 1 call, about {plan['input_tokens']} tokens")


def test_a_plan_is_said_before_a_failure_too(asking: Run, httpserver: HTTPServer) -> None:
    script(httpserver, failing(401, "no"))
    ran = asking("summarize")
    assert ran.code == 1
    assert "1 article in 1 call" in ran.err.splitlines()[1]
    assert "refuses the key" in ran.err.splitlines()[2]


def test_without_a_model_a_summary_plans_nothing(asking: Run) -> None:
    ran = asking("summarize", "--model", "extractive", "--json")
    assert (ran.err, "plan" in json.loads(ran.out)) == ("", False)


def test_without_a_model_nothing_is_said_of_one(asking: Run) -> None:
    assert asking("ask", QUESTION, "--model", "extractive").err == ""


def test_tokens_are_told_for_each_answer_and_for_the_whole_conversation(
    asking: Run, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "1,10")
    said = iter([QUESTION, "And how many ships?", ""])
    monkeypatch.setattr("builtins.input", lambda prompt: next(said))
    reply(httpserver, TRUE, QUESTION, TRUE)
    first, second = map(json.loads, asking("chat", "--json").out.splitlines())
    assert (
        first["usage"]
        == first["total"]
        == {"input_tokens": 321, "output_tokens": 12, "cost": pytest.approx(0.000441)}
    )
    assert second["usage"]["input_tokens"] == 2 * 321
    assert second["total"] == {"input_tokens": 963, "output_tokens": 36, "cost": pytest.approx(0.001323)}


def test_a_call_that_could_cost_too_much_is_not_made(
    asking: Run, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "1000,1000")
    ran = asking("ask", QUESTION, "--max-cost", "0.5")
    assert ran.code == 1
    assert "of --max-cost $0.5" in ran.err
    assert requests(httpserver) == 0


def test_a_reply_that_is_kept_is_not_asked_for_again(asking: Run, httpserver: HTTPServer, tmp_path: Path) -> None:
    reply(httpserver, TRUE)
    first = json.loads(asking("ask", QUESTION, "--cache", str(tmp_path / "kept"), "--json").out)
    again = json.loads(asking("ask", QUESTION, "--cache", str(tmp_path / "kept"), "--json").out)
    assert requests(httpserver) == 1
    assert first["answer"] == again["answer"]
    assert again["usage"] == {"input_tokens": 321, "output_tokens": 12, "cost": 0.0}
    assert all(KEY not in file.read_text() for file in (tmp_path / "kept").rglob("*.json"))


def test_an_eval_is_repeated_for_nothing(asking: Run, httpserver: HTTPServer, tmp_path: Path) -> None:
    reply(httpserver, TRUE)
    command = ("eval", "run", "seeds", "--limit", "3", "--cache", str(tmp_path / "kept"), "--json")
    first = asking(*command)
    count = requests(httpserver)
    again = asking(*command)
    assert "are sent there" in first.err
    assert 0 < count == requests(httpserver)
    metrics = [json.loads(ran.out)["metrics"] for ran in (first, again)]
    costs = [found.pop("cost") for found in metrics]
    assert metrics[0] == metrics[1]
    assert (costs[0]["mean"], costs[1]["mean"]) == (None, 0.0), (
        "the first has no price known, the second costs nothing"
    )


def test_a_fallback_that_is_none_is_wrong_usage(asking: Run) -> None:
    ran = asking("ask", QUESTION, "--fallback", "magic")
    assert ran.code == 2
    assert "extractive" in ran.err
