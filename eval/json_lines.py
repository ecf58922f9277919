"""JSON Lines: one object a line, plain or gzipped; what is wrong is named as ``path:line``."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Never

from eval.cases import Json
from rag.errors import InputError
from rag.intake.gzipped import MAGIC, unpacked

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Begins an escape that may stand for half a character; only such a line has to be looked at for one."""


def read(path: Path) -> Iterator[tuple[int, Json]]:
    """The objects of a file, each with its line, as they are come to.

    Raises:
        InputError: the file cannot be read, or a line is no object.
    """
    return ((number, record(path, number, line)) for number, line in lines(content(path)))


def content(path: Path) -> str:
    """The text of a file, unpacked where it is gzipped, without its byte order mark.

    Raises:
        InputError: the file cannot be read or unpacked, or is not UTF-8.
    """
    return decoded(path, raw(path))


def raw(path: Path) -> bytes:
    """The bytes of a file as they are on disk; raises InputError where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the file.") from None


def decoded(path: Path, data: bytes) -> str:
    """The text that a file's bytes hold; the path is for messages only."""
    try:
        data = unpacked(BytesIO(data)).read() if data.startswith(MAGIC) else data
    except InputError as error:
        raise InputError(f"{path}: {error}") from None
    try:
        # Not "utf-8-sig", which counts bytes from behind the mark.
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, error.start + 1
        raise InputError(f"{path}:{line}: not UTF-8 at byte {byte} of the file; save it as UTF-8.") from None


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1."""
    # Not splitlines(): a text may hold U+2028, which JSON allows inside a string.
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def record(path: Path, number: int, line: str, *, lenient: bool = False) -> Json:
    """The object that a line is.

    Args:
        path: of the file, for messages.
        number: of the line in it.
        line: its text.
        lenient: NaN, infinity and halves of characters pass, for whoever looks at each value.

    Raises:
        InputError: it is no object, or holds what no JSON may.
    """
    try:
        value = _LENIENT.decode(line) if lenient else _STRICT.decode(line)
        if not lenient and _HALF.search(line):
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InputError(f"{path}:{number}: holds half a character (\\ud800 to \\udfff alone); correct it.") from None
    except (ValueError, RecursionError) as error:
        raise broken(path, number, error) from None
    return checked(path, number, value)


def checked(path: Path, number: int, value: object) -> Json:
    """The value that stands on a line, if it is an object; raises InputError where it is not."""
    if not isinstance(value, dict):
        raise InputError(f"{path}:{number}: {_told(value)} is not a JSON object; write one object a line.")
    return value


def broken(path: Path, number: int, error: ValueError | RecursionError) -> InputError:
    """What is said of text that a JSON decoder refused with that error, the text being of one line."""
    if isinstance(error, json.JSONDecodeError):
        return InputError(f"{path}:{number}: broken JSON at column {error.colno} ({error.msg}); correct it.")
    if isinstance(error, RecursionError):
        return InputError(f"{path}:{number}: broken JSON (nested too deep); write flat objects.")
    if isinstance(error, _NotFinite):
        return InputError(f"{path}:{number}: broken JSON ({error} is no finite number); write a number or null.")
    return InputError(f"{path}:{number}: broken JSON (a number of too many digits); write it as text.")


class _NotFinite(ValueError):
    """A number that JSON has no way to write."""


def _refuse(constant: str) -> Never:
    raise _NotFinite(constant)


def _finite(written: str) -> float:
    if not math.isfinite(number := float(written)):
        raise _NotFinite(written if len(written) <= 20 else written[:17] + "...")
    return number


def _told(value: object) -> str:
    return "a list" if isinstance(value, list) else "text" if isinstance(value, str) else json.dumps(value)[:20]


_STRICT = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
_LENIENT = json.JSONDecoder()
