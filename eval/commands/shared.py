"""What several commands have in common: their options, how progress is told, how a report is shown and judged."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rag.errors import UsageError

if TYPE_CHECKING:
    from eval.report import Report

Bar = Callable[..., None]
"""Told how many of how many are done, and optionally something besides."""
Bounds = dict[str, float]
FILE = click.Path(path_type=Path)


def _bounds(_: click.Context, __: click.Parameter, written: tuple[str, ...]) -> Bounds:
    from eval.gate import parse_bound

    try:
        return dict(map(parse_bound, written))
    except UsageError as error:
        raise click.BadParameter(str(error)) from None


as_json = click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON instead of a table.")
runs = click.option("--runs", metavar="DIR", help="Where runs are kept; else GROUNDWIRE_RUNS, else the data folder.")
_GATE = (
    click.option(
        "--fail-under",
        "under",
        metavar="METRIC=X",
        multiple=True,
        callback=_bounds,
        help="Exit 1 where a metric's mean is under X, for example refusal=0.9; may be repeated.",
    ),
    click.option(
        "--fail-over",
        "over",
        metavar="METRIC=X",
        multiple=True,
        callback=_bounds,
        help="Exit 1 where a metric's mean is over X, for example injection_obeyed=0; may be repeated.",
    ),
)
_FILES = (
    click.option("--report", "report_file", type=FILE, metavar="FILE", help="Also write the JSON report here."),
    click.option("--html", "html_file", type=FILE, metavar="FILE", help="Also write it as one HTML file."),
    click.option("--markdown", "markdown_file", type=FILE, metavar="FILE", help="Also write it as Markdown."),
    click.option("--junit", "junit_file", type=FILE, metavar="FILE", help="Also write JUnit XML for a build server."),
)


def gated(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that fail a build."""
    return _with(command, _GATE)


def written(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that write a report to files."""
    return _with(command, _FILES)


def check_places(*files: Path | None) -> None:
    """A run is long: that a report cannot be written is said before it."""
    for file in files:
        if file is not None and (file.is_dir() or not file.absolute().parent.is_dir()):
            raise UsageError(f"{file}: no such place for a report; give a file in a folder that exists.")


def write_files(
    report: Report,
    files: Mapping[str, Path | None],
    *,
    under: Bounds | None = None,
    over: Bounds | None = None,
    earlier: tuple[Report, ...] = (),
) -> None:
    """Write a report in every form that was asked for; ``files`` are those of the options of ``written``."""
    from eval.running.kept import write

    bounds = {"under": under or {}, "over": over or {}}
    for name, file in files.items():
        if file:
            write(file, _form(name, report, bounds, earlier))


def _form(name: str, report: Report, bounds: dict[str, Bounds], earlier: tuple[Report, ...]) -> str:
    """A report in the form that an option of ``written`` asks for."""
    if name == "html_file":
        from eval.reports.html import html

        return html(report, earlier=earlier)
    if name == "markdown_file":
        from eval.reports.markdown import markdown

        return markdown(report)
    if name == "junit_file":
        from eval.reports.junit import junit

        return junit(report, **bounds)
    from eval.running.saved import dumps, to_json

    return dumps(to_json(report)) + "\n"


def show(report: Report, as_json: bool) -> None:
    """Print a report."""
    from eval.reports.terminal import table
    from eval.running.saved import dumps, to_json

    click.echo(dumps(to_json(report)) if as_json else table(report))


def pass_or_fail(reasons: list[str]) -> None:
    """Exit 1 with the reasons, where there is one."""
    if reasons:
        from eval.reports.columns import printable

        click.echo(printable(f"failed: {'; '.join(reasons)}"), err=True)
        sys.exit(1)


@contextmanager
def progress_bar(unit: str = "case") -> Iterator[Bar | None]:
    """Tells on a terminal how many of how many are done, and something besides."""
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc="eval", unit=unit, file=sys.stderr) as bar:

        def advance(done: int, total: int, besides: str = "") -> None:
            bar.total = total
            bar.set_postfix_str(besides, refresh=False)
            bar.update(done - bar.n)

        yield advance


def _with(command: Callable[..., Any], options: tuple[Callable[..., Any], ...]) -> Callable[..., Any]:
    for option in reversed(options):
        command = option(command)
    return command
