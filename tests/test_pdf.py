"""PDFs as newspapers and agencies make them, and those that cannot be read."""

import threading
from contextlib import suppress
from itertools import chain, zip_longest
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfs import Drawn, column, pdf

from rag.errors import InputError
from rag.intake import pdf as reading
from rag.intake.pdf import from_pdf
from rag.intake.readings import Reading
from rag.intake.sources import read

LEFT = column(
    60, 700,
    "The harbour of Ostmark re-",
    "opened on Monday, a week af-",
    "ter the storm. Nine ships",
    "came in before noon, the",
    "harbour master said, and",
    "two tugs helped.",
)  # fmt: skip
RIGHT = column(
    200, 700,
    "Fishers waited on the quay",
    "for the long-term plan that",
    "the port had promised, and",
    "for the north-east berths.",
    "   The long-",
    "term plan is due in May.",
)  # fmt: skip
HEAD: list[Drawn] = [(60, 760, 22, "Harbour reopens after the storm")]
TEXT = (
    "The harbour of Ostmark reopened on Monday, a week after the storm. Nine ships came in before noon, the harbour "
    "master said, and two tugs helped.\n\n"
    "Fishers waited on the quay for the long-term plan that the port had promised, and for the north-east berths.\n\n"
    "The long-term plan is due in May."
)


def rowwise(*columns: list[Drawn]) -> list[Drawn]:
    """Drawn line by line across the columns, as layout programs that think in rows do."""
    return [line for line in chain.from_iterable(zip_longest(*columns)) if line]


@pytest.mark.parametrize(
    "body", [LEFT + RIGHT, rowwise(LEFT, RIGHT), RIGHT + LEFT], ids=["columns", "rows", "reversed"]
)
def test_columns_are_read_one_after_the_other(body: list[Drawn]) -> None:
    page = from_pdf(pdf(HEAD + body))
    assert page.fields["title"] == "Harbour reopens after the storm"
    assert page.text == TEXT


def test_what_crosses_columns_parts_what_is_above_from_what_is_below() -> None:
    across = [(60.0, 600.0, 14.0, "Two tugs are to be bought for the port this year")]
    lower = [(left, bottom - 160, size, words) for left, bottom, size, words in rowwise(LEFT, RIGHT)]
    parts = from_pdf(pdf(HEAD + rowwise(LEFT, RIGHT) + across + lower)).text.split("\n\n")
    begins = ["The harbour", "Fishers wai", "The long-te"]
    assert [part[:11] for part in parts] == [*begins, "Two tugs ar", *begins]


def test_three_columns_are_read_in_order() -> None:
    columns = [
        column(60 + 160 * number, 700, *(f"{name} column line {line} goes" for line in range(5)))
        for number, name in enumerate(["First", "Second", "Third"])
    ]
    text = from_pdf(pdf(rowwise(*columns))).text
    assert text.index("First column line 4") < text.index("Second column line 0")
    assert text.index("Second column line 4") < text.index("Third column line 0")


def test_running_heads_feet_and_page_numbers_are_taken_out() -> None:
    pages = [
        [
            (60.0, 810.0, 8.0, "The Ostmark Post"),
            (300.0, 30.0, 8.0, f"Page {n} of 3"),
            *column(60, 700, f"Paragraph {n} tells of ships that", "came in on one of these days."),
        ]
        for n in (1, 2, 3)
    ]
    page = from_pdf(pdf(*pages))
    assert "Ostmark Post" not in page.text
    assert "Page" not in page.text
    assert {removed.text for removed in page.removed} >= {"The Ostmark Post", "Page 1 of 3", "Page 3 of 3"}


def test_a_paragraph_goes_on_over_a_page_end() -> None:
    first = column(60, 200, "The harbour master said on Monday", "that nine of the ships which had")
    second = column(60, 780, "waited outside the mole came in.")
    assert from_pdf(pdf(first, second)).text.count("\n\n") == 0


def test_indents_and_gaps_begin_paragraphs() -> None:
    lines = column(60, 700, "Nine ships came in on Monday, the", "harbour master told the council.")
    lines += [
        (75.0, 676.0, 10.0, "Two tugs left the harbour later"),
        *column(60, 664, "on the same day, in calm water."),
    ]
    lines += column(60, 630, "A third waits for repairs.")
    assert len(from_pdf(pdf(lines)).text.split("\n\n")) == 3


def test_a_large_initial_is_put_before_its_word() -> None:
    lines = [
        (60.0, 664.0, 48.0, "N"),
        *column(98, 700, "ine ships came in on", "Monday and two tugs", "left for the islands"),
    ]
    lines += column(60, 652, "in calm water, they said.")
    assert from_pdf(pdf(lines)).text.startswith("Nine ships came in on Monday")


@pytest.mark.parametrize(
    ("title", "kept"),
    [("Nine ships come in", "Nine ships come in"), ("Microsoft Word - a.docx", None), ("a_b.indd", None), ("", None)],
)
def test_properties_are_believed_where_a_person_wrote_them(title: str, kept: str | None) -> None:
    page = from_pdf(pdf(HEAD + LEFT, title=title, author="Ann Roe" if kept else "Administrator"))
    assert page.fields["title"] == (kept or "Harbour reopens after the storm")
    assert page.fields.get("authors") == ("Ann Roe" if kept else None)


def test_the_time_of_making_is_a_guess_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(HEAD + LEFT))
    found = next(read(tmp_path / "a.pdf"))
    assert isinstance(found, Reading)
    assert found.article.published_at is not None
    assert any("when its file was made" in note for note in found.notes)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pdf(HEAD, password="secret"), "has a password"),
        (pdf([]), "no text, only pictures"),
        (pdf(HEAD)[:400], "broken or cut short"),
        (b"%PDF-1.4\nnothing", "broken or cut short"),
        (b"plain words", "broken or cut short"),
    ],
)
def test_a_pdf_that_cannot_be_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_pdf(data)


def test_a_pdf_of_too_many_pages_or_letters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PAGES", 2)
    with pytest.raises(InputError, match="3 pages; 1 to 2 are read"):
        from_pdf(pdf(HEAD, HEAD, HEAD))
    monkeypatch.setattr(reading, "MOST_LETTERS", 50)
    with pytest.raises(InputError, match="reading stopped at page 2"):
        from_pdf(pdf(HEAD, HEAD))


def test_threads_read_side_by_side() -> None:
    data, texts = pdf(HEAD + LEFT + RIGHT), []
    threads = [threading.Thread(target=lambda: texts.append(from_pdf(data).text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [TEXT] * 4


GOOD = pdf(HEAD + LEFT + RIGHT)


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=40))
@settings(deadline=None, max_examples=60)
def test_an_altered_pdf_raises_nothing_but_our_own(at: int, bytes_: bytes) -> None:
    with suppress(InputError):
        assert from_pdf(GOOD[:at] + bytes_ + GOOD[at + len(bytes_) :]).text
