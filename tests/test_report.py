"""Reports: the table, the JSON, thresholds, comparison, and the commands that print them."""

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from eval.command import eval_group

from eval.cases import Case
from eval.provenance import Provenance, provenance
from eval.report import Outcome, Report, Settings, dumps, failures, parse_threshold, table, to_json
from eval.scorers import SCORERS, Score
from rag.errors import UsageError

UNSCORED = Score(None, "failed")


def outcome(id: str, *, tags=("facts",), error=None, **values: float | None) -> Outcome:
    case = Case(id, f"{id}?", False, (), (), tags, "Groundwire", "CC0-1.0")
    scores = {name: Score(values[name]) if name in values else UNSCORED for name in SCORERS}
    return Outcome(case, None, error, scores)


def a_report(*outcomes: Outcome, digest="d1") -> Report:
    return Report("small", "1", digest, Settings(None), Provenance("0.1.0", None, None, ()), outcomes, {})


def rows(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.split()}


def test_the_table_shows_means_intervals_counts_and_tags():
    shown = rows(table(a_report(outcome("a", hit=1.0), outcome("b", hit=0.0, tags=("dates",)), outcome("c"))))
    assert shown["hit"] == ["0.500", "0.000", "–", "1.000", "2", "1"]
    assert shown["exact"] == ["–", "–", "0", "3"]
    assert shown["dates"][:2] == ["1", "0.000"]
    assert shown["facts"][:2] == ["2", "1.000"]


def test_failed_cases_are_listed_without_control_characters():
    text = table(a_report(outcome("a", error="boom \x1b[31m red"), outcome("b", hit=1.0)))
    assert "2 cases, 1 failed" in text
    assert "failed  a: boom �[31m red" in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("thresholds", "reasons"),
    [
        ({"hit": 0.5}, []),
        ({"hit": 0.51}, ["hit is 0.5000, under 0.51"]),
        ({"exact": 0.0}, ["exact was scored in no case, so that 0 cannot be shown"]),
        ({"hit": 0.9, "recall": 1.0}, ["hit is 0.5000, under 0.9", "recall is 0.2500, under 1"]),
    ],
)
def test_a_threshold_is_met_reached_or_named(thresholds, reasons):
    report = a_report(outcome("a", hit=1.0, recall=0.5), outcome("b", hit=0.0, recall=0.0))
    assert failures(report, thresholds) == reasons


def test_a_failed_case_fails_the_build_whatever_the_means_are():
    report = a_report(outcome("a", hit=1.0), outcome("b", error="boom"))
    assert failures(report, {"hit": 1.0}) == ["1 of 2 cases failed; b: boom"]


@pytest.mark.parametrize("written", ["hits=0.9", "hit", "hit=", "hit=high", "hit=nan", "hit=1.1", "=0.5"])
def test_a_threshold_that_makes_no_sense_is_refused(written):
    with pytest.raises(UsageError, match=r"Write"):
        parse_threshold(written)


def test_json_has_sorted_keys_and_no_nan():
    record = to_json(a_report(outcome("a", hit=1.0)))
    assert list(json.loads(dumps(record))) == sorted(record)
    assert record["metrics"]["hit"] == {"mean": 1.0, "low": None, "high": None, "scored": 1, "unscored": 0}
    with pytest.raises(ValueError, match="Out of range"):
        dumps({"value": float("nan")})


def test_provenance_names_versions_and_knows_no_commit_outside_a_checkout(tmp_path):
    found = provenance(tmp_path)
    assert (found.commit, found.dirty) == (None, None)
    assert dict(found.libraries)["numpy"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_provenance_names_the_commit_and_sees_changes_since_it(tmp_path):
    def git(*arguments):
        identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
        subprocess.run(["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True)

    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "provenance.py").write_text("x = 1")
    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    clean = provenance(tmp_path)
    assert (len(clean.commit or ""), clean.dirty) == (40, False)
    (tmp_path / "report.json").write_text("{}")
    assert provenance(tmp_path) == clean, "a report written beside the code is no change of it"
    (tmp_path / "eval" / "new.py").write_text("x = 2")
    assert provenance(tmp_path).dirty is True


def saved(path, report: Report) -> str:
    path.write_text(dumps(to_json(report)), encoding="utf-8")
    return str(path)


def test_the_score_command_exits_1_under_a_threshold_and_2_for_an_unknown_metric(tmp_path):
    file = saved(tmp_path / "a.json", a_report(outcome("a", error="boom")))
    done = CliRunner().invoke(eval_group, ["score", file, "--fail-under", "hit=0.5"])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "1 of 1 cases failed; a: boom; hit was scored in no case" in done.stderr
    assert "metric" in done.stdout
    assert CliRunner().invoke(eval_group, ["score", file, "--fail-under", "hits=0.5"]).exit_code == 2


def test_the_compare_command_prints_one_json_object(tmp_path):
    first = saved(tmp_path / "a.json", a_report(outcome("a", hit=1.0)))
    second = saved(tmp_path / "b.json", a_report(outcome("a", hit=0.0)))
    done = CliRunner().invoke(eval_group, ["compare", first, second, "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["changes"] == [{"case": "a", "metric": "hit", "before": 1.0, "after": 0.0}]


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_asked(tmp_path):
    missing = str(tmp_path / "none" / "report.json")
    with pytest.raises(UsageError, match="no such place for a report"):
        CliRunner().invoke(eval_group, ["run", "seeds", "--report", missing], catch_exceptions=False)
