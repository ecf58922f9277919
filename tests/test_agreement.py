"""A judge against people: statistics worked out by hand, and intervals that hold the truth."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.agreement import Agreement, Confusion, Corrected, Ruling, agreement, corrected
from eval.metrics import Metric, Observation, estimate

MEANS = ("accuracy", "sensitivity", "specificity", "balanced_accuracy", "kappa", "precision", "recall", "f1")


def rulings(tp=0, fn=0, fp=0, tn=0, unruled=0) -> list[Ruling]:
    kinds = (tp, True, True), (fn, True, False), (fp, False, True), (tn, False, False), (unruled, True, None)
    rows = [(label, ruled) for count, label, ruled in kinds for _ in range(count)]
    return [Ruling(f"d{at}", label, ruled) for at, (label, ruled) in enumerate(rows)]


def means(found: Agreement) -> dict[str, float | None]:
    return {name: getattr(found, name).mean for name in MEANS}


def known(mean: float, low: float | None = None, high: float | None = None) -> Metric:
    return Metric(mean, low, high, 100, 0)


def test_every_statistic_is_as_worked_out_by_hand():
    found = agreement(rulings(tp=20, fn=5, fp=10, tn=15))
    assert found.confusion == Confusion(20, 5, 10, 15)
    # Cohen's own arithmetic: 0.7 observed; by chance 0.5 * 0.6 + 0.5 * 0.4 = 0.5; so 0.2 / 0.5.
    assert means(found) == pytest.approx(
        {
            "accuracy": 0.7,
            "sensitivity": 0.8,
            "specificity": 0.6,
            "balanced_accuracy": 0.7,
            "kappa": 0.4,
            "precision": 2 / 3,
            "recall": 0.8,
            "f1": 8 / 11,
        }
    )


def test_what_is_looked_for_may_be_the_false_items():
    found = agreement(rulings(tp=20, fn=5, fp=10, tn=15), positive=False)
    assert (found.precision.mean, found.recall.mean, found.f1.mean) == pytest.approx((15 / 20, 15 / 25, 30 / 45))
    assert (found.sensitivity.mean, found.specificity.mean) == (0.8, 0.6)


def test_what_could_not_be_ruled_on_is_counted_apart():
    found, without = agreement(rulings(tp=3, fp=1, tn=4, unruled=5)), agreement(rulings(tp=3, fp=1, tn=4))
    assert (found.unruled, means(found)) == (5, means(without))
    assert (found.accuracy.unscored, found.kappa.unscored, found.sensitivity.unscored) == (5, 5, 5)
    assert found.specificity.unscored == 0


def test_what_divides_by_nothing_is_none():
    one_label = agreement(rulings(tp=4, fn=1))
    assert (one_label.specificity.mean, one_label.balanced_accuracy.mean) == (None, None)
    assert (one_label.sensitivity.mean, one_label.kappa.mean) == (0.8, 0.0)
    assert agreement(rulings(tn=3)).f1.mean is None
    assert set(means(agreement([])).values()) == set(means(agreement(rulings(unruled=2))).values()) == {None}


def test_a_perfect_judge_on_few_documents_is_not_certain():
    found = agreement(rulings(tp=10, tn=10))
    for name in MEANS:
        metric = getattr(found, name)
        assert metric.mean == metric.high == 1
        assert 0.4 < metric.low < 0.95, name


def test_one_document_gives_no_interval():
    found = agreement([Ruling("d", label, True) for label in (True, True, False)])
    assert [(getattr(found, name).low, getattr(found, name).high) for name in MEANS] == [(None, None)] * len(MEANS)


def test_many_items_on_one_document_widen_the_interval():
    items = rulings(tp=40, fn=10, fp=10, tn=40)
    together = [Ruling(f"d{at // 10}", item.label, item.ruled) for at, item in enumerate(items)]
    apart, alike = agreement(items).accuracy, agreement(together).accuracy
    assert apart.mean == alike.mean
    assert alike.high - alike.low > 2 * (apart.high - apart.low)


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.booleans(), st.sampled_from([True, False, None])), max_size=25),
    st.randoms(),
)
def test_order_changes_nothing_and_bounds_enclose_the_mean(rows, random):
    items = [Ruling(*row) for row in rows]
    found = agreement(items)
    random.shuffle(items)
    assert agreement(items) == found
    for name in MEANS:
        metric = getattr(found, name)
        assert metric.scored + metric.unscored <= len(items)
        if metric.low is not None:
            assert -1 - 1e-9 <= metric.low <= metric.mean <= metric.high <= 1 + 1e-9


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    # True items are accepted with chance 0.85, false ones rejected with 0.75; both as likely. So accuracy 0.8,
    # kappa 0.6, precision 0.425 / 0.55, and F1 0.85 / 1.05.
    truth = {
        "sensitivity": 0.85,
        "balanced_accuracy": 0.8,
        "kappa": 0.6,
        "precision": 0.425 / 0.55,
        "f1": 0.85 / 1.05,
    }
    rng, suites = np.random.default_rng(3), 300
    held = dict.fromkeys(truth, 0)
    for _ in range(suites):
        found = agreement(_simulated(rng, documents=60, each=3))
        for name, value in truth.items():
            held[name] += getattr(found, name).low <= value <= getattr(found, name).high
    assert {name: count / suites for name, count in held.items() if not 0.92 <= count / suites <= 0.99} == {}


def test_a_judged_share_is_corrected_as_rogan_and_gladen_do():
    # Of 100 items 80 are true: 0.9 of them and 0.3 of the other 20 are found true, 78 in all.
    found = corrected(known(0.78, 0.7, 0.85), known(0.9, 0.85, 0.95), known(0.7, 0.6, 0.8))
    assert found.mean == pytest.approx(0.8)
    assert 0 < found.low < 0.7 < 0.8 < found.high < 1, "wider than the judged share alone, (0.7 - 0.3) / 0.6"


def test_a_perfect_judge_corrects_nothing():
    found = corrected(known(0.4, 0.3, 0.5), known(1, 1, 1), known(1, 1, 1))
    assert found == Corrected(pytest.approx(0.4), pytest.approx(0.3), pytest.approx(0.5))


@pytest.mark.parametrize(("share", "mean"), [(0.05, 0.0), (0.99, 1.0)])
def test_a_correction_never_leaves_the_shares(share, mean):
    found = corrected(known(share, share, share), known(0.9, 0.8, 0.95), known(0.8, 0.7, 0.9))
    assert found.mean == mean
    assert 0 <= found.low <= mean <= found.high <= 1


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ((known(0.5, 0.4, 0.6), known(0.6), known(0.4)), "no better than chance"),
        ((known(0.5, 0.4, 0.6), known(0.2), known(0.3)), "sensitivity 0.20 and specificity 0.30"),
        ((Metric(None, None, None, 0, 4), known(0.9), known(0.9)), "the judged share could not be measured"),
        ((known(0.5), Metric(None, None, None, 0, 0), known(0.9)), "sensitivity could not be measured"),
    ],
)
def test_what_cannot_be_corrected_says_why(inputs, reason):
    found = corrected(*inputs)
    assert (found.mean, found.low, found.high) == (None, None, None)
    assert reason in found.reason


def test_a_correction_without_bounds_says_that_it_has_none():
    found = corrected(known(0.78, 0.7, 0.8), known(0.9), known(0.7))
    assert (found.mean, found.low, found.high) == (pytest.approx(0.8), None, None)
    assert "too few documents" in found.reason


def test_the_corrected_interval_holds_the_true_share():
    rng, suites, held, uncorrected = np.random.default_rng(5), 300, 0, 0
    for _ in range(suites):
        judge = agreement(_simulated(rng, documents=80, each=3))
        judged = rng.random(200) < 0.9 * 0.85 + 0.1 * 0.25  # 90 % are true
        share = estimate([Observation(f"c{at // 2}", float(value)) for at, value in enumerate(judged)])
        found = corrected(share, judge.sensitivity, judge.specificity)
        held += found.low <= 0.9 <= found.high
        uncorrected += share.low <= 0.9 <= share.high
    assert 0.92 <= held / suites <= 0.99
    assert uncorrected / suites < 0.1


def _simulated(rng: np.random.Generator, documents: int, each: int) -> list[Ruling]:
    """One judge on documents whose items are ruled alike more often than by chance."""
    items = []
    for document in range(documents):
        shared = rng.random()
        for _ in range(each):
            label = rng.random() < 0.5
            chance = shared if rng.random() < 0.2**0.5 else rng.random()
            right = chance < (0.85 if label else 0.75)
            items.append(Ruling(f"d{document}", label, label is right))
    return items
