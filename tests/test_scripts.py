"""Whether a question is English is told from its letters and its small words."""

import pytest

from rag.scripts import is_english, not_english


@pytest.mark.parametrize(
    "question",
    ["Who is the plant named after?", "dam toll Orlavia flood", "Kim", "Xi Jinping Vladivostok Gagarin", "?"],
)
def test_english_and_what_is_too_short_to_tell_are_taken_for_english(question: str) -> None:
    assert is_english(question)


@pytest.mark.parametrize(
    "question",
    [
        "Сколько человек погибло?",
        "金正恩何时访问俄罗斯",
        "كم عدد القتلى؟",
        "Combien de personnes sont mortes ?",
        "Wie viele Menschen starben",
    ],
)
def test_other_languages_are_told(question: str) -> None:
    assert not is_english(question)


def test_articles_of_another_language_count_where_they_are_most() -> None:
    assert not_english("Who came?", ["ru", "ru", "en"])
    assert not not_english("Who came?", ["ru", None, "en"])


@pytest.mark.parametrize(
    "question",
    [
        "Welches Enzym spaltet Laktose in der Milch?",
        "¿Quién se reunió con Kim?",
        "¿Qué le regaló Putin a Kim?",
        "Wann brach der Damm?",
    ],
)
def test_short_questions_in_other_languages_are_not_english(question: str) -> None:
    assert not is_english(question)


@pytest.mark.parametrize("question", ["Kim Putin Vostochny", "dock strike cost", "Vučić resignation", "El Niño"])
def test_bare_names_and_headline_words_are_english_enough(question: str) -> None:
    assert is_english(question)
