"""Files, folders, addresses and standard input -> articles: reads, and says of each what was wrong with it."""

from __future__ import annotations

import codecs
import io
import json
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from rag.errors import InputError
from rag.intake import markdown, metadata, pages
from rag.intake.cleaning import clean, normalise
from rag.records import Article, Failure
from rag.settings import setting

if TYPE_CHECKING:
    from rag.intake.fetch import Page

MARKDOWN = (".md", ".markdown")
PAGE = (".html", ".htm")
LINES = (".jsonl", ".ndjson")
SUPPORTED = (".txt", *MARKDOWN, *PAGE, *LINES)
LARGEST = 50_000_000
LONGEST_LINE = 64_000_000
_OBJECT = ".json"


def read(path: str | Path) -> Iterator[Article | Failure]:
    """Articles of a file, folder (recursively, sorted) or web address, and a Failure for each input that holds none.

    ``-`` stands for standard input. Reads as it goes, JSON Lines line by line.
    Symbolic links to folders inside a folder are not followed, hidden files and other kinds of files are ignored.
    """
    name = str(path)
    if name == "-":
        return _reported(name, _standard_input())
    if re.match(r"[a-z][a-z0-9+.-]+://", name, re.IGNORECASE):
        return _reported(_without_password(name), _address(name))
    if not os.path.exists(name):
        return iter([Failure(name, None, "No such file or folder. Check the path.")])
    return _folder(Path(path)) if os.path.isdir(name) else _reported(name, _file(Path(path)))


def _without_password(address: str) -> str:
    return re.sub(r"(?<=://)[^/?#]*@", "***@", address)


def _reported(name: str, articles: Iterator[Article | Failure]) -> Iterator[Article | Failure]:
    """The same articles; what stops them is a Failure at the end."""
    try:
        yield from articles
    except OSError as error:
        yield Failure(name, None, f"Cannot be read: {error.strerror or error}.")
    except InputError as error:
        yield Failure(name, None, str(error))


def expected(path: str | Path) -> int | None:
    """How many articles a file or folder may hold, counting files and lines; ``None`` where only reading tells."""
    name = str(path)
    if not os.path.exists(name):
        return None
    files = list(_walk(Path(path))) if os.path.isdir(name) else [Path(path)]
    readable = [file for file in files if isinstance(file, Path)]
    return sum(_count_lines(file) if file.name.lower().endswith(LINES) else 1 for file in readable)


def _count_lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 1


def _folder(folder: Path) -> Iterator[Article | Failure]:
    barren = True
    for found in _walk(folder):
        barren = False
        if isinstance(found, Failure):
            yield found
        else:
            yield from _reported(str(found), _file(found))
    if barren:
        yield Failure(str(folder), None, f"The folder holds no article. Known files are {', '.join(SUPPORTED)}.")


def _walk(folder: Path) -> Iterator[Path | Failure]:
    """Files of a folder that may hold articles, in order, and a Failure for each folder that cannot be listed."""
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path.is_dir():
            try:
                inside = [path / entry.name for entry in os.scandir(path) if _wanted(entry)]
            except OSError as error:
                yield Failure(str(path), None, f"Cannot be read: {error.strerror or error}.")
                continue
            waiting.extend(sorted(inside, reverse=True))
        elif not _is_readme(path):
            yield path


def _wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_dir():
        return not entry.is_symlink()  # a link may lead back up
    return entry.name.lower().endswith(SUPPORTED)


def _is_readme(path: Path) -> bool:
    """A note about the folder, unless front matter says that it is an article."""
    if path.stem.lower() != "readme" or path.suffix.lower() not in MARKDOWN or not path.is_file():
        return False
    with path.open("rb") as file:
        return not file.read(10).removeprefix(codecs.BOM_UTF8).startswith(b"---")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where something was read."""

    name: str
    """How failures call it."""
    origin: str | None = None
    address: str | None = None
    """Where on the web it was fetched, if it was."""

    def line(self, number: int) -> _Place:
        """A line of it. Lines move, so none is an origin by which an article is known again."""
        return replace(self, origin=None, address=self.address and f"{self.address}#L{number}")


def _file(path: Path) -> Iterator[Article | Failure]:
    if not path.is_file():
        raise InputError("Not a regular file. Name a file or folder.")
    kind = path.suffix.lower()
    if kind not in SUPPORTED:
        raise InputError(f"Unknown kind of file. Known are {', '.join(SUPPORTED)}.")
    with path.open("rb") as file:
        _refuse_binary(file.read(8192))
        file.seek(0)
        yield from _articles(file, kind, _Place(str(path), origin=str(path.absolute())))


def _standard_input() -> Iterator[Article | Failure]:
    """What is piped in, of the kind that its first line shows; without origin, so that no input revises another."""
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("Standard input is a terminal or closed. Pipe an article into it, or name a file.")
    file = sys.stdin.buffer
    start = b""
    while not start.removeprefix(codecs.BOM_UTF8).strip() and len(start) < 8192:
        line = file.readline(LONGEST_LINE)
        if not line:
            break
        start += line
    yield from _articles(file, _kind(start), _Place("-"), start=start)


def _address(address: str) -> Iterator[Article | Failure]:
    from rag.intake.fetch import fetch

    page = fetch(address, allow_private=setting("GROUNDWIRE_ALLOW_PRIVATE") == "1")
    place = _Place(address, origin=address, address=page.url)
    yield from _articles(io.BytesIO(_utf_8(page)), _kind_of_page(page), place)


_KINDS = {"text/html": ".html", "application/xhtml+xml": ".html", "text/markdown": ".md"}


def _kind_of_page(page: Page) -> str:
    """As the server says; what it calls plain text may be any kind of file, and JSON one object or a line each."""
    if page.content_type == "text/plain":
        ending = Path(urlsplit(page.url).path).suffix.lower()
        return ending if ending in SUPPORTED else _kind(page.content)
    if page.content_type == "application/json" and b"\n{" not in page.content:
        return _OBJECT
    return _KINDS.get(page.content_type, ".jsonl")


def _utf_8(page: Page) -> bytes:
    """The content with the charset of the HTTP header, which stands above the page's own, where that fits."""
    try:
        return page.content if page.charset is None else codecs.BOM_UTF8 + page.content.decode(page.charset).encode()
    except UnicodeError:
        return page.content


