"""``eval judge``: verification and a model held against claims that people have judged, with no traceback."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from chat_servers import PATH, chunks, failing, script, sse, streamed
from commands import Ran, Run
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from eval.agreement import Corrected
from eval.agreement import corrected as rogan_gladen
from eval.cases import Case, Gold
from eval.judging.correcting import corrected, told
from eval.judging.judge import open_judge
from eval.judging.measurement import Measurement, read_measurement
from eval.metrics import Metric
from eval.provenance import provenance
from eval.report import Judging, Outcome, Report, Settings, metrics
from eval.running.runner import run as evaluated
from eval.running.saved import dumps, read_report, to_json
from eval.scores import Score
from eval.suite import load_suite
from rag.errors import InputError, UsageError
from rag.records import Answer, Citation, Statement

KEY = "sk-test-secret-0123456789"
TRUE = "The strike had stopped 40 ships."


def pairs(path: Path, count: int = 12) -> Path:
    """Pairs on as many documents: true, false by a figure, true in other words, and false by what is added, in turn."""
    claims = [
        (TRUE, True),
        ("The strike had stopped 41 ships.", False),
        ("The strike had stopped forty ships.", True),
    ]
    claims.append(("The strike had freed 40 ships near harbour towns.", False))
    rows = [
        {"id": str(number), "claim": claim, "source": TRUE, "supported": supported, "document": f"d{number}"}
        for number in range(count)
        for claim, supported in [claims[number % 4]]
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.fixture
def measuring(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> Run:
    """Runs ``eval judge`` on twelve pairs, with models at a local server."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8000")
    monkeypatch.setattr("rag.chat_models.opening.RETRIES", 0)
    file = pairs(tmp_path / "pairs.jsonl")

    def measure(*arguments: str) -> Ran:
        return run("eval", "judge", str(file), *arguments)

    return measure


def replies(server: HTTPServer, *, forty: str = "SUPPORTED", freed: str = "UNSUPPORTED") -> None:
    """Has the server judge by what the sentence says, and answer two of the claims as told."""

    def answer(request: Request) -> Response:
        system, user = (message["content"] for message in json.loads(request.get_data())["messages"])
        if "YES if" in system:
            return _saying("YES")
        words = {"41": "UNSUPPORTED", "forty": forty, "freed": freed}
        return _saying(next((word for sign, word in words.items() if sign in user), "SUPPORTED"))

    server.expect_request(PATH, method="POST").respond_with_handler(answer)


def requests(server: HTTPServer) -> int:
    return [request.path for request, _ in server.log].count(PATH)


def confusion(rated: dict[str, Any]) -> tuple[int, ...]:
    found = rated["agreement"]["confusion"]
    return tuple(found[name] for name in ("true_positives", "false_negatives", "false_positives", "true_negatives"))


def test_without_a_model_only_the_verifier_is_measured(measuring: Run, httpserver: HTTPServer) -> None:
    ran = measuring("--json")
    found = json.loads(ran.out)
    assert (ran.code, ran.err, requests(httpserver)) == (0, "", 0)
    assert (found["pairs"], found["supported"], found["documents"]) == (12, 6, 12)
    assert confusion(found["verifier"]) == (6, 0, 0, 6)
    assert confusion(found["shown"]) == (6, 0, 3, 3)  # what is added makes it weak, which answers show
    assert (found["judge"], found["between"]) == (None, None)


def test_a_judge_is_measured_beside_people_and_beside_the_verifier(measuring: Run, httpserver: HTTPServer) -> None:
    replies(httpserver, freed="SUPPORTED")
    ran = measuring("--model", "openai:m", "--json")
    judge = json.loads(ran.out)["judge"]
    assert confusion(judge) == (6, 0, 3, 3)
    assert judge["name"] == "openai:m"
    rates = judge["agreement"]
    assert (rates["sensitivity"]["mean"], rates["specificity"]["mean"]) == (1.0, 0.5)
    assert (rates["accuracy"]["mean"], rates["balanced_accuracy"]["mean"]) == (0.75, 0.75)
    assert rates["kappa"]["mean"] == pytest.approx(0.5)  # observed 9/12, by chance (6 * 9 + 6 * 3) / 144 = 1/2
    assert rates["f1"]["mean"] == pytest.approx(2 / 3)  # of "unsupported": precision 1, recall 1/2
    assert all(rates[name]["low"] <= rates[name]["mean"] <= rates[name]["high"] for name in ("kappa", "f1"))
    assert (
        ran.err
        == f"groundwire: openai:m at {httpserver.url_for('/v1')} judges; claims and their sources are sent there\n"
    )


