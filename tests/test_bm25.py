"""Fit of texts to words, against figures worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.bm25 import Posting, shares

LENGTHS = np.array([10.0, 10.0, 10.0])


def test_a_share_is_what_bm25_gives_of_the_most_it_could() -> None:
    once = Posting.of(np.array([1]))
    assert shares([once], LENGTHS).tolist() == pytest.approx([0, 1 / 2.2, 0])
    twice = Posting.of(np.array([1, 1]))
    assert shares([twice], LENGTHS)[1] == pytest.approx(2 / 3.2)


def test_a_rarer_word_weighs_more() -> None:
    rare, common = Posting.of(np.array([0])), Posting.of(np.array([1, 2]))
    weights = math.log(1 + 2.5 / 1.5), math.log(1 + 1.5 / 2.5)
    expected = [weight / sum(weights) / 2.2 for weight in (weights[0], weights[1], weights[1])]
    assert shares([rare, common], LENGTHS).tolist() == pytest.approx(expected)


def test_of_two_texts_with_a_word_the_shorter_fits_better() -> None:
    found = shares([Posting.of(np.array([0, 1]))], np.array([10.0, 30.0, 20.0]))
    assert found[0] > found[1] > found[2] == 0


def test_words_that_nothing_holds_change_nothing() -> None:
    known, unknown = Posting.of(np.array([2])), Posting.of(np.array([], dtype=np.int64))
    assert shares([known, unknown], LENGTHS).tolist() == shares([known], LENGTHS).tolist()
    assert shares([unknown], LENGTHS).tolist() == shares([], LENGTHS).tolist() == [0, 0, 0]


def test_a_group_holds_what_its_texts_hold_together() -> None:
    word = Posting.of(np.array([0, 0, 2]))
    grouped = word.grouped(np.array([0, 1, 1, 2]), np.array([0, 0, 2, 1]), 3)
    assert (grouped.texts.tolist(), grouped.counts.tolist()) == ([0, 1], [2, 3])


@given(st.lists(st.lists(st.integers(0, 5)), max_size=4), st.lists(st.integers(0, 500), min_size=6, max_size=6))
def test_every_share_is_between_nothing_and_all(words: list[list[int]], lengths: list[int]) -> None:
    postings = [Posting.of(np.array(word, dtype=np.int64)) for word in words]
    found = shares(postings, np.array(lengths, dtype=float))
    assert ((found >= 0) & (found <= 1)).all()
    held = set().union(*words)
    assert {place for place in range(6) if found[place] > 0} == held
