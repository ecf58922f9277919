"""Reports as Markdown, as JUnit's XML, and the list of runs: read back by programs, whatever is in them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from harness import a_case, a_report, an_outcome, known, report_of
from hostile import NASTY, a_hostile_report
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from eval.comparison import compare, worse
from eval.metrics import Metric
from eval.report import Judging
from eval.reports.escaping import JOINER, escaped
from eval.reports.junit import compared_junit, junit
from eval.reports.listing import listing, listing_json
from eval.reports.markdown import WORST, markdown
from eval.running.saved import dumps

PARSER = MarkdownIt("gfm-like", {"linkify": False})
PLAIN = {"text", "softbreak", "text_special"}


def cells(text: str) -> list[list[str]]:
    """Every row of every table, as a reader sees its cells."""
    rows: list[list[str]] = []
    inside = False
    for token in PARSER.parse(text):
        if token.type == "tr_open":
            rows.append([])
        inside = token.type in ("td_open", "th_open") or (inside and token.type == "inline")
        if inside and token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or ()))
    return rows


def inline_kinds(text: str) -> set[str]:
    return {child.type for token in PARSER.parse(text) for child in token.children or ()}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp"]), min_size=1))
def test_escaped_text_is_read_back_as_it_was_in_a_cell_and_in_a_list(text):
    table = f"| a | b |\n| --- | --- |\n| {escaped(text)} | end |"
    assert [[cell.replace(JOINER, "") for cell in row] for row in cells(table)][1] == [text, "end"]
    (item,) = (token for token in PARSER.parse(f"- {escaped(text)}") if token.type == "inline")
    assert "".join(child.content for child in item.children or ()).replace(JOINER, "") == text


@given(st.text(st.sampled_from("a1 \n\t#>-+*_=`|~[]()<>!&:.@\\\u202e")))
def test_escaped_text_makes_nothing_but_text(text):
    for written in (f"x {escaped(text)}", f"- {escaped(text)}"):
        assert inline_kinds(written) <= PLAIN
        blocks = {token.type for token in PARSER.parse(written)} - {"inline", "paragraph_open", "paragraph_close"}
        assert blocks <= {"bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"}


@pytest.mark.parametrize(
    "text", ["# a", "- a", "+ a", "* a", "1. a", "12) a", "1.", "-", "---", "===", "> a", "```", "    a"]
)
def test_what_would_begin_a_block_is_text(text):
    for written, kinds in ((escaped(text), 3), (f"- {escaped(text)}", 7)):
        tokens = PARSER.parse(written)
        assert len(tokens) == kinds
        (inline,) = (token for token in tokens if token.type == "inline")
        assert "".join(child.content for child in inline.children or ()) == text


def test_a_name_after_an_at_sign_calls_nobody():
    assert escaped("ask @someone, see #12") == f"ask @{JOINER}someone, see #{JOINER}12"
    assert escaped("hit@5") == "hit@5"


def test_markdown_has_metrics_nulls_tags_and_where_it_comes_from():
    report = replace(
        a_report(an_outcome("a", hit_at_1=1.0, grounded=0.25, tags=("dates",)), an_outcome("b", grounded=0.75)),
        nulls={"copy": {"grounded": Metric(0.6, None, None, 2, 0)}},
    )
    written = markdown(report)
    rows = cells(written)
    assert ["grounded", "0.500", *rows[2][2:3], "2", "0", "0.600"] in rows
    head = next(row for row in rows if row[0] == "tag")
    dates = next(row for row in rows if row[0] == "dates")
    assert (dates[1], dates[head.index("grounded")]) == ("1", "0.250")
    assert "copy does as well or better; by itself it shows nothing" in written
    assert "code c0de" in written


def test_markdown_lists_failed_cases_and_the_twenty_worst():
    failing = an_outcome("broken", error="boom | bang")
    report = a_report(failing, *(an_outcome(f"c{n}", grounded=n / 100) for n in range(40)))
    written = markdown(report)
    assert "- broken: boom \\| bang" in written
    assert [row[0] for row in cells(written) if row[0].startswith("c")][1:] == [
        "c0",
        *(f"c{n}" for n in range(1, WORST)),
    ]


def test_hostile_words_make_no_markup_in_markdown():
    written = markdown(a_hostile_report(NASTY))
    kinds = {token.type for token in PARSER.parse(written)}
    assert inline_kinds(written) <= PLAIN
    assert not kinds & {"html_block", "code_block", "fence", "blockquote_open", "ordered_list_open", "hr"}
    assert len({len(row) for row in cells(written)[:5]}) == 1
    assert written.isprintable() or set(written) - set("\n") == {
        char for char in written if char.isprintable() or char == JOINER
    }


def test_junit_has_a_test_for_each_case_and_each_bound():
    report = report_of(known, a_case("cost"), a_case("colour", answerable=False))
    root = ElementTree.fromstring(junit(report, under={"hit@1": 1.0, "token_f1": 0.99}, over={"token_f1": 0.1}))
    failures = {
        test.get("name"): test.find("failure").get("message") for test in root.iterfind(".//testcase[failure]")
    }
    assert [test.get("name") for test in root.iter("testcase")][:2] == ["cost", "colour"]
    assert failures == {
        "token_f1 not under 0.99": "token_f1 is 0.6667, under 0.99",
        "token_f1 not over 0.1": "token_f1 is 0.6667, over 0.1",
    }
    suite = root.find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("5", "2", "0")
    assert "token_f1: 0.667" in root.findtext(".//testcase[@name='cost']/system-out")


def test_junit_counts_a_case_that_failed_as_an_error_and_a_bound_by_its_own_line():
    report = a_report(an_outcome("a", error="boom"), an_outcome("b", grounded=0.5))
    root = ElementTree.fromstring(junit(report, under={"grounded": 0.9, "mrr": 0.1}, over={}))
    assert root.find(".//testcase[@name='a']/error").get("message") == "boom"
    messages = [failure.get("message") for failure in root.iter("failure")]
    assert messages == ["grounded is 0.5000, under 0.9", "mrr was scored in no case, so that 0.1 cannot be shown"]
    assert (root.get("errors"), root.get("failures")) == ("1", "2")


def test_junit_blames_no_bound_for_a_judge_that_failed():
    report = replace(a_report(an_outcome("a", grounded=0.5)), judging=Judging(1, 0, failed=1))
    root = ElementTree.fromstring(junit(report, under={"grounded": 0.1, "mrr": 0.1}, over={"grounded": 0.6}))
    failed = {test.get("name"): test.find("failure").get("message") for test in root.iterfind(".//testcase[failure]")}
    assert failed == {
        "judge answered": "the judge failed in 1 of 1 cases",
        "mrr not under 0.1": "mrr was scored in no case, so that 0.1 cannot be shown",
    }


def test_hostile_words_are_text_in_junit():
    root = ElementTree.fromstring(junit(a_hostile_report(), under={"grounded": 1.0}, over={}))
    assert len(list(root.iter("testcase"))) == 4 + 1 + 1
    assert {element.tag for element in root.iter()} == {
        *("testsuites", "testsuite", "properties", "property", "testcase", "error", "failure", "system-out")
    }


@given(st.text())
def test_junit_is_xml_whatever_a_case_is_called(text):
    root = ElementTree.fromstring(junit(a_report(an_outcome(text, error=text)), under={}, over={}).encode())
    assert len(list(root.iter("error"))) == 1


def test_junit_of_a_comparison_fails_what_got_worse_beyond_its_interval():
    before = a_report(
        *(an_outcome(f"c{n}", hit_at_1=1.0, mrr=0.5) for n in range(30)), an_outcome("lost", error="boom")
    )
    after = a_report(*(an_outcome(f"c{n}", hit_at_1=float(n > 20), mrr=0.5) for n in range(30)), an_outcome("lost"))
    root = ElementTree.fromstring(compared_junit(compare(before, after)))
    failed = {test.get("name"): test.find("failure").get("message") for test in root.iterfind(".//testcase[failure]")}
    assert list(failed) == ["hit@1"]
    assert failed["hit@1"].startswith("hit@1 got worse by 0.7")
    assert (
        "lost"
        in ElementTree.fromstring(compared_junit(compare(after, before)))
        .find(".//testcase[@name='lost']")
        .attrib.values()
    )


def test_junit_of_a_comparison_fails_for_every_reason_that_fails_the_build():
    before = a_report(
        *(an_outcome(f"c{n}", hit_at_1=1.0, mrr=0.5) for n in range(30)), an_outcome("gone", hit_at_1=1.0)
    )
    after = a_report(*(an_outcome(f"c{n}", hit_at_1=1.0) for n in range(30)))
    comparison = compare(before, after)
    root = ElementTree.fromstring(compared_junit(comparison))
    assert len(worse(comparison)) == 2
    assert [test.get("name") for test in root.iterfind(".//testcase[failure]")] == ["mrr", "gone"]


def kept(name: str, started: str, **given) -> tuple[Path, object]:
    return Path(f"{name}.json"), replace(report_of(known, a_case("cost")), started=started, **given)


def test_runs_are_listed_newest_first_with_their_main_means():
    text = listing([kept("old", "2024-05-01"), kept("new", "2024-05-02")], Path("runs"))
    lines = text.splitlines()
    assert [line.split()[0] for line in lines] == ["run", "new.json", "old.json"]
    assert lines[1].split()[1:9] == ["small", "1", "extractive", "1", "0", "1.000", "1.000", "1.000"]
    assert [run["run"] for run in listing_json([kept("old", "2024-05-01"), kept("new", "2024-05-02")])["runs"]] == [
        "new",
        "old",
    ]


def test_an_empty_folder_says_how_to_make_a_run():
    assert listing([], Path("runs")) == "No runs are kept in runs. Make one: groundwire eval run"


def test_a_hostile_run_takes_one_line_and_its_json_is_valid():
    runs = [(Path("x.json"), a_hostile_report())]
    text = listing(runs, Path("runs"))
    assert len(text.splitlines()) == 2
    assert max(map(len, text.splitlines())) < 300
    assert json.loads(dumps(listing_json(runs)))["runs"][0]["cases"] == 4
