"""Means and intervals, against values worked out by hand, against scipy, and against a known truth."""

from itertools import starmap

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.intervals import Setting, flips, held, plain_interval, yes_no
from eval.metrics import DIFFERENCE, Metric, Observation, by_cluster, estimate, resample, student, worth


def seen(*pairs: tuple[str, float | None]) -> list[Observation]:
    return list(starmap(Observation, pairs))


def apart(values) -> list[Observation]:
    return [Observation(f"c{at:04}", float(value)) for at, value in enumerate(values)]


def test_the_mean_is_over_scored_cases_and_the_rest_is_counted_apart():
    metric = estimate(seen(("a", 1.0), ("a", 0.0), ("b", 1.0), ("c", None), ("d", 1.0)))
    assert (metric.mean, metric.scored, metric.unscored) == (0.75, 4, 1)


def test_nothing_scored_is_no_zero():
    assert estimate(seen(("a", None), ("b", None))) == Metric(None, None, None, 0, 2)
    assert estimate([]) == Metric(None, None, None, 0, 0)


def test_one_cluster_gives_a_mean_without_an_interval():
    assert estimate(seen(("a", 1.0), ("a", 0.0), ("a", 1.0), ("a", 1.0))) == Metric(0.75, None, None, 4, 0)


def test_two_clusters_say_next_to_nothing():
    metric = estimate(seen(("a", 0.0), ("b", 1.0)))
    assert (metric.mean, metric.low, metric.high) == (0.5, 0.0, 1.0)


def test_a_cluster_weighs_as_much_as_it_has_cases():
    ones = [(f"one{n}", 1.0) for n in range(50)]
    threes = [(f"three{n}", 0.0) for n in range(50) for _ in range(3)]
    metric = estimate(seen(*ones, *threes))
    assert metric.mean == 0.25
    assert 0.15 < metric.low < 0.25 < metric.high < 0.4, "the mean of the clusters' means would be 0.5"


def test_many_questions_on_one_article_widen_the_interval():
    alone = estimate(apart(n % 2 for n in range(100)))
    together = estimate(seen(*[(f"c{n % 10}", float(n % 2)) for n in range(100)]))
    # By theory 0.5 ± 1.96 * sqrt(.25 / 100) = 0.5 ± 0.098; of 10 articles 0.5 ± 2.26 * sqrt(.25 / 9) = 0.5 ± 0.38.
    assert (alone.low, alone.high) == (pytest.approx(0.402, abs=0.02), pytest.approx(0.598, abs=0.02))
    assert (together.low, together.high) == (pytest.approx(0.12, abs=0.07), pytest.approx(0.88, abs=0.07))


@pytest.mark.parametrize("count", [20, 50, 150, 400])
def test_a_suite_without_a_failure_leaves_room_for_one(count):
    metric = estimate(apart([1.0] * count))
    exact = 0.025 ** (1 / count)  # Clopper and Pearson
    assert (metric.mean, metric.high) == (1.0, 1.0)
    assert 1 - metric.low == pytest.approx(1 - exact, rel=0.3)
    opposite = estimate(apart([0.0] * count))
    assert (opposite.mean, opposite.low) == (0.0, 0.0)
    assert opposite.high == pytest.approx(1 - exact, rel=0.3)


def test_two_runs_that_agree_everywhere_may_differ_elsewhere_but_by_little():
    metric = estimate(apart([0.0] * 150), within=DIFFERENCE)
    assert -0.03 < metric.low < -0.01 < metric.mean == 0 < 0.01 < metric.high < 0.03


def test_a_small_shift_of_every_case_is_not_drowned_by_what_was_never_seen():
    metric = estimate(apart([0.01, 0.012] * 30), within=DIFFERENCE)
    assert 0.009 < metric.low < 0.011 < metric.high < 0.0125


