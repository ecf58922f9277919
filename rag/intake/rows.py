"""JSON Lines and CSV -> rows, and rows and JSON objects -> an article's fields; each bounded, none kept."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from rag.errors import InputError
from rag.intake import metadata
from rag.intake.readings import FIELDS

LONGEST_LINE = 64_000_000
Fields = Mapping[str, object]
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One article's worth of a file, not yet parsed."""

    line: int
    """On which it begins, from 1."""
    raw: tuple[bytes, ...]
    """What it is made from: equal parts, equal fields."""
    fields: Callable[[], Fields]
    """Its fields under names of ours or of the trade; raises InputError where it has none."""


def check(mapping: Mapping[str, str]) -> None:
    """Raises InputError where a mapping names a field that articles do not have."""
    for name in mapping:
        if name not in FIELDS:
            raise InputError(f"Unknown field {name!r} in the mapping. Known are {', '.join(FIELDS)}.")


def lines(file: BinaryIO, mapping: Mapping[str, str]) -> Iterator[Row]:
    """A row for each line that is not blank."""
    empty = True
    for number, line in enumerate(_lines(file), 1):
        raw = b"" if line is None else line.removeprefix(codecs.BOM_UTF8).strip()
        if line is not None and not raw:
            continue
        if empty and line is not None:
            refuse_encoding(line)
        empty = False
        yield Row(number, (raw,), _too_long if line is None else partial(_stated, raw, mapping))


def table(file: BinaryIO, mapping: Mapping[str, str], *, delimiter: str | None = None) -> Iterator[Row]:
    """A row for each record of CSV below its header."""
    # The limit is one for the whole process; lines are bounded where they are read.
    csv.field_size_limit(LONGEST_LINE)
    source = _Source(file)
    first = next((line for line in source if line.strip()), "")
    refuse_encoding(first.encode(errors="surrogateescape"))
    if separator := re.fullmatch(r'"?sep=(.)"?\s*', first):  # Excel's own first line
        delimiter, first = separator[1], next(source, "")
    source.back = first
    records = csv.reader(source, delimiter=delimiter or _delimiter(first, mapping))
    try:
        header = _header(next(records, []), mapping)
    except csv.Error as error:
        raise InputError(f"The header is broken: {error}. Name the columns in one line.") from None
    while True:
        begins = source.number + 1
        try:
            values = next(records)
        except StopIteration:
            return
        except InputError as error:
            yield Row(begins, (), partial(_failing, str(error)))
        except csv.Error as error:
            raise InputError(f"The record on line {begins} is broken: {error}. Close its quotation marks.") from None
        else:
            if any(value.strip() for value in values):
                yield _record(begins, header, values, mapping)


def mapped(fields: Fields, mapping: Mapping[str, str]) -> Fields:
    """The fields with those that the mapping names, by a dotted path into objects, under our own names."""
    return {**fields, **{ours: _at(fields, path) for ours, path in mapping.items()}}


def parsed(raw: bytes) -> object:
    """The value that JSON text states."""
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError(f"Not UTF-8 text (byte {error.start + 1}). Convert it to UTF-8.") from None
    except json.JSONDecodeError as error:
        raise InputError(f"Broken JSON at character {error.pos + 1}: {error.msg}. Write one object a line.") from None
    except (ValueError, RecursionError):
        raise InputError("Broken JSON: a number too long or nested too deep. Write one flat object a line.") from None


def count(file: BinaryIO, *, table: bool) -> int:
    """About how many rows a file has: its lines, in a table those outside quotation marks."""
    found, quoted, last = 0, False, b"\n"
    while piece := file.readline(_BLOCK):
        quoted ^= table and piece.count(b'"') % 2 == 1
        found += piece.endswith(b"\n") and not quoted
        last = piece
    return found + (not last.endswith(b"\n"))


def is_header(line: bytes) -> bool:
    """Whether a first line names the columns of a table: the text and the title, at least."""
    try:
        text = line.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return False
    names = _columns(text, _delimiter(text, {})) if len(text) < 2000 else []
    lowered = {name.strip().lower() for name in names}
    return _has_text(names, {}) and bool(lowered & {"title", "headline"})


def refuse_encoding(line: bytes) -> None:
    """Raises InputError where a first line is not of UTF-8 text."""
    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError("Not UTF-8 text (byte 1). Convert it to UTF-8.")
    if b"\0" in line:
        raise InputError("It looks binary. Save its text as UTF-8.")


