"""The runner over systems whose answers are known beforehand, and over the real archive."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from eval.cases import Case, Gold
from eval.report import Settings, dumps, metrics, to_json
from eval.runner import evaluate, rescore, run
from eval.saved import read_report
from eval.scorers import Context
from eval.suite import Suite, load_suite, locate
from rag.errors import InputError, ModelError, UnknownArticle, UsageError
from rag.records import Answer, Citation, Hit, Nearest, Problem, Refusal, Seconds, Statement, Usage

NOW = datetime(2024, 5, 2, tzinfo=UTC)
TEXT = "The bridge opened on Monday. It cost $3 million."


def article_text(article_id: str, revision: int) -> str:
    if (article_id, revision) != ("a1", 1):
        raise UnknownArticle(article_id)
    return TEXT


def a_case(id: str, *, answerable=True) -> Case:
    gold = (Gold("a1", "It cost $3 million."),) if answerable else ()
    answers = ("$3 million",) if answerable else ()
    return Case(id, f"{id}?", answerable, answers, gold, ("facts",), "Groundwire", "CC0-1.0")


def a_suite(tmp_path, *cases: Case) -> Suite:
    return Suite("small", "1", "Small.", tmp_path / "small.jsonl", tmp_path, cases, "d1")


def good_answer(case: Case) -> Answer:
    quote = "It cost $3 million."
    start = TEXT.index(quote)
    return Answer(
        case.question,
        "extractive",
        NOW,
        NOW,
        statements=(Statement(quote, (1,), "supported"),),
        rejected=(
            Statement("It fell.", (1,), "unsupported", (Problem("wording", "fell", "not in the cited words"),)),
        ),
        citations=(Citation(1, "a1", 1, "T", None, "Gazette", NOW, start, start + len(quote), quote, ("a9",)),),
        hits=(Hit("p1", "a1", 1, 0, len(TEXT), 0.5, TEXT),),
        usage=Usage(10, 2),
        seconds=Seconds(total=0.25),
    )


def refusal(case: Case) -> Answer:
    refused = Refusal("off_topic", "Nothing about that.", (Nearest("a1", "T", NOW),))
    return Answer(case.question, "extractive", NOW, NOW, refusal=refused)


def report_of(tmp_path, system, *cases: Case, **options):
    settings = Settings(model=None)
    return evaluate(
        a_suite(tmp_path, *cases), system=system, context=Context(article_text), settings=settings, **options
    )


def known(case: Case) -> Answer:
    return good_answer(case) if case.answerable else refusal(case)


def test_every_case_is_asked_and_scored(tmp_path):
    report = report_of(tmp_path, known, a_case("cost"), a_case("colour", answerable=False))
    reached = metrics(report)
    assert {name for name, metric in reached.items() if metric.mean != 1.0} == {"token_f1"}
    # shown: it cost 3 million (4 words), expected: 3 million (2), shared 2: F1 = 4/6
    assert reached["token_f1"].mean == pytest.approx(2 / 3)
    assert (reached["hit"].scored, reached["hit"].unscored) == (1, 1)


def test_a_case_that_raises_is_recorded_and_the_rest_goes_on(tmp_path):
    def system(case):
        if case.id == "b":
            raise ModelError("The server gave up.")
        if case.id == "c":
            return {}["answer"]
        return None if case.id == "d" else good_answer(case)

    report = report_of(tmp_path, system, *(a_case(id) for id in "abcde"))
    errors = [outcome.error for outcome in report.outcomes]
    assert errors == [
        None,
        "The server gave up.",
        "KeyError: 'answer'",
        "returned NoneType instead of an Answer",
        None,
    ]
    assert (metrics(report)["refusal"].scored, metrics(report)["refusal"].unscored) == (2, 3)


def test_an_interrupt_is_no_failed_case(tmp_path):
    def system(case):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_of(tmp_path, system, a_case("a"))


def test_the_same_run_gives_the_same_bytes_but_for_the_seconds(tmp_path):
    def slower(case):
        return replace(known(case), seconds=Seconds(total=9.0))

    first, second = (to_json(report_of(tmp_path, system, a_case("a"), a_case("b"))) for system in (known, slower))
    assert first["seconds"]["a"]["total"] == 0.25
    assert first.pop("seconds") != second.pop("seconds")
    assert dumps(first) == dumps(second)


def test_progress_is_told_after_each_case(tmp_path):
    told = []
    report_of(tmp_path, known, a_case("a"), a_case("b"), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_a_report_survives_its_file_and_scores_the_same_again(tmp_path):
    def system(case):
        if case.id == "broken":
            raise ModelError("No.")
        return known(case)

    report = report_of(tmp_path, system, a_case("a"), a_case("no", answerable=False), a_case("broken"))
    file = tmp_path / "report.json"
    file.write_text(dumps(to_json(report)), encoding="utf-8")
    assert read_report(file) == report
    assert rescore(read_report(file)) == report


def test_rescoring_sees_a_quote_that_was_changed_in_the_file(tmp_path):
    record = to_json(report_of(tmp_path, known, a_case("a")))
    record["cases"][0]["output"]["citations"][0]["quote"] = "It cost $4 million."
    file = tmp_path / "report.json"
    file.write_text(json.dumps(record), encoding="utf-8")
    scores = rescore(read_report(file)).outcomes[0].scores
    assert (scores["exact"].value, scores["exact"].reason) == (0.0, "[1] is not verbatim")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda record: record.update(format=99), r"written by a newer version \(format 99\)"),
        (lambda record: record.pop("cases"), r"no report of eval run: 'cases' is missing"),
        (lambda record: record["cases"][0]["output"].update(as_of=None), "an output without 'as_of'"),
        (lambda record: record["cases"][0]["scores"]["hit"].update(value="high"), "a score of 'high'"),
        (lambda record: record["cases"][0]["scores"]["hit"].update(value=float("nan")), "NaN is no number"),
        (lambda record: record.update(articles=[]), "no report of eval run"),
        (lambda record: record.update(suite="small"), "no report of eval run"),
    ],
)
def test_a_file_that_is_no_report_is_refused_in_one_line(tmp_path, change, message):
    record = to_json(report_of(tmp_path, known, a_case("a")))
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
    return run(load_suite("seeds"), model="extractive", archive_dir=folder, limit=6)


def test_the_shipped_suite_runs_through_the_real_archive(first_cases):
    reached = metrics(first_cases)
    assert not first_cases.failed
    assert reached["exact"].mean == 1.0
    assert reached["hit"].mean == 1.0
    assert reached["refusal"].scored == 6


def test_a_second_run_gives_the_same_bytes(first_cases, folder):
    again = run(load_suite("seeds"), model="extractive", archive_dir=folder, limit=6)
    first, second = to_json(first_cases), to_json(again)
    assert dumps(first | {"seconds": None}) == dumps(second | {"seconds": None})


def test_an_undated_question_is_asked_when_the_newest_article_appeared(first_cases):
    newest = {outcome.answer.newest for outcome in first_cases.outcomes if outcome.case.as_of is None}
    assert {outcome.answer.as_of for outcome in first_cases.outcomes if outcome.case.as_of is None} == newest


def test_all_gold_of_the_shipped_suites_is_in_its_articles(folder, first_cases):
    from rag import Archive

    with Archive.open(folder) as archive:
        located = locate(load_suite("seeds"), archive.articles())
    assert len(located.cases) >= 40
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
        run(load_suite(tmp_path / "small.jsonl"), archive_dir=copy)
