"""The folder where reports are kept, one file a run, so that runs can be listed, compared and scored again."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from eval.report import Report
from eval.running.saved import dumps, read_report, to_json
from rag.errors import InputError

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def keep(report: Report, folder: Path) -> Path:
    """Write a report to its own file in the folder, whole or not at all; the file."""
    suite = _UNSAFE.sub("-", report.suite).strip("-.") or "suite"
    started = _UNSAFE.sub("", (report.started or "").replace("+00:00", "Z").replace(":", ""))
    path = folder / f"{suite}-{started}.json"
    number = 2
    while path.exists():
        path = folder / f"{suite}-{started}-{number}.json"
        number += 1
    write(path, dumps(to_json(report)) + "\n")
    return path


def kept(folder: Path) -> list[Path]:
    """The files of the reports in a folder, the last written first."""
    found = [path for path in folder.glob("*.json") if path.is_file()]
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)


def read_kept(folder: Path) -> Iterator[tuple[Path, Report]]:
    """Those of them that can be read, newest first; others are passed over."""
    for path in kept(folder):
        try:
            yield path, read_report(path)
        except InputError:
            continue


def write(path: Path, text: str) -> None:
    """Put a text into a file, whole or not at all.

    Raises:
        InputError: it cannot be written.
    """
    try:
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
            path.write_text(text, encoding="utf-8")
            return
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); choose another place.") from None
