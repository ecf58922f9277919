"""Whether an article is an agency's own report or a carrier of it."""

import pytest
from stories import story

from rag.originals import credit, own


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("LINDMOUTH, March 5 (Reuters) - The harbour opened.", "reuters"),
        ("LINDMOUTH (AP) — The harbour opened.", "associated press"),
        ("LINDMOUTH (The Associated Press) – The harbour opened.", "associated press"),
        ("LINDMOUTH, 5 March (Coast News Pool) -- The harbour opened.", "coast news pool"),
        ("The harbour (Lindmouth) opened.", None),
        ("The harbour opened.\nLINDMOUTH (AP) - This is the second line.", None),
        ("(" * 5_000, None),
        ("", None),
    ],
)
def test_the_agency_is_the_one_that_the_first_line_credits(text: str, agency: str | None) -> None:
    assert credit(story("a", text)) == agency


@pytest.mark.parametrize(
    ("source", "text", "is_own"),
    [
        ("Reuters", "The harbour opened.", True),
        ("reuters.com", "The harbour opened.", True),
        ("AP", "The harbour opened.", True),
        ("Associated  Press", "LINDMOUTH (AP) - The harbour opened.", True),
        ("Coast News Pool", "LINDMOUTH (Coast News Pool) - The harbour opened.", True),
        ("Coast Courier", "LINDMOUTH (AP) - The harbour opened.", False),
        ("Coast Courier", "The harbour opened.", False),
        (None, "LINDMOUTH (AP) - The harbour opened.", False),
    ],
)
def test_an_agencys_own_outlet_has_its_own_report(source: str | None, text: str, is_own: bool) -> None:
    assert own(story("a", text, source=source)) is is_own
