"""McNemar's exact test, against tables worked out by hand and against scipy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from eval.paired import McNemar, mcnemar

GAINED, LOST, RIGHT, WRONG = (False, True), (True, False), (True, True), (False, False)


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [
        (0, 1, 1.0),  # one coin always falls one way
        (0, 5, 2 / 32),
        (6, 0, 2 / 64),
        (1, 5, 2 * (1 + 6) / 64),
        (3, 3, 1.0),
        (2, 10, 2 * (1 + 12 + 66) / 4096),
    ],
)
def test_p_is_how_likely_a_fair_coin_falls_so_unevenly(gained, lost, p):
    assert mcnemar([GAINED] * gained + [LOST] * lost + [RIGHT] * 7 + [WRONG] * 3) == McNemar(gained, lost, p)


def test_no_changed_case_is_no_evidence():
    assert mcnemar([RIGHT, WRONG, RIGHT]) == McNemar(0, 0, 1.0)
    assert mcnemar([]) == McNemar(0, 0, 1.0)


@given(st.integers(0, 400), st.integers(0, 400))
def test_p_is_that_of_scipy_s_binomial_test(gained, lost):
    expected = binomtest(gained, gained + lost).pvalue if gained + lost else 1.0
    assert mcnemar([GAINED] * gained + [LOST] * lost).p == pytest.approx(expected, rel=1e-9)


def test_thousands_of_changed_cases_overflow_nothing():
    assert 0 <= mcnemar([GAINED] * 3000 + [LOST] * 2000).p < 1e-30
