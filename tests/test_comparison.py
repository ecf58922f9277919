"""Two reports compared: differences, tests, changed cases, and what fails a build."""

import json
from dataclasses import replace

import pytest

from eval.cases import Case, Gold
from eval.comparison import Change, compare, comparison_json, worse
from eval.metrics import DIFFERENCE, Metric, Observation, estimate
from eval.paired import McNemar
from eval.provenance import Provenance
from eval.report import Outcome, Report, Settings
from eval.reports.compared import SHOWN, comparison_table
from eval.scores import Score
from rag.errors import UsageError

UNSCORED = Score(None, "failed")


def outcome(id: str, *, tags=("facts",), error=None, article=None, **values: float | None) -> Outcome:
    """Scores by measure, ``hit1`` for ``hit@1``; those not named could not be scored."""
    gold = (Gold(article, "words"),) if article else ()
    case = Case(id, f"{id}?", False, (), gold, tags, "Groundwire", "CC0-1.0")
    names = {"hit1": "hit@1", "recall5": "recall@5"}
    scores = {names.get(name, name): UNSCORED if value is None else Score(value) for name, value in values.items()}
    return Outcome(case, None, error, scores)


def a_report(*outcomes: Outcome, digest="d1") -> Report:
    return Report(
        "small",
        "1",
        digest,
        Settings(),
        Provenance(groundwire="0.1.0", commit=None, dirty=None, code="0", libraries=()),
        outcomes,
        {},
    )


def many(count: int = 20, **values) -> Report:
    """A report of as many cases; each value is a number or a function of the case's number."""
    return a_report(
        *(
            outcome(f"c{n:02}", **{name: value(n) if callable(value) else value for name, value in values.items()})
            for n in range(count)
        )
    )


def rows(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in text.splitlines() if line.split()}


def test_a_comparison_is_paired_and_lists_what_changed_worst_first():
    before = a_report(outcome("a", hit1=0.0), outcome("b", hit1=1.0), outcome("c", hit1=1.0), outcome("d", hit1=None))
    after = a_report(outcome("a", hit1=1.0), outcome("b", hit1=0.0), outcome("c", hit1=None), outcome("e", hit1=1.0))
    found = compare(before, after)
    assert found.changes == (
        Change("b", "hit@1", 1.0, 0.0, -1.0),
        Change("c", "hit@1", 1.0, None, 0.0),
        Change("a", "hit@1", 0.0, 1.0, 1.0),
    )
    assert (found.only_before, found.only_after) == (("d",), ("e",))
    assert found.differences["hit@1"].metric == Metric(0.0, -1.0, 1.0, 2, 1)
    assert found.differences["hit@1"].mcnemar == McNemar(1, 1, 1.0)


def test_the_difference_is_that_of_the_pairs_with_its_own_interval():
    before = many(recall5=lambda n: n / 40)
    after = many(recall5=lambda n: n / 40 + (0.2 if n % 3 else -0.1))
    metric = compare(before, after).differences["recall@5"].metric
    moved = [Observation(f"c{n:02}", 0.2 if n % 3 else -0.1) for n in range(20)]
    assert metric == estimate(moved, within=DIFFERENCE)
    assert 0 < metric.low < metric.mean < metric.high < 0.2, "the means apart would overlap"


def test_cases_on_one_article_count_as_one_draw():
    alone = compare(many(40, hit1=0.0), many(40, hit1=lambda n: float(n % 20 < 10))).differences["hit@1"].metric
    before = a_report(*(outcome(f"c{n:02}", article=f"a{n // 10}", hit1=0.0) for n in range(40)))
    after = a_report(*(outcome(f"c{n:02}", article=f"a{n // 10}", hit1=float(n % 20 < 10)) for n in range(40)))
    together = compare(before, after).differences["hit@1"].metric
    assert together.mean == alone.mean == 0.5
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_a_tag_has_its_own_differences():
    before = a_report(outcome("a", tags=("facts",), hit1=0.0), outcome("b", tags=("dates", "facts"), hit1=1.0))
    after = a_report(outcome("a", tags=("facts",), hit1=1.0), outcome("b", tags=("dates", "facts"), hit1=0.0))
    found = compare(before, after)
    assert {tag: differences["hit@1"].metric.mean for tag, differences in found.tags.items()} == {
        "dates": -1.0,
        "facts": 0.0,
    }
    assert found.tags["dates"]["hit@1"].mcnemar == McNemar(0, 1, 1.0)


