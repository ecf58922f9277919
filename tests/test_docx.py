"""Word documents: what they say and state, and those that cannot be read."""

import io
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import InputError
from rag.intake import docx as reading
from rag.intake.docx import from_docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document() -> Document:
    made = docx.Document()
    made.core_properties.author = "Ann Roe"
    made.core_properties.created = datetime(2024, 2, 28, 9, tzinfo=UTC)
    return made


def saved(made: Document) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def article() -> Document:
    made = document()
    made.add_paragraph("Harbour reopens", style="Title")
    made.add_paragraph("Nine ships came in.")
    made.add_heading("What is next", level=2)
    made.add_paragraph("Two tugs", style="List Bullet")
    made.add_paragraph("One raft", style="List Bullet")
    table = made.add_table(rows=2, cols=2)
    for number, words in enumerate(["Ship", "Crates", "Gull", "7"]):
        table.cell(number // 2, number % 2).text = words
    made.add_paragraph("The port is open.")
    return made


def test_paragraphs_lists_and_tables_keep_their_order() -> None:
    page = from_docx(saved(article()))
    assert page.fields["title"] == "Harbour reopens"
    assert page.text == (
        "Nine ships came in.\n\nWhat is next\n\n- Two tugs\n- One raft\n\nShip | Crates\nGull | 7\n\nThe port is open."
    )


def test_properties_become_fields() -> None:
    made = article()
    made.core_properties.title = "Harbour open again"
    made.core_properties.modified = datetime(2024, 3, 1, tzinfo=UTC)
    fields = from_docx(saved(made)).fields
    assert (fields["title"], fields["authors"]) == ("Harbour open again", "Ann Roe")
    assert str(fields["published_at"]).startswith("2024-02-28")
    assert str(fields["modified_at"]).startswith("2024-03-01")


def test_tracked_changes_are_read_as_accepted() -> None:
    made = document()
    runs = "<w:r><w:t>Nine </w:t></w:r><w:del><w:r><w:delText>boats</w:delText></w:r></w:del>"
    runs += "<w:moveFrom><w:r><w:t>rafts</w:t></w:r></w:moveFrom><w:ins><w:r><w:t>ships</w:t></w:r></w:ins>"
    made.element.body.insert(0, parse_xml(f"<w:p {W}>{runs}<w:r><w:br/><w:t>came in.</w:t></w:r></w:p>"))
    control = f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>Two tugs left.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    made.element.body.insert(1, parse_xml(control))
    assert from_docx(saved(made)).text == "Nine ships\ncame in.\n\nTwo tugs left."


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parcel:
        for name, data in parts.items():
            parcel.writestr(f"{name}.xml", data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        (b"PK\3\4 nothing", "broken or is none of Word's"),
        (packed(word=b"<a/>"), "broken or is none of Word's"),
        (saved(article())[:-400], "broken or is none of Word's"),
        (packed(word=bytes(40_000_000)), "unpacks to too much"),
        (saved(document()), "has no text"),
    ],
)
def test_a_document_that_cannot_be_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_docx(data)


def test_a_bomb_of_many_parts_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "UNPACKED", 100_000)
    with pytest.raises(InputError, match="unpacks to too much"):
        from_docx(packed(**{f"part{number}": bytes(20_000) for number in range(9)}))


GOOD = saved(article())


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=40))
@settings(deadline=None, max_examples=60)
def test_an_altered_document_raises_nothing_but_our_own(at: int, bytes_: bytes) -> None:
    with suppress(InputError):
        assert from_docx(GOOD[:at] + bytes_ + GOOD[at + len(bytes_) :]).text