def test_the_table_has_every_rate_with_its_interval(measuring: Run, httpserver: HTTPServer) -> None:
    replies(httpserver)
    out = measuring("--model", "openai:m").out
    assert out.startswith("12 pairs on 12 documents, 6 supported")
    rows = [line for line in out.splitlines() if re.match(r"(verifier|openai:m)", line)]
    assert [re.split(r"\s{2,}", row)[0] for row in rows] == ["verifier", "verifier, weak accepted", "openai:m"]
    assert re.search(r"kappa between verifier and judge: -?\d\.\d{3} \(", out)
    assert "nan" not in out.lower()


@pytest.mark.parametrize(
    "prose", ["It depends on what is meant.", "NaN", "Oui, tout à fait.", "SUPPORTED or UNSUPPORTED"]
)
def test_replies_that_cannot_be_read_are_counted_and_enter_no_rate(
    measuring: Run, httpserver: HTTPServer, prose: str
) -> None:
    replies(httpserver, forty=prose)
    ran = measuring("--model", "openai:m", "--json")
    judge = json.loads(ran.out)["judge"]
    assert (ran.code, judge["agreement"]["unruled"]) == (0, 3)
    assert confusion(judge) == (3, 0, 0, 6)
    assert judge["agreement"]["sensitivity"]["mean"] == 1.0


def test_a_judge_that_never_says_anything_has_no_rates(measuring: Run, httpserver: HTTPServer) -> None:
    script(httpserver, _saying("Hm."))
    ran = measuring("--model", "openai:m", "--json")
    judge = json.loads(ran.out)["judge"]["agreement"]
    assert (ran.code, judge["unruled"], judge["kappa"]["mean"]) == (0, 12, None)
    assert measuring("--model", "openai:m").code == 0


def _saying(text: str) -> Response:
    return streamed(sse(chunks(text)))


def test_the_same_judge_run_twice_asks_nothing_and_writes_the_same_bytes(
    measuring: Run, httpserver: HTTPServer, tmp_path: Path
) -> None:
    replies(httpserver)
    command = ("--model", "openai:m", "--cache", str(tmp_path / "kept"), "--jobs", "3", "--report")
    assert measuring(*command, str(tmp_path / "one.json")).code == 0
    count = requests(httpserver)
    assert measuring(*command, str(tmp_path / "two.json")).code == 0
    assert 0 < count == requests(httpserver)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


@pytest.mark.parametrize(("status", "told"), [(500, "its server failed with 500"), (401, "refuses the key")])
def test_a_server_that_fails_is_one_clear_line(
    measuring: Run, httpserver: HTTPServer, status: int, told: str
) -> None:
    script(httpserver, failing(status, f"broken {KEY}"))
    ran = measuring("--model", "openai:m")
    first, second = ran.err.splitlines()
    assert "are sent there" in first
    assert told in second
    assert (ran.code, ran.out) == (1, "")
    assert KEY not in ran.err


