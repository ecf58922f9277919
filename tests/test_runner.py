"""The runner over systems whose answers are known beforehand, and over the real archive."""

import json
import shutil
import threading
from dataclasses import replace

import pytest
from harness import TEXT, a_case, good_answer, known, report_of

from eval.report import Settings, metrics
from eval.running.runner import Progress, Running, run
from eval.running.saved import dumps, read_report, to_json
from eval.running.scoring import rescore
from eval.suite import load_suite, locate
from rag.errors import InputError, ModelError, UsageError
from rag.records import Seconds, Usage


def test_every_case_is_asked_and_scored():
    reached = metrics(report_of(known, a_case("cost"), a_case("colour", answerable=False)))
    right = ("hit@1", "exact", "cites_gold", "grounded", "citation_recall", "answer_match", "refusal")
    assert {name: reached[name].mean for name in right} == dict.fromkeys(right, 1.0)
    # shown: it cost 3 million (4 words), expected: 3 million (2), shared 2: F1 = 4/6
    assert reached["token_f1"].mean == pytest.approx(2 / 3)
    assert (reached["hit@1"].scored, reached["hit@1"].unscored) == (1, 1)


def test_a_case_that_raises_is_recorded_and_the_rest_goes_on():
    def system(case):
        if case.id == "b":
            raise ModelError("The server gave up.")
        if case.id == "c":
            return {}["answer"]
        return {"d": None, "e": "Three million."}.get(case.id, good_answer(case))

    report = report_of(system, *(a_case(id) for id in "abcdef"))
    errors = [outcome.error for outcome in report.outcomes]
    assert errors == [
        None,
        "The server gave up.",
        "KeyError: 'answer'",
        "returned nothing",
        "returned str instead of an Answer or Summary",
        None,
    ]
    assert (metrics(report)["refusal"].scored, metrics(report)["refusal"].unscored) == (2, 4)


class Unspeakable(Exception):
    def __str__(self):
        raise ValueError


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (SystemExit(0), "SystemExit: 0"),
        (GeneratorExit(), "GeneratorExit: no message"),
        (Unspeakable(), "Unspeakable: no message"),
    ],
)
@pytest.mark.parametrize("timeout", [None, 30.0])
def test_no_case_ends_the_run_whatever_it_raises(raised, error, timeout):
    def system(case):
        if case.id == "a":
            raise raised
        return good_answer(case)

    report = report_of(system, a_case("a"), a_case("b"), running=Running(jobs=1, timeout=timeout))
    assert [outcome.error for outcome in report.outcomes] == [error, None]


@pytest.mark.parametrize(
    "change",
    [
        {"usage": Usage(1, 1, float("nan"))},
        {"seconds": Seconds(total=float("inf"))},
        {"statements": "none"},
        {"as_of": "today"},
    ],
)
def test_an_answer_that_cannot_be_kept_fails_its_case(change):
    report = report_of(lambda case: replace(good_answer(case), **change), a_case("a"))
    assert report.outcomes[0].error.startswith("returned Answer that cannot be kept: ")


def test_a_key_in_a_fault_does_not_get_into_the_report(monkeypatch):
    def system(case):
        raise RuntimeError("401 for sk-very-secret")

    monkeypatch.setenv("OTHER_API_KEY", "sk-very-secret")
    assert report_of(system, a_case("a")).outcomes[0].error == "RuntimeError: 401 for …"


def test_a_system_that_hangs_fails_its_case_and_the_rest_goes_on():
    held = threading.Event()

    def system(case):
        if case.id == "b":
            held.wait()
        return good_answer(case)

    try:
        report = report_of(system, *(a_case(id) for id in "abc"), running=Running(jobs=1, timeout=0.2))
    finally:
        held.set()
    assert [outcome.error for outcome in report.outcomes] == [None, "gave nothing within 0.2 s", None]


