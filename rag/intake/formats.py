"""Input of one kind -> readings of the articles in it."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from rag.errors import InputError
from rag.intake import gzipped, metadata, objects, rows
from rag.intake.cleaning import cleaned, normalise
from rag.intake.entries import Entry
from rag.intake.kinds import (
    FEED,
    LINES,
    MARKDOWN,
    OBJECT,
    PACKED,
    PAGE,
    PDF,
    SEEN,
    TABLES,
    WORD,
    begun,
    kind_of_start,
    opening,
)
from rag.intake.kinds import kind_of as kind_of
from rag.intake.markdown import from_markdown
from rag.intake.metadata import Described
from rag.intake.pages import Page, from_html, text_of
from rag.intake.readings import Memory, Options, Place, Reading, Unchanged, key
from rag.intake.rows import Row
from rag.records import Failure

LARGEST = 50_000_000
_EMPTY = "It is empty. Put an article into it."
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_Event = Reading | Unchanged | Failure


def readings(file: BinaryIO, kind: str, place: Place, *, options: Options, memory: Memory) -> Iterator[_Event]:
    """The articles of a stream of one kind, and a Failure for whatever in it is none; raises only OSError.

    The kind is an ending of SUPPORTED, with ``.gz`` where it is packed; ``.gz`` alone is of what kind it looks.
    """
    try:
        yield from _readings(file, kind, place, _Reader(options, memory, options.salt))
    except InputError as error:
        yield Failure(place.name, None, str(error))


@dataclass(frozen=True, slots=True)
class _Reader:
    """How to read, and what was read before."""

    options: Options
    memory: Memory
    salt: bytes

    def key(self, *raw: bytes) -> bytes:
        return key(self.salt, *raw)

    def passed_over(self, place: Place, key: bytes) -> Unchanged | None:
        return Unchanged(place.name, place.key, keys=(key,)) if self.memory.holds(place.key, key) else None


def _readings(file: BinaryIO, kind: str, place: Place, reader: _Reader) -> Iterator[_Event]:
    if kind.endswith(PACKED):
        file, kind = gzipped.unpacked(file), kind.removesuffix(PACKED)
        if not kind:
            start, file = begun(file, SEEN)
            kind = kind_of_start(start)
    if kind == PACKED:
        raise InputError("It is packed more than once. Unpack it.")
    if kind == OBJECT:
        start, file = opening(file)
        kind = LINES[0] if objects.begins_lines(start) else OBJECT
    if kind in LINES:
        yield from _rows(rows.lines(file, reader.options.fields), place, reader)
    elif kind in TABLES:
        delimiter = "\t" if kind == TABLES[1] else None
        yield from _rows(rows.table(file, reader.options.fields, delimiter=delimiter), place, reader)
    else:
        yield from _whole(file, kind, place, reader)


def _rows(found: Iterator[Row], place: Place, reader: _Reader) -> Iterator[_Event]:
    """One article a row; a bad row is reported and the rest goes on."""
    empty = True
    for row in found:
        empty = False
        own = reader.key(*row.raw)
        if passed_over := reader.passed_over(place, own):
            yield passed_over
            continue
        try:
            fields = row.fields()
            described = _described(Page(metadata.stated_text(fields), fields), place.line(row.line))
            yield _reading(described, place, own, line=row.line)
        except InputError as error:
            yield Failure(place.name, row.line, str(error))
    if empty:
        raise InputError(_EMPTY)


def _whole(file: BinaryIO, kind: str, place: Place, reader: _Reader) -> Iterator[_Event]:
    """What is read in one piece, and no larger than LARGEST."""
    data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputError(f"It is too large: over {LARGEST // 1_000_000} MB. Split it, or use JSON Lines.")
    if not data.strip():
        raise InputError(_EMPTY)
    own = reader.key(data)
    if passed_over := reader.passed_over(place, own):
        yield passed_over
    elif kind == OBJECT:
        yield from _objects(data, place, reader)
    elif kind in FEED:
        yield from _feed(data, place, reader)
    else:
        yield _reading(_document(data, kind, place), place, own)


def _document(data: bytes, kind: str, place: Place) -> Described:
    """The one article of a document."""
    if kind == PDF:
        from rag.intake.pdf import from_pdf

        return _dated(_described(from_pdf(data), place))
    if kind == WORD:
        from rag.intake.docx import from_docx

        return _dated(_described(from_docx(data), place))
    _refuse_binary(data)
    if kind in PAGE:
        return _described(from_html(data, address=place.address), place, latest=datetime.now(UTC) + timedelta(days=1))
    text = _decoded(data)
    if not normalise(text):
        raise InputError(_EMPTY)
    if kind in MARKDOWN:
        return _described(from_markdown(text), place)
    whole = cleaned(text)
    title, _, body = whole.text.partition("\n")
    return _described(Page(body, {"title": title}, whole.removed), place)


def _dated(described: Described) -> Described:
    """With a note that the date is a guess: a document states when it was made, not when it was published."""
    if described.article.published_at is None:
        return described
    return replace(described, notes=(*described.notes, "dated by when its file was made; it states no other date"))


def _objects(data: bytes, place: Place, reader: _Reader) -> Iterator[_Event]:
    """The articles of a JSON document."""
    _refuse_binary(data)
    value = rows.parsed(data)
    if objects.is_feed(value):
        yield from _feed(data, place, reader)
        return
    found = list(objects.articles(value))
    for number, item in enumerate(found, 1):
        own = reader.key(data if len(found) == 1 else json.dumps(item, sort_keys=True).encode())
        if passed_over := reader.passed_over(place, own):
            yield passed_over
            continue
        try:
            if not isinstance(item, dict):
                raise InputError(f"Not an object but {type(item).__name__}. Write an article as an object.")
            fields = rows.mapped(item, reader.options.fields)
            here = place if len(found) == 1 else place.line(number)
            yield _reading(_described(Page(metadata.stated_text(fields), fields), here), place, own)
        except InputError as error:
            yield Failure(place.name, None, str(error) if len(found) == 1 else f"Object {number}: {error}")


def _feed(data: bytes, place: Place, reader: _Reader) -> Iterator[_Event]:
    """The entries of a feed, each with no more than the feed itself carries."""
    from rag.intake import feeds, sitemaps

    if sitemaps.is_sitemap(data):
        raise InputError("A sitemap only lists addresses. Give its address instead of its file.")
    feed = feeds.parse(data, place.address)
    if not feed.entries:
        raise InputError("The feed has no entries. Give its address, or save it again.")
    notes = feed.notes
    for entry in feed.entries:
        own = reader.key(repr(entry).encode(errors="surrogatepass"))
        if passed_over := reader.passed_over(place, own):
            yield passed_over
            continue
        try:
            described = _entry(entry, feed.title, place)
            yield _reading(replace(described, notes=(*described.notes, *notes)), place, own)
            notes = ()
        except InputError as error:
            yield Failure(place.name, None, f"Entry {entry.address or entry.id or entry.title}: {error}")


def _entry(entry: Entry, outlet: str | None, place: Place) -> Described:
    fields = {
        "title": entry.title,
        "url": entry.address,
        "authors": list(entry.authors),
        "published_at": entry.published_at,
        "modified_at": entry.modified_at,
        "description": text_of(entry.summary) if entry.summary and entry.html else None,
        "source": outlet,
    }
    here = replace(place, origin=place.origin and f"{place.key}#{entry.address or entry.id}")
    described = _described(Page(text_of(entry.html or entry.summary or ""), fields), here, latest=datetime.now(UTC))
    if entry.html:
        return described
    return replace(described, notes=(*described.notes, "only the summary that its feed carries"))


def _described(page: Page, place: Place, *, latest: datetime | None = None) -> Described:
    return metadata.describe(
        page.fields, page.text, origin=place.origin, address=place.address, latest=latest, removed=page.removed
    )


def _reading(described: Described, place: Place, key: bytes, *, line: int | None = None) -> Reading:
    return Reading(
        described.article, place.name, place.key, key, line=line, removed=described.removed, notes=described.notes
    )


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
