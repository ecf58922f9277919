"""What a number of people is told of them."""

from __future__ import annotations

import pytest

from rag.claims import quantities
from rag.summaries.choosing.tolls import toll


@pytest.mark.parametrize(
    ("text", "tolls"),
    [
        ("Nine people died in the flood.", ["dead"]),
        ("Eight people lost their lives.", ["dead"]),
        ("The ministry put the number of people killed at seven.", ["dead"]),
        ("Three people were killed and 11 were missing.", ["dead", "missing"]),
        ("Four people are still missing, 12 were injured.", ["missing", "hurt"]),
        ("Some 4,800 people were evacuated.", ["moved"]),
        ("Police arrested 30 people.", ["held"]),
        ("Line 4 will have 19 stops.", [None, None]),
    ],
)
def test_the_nearest_word_tells_what_is_counted(text: str, tolls: list[str | None]) -> None:
    assert [toll(figure, text) for figure in quantities.find(text)] == tolls