@pytest.mark.parametrize("timeout", [None, 30.0])
def test_an_interrupt_is_no_failed_case(timeout):
    def system(case):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_of(system, a_case("a"), running=Running(jobs=1, timeout=timeout))


def test_an_interrupt_does_not_wait_for_a_case_that_hangs():
    held, began = threading.Event(), threading.Event()

    def system(case):
        if case.id == "a":
            began.set()
            held.wait()
        began.wait(timeout=60)
        raise KeyboardInterrupt

    try:
        with pytest.raises(KeyboardInterrupt):
            report_of(system, a_case("a"), a_case("b"), running=Running(jobs=2, timeout=3600.0))
    finally:
        held.set()


def test_as_many_cases_are_asked_at_once_as_allowed_and_the_order_stays():
    together = threading.Barrier(3)

    def system(case):
        together.wait(timeout=60)
        return good_answer(case)

    report = report_of(system, *(a_case(id) for id in "cabfde"), running=Running(jobs=3))
    assert [outcome.case.id for outcome in report.outcomes] == list("cabfde")
    assert not report.failed


def test_no_more_cases_are_asked_at_once_than_allowed():
    lock, running, most = threading.Lock(), [0], [0]

    def system(case):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        answer = good_answer(case)
        with lock:
            running[0] -= 1
        return answer

    report_of(system, *(a_case(str(n)) for n in range(40)), running=Running(jobs=2))
    assert most[0] <= 2
    with pytest.raises(UsageError, match="jobs is 0"):
        report_of(system, a_case("a"), running=Running(jobs=0))


def test_the_same_run_gives_the_same_bytes_but_for_the_seconds():
    def slower(case):
        return replace(known(case), seconds=Seconds(total=9.0))

    first, second = (to_json(report_of(system, a_case("a"), a_case("b"))) for system in (known, slower))
    assert first["seconds"]["cases"]["a"]["total"] == 0.25
    assert first.pop("seconds") != second.pop("seconds")
    assert dumps(first) == dumps(second)


def test_progress_and_cost_are_told_after_each_case():
    def system(case):
        return replace(good_answer(case), usage=Usage(10, 2, 0.25))

    told = []
    report_of(system, a_case("a"), a_case("b"), running=Running(jobs=1, progress=told.append))
    assert told == [Progress(0, 2, 0, None), Progress(1, 2, 0, 0.25), Progress(2, 2, 0, 0.5)]


def test_a_report_survives_its_file_and_scores_the_same_again(tmp_path):
    def system(case):
        if case.id == "broken":
            raise ModelError("No.")
        return known(case)

    report = report_of(system, a_case("a"), a_case("no", answerable=False), a_case("broken"))
    file = tmp_path / "report.json"
    file.write_text(dumps(to_json(report)), encoding="utf-8")
    assert read_report(file) == report
    assert rescore(read_report(file)) == report


def test_a_real_run_scores_the_same_again_null_systems_too(first_cases):
    assert rescore(first_cases) == first_cases


def test_rescoring_sees_a_quote_that_was_changed_in_the_file(tmp_path):
    record = to_json(report_of(known, a_case("a")))
    record["cases"][0]["output"]["citations"][0]["quote"] = "It cost $4 million."
    file = tmp_path / "report.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    scores = rescore(read_report(file)).outcomes[0].scores
    assert (scores["exact"].value, scores["exact"].reason) == (0.0, "[1] is not verbatim")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda record: record.update(format=99), r"written by a newer version \(format 99\); upgrade"),
        (lambda record: record.update(format=1), r"written by an older version \(format 1\); run the suite again"),
        (lambda record: record.update(format="two"), r"'format' is 'two'"),
        (lambda record: record.pop("cases"), r"no report of eval run: 'cases' is missing"),
        (lambda record: record["cases"][0]["output"].update(as_of=None), "'as_of' of an output"),
        (
            lambda record: record["cases"][0]["output"]["statements"][0].update(verdict="fine"),
            "'statements.0.verdict'",
        ),
        (
            lambda record: record["cases"][0]["scores"]["exact"].update(value="high"),
            "valid number.* at 'value' of Score",
        ),
        (lambda record: record["cases"][0]["scores"]["exact"].update(value=float("nan")), "NaN is no number"),
        (lambda record: record.update(articles=[]), "no report of eval run"),
        (lambda record: record.update(suite="small"), "no report of eval run"),
    ],
)
def test_a_file_that_is_no_report_is_refused_in_one_line(tmp_path, change, message):
    record = to_json(report_of(known, a_case("a")))
    change(record)
    file = tmp_path / "report.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(InputError, match=message) as raised:
        read_report(file)
    assert "\n" not in str(raised.value)


