"""Walking a folder: the files in it that may hold articles, in order, and the folders that cannot be listed."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.records import Failure


def walk(folder: Path, wanted: Callable[[str], bool]) -> Iterator[Path | Failure]:
    """Files whose name is wanted, recursively and sorted, and a Failure for each folder that cannot be listed.

    Hidden files and folders are left out, and so are links to folders, which may lead back up.
    """
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path.is_dir():
            try:
                with os.scandir(path) as entries:
                    inside = [path / entry.name for entry in entries if _is_wanted(entry, wanted)]
            except OSError as error:
                yield Failure(shown(path), None, f"Cannot be read: {error.strerror or error}.")
                continue
            waiting.extend(sorted(inside, reverse=True))
        elif not _is_readme(path):
            yield path


def is_missing(place: str, folder: str) -> bool:
    """Whether a place that was in a folder is certainly no more; one in a folder that cannot be listed may still be.

    Both are absolute and as ``shown``.
    """
    parent, _, name = place.rpartition(os.sep)
    try:
        return name not in {shown(entry) for entry in os.listdir(parent or os.sep)}
    except FileNotFoundError:
        return len(parent) > len(folder) and is_missing(parent, folder)
    except OSError:
        return False


def shown(path: str | Path) -> str:
    """A path as text: the bytes of a name that is none are written out as ``\\xe9``, so that it can be stored."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _is_wanted(entry: os.DirEntry[str], wanted: Callable[[str], bool]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_dir():
        return not entry.is_symlink()
    return wanted(entry.name)


def _is_readme(path: Path) -> bool:
    """A note about the folder, unless front matter says that it is an article."""
    if path.stem.lower() != "readme" or path.suffix.lower() not in (".md", ".markdown") or not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return not file.read(10).removeprefix(codecs.BOM_UTF8).startswith(b"---")
    except OSError:
        return False  # whoever reads it says why it cannot be read
