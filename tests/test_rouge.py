"""ROUGE by hand: words, pairs and sequences shared, as F1."""

from __future__ import annotations

import pytest

from benchmarks.rouge import rouge, words

POLICE = "Police killed the gunman."


def test_words_are_lower_cased_letters_and_figures_not_stemmed() -> None:
    assert words("The Dockers' 7.2% — £31m!") == ["the", "dockers", "7", "2", "31m"]


def test_the_same_text_shares_everything() -> None:
    scores = rouge([POLICE], [POLICE])
    assert (scores.one, scores.two, scores.long, scores.union) == (1, 1, 1, 1)


@pytest.mark.parametrize(("reference", "summary"), [([POLICE], ["Nobody came."]), ([POLICE], []), ([], [POLICE])])
def test_texts_without_a_word_in_common_share_nothing(reference: list[str], summary: list[str]) -> None:
    scores = rouge(reference, summary)
    assert (scores.one, scores.two, scores.long, scores.union) == (0, 0, 0, 0)


def test_order_counts_for_pairs_and_sequences_only() -> None:
    """Lin's own pair: the gunman kill police."""
    scores = rouge(["police kill the gunman"], ["the gunman kill police"])
    assert scores.one == 1
    assert scores.two == pytest.approx(1 / 3)  # "the gunman", of three pairs each
    assert scores.long == pytest.approx(2 / 4)  # "the gunman"
    assert rouge(["police killed the gunman"], ["police kill the gunman"]).long == pytest.approx(3 / 4)


def test_a_word_counts_as_often_as_both_have_it() -> None:
    scores = rouge(["the ship the port"], ["the the the"])
    assert scores.one == pytest.approx(2 * 2 / (4 + 3))


def test_precision_and_recall_weigh_the_same() -> None:
    scores = rouge(["a b c d e f"], ["a b"])
    assert scores.one == pytest.approx(0.5)  # precision 1, recall 1/3
    assert scores.two == pytest.approx(2 * 1 / (5 + 1))


def test_sequences_of_several_sentences_are_united() -> None:
    """Lin's own example: w1 w2 w3 w4 w5 beside w1 w2 w6 w7 w8 and w1 w3 w8 w9 w5."""
    scores = rouge(["w1 w2 w3 w4 w5"], ["w1 w2 w6 w7 w8", "w1 w3 w8 w9 w5"])
    assert scores.union == pytest.approx(2 * 4 / (5 + 10))  # w1, w2, w3 and w5: recall 4/5, precision 4/10


def test_a_sequence_over_the_whole_text_may_go_from_sentence_to_sentence() -> None:
    scores = rouge(["w1 w2 w3 w4 w5"], ["w1 w3 w6", "w2 w5"])
    assert scores.long == pytest.approx(2 * 3 / (5 + 5))  # w1, w2 or w3, w5
    assert scores.union == pytest.approx(2 * 4 / (5 + 5))


def test_sentences_in_another_order_lose_nothing_when_united() -> None:
    scores = rouge(["one two three", "four five six"], ["four five six", "one two three"])
    assert scores.union == 1
    assert scores.long == pytest.approx(0.5)
    assert scores.two == pytest.approx(4 / 5)


def test_a_word_of_the_summary_is_used_once() -> None:
    assert rouge(["a b", "a c"], ["a"]).union == pytest.approx(2 * 1 / (4 + 1))