def test_no_call_is_made_beyond_what_it_may_cost(
    measuring: Run, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDWIRE_PRICE", "0,1000")
    ran = measuring("--model", "openai:m", "--max-cost", "0.5")
    assert (ran.code, requests(httpserver)) == (1, 0)
    assert "of --max-cost $0.5" in ran.err


def test_only_as_many_pairs_as_asked_for_are_measured(measuring: Run, httpserver: HTTPServer) -> None:
    replies(httpserver)
    found = json.loads(measuring("--limit", "5", "--model", "openai:m", "--json").out)
    assert found["pairs"] == 5
    assert requests(httpserver) == 4  # the fifth pair is the first again


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--model", "extractive"), 2, "no chat model"),
        (("--model", "m"), 1, "names no model"),
        (("--report", "no/such/place.json"), 2, "no such place"),
        (("--jobs", "0"), 2, "--jobs"),
    ],
)
def test_what_makes_no_sense_is_one_line(
    measuring: Run, httpserver: HTTPServer, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ran = measuring(*arguments)
    assert (ran.code, ran.out, requests(httpserver)) == (code, "", 0)
    assert told in ran.err
    assert ran.err.count("\n") == 1


def measured(measuring: Run, tmp_path: Path) -> tuple[Path, Measurement]:
    path = tmp_path / "measured.json"
    assert measuring("--model", "openai:m", "--report", str(path)).code == 0
    return path, read_measurement(path)


def test_a_measurement_travels_with_the_judge_it_is_of(
    measuring: Run, httpserver: HTTPServer, tmp_path: Path
) -> None:
    replies(httpserver, freed="SUPPORTED")
    _, found = measured(measuring, tmp_path)
    judging = open_judge("openai:m", measured=found).over([])
    assert (judging.sensitivity, judging.specificity) == (1.0, 0.5)
    assert found.judge is not None
    rates = found.judge.agreement
    assert (judging.sensitivity_low, judging.sensitivity_high) == (rates.sensitivity.low, rates.sensitivity.high)
    assert (judging.specificity_low, judging.specificity_high) == (rates.specificity.low, rates.specificity.high)


def test_the_measurement_of_another_judge_is_refused(measuring: Run, httpserver: HTTPServer, tmp_path: Path) -> None:
    replies(httpserver)
    _, found = measured(measuring, tmp_path)
    with pytest.raises(UsageError, match="'openai:m' was measured, not 'openai:n'"):
        open_judge("openai:n", measured=found)
    with pytest.raises(UsageError, match="other prompts"):
        open_judge("openai:m", measured=replace(found, prompts=0))
    with pytest.raises(UsageError, match="No judge was measured"):
        open_judge("openai:m", measured=replace(found, judge=None))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda record: record.update(kind="other"), "no measurement of eval judge"),
        (lambda record: record.update(format=99), "newer version"),
        (lambda record: record.pop("verifier"), "'verifier' is missing"),
        (lambda record: record.update(judge=7), "no measurement"),
        (lambda record: record.update(verifier=None), "no measurement"),
        (lambda record: record["judge"]["agreement"]["sensitivity"].update(mean=float("nan")), "a rate of nan"),
        (lambda record: record["judge"]["agreement"]["sensitivity"].update(mean="1"), "a rate of '1'"),
        (lambda record: record["judge"]["agreement"].update(unruled=-1), "a count of -1"),
        (lambda record: record.update(surprise=1), "surprise"),
    ],
)
def test_a_file_that_is_no_measurement_is_one_clear_line(
    measuring: Run, httpserver: HTTPServer, tmp_path: Path, spoil: Any, told: str
) -> None:
    replies(httpserver)
    path, _ = measured(measuring, tmp_path)
    record = json.loads(path.read_text())
    spoil(record)
    path.write_text(json.dumps(record))
    with pytest.raises(InputError, match=told) as raised:
        read_measurement(path)
    assert str(raised.value).startswith(f"{path}: ")


@pytest.mark.parametrize("text", ["", "[1]", "{broken", "[" * 100_000])
def test_a_file_that_is_no_json_object_is_one_clear_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "m.json").write_text(text)
    with pytest.raises(InputError, match="JSON"):
        read_measurement(tmp_path / "m.json")


NOW = datetime(2024, 5, 2, tzinfo=UTC)


