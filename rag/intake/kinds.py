"""Kinds of input: by a file's name, by what a server says, by what it looks like."""

from __future__ import annotations

import codecs
import io
import re
from pathlib import PurePosixPath
from typing import Any, BinaryIO, cast
from urllib.parse import unquote, urlsplit

from rag.intake import gzipped, objects, rows, trees

TEXT = ".txt"
MARKDOWN = (".md", ".markdown")
PAGE = (".html", ".htm")
LINES = (".jsonl", ".ndjson")
TABLES = (".csv", ".tsv")
OBJECT = ".json"
FEED = (".xml", ".rss", ".atom")
PDF = ".pdf"
WORD = ".docx"
PACKED = ".gz"
SUPPORTED = (TEXT, *MARKDOWN, *PAGE, *LINES, OBJECT, *TABLES, PDF, WORD, *FEED)
KNOWN = f"{', '.join(SUPPORTED)}, each also with {PACKED}"

SEEN = 1 << 16
"""Bytes looked at to tell the kind."""


def kind_of_name(name: str) -> str | None:
    """The kind of a file that is called so: its ending, that of what is packed in it included."""
    path = PurePosixPath(name.lower())
    packed = path.suffix == PACKED
    ending = PurePosixPath(path.stem).suffix if packed else path.suffix
    return ending + PACKED * packed if ending in SUPPORTED else None


_TYPES = {
    "text/html": PAGE[0],
    "application/xhtml+xml": PAGE[0],
    "text/markdown": MARKDOWN[0],
    "text/csv": TABLES[0],
    "text/tab-separated-values": TABLES[1],
    "application/pdf": PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": WORD,
    "application/jsonl": LINES[0],
    "application/x-ndjson": LINES[0],
    "application/ndjson": LINES[0],
}


def kind_of(content_type: str, url: str, content: bytes) -> str:
    """The kind of what was fetched: as the server says; what it calls plain text or bytes may be any kind of file."""
    if content_type == "application/json" or content_type.endswith("+json"):
        return LINES[0] if re.search(rb"\}\s*\n\{", content) else OBJECT
    if content_type.endswith("xml") and content_type not in _TYPES:
        return FEED[0]
    return _TYPES.get(content_type) or kind_of_name(unquote(urlsplit(url).path)) or kind_of_start(content)


_MARKUP = re.compile(rb"<(?:!doctype|!--|\?xml|(?:html|head|body|meta|title|article|main|section|div|h1|p)\b)", re.I)
_FEED_ROOTS = {"rss", "feed", "rdf", "urlset", "sitemapindex"}


def kind_of_start(start: bytes) -> str:
    """The kind of what begins so, with its first line or more."""
    if start.startswith(gzipped.MAGIC):
        return PACKED
    if start.startswith(b"%PDF-"):
        return PDF
    if start.startswith(b"PK\3\4"):
        return WORD
    start = start.removeprefix(codecs.BOM_UTF8)
    shown = start.lstrip()
    if shown.startswith((b"{", b"[")):
        return LINES[0] if objects.is_line(shown) else OBJECT
    if trees.begins(shown) in _FEED_ROOTS:
        return FEED[0]
    if _MARKUP.match(shown):
        return PAGE[0]
    if re.match(rb"---[ \t]*\r?\n", start):
        return MARKDOWN[0]
    return TABLES[0] if rows.is_header(shown.partition(b"\n")[0]) else TEXT


def opening(file: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream, and the whole of it, of which nothing is lost."""
    start = file.read(SEEN)
    return start, _whole(start, file)


def begun(file: BinaryIO, most: int) -> tuple[bytes, BinaryIO]:
    """The first line that is not blank with what is before it, and the whole stream, of which nothing is lost."""
    start = b""
    while not start.removeprefix(codecs.BOM_UTF8).strip() and len(start) < most:
        line = file.readline(most)
        if not line:
            break
        start += line
    return start, _whole(start, file)


def _whole(start: bytes, file: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Begun(start, file), 1 << 16))


class _Begun(io.RawIOBase):
    """A stream whose start was read already, given as soon as it comes."""

    def __init__(self, start: bytes, file: BinaryIO) -> None:
        self._start, self._file = start, file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer).cast("B")
        data = self._start[: len(target)] or self._file.readline(len(target))
        self._start = self._start[len(target) :]
        target[: len(data)] = data
        return len(data)
