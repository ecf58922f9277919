"""Words are folded alike however they are spelled, by any number of threads."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.retrieval import query_words
from rag.words import indexable, stem, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Žďárov’s Café", ["zdarov", "cafe"]),
        ("It isn't O'Brien's", ["it", "isn't", "o'brien"]),
        ("Su-35 and 1,200", ["su", "35", "and", "1", "200"]),
    ],
)
def test_accents_case_and_possessives_are_folded(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_forms_of_an_irregular_verb_share_a_stem() -> None:
    assert stems("gave given gives giving") == ("give",) * 4
    assert stem("found") != stem("find")


def test_a_query_looks_for_all_forms_of_an_irregular_verb() -> None:
    assert query_words("What did Putin give?") == ("putin", "give", "gave", "given")


def test_a_query_of_stopwords_alone_is_still_a_query() -> None:
    assert query_words("who was it?") == ("who", "was", "it")


def test_threads_get_the_stems_that_one_alone_gets() -> None:
    many = [
        f"{start}{end}" for start in ("nation", "govern", "report", "collaps") for end in ("al", "ments", "ing", "ed")
    ] * 50
    alone = [stem.__wrapped__(word) for word in many]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem.__wrapped__, many)) == alone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("北京大学", ["北京", "京大", "大学"]),
        ("雪", ["雪"]),
        ("2024年の選挙", ["2024", "年の", "の選", "選挙"]),
        ("서울에서", ["서울", "울에", "에서"]),
        ("Москва́ и Йошкар", ["москва", "и", "иошкар"]),
        ("أحمد", ["احمد"]),
    ],
)
def test_words_of_any_script_are_folded_and_those_without_spaces_parted(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_english_is_indexed_as_it_stands() -> None:
    text = "“It’s a 5% rise,” O’Brien said — the Fed™ didn’t."
    assert indexable(text) == text
