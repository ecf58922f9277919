"""``groundwire ingest``: take in articles, once or again and again, and stop cleanly on Ctrl-C."""

from __future__ import annotations

import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from rag.errors import UsageError
from ui.commands.options import archive_option, json_option
from ui.commands.progress import progress
from ui.commands.terminal import open_archive, print_json, print_json_line

if TYPE_CHECKING:
    from types import FrameType

    from rag.records import IngestReport

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
SHORTEST = 10
"""Seconds between two looks at a feed."""


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH|URL|-...")
@click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=NAME", help="Rows call FIELD by NAME, as in title=Headline."
)
@click.option(
    "--sync", is_flag=True, help="Also remove what vanished from the folders given, or is gone for good (410)."
)
@click.option("--watch", metavar="TIME", help="Look again every so often, as in 15m or 2h, until Ctrl-C.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N articles of each feed, the newest.")
@click.option("--allow-private", is_flag=True, default=None, help="Fetch from hosts of your own network too.")
@archive_option
@json_option
def ingest(
    paths: tuple[str, ...],
    mapping: tuple[str, ...],
    watch: str | None,
    folder: str | None,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Take in articles: files (text, Markdown, HTML, PDF, DOCX, JSON Lines, CSV, feeds; also gzipped), folders, web
    addresses, feeds, sitemaps, or - for standard input.

    What is known and unchanged is skipped; what cannot be read is reported, and the rest goes on. Ctrl-C ends it when
    the articles in hand are kept.

    \b
    groundwire ingest articles/ more.jsonl.gz
    groundwire ingest export.csv --map title=Headline --map text=Body
    groundwire ingest --sync newsroom/
    groundwire ingest https://courier.example/rss --watch 15m
    """
    options = chosen | {"fields": _fields(mapping)}
    if watch is None:
        with open_archive(folder) as archive, interruptible() as stopped:
            report = _once(archive, paths, stopped, options)
            tell(report, as_json=as_json)
        if stopped.is_set():
            click.echo("groundwire: stopped; the rest was not read. The same command goes on from here.", err=True)
        sys.exit(1 if report.failed or stopped.is_set() else 0)
    seconds = duration(watch)
    with open_archive(folder) as archive, interruptible() as stopped:
        while not stopped.is_set():
            tell(_once(archive, paths, stopped, options), as_json=as_json, as_line=True)
            stopped.wait(seconds)


def _once(archive: Any, paths: tuple[str, ...], stopped: threading.Event, options: dict[str, Any]) -> IngestReport:
    with progress(paths) as shown:
        report: IngestReport = archive.ingest(paths, progress=shown, stop=stopped.is_set, **options)
    return report


@contextmanager
def interruptible() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second one is the usual interrupt."""
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()
        signal.signal(signal.SIGINT, before)
        click.echo("groundwire: stopping when the articles in hand are kept; Ctrl-C again stops at once", err=True)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def tell(report: IngestReport, *, as_json: bool, as_line: bool = False) -> None:
    """Print a report: counts on stdout; failures and notes on stderr."""
    from rag.contract import ingest_json

    if as_json:
        (print_json_line if as_line else print_json)(ingest_json(report))
    else:
        removed = f", {report.removed} removed" if report.removed else ""
        click.echo(f"{report.added} added, {report.updated} updated, {report.skipped} unchanged{removed}", nl=False)
        click.echo(f", {len(report.failed)} failed, in {report.seconds:.1f} s")
    for failure in report.failed:
        click.echo(f"{_place(failure.path, failure.line)}: {failure.error}", err=True)
    for note in report.notes:
        click.echo(f"{_place(note.path, note.line)}: note: {note.text}", err=True)
    sys.stdout.flush()


def duration(text: str) -> float:
    """Seconds of ``15m``, ``2h``, ``90s`` or ``1d``.

    Raises:
        UsageError: it is none, or too short.
    """
    match = re.fullmatch(r"(\d{1,6})\s*([smhd])", text.strip().lower())
    if match is None:
        raise UsageError(f"--watch is '{text}'; write a time like 90s, 15m or 2h.")
    seconds = int(match[1]) * _UNITS[match[2]]
    if seconds < SHORTEST:
        raise UsageError(f"--watch is '{text}'; the shortest is {SHORTEST}s: others use those servers too.")
    return seconds


def _fields(mapping: tuple[str, ...]) -> dict[str, str]:
    pairs = [one.partition("=") for one in mapping]
    wrong = next((one for one, (name, _, theirs) in zip(mapping, pairs, strict=True) if not (name and theirs)), None)
    if wrong is not None:
        raise UsageError(f"--map is '{wrong}'; write it as FIELD=NAME, such as title=Headline.")
    return {name.strip(): theirs.strip() for name, _, theirs in pairs}


def _place(path: str, line: int | None) -> str:
    return path if line is None else f"{path}:{line}"