def test_where_less_is_better_a_rise_is_a_loss():
    found = compare(many(injection_obeyed=0.0), many(injection_obeyed=lambda n: float(n < 12)))
    assert found.differences["injection_obeyed"].metric.mean == 0.6
    assert found.differences["injection_obeyed"].mcnemar == McNemar(0, 12, 2 / 2**12)
    assert {change.worth for change in found.changes} == {-1.0}
    assert len(worse(found)) == 1
    assert worse(compare(many(injection_obeyed=1.0), many(injection_obeyed=lambda n: float(n < 12)))) == []


def test_only_yes_or_no_measures_are_tested_by_mcnemar():
    found = compare(many(recall5=0.5, hit1=1.0), many(recall5=0.6, hit1=1.0))
    assert found.differences["recall@5"].mcnemar is None
    assert found.differences["hit@1"].mcnemar == McNemar(0, 0, 1.0)


def test_what_hangs_on_the_clock_never_fails_a_build_nor_counts_as_changed():
    found = compare(many(seconds=lambda n: 1 + n / 100), many(seconds=lambda n: 9 + n / 90))
    assert found.differences["seconds"].metric.mean > 7
    assert (found.changes, worse(found)) == ((), [])
    assert "worse" not in comparison_table(found)


def test_tokens_weigh_by_ratio_beside_shares():
    before, after = (
        a_report(outcome("a", tokens=1000.0, recall5=1.0)),
        a_report(outcome("a", tokens=1500.0, recall5=0.4)),
    )
    assert [(change.measure, round(change.worth, 3)) for change in compare(before, after).changes] == [
        ("recall@5", -0.6),
        ("tokens", -0.333),
    ]


@pytest.mark.parametrize("kept", [0, 4])
def test_a_build_fails_where_a_measure_got_worse_beyond_its_interval(kept):
    (line,) = worse(compare(many(hit1=1.0, recall5=0.5), many(hit1=lambda n: float(n < kept), recall5=0.5)))
    assert line.startswith(
        f"hit@1 got worse by {1 - kept / 20:.3f} (difference -{1 - kept / 20:.3f}, 95 % interval -"
    )


def test_one_case_of_twenty_or_a_better_measure_fails_no_build():
    assert worse(compare(many(hit1=1.0), many(hit1=lambda n: float(n > 0)))) == []
    assert worse(compare(many(hit1=0.0), many(hit1=1.0))) == []
    assert worse(compare(many(hit1=1.0), many(hit1=1.0))) == []


def test_cases_that_fail_since_are_named_and_fail_a_build():
    found = compare(many(5, hit1=1.0), a_report(*(outcome(f"c{n:02}", error="boom") for n in range(5))))
    assert found.failed == ("c00", "c01", "c02", "c03", "c04")
    assert worse(found) == [
        "cases that gave an output before fail now: 5 (c00, c01, c02, ...)",
        "metrics of the first report are scored in no case of the second: 1 (hit@1)",
    ]
    assert "Failed in the second report only: c00, c01" in comparison_table(found)


def test_cases_left_out_of_the_second_run_fail_a_build():
    assert worse(compare(many(5, hit1=1.0), many(3, hit1=1.0))) == [
        "cases of the first report are not in the second: 2 (c03, c04)"
    ]


