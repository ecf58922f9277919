"""PDF documents -> their words in reading order and their properties; the file that knows pypdfium2."""

from __future__ import annotations

import ctypes
import re
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rag.errors import InputError
from rag.intake import layout, properties
from rag.intake.layout import Line, Piece
from rag.intake.pages import Page
from rag.intake.paragraphs import headline, paragraphs
from rag.records import Removed

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MOST_PAGES = 500
MOST_LETTERS = 5_000_000
SECONDS = 120.0
"""For one document, at most; looked at between its pages."""
_PASSWORD = 4
_LOCK = threading.Lock()
"""PDFium may be used by one thread at a time."""
_GAP = 0.7
"""Of a letter's height: a wider gap may part two columns."""
_HYPHEN = 0x02
"""How PDFium shows a hyphen at a line's end."""


def from_pdf(data: bytes) -> Page:
    """Paragraphs in reading order, without running heads and page numbers, and the document's properties."""
    with _LOCK:
        pages, heights, stated = _read(data)
    if not any(pages):
        raise InputError("The PDF has no text, only pictures. Recognise the text first, with an OCR program.")
    kept, edges = layout.parted(pages, heights)
    removed = tuple(Removed(text, "running head or foot") for text in edges)
    if not any(kept):
        kept, removed = pages, ()
    found = layout.lines(kept)
    title, lines = _title(stated, found)
    return Page("\n\n".join(paragraphs(lines)), stated | title, removed)


def _title(stated: dict[str, object], pages: list[list[Line]]) -> tuple[dict[str, object], list[Line]]:
    """The title where none is stated, and the lines without it."""
    head = headline(next(page for page in pages if page))
    lines = [line for page in pages for line in page]
    words = " ".join(line.text for line in head)
    if not head or ("title" in stated and _folded(words) != _folded(str(stated["title"]))):
        return {}, lines
    rest = [line for line in lines if line not in head]
    return {"title": words}, rest or lines


def _folded(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _read(data: bytes) -> tuple[list[list[Piece]], list[float], dict[str, object]]:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        if error.err_code == _PASSWORD:
            raise InputError("The PDF has a password. Save it without one.") from None
        raise InputError("The PDF is broken or cut short, or is none. Get it again.") from None
    try:
        return _read_open(document)
    except PdfiumError as error:
        raise InputError(f"The PDF is broken: {' '.join(str(error).split())}. Get it again.") from None
    finally:
        document.close()


def _read_open(document: PdfDocument) -> tuple[list[list[Piece]], list[float], dict[str, object]]:
    if not 0 < len(document) <= MOST_PAGES:
        raise InputError(f"The PDF has {len(document) or 'no'} pages; 1 to {MOST_PAGES} are read. Split it.")
    until = time.monotonic() + SECONDS
    pages, heights, letters = [], [], 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        try:
            letters += text.count_chars()
            if letters > MOST_LETTERS or time.monotonic() > until:
                raise InputError(f"The PDF holds too much: reading stopped at page {number + 1}. Split it.")
            turn = _Turn(page.get_rotation(), *_size(page))
            pages.append(list(_pieces(text, turn)))
            heights.append(turn.height)
        finally:
            text.close()
            page.close()
    return pages, heights, _properties(document)


def _size(page: Any) -> tuple[float, float]:
    width, height = page.get_size()
    return float(width), float(height)


class _Turn:
    """From where a letter stands on the sheet to where it stands on the page as it is shown."""

    def __init__(self, degrees: int, width: float, height: float) -> None:
        self.degrees, self.width, self.height = degrees, width, height

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        if self.degrees == 90:
            return bottom, self.height - right, top, self.height - left
        if self.degrees == 180:
            return self.width - right, self.height - top, self.width - left, self.height - bottom
        if self.degrees == 270:
            return self.width - top, left, self.width - bottom, right
        return left, bottom, right, top


def _pieces(page: Any, turn: _Turn) -> Iterator[Piece]:
    """Runs of letters that stand on one line without a wide gap."""
    text: list[int] = []
    left = right = bottom = size = 0.0
    spaced = False
    for unicode, box in _letters(page):
        if unicode in (0x0D, 0x0A):
            spaced = False
            if text:
                yield _piece(text, left, right, bottom, size)
            text = []
            continue
        if unicode in (0x20, 0xA0, 0x09):
            spaced = True
            continue
        x0, y0, x1, y1 = turn.box(*box)
        shifted = abs(y0 - bottom) > 0.3 * max(size, y1 - y0)
        if text and (shifted or not right - size <= x0 <= right + _GAP * size):
            yield _piece(text, left, right, bottom, size)
            text = []
        if not text:
            left, bottom, size = x0, y0, y1 - y0
        elif spaced:
            text.append(0x20)
        text.append(0x2D if unicode == _HYPHEN else unicode)
        right, spaced = x1, False
    if text:
        yield _piece(text, left, right, bottom, size)


def _letters(page: Any) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    """Each character and its box, which is as high as its font is."""
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    for at in range(page.count_chars()):
        unicode = pdfium.FPDFText_GetUnicode(page, at)
        if unicode and pdfium.FPDFText_GetLooseCharBox(page, at, ctypes.byref(box)):
            yield unicode, (box.left, box.bottom, box.right, max(box.top, box.bottom + 0.1))


def _piece(text: list[int], left: float, right: float, bottom: float, size: float) -> Piece:
    units = b"".join(min(unit, 0x10FFFF).to_bytes(4, "little") for unit in text)
    # Halves of a character beyond the first plane come one by one.
    words = units.decode("utf-32-le", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Piece(properties.spelt_out(words), left, max(left, right), bottom, size)


_MADE = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?'?)?)?")


def _properties(document: PdfDocument) -> dict[str, object]:
    """What the document states of itself; when it was made is a guess at when it was published."""
    stated = {
        "title": properties.title(document.get_metadata_value("Title")),
        "authors": properties.author(document.get_metadata_value("Author")),
        "published_at": _time(document.get_metadata_value("CreationDate")),
    }
    return {name: value for name, value in stated.items() if value}


def _time(stated: str) -> str | None:
    match = _MADE.match(stated.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, _, hours, minutes = match.groups()
    zone = f"{hours}:{minutes or '00'}" if hours else "+00:00"
    return f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}{zone}"
