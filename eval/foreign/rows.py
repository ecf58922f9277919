"""A file of outputs -> its rows with their lines: JSON Lines, a JSON array or object, or CSV; gzip or not.

A file that is broken is an ``InputError`` that names the line; none of its rows count.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval import json_lines
from eval.cases import Json
from eval.foreign import fields
from rag.errors import InputError

_FORMS = "JSON Lines, a JSON array, or CSV with the columns user_input and response"
_BLANK = re.compile(r"\s*")
_NOTHING = frozenset({"", "nan", "NaN", "<NA>"})
"""What tables of data write into a cell that has nothing."""
_LITERAL = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_BESIDE = re.compile(rf"\[\s*(?:{_LITERAL.pattern})(?:\s+(?:{_LITERAL.pattern}))+\s*\]", re.DOTALL)
_LISTS = frozenset({*fields.CONTEXTS, *fields.REFERENCE_CONTEXTS, *fields.REFERENCE, "citations", "usage"})
"""Columns in which CSV may hold a list, written as JSON or as Python writes it."""
_LONGEST = 64_000_000
"""Characters of a field of CSV, at most."""


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a file."""

    line: int
    """On which it begins, from 1."""
    record: Json


def rows(path: Path, text: str) -> list[Row]:
    """The rows of a file of this text."""
    first = text.lstrip()[:1]
    if not first:
        raise InputError(f"{path}: the file is empty; give outputs as {_FORMS}.")
    read = _array if first == "[" else _objects if first == "{" else _table
    found = [Row(row.line, _with_lists(row.record)) for row in read(path, text)]
    if not found:
        raise InputError(f"{path}: it holds no outputs; give them as {_FORMS}.")
    return found


def _with_lists(record: Json) -> Json:
    """The record with those lists as lists that were written as text."""
    return {name: _value(name, value) if isinstance(value, str) else value for name, value in record.items()}


def whole(text: str) -> Json | None:
    """The one JSON object that a file is; ``None`` where it is anything else."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None


def _objects(path: Path, text: str) -> Iterator[Row]:
    """One object that is spread over lines, or one on each line."""
    if (record := whole(text)) is not None:
        yield Row(1 + text[: len(text) - len(text.lstrip())].count("\n"), record)
        return
    for number, line in json_lines.lines(text):
        # What is wrong within an object is one wrong output; the other rows count.
        yield Row(number, json_lines.record(path, number, line, lenient=True))


def _array(path: Path, text: str) -> Iterator[Row]:
    at, line, counted = text.index("[") + 1, 1, 0
    while True:
        at = _past_blank(text, at)
        line, counted = line + text.count("\n", counted, at), at
        if text[at : at + 1] == "]":
            if rest := text[at + 1 :].strip():
                raise InputError(f"{path}:{line}: '{rest[:20]}' follows the array's end; remove it.")
            return
        value, at = _decoded(path, line, text, at)
        yield Row(line, json_lines.checked(path, line, value))
        at = _past_blank(text, at)
        if text[at : at + 1] == ",":
            at += 1
        elif text[at : at + 1] != "]":
            line += text.count("\n", counted, at)
            raise InputError(f"{path}:{line}: broken JSON (a comma or the array's end is missing); correct it.")


def _past_blank(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _decoded(path: Path, line: int, text: str, at: int) -> tuple[Any, int]:
    """The JSON value that begins there, and where it ends."""
    try:
        return json.JSONDecoder().raw_decode(text, at)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else line
        raise json_lines.broken(path, line, error) from None


def _table(path: Path, text: str) -> Iterator[Row]:
    csv.field_size_limit(_LONGEST)  # one for the whole process
    header = text.lstrip().split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    line = 1
    try:
        for values in reader:
            if any(value.strip() for value in values):
                if names:
                    yield Row(line, _record(path, line, names, values))
                else:
                    names = _header(path, line, values)
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}:{line}: broken CSV ({error}); close its quotation marks.") from None


def _header(path: Path, line: int, values: list[str]) -> list[str]:
    names = [value.strip() for value in values]
    if not set(names) & set(fields.ANSWER):
        raise InputError(f"{path}:{line}: neither JSON nor a header with 'response'; give {_FORMS}.")
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(f"{path}:{line}: two columns are called '{twice}'; rename one.")
    return names


def _record(path: Path, line: int, names: list[str], values: list[str]) -> Json:
    if len(values) != len(names):
        raise InputError(
            f"{path}:{line}: {len(values)} values where the header names {len(names)}; quote those with a delimiter."
        )
    return {name: None if value.strip() in _NOTHING else value for name, value in zip(names, values, strict=True)}


def _value(name: str, written: str) -> Any:
    return _listed(written.strip()) if name in _LISTS and written.strip()[:1] in ("[", "{") else written


def _listed(written: str) -> Any:
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        pass
    if _BESIDE.fullmatch(written):  # as numpy writes a list, without commas, which Python reads as one text
        return [ast.literal_eval(literal[0]) for literal in _LITERAL.finditer(written)]
    try:
        return ast.literal_eval(written)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return written