def test_missing_and_binary_reports_are_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_report(tmp_path / "none.json")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not JSON"):
        read_report(tmp_path / "binary.json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("eval") / "archive"


@pytest.fixture(scope="module")
def first_cases(folder):
    return run(load_suite("seeds"), Settings(model="extractive", limit=6), Running(archive=folder))


def test_the_shipped_suite_runs_through_the_real_archive(first_cases):
    reached = metrics(first_cases)
    assert not first_cases.failed
    assert reached["exact"].mean == 1.0
    assert reached["hit@5"].mean == 1.0
    assert reached["refusal"].scored == 6


def test_a_second_run_gives_the_same_bytes_however_many_are_asked_at_once(first_cases, folder):
    again = run(load_suite("seeds"), Settings(model="extractive", limit=6), Running(archive=folder, jobs=1))
    first, second = to_json(first_cases), to_json(again)
    assert dumps(first | {"seconds": None}) == dumps(second | {"seconds": None})


def test_what_is_answered_does_not_hang_on_what_was_asked_before(first_cases):
    suite = load_suite("seeds")
    backwards = replace(suite, cases=suite.cases[:6][::-1])
    again = run(backwards, Settings(model="extractive"), Running(jobs=2))
    outputs = [{outcome.case.id: outcome.output for outcome in report.outcomes} for report in (first_cases, again)]
    assert {id: replace(one, seconds=Seconds()) for id, one in outputs[0].items()} == {
        id: replace(one, seconds=Seconds()) for id, one in outputs[1].items()
    }


def test_summaries_are_asked_for_and_scored():
    report = run(load_suite("seeds"), Settings(model="extractive", tags=("summaries",), limit=3), Running())
    assert [outcome.error for outcome in report.outcomes] == [None, None, None]
    assert metrics(report)["points_told"].scored > 0
    assert metrics(report)["hit@1"].scored == 0


def test_an_undated_question_is_asked_when_the_newest_article_appeared(first_cases):
    newest = {outcome.output.newest for outcome in first_cases.outcomes if outcome.case.as_of is None}
    assert {outcome.output.as_of for outcome in first_cases.outcomes if outcome.case.as_of is None} == newest


def test_all_gold_of_the_shipped_suites_is_in_its_articles(folder, first_cases):
    from rag import Archive

    with Archive.open(folder) as archive:
        located = locate(load_suite("seeds"), archive.articles())
    assert len(located.cases) >= 150
    assert len({case.id for case in located.cases}) == len(located.cases)


def test_an_archive_that_holds_other_articles_is_refused(tmp_path, folder, first_cases):
    copy = shutil.copytree(folder, tmp_path / "archive")
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "bridge.txt").write_text("Bridge opens\n\n" + TEXT, encoding="utf-8")
    header = {"suite": "small", "version": "1", "articles": "news", "description": "One case."}
    case = {"id": "a", "question": "Why?", "answerable": False, "answers": [], "gold": [], "tags": []}
    lines = [json.dumps(header), json.dumps(case | {"source": "Groundwire", "licence": "CC0-1.0"})]
    (tmp_path / "small.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(UsageError, match="holds other articles than the suite's"):
        run(load_suite(tmp_path / "small.jsonl"), running=Running(archive=copy))