_MARKUP = re.compile(rb"<(?:!doctype|!--|\?xml|(?:html|head|body|meta|title|article|main|section|div|h1|p)\b)", re.I)


def _kind(start: bytes) -> str:
    """The kind of text that begins so."""
    start = start.removeprefix(codecs.BOM_UTF8)
    shown = start.lstrip()
    if shown.startswith(b"{"):
        return ".jsonl"
    if _MARKUP.match(shown):
        return ".html"
    return ".md" if re.match(rb"---[ \t]*\r?\n", start) else ".txt"


def _articles(file: BinaryIO, kind: str, place: _Place, *, start: bytes = b"") -> Iterator[Article | Failure]:
    """The articles of a stream of one kind, of which ``start`` has been read already."""
    if kind in LINES:
        yield from _lines(chain(io.BytesIO(start), iter(lambda: file.readline(LONGEST_LINE), b"")), place)
    else:
        yield _article(start + file.read(max(0, LARGEST + 1 - len(start))), kind, place)


def _article(data: bytes, kind: str, place: _Place) -> Article:
    _check(data)
    if kind == _OBJECT:
        return _from_json(data, place)
    if kind in PAGE:
        page = pages.from_html(data)
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        return metadata.article(page.fields, page.text, origin=place.origin, address=place.address, latest=tomorrow)
    text = _decoded(data)
    if not normalise(text):
        raise InputError(_EMPTY)
    if kind in MARKDOWN:
        page = markdown.from_markdown(text)
        return metadata.article(page.fields, page.text, origin=place.origin, address=place.address)
    title, _, body = clean(text).partition("\n")
    return metadata.article({"title": title}, body, origin=place.origin, address=place.address)


_EMPTY = "It is empty. Put an article into it."
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _check(data: bytes) -> None:
    if len(data) > LARGEST:
        raise InputError(f"It is too large: over {LARGEST // 1_000_000} MB. Split it, or use JSON Lines.")
    if not data.strip():
        raise InputError(_EMPTY)
    _refuse_binary(data)


def _refuse_binary(data: bytes) -> None:
    if b"\0" in data and not data.startswith(_UTF_16):
        raise InputError("It looks binary. Save its text as UTF-8.")


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith(_UTF_16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise InputError(f"Not {name} text (byte {error.start + 1}). Convert it to UTF-8.") from None


def _lines(pieces: Iterator[bytes], place: _Place) -> Iterator[Article | Failure]:
    """One article a line; a bad line is reported and the rest goes on."""
    empty = True
    for number, line in enumerate(_whole(pieces), 1):
        if line is not None and not line.removeprefix(codecs.BOM_UTF8).strip():
            continue
        if empty and line is not None:
            _refuse_encoding(line)
        empty = False
        try:
            if line is None:
                raise InputError(f"The line is too long: over {LONGEST_LINE // 1_000_000} MB. Shorten it.")
            yield _from_json(line, place.line(number))
        except InputError as error:
            yield Failure(place.name, number, str(error))
    if empty:
        raise InputError(_EMPTY)


def _whole(pieces: Iterator[bytes]) -> Iterator[bytes | None]:
    """Lines of pieces, each a line or LONGEST_LINE bytes of one; None for a line in more pieces than one."""
    for piece in pieces:
        whole = piece.endswith(b"\n") or len(piece) < LONGEST_LINE
        yield piece if whole else None
        while not (whole or piece.endswith(b"\n")):
            piece = next(pieces, b"\n")


def _refuse_encoding(line: bytes) -> None:
    _refuse_binary(line)
    if line.startswith(_UTF_16):
        raise InputError("Not UTF-8 text (byte 1). Convert it to UTF-8.")


def _from_json(raw: bytes, place: _Place) -> Article:
    try:
        fields = json.loads(_decoded(raw))
    except json.JSONDecodeError as error:
        raise InputError(f"Broken JSON at character {error.pos + 1}: {error.msg}. Write one object a line.") from None
    except (ValueError, RecursionError):
        raise InputError("Broken JSON: a number too long or nested too deep. Write one flat object a line.") from None
    if not isinstance(fields, dict):
        raise InputError(f"Not an object but {type(fields).__name__}. Write one object a line.")
    text = metadata.stated_text(fields)
    return metadata.article(fields, text, origin=place.origin, address=place.address)
