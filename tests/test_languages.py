import pytest

from rag.intake.languages import language

ENGLISH = "The harbour of Ostwick reopened on Monday after nine days, and forty ships that had waited in the strait came in one after the other while the town stood on the quay and counted them aloud, as it does every year."
RUSSIAN = "В понедельник в Остреве снова открыли порт. Сорок судов, которые ждали в проливе девять дней, входили в гавань одно за другим, а жители стояли на набережной и считали их вслух, как они делают это каждый год."
GERMAN = "Der Hafen von Ostwick ist am Montag nach neun Tagen wieder geöffnet worden, und vierzig Schiffe, die in der Meerenge gewartet hatten, liefen eines nach dem anderen ein, während die Stadt am Kai stand und zählte."


@pytest.mark.parametrize(
    ("stated", "text", "expected"),
    [
        ("en-GB", ENGLISH, "en"),
        ("EN_us", "Short.", "en"),
        (None, ENGLISH, "en"),
        (None, GERMAN, "de"),
        ("eng", ENGLISH, "en"),
        ("en", RUSSIAN, "ru"),
        ("ru", ENGLISH, "en"),
        ("sr", RUSSIAN, "sr"),
        ("en", GERMAN, "en"),
        ("en", "Порт в Остреве снова открыт для судов.", None),
        (None, "Nine ships came in.", None),
        (None, "7 2 9 " * 60, None),
    ],
)
def test_the_language_is_as_stated_unless_the_script_is_another(
    stated: str | None, text: str, expected: str | None
) -> None:
    assert language(stated, text) == expected
