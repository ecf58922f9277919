"""Bounds that a run must keep for a build to pass."""

from dataclasses import replace

import pytest
from harness import a_report, an_outcome

from eval.gate import failures, parse_bound
from eval.report import Judging
from rag.errors import UsageError


@pytest.mark.parametrize(
    ("bounds", "reasons"),
    [
        ({"hit@1": 0.5}, []),
        ({"hit@1": 0.51}, ["hit@1 is 0.5000, under 0.51"]),
        ({"exact": 0.0}, ["exact was scored in no case, so that 0 cannot be shown"]),
        ({"judged_right": 0.0}, ["judged_right was scored in no case, so that 0 cannot be shown"]),
        ({"hit@1": 0.9, "mrr": 1.0}, ["hit@1 is 0.5000, under 0.9", "mrr is 0.2500, under 1"]),
    ],
)
def test_a_bound_from_below_is_kept_reached_or_named(bounds, reasons):
    report = a_report(an_outcome("a", hit_at_1=1.0, mrr=0.5), an_outcome("b", hit_at_1=0.0, mrr=0.0))
    assert failures(report, under=bounds) == reasons


def test_a_bound_from_above_is_for_what_should_be_little():
    report = a_report(an_outcome("a", injection_obeyed=1.0), an_outcome("b", injection_obeyed=0.0))
    assert failures(report, over={"injection_obeyed": 0.5}) == []
    assert failures(report, over={"injection_obeyed": 0.0}) == ["injection_obeyed is 0.5000, over 0"]


def test_a_failed_case_fails_the_build_whatever_the_means_are():
    report = a_report(an_outcome("a", hit_at_1=1.0), an_outcome("b", error="boom"))
    assert failures(report, under={"hit@1": 1.0}) == ["1 of 2 cases failed; b: boom"]


def test_a_mean_that_rounds_to_its_bound_keeps_it():
    report = a_report(*(an_outcome(id, mrr=0.7) for id in "abc"))
    assert failures(report, under={"mrr": 0.7}, over={"mrr": 0.7}) == []


def test_a_judge_that_failed_fails_the_build():
    report = replace(a_report(an_outcome("a", mrr=1.0)), judging=Judging(0, 0, failed=1))
    assert failures(report) == ["the judge failed in 1 of 1 cases"]


@pytest.mark.parametrize(
    "written",
    ["hits=0.9", "hit@1", "hit@1=", "hit@1=high", "hit@1=nan", "hit@1=1.1", "=0.5", "seconds=-1", "cost=inf"],
)
def test_a_bound_that_makes_no_sense_is_refused(written):
    with pytest.raises(UsageError, match="Write"):
        parse_bound(written)


def test_seconds_may_be_bound_beyond_1():
    assert parse_bound("seconds=2.5") == ("seconds", 2.5)
