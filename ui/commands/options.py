"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from rag.summary import ON_A_QUERY, STYLES

Command = Callable[..., Any]


def archive_option(command: Command) -> Command:
    return click.option(
        "--archive", "folder", metavar="DIR", help="The archive's folder. [GROUNDWIRE_ARCHIVE, else the data folder]"
    )(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def export_option(command: Command) -> Command:
    return click.option(
        "--export",
        metavar="FILE",
        callback=_exportable,
        help="Also write it with its sources to a file: .md, .html or .json.",
    )(command)


def _exportable(_context: click.Context, _option: click.Parameter, file: str | None) -> str | None:
    """The file named, once it is certain that its name tells a form and that it has a place."""
    if file is not None:
        from ui.exports.files import check

        check(file)
    return file


def filter_options(command: Command) -> Command:
    for option in (
        click.option(
            "--article",
            metavar="ID",
            multiple=True,
            callback=lambda _, __, ids: ids or None,
            help="Only this article; may be repeated.",
        ),
        click.option("--language", metavar="CODE", help="Only articles in this language, such as en or de."),
        click.option("--source", metavar="OUTLET", help="Only articles of this outlet."),
        click.option("--until", metavar="DATE", help="Only articles published on or before this day."),
        click.option("--since", metavar="DATE", help="Only articles published on or after this day."),
    ):
        command = option(command)
    return command


def model_options(command: Command) -> Command:
    """Which model writes, and what it may cost; ``open_archive`` takes these."""
    for option in (
        click.option(
            "--max-cost", type=click.FloatRange(min=0), metavar="DOLLARS", help="Call no model beyond this."
        ),
        click.option("--cache", metavar="DIR", help="Keep the model's replies here, and ask for none twice."),
        click.option(
            "--model", metavar="NAME", help="'extractive', or LangChain's 'provider:name'. [GROUNDWIRE_MODEL]"
        ),
    ):
        command = option(command)
    return command


def answer_options(command: Command) -> Command:
    """How a question is answered; ``Archive.ask`` takes these."""
    for option in (
        click.option(
            "--fallback", type=click.Choice(["extractive"]), help="Answer so where the model's server does not."
        ),
        click.option(
            "--repair/--no-repair", default=True, help="Give what was set aside back to the model once. [repair]"
        ),
        click.option(
            "--verify", metavar="NAME", help="A model whose second opinion can lower a verdict, or 'model'."
        ),
        click.option("--deep", is_flag=True, help="Tell apart what is asked; set outlets and days side by side."),
    ):
        command = option(command)
    return command


def summary_options(command: Command) -> Command:
    """What is summarised, and how; ``Archive.summarize`` takes these."""
    for option in (
        click.option(
            "--repair/--no-repair", default=True, help="Give what was set aside back to the model once. [repair]"
        ),
        click.option(
            "--words", type=click.IntRange(min=1), metavar="N", help="Length in words, kept within a tenth."
        ),
        click.option("--sentences", type=click.IntRange(min=1), metavar="N", help="Length in sentences."),
        click.option(
            "--style", type=click.Choice(STYLES), default="paragraph", show_default=True, help="The form it takes."
        ),
        click.option(
            "-k", type=click.IntRange(min=1), default=ON_A_QUERY, show_default=True, help="Articles read for --query."
        ),
        click.option("--story", metavar="ID", help="Summarise all articles of the story that this one tells."),
        click.option("--query", metavar="TEXT", help="Summarise the articles that fit this."),
    ):
        command = option(command)
    return command


def as_of_option(command: Command) -> Command:
    return click.option("--as-of", metavar="DATE", help="The day from which 'last week' is counted. [now]")(command)


k_option = click.option("-k", type=click.IntRange(min=1), default=10, show_default=True, help="Passages to find.")
