"""Means and intervals, against values worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import Metric, Observation, estimate


def seen(*pairs: tuple[str, float | None]) -> list[Observation]:
    return [Observation(cluster, value) for cluster, value in pairs]


def test_the_mean_is_over_scored_cases_and_the_rest_is_counted_apart():
    metric = estimate(seen(("a", 1.0), ("a", 0.0), ("b", 1.0), ("c", None), ("d", 1.0)))
    assert (metric.mean, metric.scored, metric.unscored) == (0.75, 4, 1)


def test_nothing_scored_is_no_zero():
    assert estimate(seen(("a", None), ("b", None))) == Metric(None, None, None, 0, 2)
    assert estimate([]) == Metric(None, None, None, 0, 0)


def test_one_cluster_gives_a_mean_without_an_interval():
    assert estimate(seen(("a", 1.0), ("a", 0.0), ("a", 1.0), ("a", 1.0))) == Metric(0.75, None, None, 4, 0)


def test_two_clusters_span_all_that_resampling_can_give():
    # Resampling {0, 1} gives 0, 1/2 or 1 with chances 1/4, 1/2, 1/4: the 95 % bounds are the extremes.
    metric = estimate(seen(("a", 0.0), ("b", 1.0)))
    assert (metric.mean, metric.low, metric.high) == (0.5, 0.0, 1.0)


def test_a_cluster_weighs_as_much_as_it_has_cases():
    ones = [(f"one{n}", 1.0) for n in range(50)]
    threes = [(f"three{n}", 0.0) for n in range(50) for _ in range(3)]
    metric = estimate(seen(*ones, *threes))
    assert metric.mean == 0.25
    assert 0.15 < metric.low < 0.25 < metric.high < 0.4, "the mean of the clusters' means would be 0.5"


def test_many_questions_on_one_article_widen_the_interval():
    apart = estimate(seen(*[(f"c{n}", float(n % 2)) for n in range(100)]))
    together = estimate(seen(*[(f"c{n % 10}", float(n % 2)) for n in range(100)]))
    # Binomial by theory: 0.5 ± 1.96 * sqrt(.25 / 100) = 0.5 ± 0.098; with 10 clusters ± 0.31.
    assert (apart.low, apart.high) == (pytest.approx(0.402, abs=0.02), pytest.approx(0.598, abs=0.02))
    assert (together.low, together.high) == (pytest.approx(0.2, abs=0.05), pytest.approx(0.8, abs=0.05))


def test_the_interval_repeats_and_follows_the_seed():
    values = seen(*[(f"c{n}", n / 30) for n in range(30)])
    assert estimate(values, seed=1) == estimate(values, seed=1)
    assert estimate(values, seed=1) != estimate(values, seed=2)


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.none() | st.floats(0, 1)), max_size=20), st.randoms())
def test_the_order_of_cases_changes_nothing_and_bounds_enclose_no_impossible_value(pairs, random):
    metric = estimate(seen(*pairs))
    random.shuffle(pairs)
    assert estimate(seen(*pairs)) == metric
    if metric.low is not None and metric.high is not None:
        assert -1e-9 <= metric.low <= metric.high <= 1 + 1e-9


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    rng, held = np.random.default_rng(7), 0
    for _ in range(300):
        draws = rng.random((40, 2)) < rng.beta(4, 2, size=(40, 1))  # 40 articles of two alike questions; truth 2/3
        metric = estimate(seen(*[(f"c{at}", float(value)) for at, pair in enumerate(draws) for value in pair]))
        held += metric.low <= 2 / 3 <= metric.high
    assert 0.91 <= held / 300 <= 0.98