def _lines(file: BinaryIO) -> Iterator[bytes | None]:
    """Lines; None for one that is too long, the rest of which is passed over."""
    while piece := file.readline(LONGEST_LINE):
        whole = piece.endswith(b"\n") or len(piece) < LONGEST_LINE
        yield piece if whole else None
        while not whole:
            piece = file.readline(LONGEST_LINE)
            whole = piece.endswith(b"\n") or not piece


def _too_long() -> Fields:
    raise InputError(_TOO_LONG)


_TOO_LONG = f"The line is too long: over {LONGEST_LINE // 1_000_000} MB. Shorten it."


def _failing(message: str) -> Fields:
    raise InputError(message)


def _stated(raw: bytes, mapping: Mapping[str, str]) -> Fields:
    fields = parsed(raw)
    if not isinstance(fields, dict):
        raise InputError(f"Not an object but {type(fields).__name__}. Write one object a line.")
    return mapped(fields, mapping)


def _at(fields: Fields, path: str) -> object:
    """The value of a field, or at a dotted path; a list's items are counted from 0."""
    if path in fields:
        return fields[path]
    value: object = fields
    for step in path.split("."):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and re.fullmatch(r"\d{1,6}", step, re.ASCII) and int(step) < len(value):
            value = value[int(step)]
        else:
            raise InputError(f"It lacks {path!r}, which the mapping names. It has {_listed(fields)}.")
    return value


def _listed(names: Iterator[str] | Fields | list[str]) -> str:
    shown = [name[:40] for name in names]
    return ", ".join(shown[:20]) + (", …" if len(shown) > 20 else "") or "nothing"


class _Source:
    """Decoded lines for the csv reader, counted; what is not UTF-8 shows as surrogates."""

    def __init__(self, file: BinaryIO) -> None:
        self._lines = _lines(file)
        self.number = 0
        """Lines given so far."""
        self.back: str | None = None
        """A line to be given once more."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.back is not None:
            line, self.back = self.back, None
            return line
        raw = next(self._lines)
        self.number += 1
        if raw is None:
            raise InputError(_TOO_LONG)
        if self.number == 1:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        return raw.decode(errors="surrogateescape")


def _delimiter(line: str, mapping: Mapping[str, str]) -> str:
    """What parts the header's columns: what makes one of them the text, else what makes most."""

    def fitness(delimiter: str) -> tuple[bool, int]:
        names = _columns(line, delimiter)
        return _has_text(names, mapping), len(names)

    return max((",", ";", "\t", "|"), key=fitness)


def _columns(line: str, delimiter: str) -> list[str]:
    """The names in a header; none where it is no row, as with a line end inside it."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _has_text(names: list[str], mapping: Mapping[str, str]) -> bool:
    names = [name.strip() for name in names]
    if "text" in mapping:
        return mapping["text"] in names
    try:
        return bool(metadata.stated_text(dict.fromkeys([*names, *map(str.lower, names)], "words")))
    except InputError:
        return False


def _header(names: list[str], mapping: Mapping[str, str]) -> list[str]:
    names = [name.strip() for name in names]
    if not any(names):
        raise InputError("It is empty. Put an article into it.")
    if any(_not_utf_8(name) for name in names):
        raise InputError("The header is not UTF-8 text. Save the table as CSV in UTF-8.")
    for theirs in mapping.values():
        if theirs not in names:
            raise InputError(f"There is no column {theirs!r}, which the mapping names. There is {_listed(names)}.")
    if not _has_text(names, mapping):
        raise InputError(f"No column is the text. There is {_listed(names)}: map one with text=NAME.")
    return names


def _record(line: int, header: list[str], values: list[str], mapping: Mapping[str, str]) -> Row:
    if len(values) != len(header):
        counts = f"{len(values)} values where the header names {len(header)}"
        return Row(line, (), partial(_failing, f"The row has {counts}. Quote values that hold a delimiter."))
    if any(map(_not_utf_8, values)):
        return Row(line, (), partial(_failing, "Not UTF-8 text. Save the table as CSV in UTF-8."))
    fields = dict(zip(header, values, strict=True))
    raw = tuple(text.encode() for text in (*header, *values))
    return Row(line, raw, partial(mapped, _lowered(fields) | fields, mapping))


def _lowered(fields: dict[str, str]) -> dict[str, str]:
    """Under names in small letters too: people write headers by hand."""
    return {name.lower(): value for name, value in fields.items()}


def _not_utf_8(text: str) -> bool:
    return re.search("[\udc80-\udcff]", text) is not None
