"""Files, folders, addresses and standard input -> what reading them yields; what stands unchanged is passed over."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from rag.errors import InputError
from rag.intake import folders, formats, kinds, rows
from rag.intake.folders import shown
from rag.intake.readings import Finished, Memory, NoMemory, Options, Place, Read, Unchanged, key
from rag.records import Failure

_OLD_WORD = ".doc"
_BLOCK = 1 << 20


def read(path: str | Path, options: Options | None = None, memory: Memory | None = None) -> Iterator[Read]:
    """Articles of a file, folder (recursively, sorted) or web address, and a Failure for each input that holds none.

    ``-`` stands for standard input. Reads as it goes, JSON Lines line by line.
    Symbolic links to folders inside a folder are not followed, hidden files and other kinds of files are ignored.
    """
    options, memory = options or Options(), memory or NoMemory()
    name = str(path)
    try:
        rows.check(options.fields)
    except InputError as error:
        return iter([Failure(name, None, str(error))])
    if name == "-":
        return _reported(name, _standard_input(options, memory))
    if re.match(r"[a-z][a-z0-9+.-]+://", name, re.IGNORECASE):
        return _address(name, options, memory)
    if not os.path.exists(name):
        return iter([Failure(shown(name), None, "No such file or folder. Check the path.")])
    if os.path.isdir(name):
        return _folder(Path(path), options, memory)
    return _reported(shown(name), _file(Path(path), options, memory))


def expected(path: str | Path) -> int | None:
    """How many articles a file or folder may hold, counting files and rows; ``None`` where only reading tells."""
    name = str(path)
    if not os.path.exists(name):
        return None
    found = list(folders.walk(Path(path), _is_known)) if os.path.isdir(name) else [Path(path)]
    counts = [_count(file) for file in found if isinstance(file, Path)]
    return None if None in counts else sum(count for count in counts if count is not None)


def _count(path: Path) -> int | None:
    kind = kinds.kind_of_name(path.name) or ""
    if kind.removesuffix(kinds.PACKED) not in (*kinds.LINES, *kinds.TABLES):
        return 1
    if kind.endswith(kinds.PACKED):
        return None
    try:
        with _opened(path) as file:
            table = kind in kinds.TABLES
            return rows.count(file, table=table) - table
    except (OSError, InputError):
        return 1


def _reported(name: str, reads: Iterator[Read]) -> Iterator[Read]:
    """The same; what stops them is a Failure at the end."""
    try:
        yield from reads
    except OSError as error:
        yield Failure(name, None, f"Cannot be read: {error.strerror or error}.")
    except InputError as error:
        yield Failure(name, None, str(error))


def _folder(folder: Path, options: Options, memory: Memory) -> Iterator[Read]:
    barren = True
    for found in folders.walk(folder, _is_known):
        barren = False
        if isinstance(found, Failure):
            yield found
        else:
            yield from _reported(shown(found), _file(found, options, memory))
    if barren:
        yield Failure(shown(folder), None, f"The folder holds no article. Known files are {kinds.KNOWN}.")


def _is_known(name: str) -> bool:
    """Word's old files are known in order to be told of, not left out in silence."""
    return kinds.kind_of_name(name) is not None or name.lower().endswith(_OLD_WORD)


def _file(path: Path, options: Options, memory: Memory) -> Iterator[Read]:
    """The articles of a file, hashed as a whole before, so that an unchanged one is not parsed."""
    kind = kinds.kind_of_name(path.name)
    if kind is None and path.name.lower().endswith(_OLD_WORD):
        raise InputError("Word's old format cannot be read. Save it as .docx.")
    if kind is None and path.is_file():
        raise InputError(f"Unknown kind of file. Known are {kinds.KNOWN}.")
    absolute = shown(os.path.abspath(path))
    place = Place(shown(path), absolute, origin=absolute)
    with _opened(path) as file:
        before = _state(file)
        whole = key(options.salt, _digest(file))
        count = memory.whole(place.key, whole)
        if count is not None:
            yield Unchanged(place.name, place.key, count=count)
            return
        file.seek(0)
        failed = False
        for read in formats.readings(file, kind or "", place, options=options, memory=memory):
            failed |= isinstance(read, Failure)
            yield read
        if _state(file) != before:
            raise InputError("The file changed while it was read. Ingest it again once it is written.")
        if not failed:
            yield Finished(place.key, whole)


def _digest(file: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.digest()


def _opened(path: Path) -> BinaryIO:
    """The file open for reading; nothing that is none is opened, since a pipe or device may make one wait."""
    if not path.is_file():
        path.stat()  # says why, where there is nothing
        raise InputError("Not a regular file. Name a file or folder.")
    return cast(BinaryIO, open(path, "rb", opener=_without_waiting))


def _without_waiting(path: str, flags: int) -> int:
    """Even where a pipe takes the file's place meanwhile: reading it ends at once."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _state(file: BinaryIO) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns


def _standard_input(options: Options, memory: Memory) -> Iterator[Read]:
    """What is piped in, of the kind that it looks like; without origin, so that no input revises another."""
    if sys.stdin is None or sys.stdin.isatty():
        raise InputError("Standard input is a terminal or closed. Pipe an article into it, or name a file.")
    start, file = kinds.begun(_unlocked(), rows.LONGEST_LINE)
    kind = kinds.kind_of_start(start)
    yield from formats.readings(file, kind, Place("-", "-"), options=options, memory=memory)


def _unlocked() -> BinaryIO:
    """Standard input by a reader of our own: Python cannot end while a thread still waits in its."""
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except (OSError, ValueError):  # something that only stands in for it
        return cast(BinaryIO, sys.stdin.buffer)


def _address(address: str, options: Options, memory: Memory) -> Iterator[Read]:
    from rag.intake import web

    name = web.without_password(address)
    yield from _reported(name, web.read(address, options=options, memory=memory))