def report(values: list[float | None], judging: Judging | None) -> Report:
    """A run in which a judge found these shares supported, each case on an article of its own."""
    outcomes = []
    for number, value in enumerate(values):
        gold = (Gold(f"a{number}", "40"),)
        case = Case(str(number), "How many?", True, ("40",), gold, ("facts",), "us", "CC0-1.0")
        quote = Citation(1, f"a{number}", 1, "T", None, None, NOW, 0, len(TRUE), TRUE)
        output = Answer("Q", "m", NOW, NOW, (Statement(TRUE, (1,), "supported"),), (), (quote,))
        score = Score(value, None if value is not None else "1 of 1 verdicts could not be read")
        outcomes.append(Outcome(case, output, None, {"judged_grounded": score}))
    return Report("s", "1", "0" * 64, Settings(judge="openai:m"), provenance(), tuple(outcomes), {}, judging=judging)


def width(found: Corrected) -> float:
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


KNOWN = Judging(40, 0, 0.9, 0.7, 0.85, 0.94, 0.6, 0.79)


def test_a_judged_mean_is_corrected_for_the_errors_of_its_judge() -> None:
    found = corrected(report([1.0] * 30 + [0.0] * 10, KNOWN))
    assert found is not None
    assert found.mean == pytest.approx((0.75 + 0.7 - 1) / (0.9 + 0.7 - 1))
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.mean < found.high <= 1.0
    share = metrics(report([1.0] * 30 + [0.0] * 10, KNOWN))["judged_grounded"]
    assert found == rogan_gladen(share, Metric(0.9, 0.85, 0.94, 0, 0), Metric(0.7, 0.6, 0.79, 0, 0))


@pytest.mark.parametrize(
    "known", [{"sensitivity_low": 0.9, "sensitivity_high": 0.9}, {"specificity_low": 0.7, "specificity_high": 0.7}]
)
def test_what_is_not_known_of_the_judge_widens_the_interval(known: dict[str, float]) -> None:
    values: list[float | None] = [1.0] * 22 + [0.0] * 18
    wide, narrow = corrected(report(values, KNOWN)), corrected(report(values, replace(KNOWN, **known)))
    assert wide is not None
    assert narrow is not None
    assert wide.mean == narrow.mean
    assert width(wide) > width(narrow) > 0


@pytest.mark.parametrize(
    ("judging", "reason"),
    [(Judging(40, 0), "was not measured"), (Judging(40, 0, 0.5, 0.4, 0.4, 0.6, 0.3, 0.5), "no better than chance")],
)
def test_a_judge_of_which_nothing_good_is_known_corrects_nothing(judging: Judging, reason: str) -> None:
    found = corrected(report([1.0, 0.0, 1.0], judging))
    assert found is not None
    assert found.mean is None
    assert reason in (found.reason or "")
    assert reason in (told(report([1.0, 0.0, 1.0], judging)) or "")


def test_a_report_without_a_judge_has_nothing_to_correct() -> None:
    assert corrected(report([1.0], None)) is None


def test_what_corrects_a_report_is_kept_in_its_file(tmp_path: Path) -> None:
    judged = report([1.0] * 30 + [0.0] * 10, KNOWN)
    (tmp_path / "report.json").write_text(dumps(to_json(judged)))
    assert corrected(read_report(tmp_path / "report.json")) == corrected(judged)


def test_a_run_counts_its_verdicts_from_its_scores(measuring: Run, httpserver: HTTPServer) -> None:
    judge = open_judge("openai:m")
    assert judge.over(report([1.0, None, 0.0], None).outcomes) == Judging(asked=6, unreadable=1)


def test_a_run_with_a_judge_keeps_what_it_found(measuring: Run, httpserver: HTTPServer) -> None:
    replies(httpserver)
    judged = evaluated(
        load_suite("seeds"), Settings(model="extractive", limit=4, judge="openai:m"), judge=open_judge("openai:m")
    )
    scores = [outcome.scores["judged_grounded"] for outcome in judged.outcomes]
    assert {score.value for score in scores} <= {1.0, None}
    assert judged.judging is not None
    assert judged.judging.asked >= requests(httpserver) > 0
    assert judged.judging.unreadable == 0