def test_what_has_no_bounds_is_judged_by_what_was_seen():
    metric = estimate(apart([3.0, 5.0, 4.0, 4.5, 3.5] * 10), within=None)
    assert 3.6 < metric.low < 4.0 < metric.high < 4.4
    same = estimate(apart([2.0] * 9), within=None)
    assert (same.low, same.high) == (2.0, 2.0), "nothing says how far another could be"
    assert estimate(apart([3.0, 5.0, 4.0])) == estimate(apart([3.0, 5.0, 4.0]), within=None)


def test_the_interval_repeats_and_follows_the_seed():
    values = apart(n / 30 for n in range(30))
    assert estimate(values, seed=1) == estimate(values, seed=1)
    assert estimate(values, seed=1) != estimate(values, seed=2)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.none() | st.floats(0, 1)), max_size=20), st.randoms())
def test_the_order_of_cases_changes_nothing_and_bounds_enclose_no_impossible_value(pairs, random):
    metric = estimate(seen(*pairs))
    random.shuffle(pairs)
    assert estimate(seen(*pairs)) == metric
    if metric.low is not None and metric.high is not None:
        assert -1e-9 <= metric.low <= metric.mean <= metric.high <= 1 + 1e-9


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=20))
def test_differences_of_shares_stay_between_minus_one_and_one(values):
    metric = estimate(apart(values), within=DIFFERENCE)
    assert -1 - 1e-9 <= metric.low <= metric.mean <= metric.high <= 1 + 1e-9


@pytest.mark.parametrize(
    "values",
    [
        [0.2, 0.9, 1.0, 0.4, 0.7, 0.95, 0.3, 0.6, 1.0, 0.0, 0.55, 0.8],
        [float(n % 3 > 0) for n in range(60)],
        list(np.random.default_rng(2).beta(4, 2, 100)),
        list(np.random.default_rng(3).normal(0.1, 0.4, 45)),
    ],
    ids=["twelve shares", "yes or no", "skewed", "differences"],
)
def test_the_plain_bootstrap_agrees_with_scipy_s(values):
    low, high = plain_interval(apart(values))
    rng = np.random.default_rng(1)
    expected = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=20_000, rng=rng)
    # 2,000 resamples leave the 2.5 % point uncertain by some 7 % of a standard error; three times that.
    near = 0.21 * expected.standard_error
    assert low == pytest.approx(expected.confidence_interval.low, abs=near)
    assert high == pytest.approx(expected.confidence_interval.high, abs=near)


def test_a_resample_has_as_many_clusters_as_there_are_and_each_as_often():
    totals = resample(np.column_stack([np.ones(7), np.arange(7)]), 4)
    assert set(totals[:, 0]) == {7.0}
    assert totals[:, 1].mean() == pytest.approx(21, abs=0.5)


def test_clusters_are_worth_as_many_as_their_sizes_are_even():
    assert worth(np.array([3.0, 3, 3])) == pytest.approx(3)
    assert worth(np.array([8.0, 1, 1])) == pytest.approx(100 / 66)
    assert [sum(values) for values in by_cluster(seen(("b", 1.0), ("a", 0.5), ("b", 2.0)))] == [0.5, 3.0]


@pytest.mark.parametrize("freedom", [3, 4.5, 7, 12, 30, 200])
def test_students_t_is_that_of_scipy(freedom):
    assert student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=0.01)


@pytest.mark.parametrize(
    "setting",
    [
        Setting(yes_no(0.7), 150, 24, 0.2),
        Setting(yes_no(0.9), 150, 60, 0.2),
        Setting(yes_no(0.97), 150, 150, 0.0),
        Setting(flips(0.15, 0.05), 150, 60, 0.2),
    ],
    ids=["few articles", "many articles", "near 1", "differences"],
)
def test_the_interval_holds_the_truth_about_as_often_as_it_says(setting):
    # Near 1 a suite has few failures, whose number is whole: an interval that is never short is often too wide.
    assert 0.93 <= held(setting, suites=500).ours <= 0.99


def test_the_plain_percentile_interval_does_not():
    assert held(Setting(yes_no(0.97), 30, 8, 0.2), suites=200).plain < 0.7
