"""Word documents -> their words and properties; the file that knows python-docx."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from rag.errors import InputError
from rag.intake import properties
from rag.intake.pages import Page

if TYPE_CHECKING:
    from docx.document import Document

UNPACKED = 200_000_000
LARGEST_PART = 30_000_000
"""Bytes of XML in one part; a tree of it takes some ten times as much memory."""
_RATIO = 200
_MOST_PARTS = 10_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BROKEN = "The document is broken or is none of Word's. Open it in Word and save it again as .docx."
_FAULTS = (
    *(KeyError, ValueError, AttributeError, IndexError, TypeError, AssertionError, NotImplementedError),
    *(SyntaxError, EOFError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error),
)
"""What zipfile, lxml and python-docx raise over documents that are not what they say."""


def from_docx(data: bytes) -> Page:
    """Paragraphs, headings, lists and tables in their order, without what tracked changes delete."""
    if data.startswith(_OLE):
        raise InputError("It has a password or is of Word's old format. Save it as .docx without a password.")
    document = _opened(data)
    try:
        styles = {style.style_id: str(style.name or "").lower() for style in document.styles}
        blocks = [block for block in _blocks(document.element.body, styles) if block[1]]
        fields = _properties(document)
    except _FAULTS:
        raise InputError(_BROKEN) from None
    if not blocks:
        raise InputError("The document has no text. If it holds pictures of text, recognise the text first.")
    if "title" not in fields and blocks[0][0] == "title":
        fields["title"] = blocks[0][1]
    if blocks[0][1] == fields.get("title"):
        blocks = blocks[1:]
    return Page("".join(_parted(blocks)).strip(), fields)


def _opened(data: bytes) -> Document:
    from docx import Document
    from docx.opc.exceptions import OpcError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _refuse_bomb(parts.infolist(), len(data))
        return Document(io.BytesIO(data))
    except (*_FAULTS, OpcError):
        raise InputError(_BROKEN) from None


def _refuse_bomb(parts: list[zipfile.ZipInfo], size: int) -> None:
    """What is stated here is what zipfile unpacks at most."""
    unpacked = sum(part.file_size for part in parts)
    xml = max((part.file_size for part in parts if part.filename.lower().endswith((".xml", ".rels"))), default=0)
    if len(parts) > _MOST_PARTS or unpacked > UNPACKED or xml > LARGEST_PART or unpacked > max(10**7, _RATIO * size):
        raise InputError(f"The document unpacks to too much: {unpacked // 1_000_000} MB. Save its text alone.")


def _blocks(parent: Any, styles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Kind and words of each paragraph and table row; content controls and insertions are looked into."""
    for element in parent:
        if element.tag == f"{_W}p":
            yield _kind(element, styles), _words(element)
        elif element.tag == f"{_W}tbl":
            yield from _rows(element)
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"):
            yield from _blocks(element, styles)


def _rows(table: Any) -> Iterator[tuple[str, str]]:
    for number, row in enumerate(table.iterchildren(f"{_W}tr", f"{_W}sdt")):
        cells = [" ".join(_cell(cell).split()) for cell in row.iter(f"{_W}tc") if _is_own(cell, table)]
        if any(cells):
            yield "row" if number else "block", " | ".join(cells)


def _is_own(cell: Any, table: Any) -> bool:
    """Whether the cell is no cell of a table inside the table."""
    return next(cell.iterancestors(f"{_W}tbl"), None) is table


def _cell(cell: Any) -> str:
    return " ".join(_words(paragraph) for paragraph in cell.iter(f"{_W}p"))


def _kind(paragraph: Any, styles: Mapping[str, str]) -> str:
    style = paragraph.find(f"{_W}pPr/{_W}pStyle")
    name = "" if style is None else styles.get(style.get(f"{_W}val"), "")
    if name == "title":
        return "title"
    numbered = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    return "item" if numbered or name.startswith("list") else "block"


_SHOWN = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_UNREAD = {f"{_W}{name}" for name in ("del", "moveFrom", "txbxContent", "pPr", "rPr")}


def _words(element: Any) -> str:
    """The words of a paragraph as they stand once its tracked changes are accepted; none of text boxes."""
    return properties.spelt_out("".join(_pieces(element)).strip())


def _pieces(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SHOWN:
            yield _SHOWN[child.tag]
        elif child.tag not in _UNREAD:
            yield from _pieces(child)


def _parted(blocks: list[tuple[str, str]]) -> Iterator[str]:
    above = ""
    for kind, words in blocks:
        together = kind == "row" or (kind == above == "item")
        yield ("\n" if together else "\n\n") + ("- " if kind == "item" else "") + words
        above = kind


def _properties(document: Document) -> dict[str, object]:
    core = document.core_properties
    author = properties.author(core.author)
    stated = {
        "title": properties.title(core.title),
        "authors": author,
        "language": core.language or None,
        # Those of python-docx's own template are of 2013.
        "published_at": core.created if core.author != "python-docx" else None,
        "modified_at": core.modified if core.author != "python-docx" else None,
    }
    return {name: value for name, value in stated.items() if value}
