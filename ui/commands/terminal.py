"""What the commands share: opening an archive, asking for a line, printing."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rag.archive import Archive
    from ui.text.blocks import Result

WIDEST = 100
"""Columns: longer lines are hard to read."""


def open_archive(
    folder: str | None,
    *,
    create: bool = True,
    model: str | None = None,
    cache: str | None = None,
    max_cost: float | None = None,
) -> Archive:
    from rag.archive import Archive

    return Archive.open(folder, create=create, model=model, cache=cache, max_cost=max_cost)


@contextmanager
def writing_archive(folder: str | None, options: dict[str, Any], *, sent: str | None = None) -> Iterator[Archive]:
    """An archive with the model chosen, which is taken out of the options; told on stderr before anything is sent.

    ``sent`` says what is, where it is not a question and the passages found.
    """
    chosen = {name: options.pop(name) for name in ("model", "cache", "max_cost")}
    with open_archive(folder, create=False, **chosen) as archive:
        if told := archive.told(**({"sent": sent} if sent else {})):
            click.echo(f"groundwire: {told}", err=True)
            _say_who_judges(archive, options.get("verify"))
        yield archive


def _say_who_judges(archive: Archive, verify: str | None) -> None:
    if verify and (judge := archive.told(verify, "is asked for a second opinion")):
        click.echo(f"groundwire: {judge}", err=True)


@contextmanager
def demo(**chosen: Any) -> Iterator[Archive]:
    """An archive of the sample articles that is gone when the server stops; options are those of ``open_archive``."""
    import tempfile
    from importlib.resources import as_file, files

    from rag.archive import Archive

    with (
        tempfile.TemporaryDirectory(prefix="groundwire-demo-") as folder,
        as_file(files("seeds")) as seeds,
        Archive.open(Path(folder) / "archive", **chosen) as archive,
    ):
        archive.ingest([seeds])
        yield archive


def say_if_missing(archive: Archive, source: str | None) -> None:
    """Tell on stderr that nothing was found because no article is from an outlet."""
    from rag.outlets import missing

    message = missing(source, archive.outlets()) if source else None
    if message:
        click.echo(f"groundwire: {message}", err=True)


def next_question() -> str:
    if sys.stdin is None:
        return ""
    try:
        return input("> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


def print_json(value: object) -> None:
    # A byte of the command line that is no UTF-8 comes as a lone surrogate, which JSON must not hold.
    text = json.dumps(value, ensure_ascii=False, indent=2)
    click.echo(text.encode("utf-8", "replace").decode())


def print_json_line(value: object) -> None:
    """One object on a line of its own, for programs that read as it comes."""
    click.echo(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode())


def export_to(file: str | None, result: Result) -> None:
    """Write a result to the file that was named, if any; told on stderr."""
    if file is not None:
        from ui.exports.files import export

        export(result, file)
        click.echo(f"groundwire: written to {file}", err=True)


def width() -> int:
    return min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)
