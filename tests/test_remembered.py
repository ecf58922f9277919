"""Vectors kept for texts that are asked for again."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rag.embedder import bundled_embedder
from rag.remembered import Remembered


class Counting:
    """Turns a text into its length, and counts what it was asked."""

    def __init__(self):
        self.asked = []

    def embed(self, texts):
        self.asked += texts
        return np.array([[float(len(text))] for text in texts], dtype=np.float32).reshape(len(texts), 1)


@given(st.lists(st.lists(st.sampled_from(["a", "bb", "ccc", "dddd"]), min_size=1), max_size=6), st.integers(1, 5))
def test_every_text_gets_its_own_vector_however_few_are_kept(calls, most):
    remembered = Remembered(Counting(), most=most)
    for texts in calls:
        assert remembered.embed(texts).tolist() == [[float(len(text))] for text in texts]


def test_a_text_that_is_kept_is_not_embedded_again():
    counting = Counting()
    remembered = Remembered(counting, most=2)
    remembered.embed(["a", "bb", "a"])
    remembered.embed(["bb", "a"])
    assert counting.asked == ["a", "bb"]


def test_what_was_longest_unused_is_forgotten_first():
    counting = Counting()
    remembered = Remembered(counting, most=2)
    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        remembered.embed([text])
    assert counting.asked == ["a", "bb", "ccc", "bb"]


def test_a_kept_vector_is_the_one_that_would_be_made_anew():
    texts = ["The dam broke on Monday.", "Rain fell.", "Eight people died in the valley after the dam had broken."]
    remembered = Remembered(bundled_embedder())
    remembered.embed(texts[:1])
    assert np.array_equal(remembered.embed(texts), bundled_embedder().embed(texts))