def test_a_report_against_itself_has_no_difference_and_no_interval():
    found = compare(many(30, hit1=lambda n: float(n % 2)), many(30, hit1=lambda n: float(n % 2)))
    metric = found.differences["hit@1"].metric
    assert (metric.mean, metric.low, metric.high, found.changes, worse(found)) == (0.0, None, None, (), [])


def test_the_last_digits_of_a_mean_are_no_difference():
    found = compare(many(9, recall5=0.3), many(9, recall5=0.1 + 0.2))
    assert (found.differences["recall@5"].metric.mean, worse(found)) == (0.0, [])


def test_cases_of_one_article_that_all_got_worse_fail_a_build_without_an_interval():
    before = a_report(*(outcome(f"c{n:02}", article="a", hit1=1.0) for n in range(30)))
    after = a_report(*(outcome(f"c{n:02}", article="a", hit1=0.0) for n in range(30)))
    assert worse(compare(before, after)) == [
        "hit@1 got worse in 30 of 30 cases, all of one article: there is no interval"
    ]


def test_a_measure_that_one_report_lacks_is_not_paired():
    found = compare(many(3, hit1=1.0), many(3, hit1=1.0, judged_right=1.0))
    assert found.differences["judged_right"].metric == Metric(None, None, None, 0, 3)
    assert (found.differences["judged_right"].mcnemar, found.changes) == (None, ())
    assert rows(comparison_table(found))["judged_right"] == ["–", "–", "0", "3"]


def test_the_table_says_which_way_a_measure_moved_beyond_its_interval():
    before = many(hit1=0.0, recall5=lambda n: float(n % 2), grounded=1.0)
    after = many(hit1=lambda n: float(n > 4), recall5=lambda n: float(n % 2), grounded=lambda n: float(n > 9))
    shown = comparison_table(compare(before, after))
    assert rows(shown)["hit@1"][0] == "0.750"
    assert rows(shown)["hit@1"][-4:] == ["15", "0", "<0.001", "better"]
    assert rows(shown)["grounded"][-1] == "worse"
    assert rows(shown)["recall@5"][-2:] == ["20", "0"]
    assert [line.split()[:2] for line in shown.splitlines() if line.startswith("facts")] == [
        ["facts", "hit@1"],
        ["facts", "grounded"],
    ]


def test_a_long_list_of_changes_is_cut_in_the_table_only():
    found = compare(many(80, recall5=0.5), many(80, recall5=0.25))
    assert len(found.changes) == 80
    assert f"... and {80 - SHOWN} more" in comparison_table(found)
    assert len(comparison_json(found)["changes"]) == 80


def test_no_change_is_said():
    assert "No case changed." in comparison_table(compare(many(3, hit1=1.0), many(3, hit1=1.0)))


def test_an_id_cannot_send_control_characters_to_the_terminal():
    shown = comparison_table(
        compare(a_report(outcome("a\x1b[31m", hit1=1.0)), a_report(outcome("a\x1b[31m", hit1=0.0)))
    )
    assert "\x1b" not in shown


def test_json_repeats_byte_for_byte_whatever_the_order_of_cases():
    before, after = many(hit1=1.0, recall5=0.3), many(hit1=lambda n: float(n % 3 > 0), recall5=0.4)
    written = json.dumps(comparison_json(compare(before, after)), sort_keys=True, allow_nan=False)
    turned = replace(before, outcomes=before.outcomes[::-1]), replace(after, outcomes=after.outcomes[::-1])
    assert json.dumps(comparison_json(compare(*turned)), sort_keys=True, allow_nan=False) == written


def test_reports_of_different_suites_or_without_a_common_case_are_refused():
    report = a_report(outcome("a", hit1=1.0))
    with pytest.raises(UsageError, match="of different suites"):
        compare(report, replace(report, digest="d2"))
    with pytest.raises(UsageError, match="no case in common"):
        compare(report, a_report(outcome("b", hit1=1.0)))
