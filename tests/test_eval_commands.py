"""``groundwire eval run``, ``score``, ``rescore``, ``compare`` and ``report``, as they are typed."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from harness import a_report, an_outcome

from eval.commands.group import eval_group
from eval.reports.terminal import table
from eval.running.kept import keep, kept
from eval.running.saved import dumps, read_report, to_json
from rag.errors import InputError, UsageError


def saved(path: Path, report) -> str:
    path.write_text(dumps(to_json(report)), encoding="utf-8")
    return str(path)


def evaluated(*arguments, **options):
    return CliRunner().invoke(eval_group, list(map(str, arguments)), catch_exceptions=False, **options)


def rows(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.split()}


def test_the_table_shows_means_intervals_counts_and_tags():
    report = a_report(
        an_outcome("a", cites_gold=1.0), an_outcome("b", cites_gold=0.0, tags=("dates",)), an_outcome("c")
    )
    shown = rows(table(report))
    assert (shown["cites_gold"][0], shown["cites_gold"][-2:]) == ("0.500", ["2", "1"])
    assert "exact" not in shown
    assert "Scored in no case: hit@1, " in table(report)
    assert shown["dates"] == ["1", "–", "0.000", "–", "–", "–", "–", "–"]


def test_failed_cases_are_listed_without_control_characters():
    text = table(a_report(an_outcome("a", error="boom \x1b[31m red"), an_outcome("b", mrr=1.0)))
    assert "2 cases, 1 failed" in text
    assert "failed  a: boom �[31m red" in text
    assert "\x1b" not in text


def test_json_has_sorted_keys_and_no_nan():
    record = to_json(a_report(an_outcome("a", mrr=1.0)))
    assert list(json.loads(dumps(record))) == sorted(record)
    assert (record["metrics"]["mrr"]["mean"], record["metrics"]["mrr"]["scored"]) == (1.0, 1)
    with pytest.raises(ValueError, match="Out of range"):
        dumps({"value": float("nan")})


@pytest.mark.parametrize("command", ["score", "rescore"])
def test_scoring_exits_1_under_a_bound_and_2_for_an_unknown_metric(tmp_path, command):
    file = saved(tmp_path / "a.json", a_report(an_outcome("a", error="boom")))
    done = evaluated(command, file, "--fail-under", "mrr=0.5")
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "1 of 1 cases failed; a: boom; mrr was scored in no case" in done.stderr
    assert "metric" in done.stdout
    assert evaluated(command, file, "--fail-under", "hits=0.5").exit_code == 2


def test_comparing_prints_one_json_object_and_fails_only_where_asked(tmp_path):
    first = saved(tmp_path / "a.json", a_report(*(an_outcome(f"c{n}", mrr=1.0) for n in range(20))))
    second = saved(tmp_path / "b.json", a_report(*(an_outcome(f"c{n}", mrr=0.0) for n in range(20))))
    done = evaluated("compare", first, second, "--json")
    assert done.exit_code == 0
    changes = json.loads(done.stdout)["changes"]
    assert len(changes) == 20
    assert {change["measure"] for change in changes} == {"mrr"}
    worse = evaluated("compare", first, second, "--fail-if-worse")
    assert (worse.exit_code, worse.stderr.count("\n")) == (1, 1)
    assert "mrr" in worse.stderr
    assert evaluated("compare", second, first, "--fail-if-worse").exit_code == 0


def test_a_run_is_kept_written_and_gated(tmp_path):
    files = {form: tmp_path / f"report.{form}" for form in ("json", "html", "md", "xml")}
    options = ("--report", files["json"], "--html", files["html"], "--markdown", files["md"], "--junit", files["xml"])
    done = evaluated("run", "seeds", "--limit", 2, "--runs", tmp_path / "runs", *options, "--fail-under", "mrr=1")
    assert all(file.stat().st_size > 100 for file in files.values())
    [one] = kept(tmp_path / "runs")
    assert read_report(one) == read_report(files["json"])
    assert done.exit_code == int(read_report(one).outcomes[0].scores["mrr"].value < 1)
    assert f"kept as {one}" in done.stderr
    listed = evaluated("report", "--runs", tmp_path / "runs")
    assert one.stem in listed.stdout
    again = evaluated("report", one, "--markdown", tmp_path / "again.md")
    assert (tmp_path / "again.md").read_text() == files["md"].read_text()
    assert again.stdout == table(read_report(one)) + "\n"


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_asked(tmp_path):
    missing = tmp_path / "none" / "report.json"
    with pytest.raises(UsageError, match="no such place for a report"):
        evaluated("run", "seeds", "--report", missing)


def test_runs_that_cannot_be_kept_are_refused_before_anything_is_asked(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"runs cannot be kept there .*--runs DIR"):
        evaluated("run", "seeds", "--limit", 1, "--runs", tmp_path / "file")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--tag", "fact"), "No case is tagged 'fact'. The tags are: "),
        (("--judge-measured", "m.json"), "--judge-measured is given without --judge"),
        (("--system", "a:b", "--model", "extractive"), "Both --system and --model are given"),
        (("--system", "nowhere_at_all:answer"), "nowhere_at_all"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused_in_one_line(tmp_path, options, message):
    with pytest.raises(UsageError) as raised:
        evaluated("run", "seeds", "--runs", tmp_path, *options)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_report_that_is_not_named_is_not_written(tmp_path):
    with pytest.raises(UsageError, match="No report FILE is given to write"):
        evaluated("report", "--runs", tmp_path, "--markdown", tmp_path / "a.md")


def test_reports_are_kept_under_names_of_their_own_and_listed_newest_first(tmp_path):
    report = a_report(an_outcome("a", mrr=1.0))
    first, second = keep(report, tmp_path), keep(report, tmp_path)
    assert first != second
    os.utime(first, ns=(2_000_000_000, 2_000_000_000))
    assert kept(tmp_path) == [second, first]
    os.utime(second, ns=(1_000_000_000, 1_000_000_000))
    assert kept(tmp_path) == [first, second]
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".json"]


def test_a_suite_named_like_a_path_is_kept_inside_the_folder(tmp_path):
    from dataclasses import replace

    path = keep(replace(a_report(an_outcome("a")), suite="../../etc/passwd"), tmp_path / "runs")
    assert path.parent == tmp_path / "runs"


def test_a_report_goes_through_a_link_and_into_a_pipe_without_replacing_them(tmp_path):
    import threading

    from eval.running.kept import write

    target, link, pipe = tmp_path / "target.json", tmp_path / "link.json", tmp_path / "pipe"
    target.write_text("old")
    link.symlink_to(target)
    write(link, "new")
    assert (link.is_symlink(), target.read_text()) == (True, "new")
    os.mkfifo(pipe)
    read = []
    reading = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reading.start()
    write(pipe, "through")
    reading.join()
    assert (read, pipe.is_fifo()) == (["through"], True)
