"""The command line: parse, call, print. Results go to stdout, progress and messages to stderr."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from eval.command import eval_group
from rag.errors import GroundwireError, UsageError
from ui.terminal import WIDEST, demo, next_question, open_archive, print_json, progress, width

if TYPE_CHECKING:
    from rag.records import Turn

Command = Callable[..., Any]

DEMO_QUESTIONS = (
    "How many people died in the Hradnice dam collapse?",
    "Who is the aviation plant named after?",
    "How much will the Quillhaven tram cost?",
    "What do North Korea and Russia want from each other?",
)
"""Suggested on the sample articles."""


def main() -> None:
    """Run the command; errors raised on purpose become one line on stderr and exit code 1, or 2 for wrong usage."""
    try:
        code = cli(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(2)
    except click.UsageError as error:
        _fail(_usage(error), 2)
    except click.ClickException as error:
        _fail(error.format_message(), 1)
    except click.Abort:
        _fail("stopped", 1)
    except UsageError as error:
        _fail(error, 2)
    except GroundwireError as error:
        _fail(error, 1)
    except BrokenPipeError:
        # The reader of our output, such as `head`, is gone: not our failure.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if os.environ.get("GROUNDWIRE_DEBUG"):
            raise
        first = next(iter(str(error).splitlines()), "")
        _fail(f"unexpected {type(error).__name__}: {first} (GROUNDWIRE_DEBUG=1 shows where)", 1)


def _usage(error: click.UsageError) -> str:
    command = error.ctx.command_path if error.ctx else "groundwire"
    return f"{error.format_message().rstrip('.')}. '{command} --help' shows how."


def _fail(error: object, code: int) -> None:
    click.echo(f"groundwire: {error}", err=True)
    sys.exit(code)


def _archive_option(command: Command) -> Command:
    return click.option(
        "--archive", "folder", metavar="DIR", help="The archive's folder. [GROUNDWIRE_ARCHIVE, else the data folder]"
    )(command)


def _json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def _filter_options(command: Command) -> Command:
    for option in (
        click.option("--source", metavar="OUTLET", help="Only articles of this outlet."),
        click.option("--until", metavar="DATE", help="Only articles published on or before this day."),
        click.option("--since", metavar="DATE", help="Only articles published on or after this day."),
    ):
        command = option(command)
    return command


def _model_options(command: Command) -> Command:
    for option in (
        click.option("--as-of", metavar="DATE", help="The day from which 'last week' is counted. [now]"),
        click.option(
            "--model", metavar="NAME", help="'extractive', or LangChain's 'provider:name'. [GROUNDWIRE_MODEL]"
        ),
    ):
        command = option(command)
    return command


_k_option = click.option("-k", type=click.IntRange(min=1), default=10, show_default=True, help="Passages to find.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": WIDEST})
@click.version_option(package_name="groundwire")
def cli() -> None:
    """Answers and summaries of news articles, every sentence tied to the exact words that bear it.

    \b
    groundwire serve --demo                 the chat page, on the sample articles
    groundwire ingest articles/             take in your own
    groundwire ask "Who met whom?"          ask them
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH|URL|-...")
@_archive_option
@_json_option
def ingest(paths: tuple[str, ...], folder: str | None, as_json: bool) -> None:
    """Take in articles: .txt, .md, .html and .jsonl files, folders, addresses, or - for standard input.

    What is known and unchanged is skipped; what cannot be read is reported, and the rest goes on.

    \b
    groundwire ingest articles/ more.jsonl
    curl -s http://localhost/page.html | groundwire ingest -
    """
    from rag.contract import ingest_json

    with open_archive(folder) as archive, progress(paths) as shown:
        report = archive.ingest(paths, progress=shown)
    if as_json:
        print_json(ingest_json(report))
    else:
        click.echo(f"{report.added} added, {report.updated} updated, {report.skipped} unchanged", nl=False)
        click.echo(f", {len(report.failed)} failed, in {report.seconds:.1f} s")
    for failure in report.failed:
        place = failure.path if failure.line is None else f"{failure.path}:{failure.line}"
        click.echo(f"{place}: {failure.error}", err=True)
    if report.failed:
        sys.exit(1)


@cli.command()
@click.argument("question")
@_archive_option
@_model_options
@_filter_options
@_k_option
@_json_option
def ask(question: str, folder: str | None, as_json: bool, **options: Any) -> None:
    """Answer a question from the articles, or say that they do not answer it.

    \b
    groundwire ask "What did Putin give Kim?"
    groundwire ask "What happened last week?" --as-of 2023-09-18 --json
    """
    from rag.contract import answer_json
    from ui.render import answer_text

    with open_archive(folder, create=False) as archive:
        answer = archive.ask(question, **options)
    print_json(answer_json(answer)) if as_json else click.echo(answer_text(answer, width=width()))


@cli.command()
@click.argument("query")
@_archive_option
@_filter_options
@_k_option
@_json_option
def search(query: str, folder: str | None, as_json: bool, **options: Any) -> None:
    """Find the passages that fit a query best.

    \b
    groundwire search "rail strike" --since 2024-03-01
    """
    from rag.contract import hits_json
    from ui.render import hits_text

    with open_archive(folder, create=False) as archive:
        hits = archive.search(query, **options)
        articles = {hit.article_id: archive.article(hit.article_id) for hit in hits}
    print_json(hits_json(hits)) if as_json else click.echo(hits_text(hits, articles, width=width()))


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--query", metavar="TEXT", help="Summarise the articles that fit this.")
@click.option("--sentences", type=click.IntRange(min=1), help="Length. [5]")
@click.option("--words", type=click.IntRange(min=1), help="Length in words instead.")
@_archive_option
@_model_options
@_filter_options
@_json_option
def summarize(ids: tuple[str, ...], folder: str | None, as_json: bool, **options: Any) -> None:
    """Summarise whole articles: those named, those that fit --query, or those of a period or outlet.

    \b
    groundwire summarize kim-plant-visit
    groundwire summarize --since 2023-09-11 --until 2023-09-17 --sentences 8
    """
    from rag.contract import summary_json
    from ui.render import summary_text

    with open_archive(folder, create=False) as archive:
        summary = archive.summarize(ids, **options)
    print_json(summary_json(summary)) if as_json else click.echo(summary_text(summary, width=width()))


@cli.command()
@_archive_option
@_model_options
@_filter_options
@_k_option
@_json_option
def chat(folder: str | None, as_json: bool, **options: Any) -> None:
    """Ask one question after the other; a line each, an empty line or Ctrl-D ends.

    \b
    groundwire chat
    """
    from rag.contract import answer_json
    from rag.records import Turn
    from ui.render import answer_text

    history: list[Turn] = []
    with open_archive(folder, create=False) as archive:
        while question := next_question():
            try:
                answer = archive.ask(question, history=history, **options)
            except GroundwireError as error:
                click.echo(f"groundwire: {error}", err=True)
                continue
            history.append(Turn(question, answer.text))
            if as_json:
                click.echo(json.dumps(answer_json(answer), ensure_ascii=False))
            else:
                click.echo(answer_text(answer, width=width()) + "\n")


@cli.group()
def articles() -> None:
    """List, show and remove articles.

    \b
    groundwire articles list
    groundwire articles show kim-plant-visit
    """


@articles.command("list")
@_archive_option
@_filter_options
@_json_option
def list_articles(folder: str | None, as_json: bool, **options: Any) -> None:
    """List the articles, newest first.

    \b
    groundwire articles list --source "Far East Courier"
    """
    from rag.contract import listed_article_json
    from ui.render import articles_text

    with open_archive(folder, create=False) as archive:
        found = archive.articles(**options)
    if as_json:
        print_json([listed_article_json(article) for article in found])
    else:
        click.echo(articles_text(found, width=width()))


@articles.command("show")
@click.argument("id")
@click.option("--revision", type=click.IntRange(min=1), help="An earlier revision. [the current one]")
@_archive_option
@_json_option
def show_article(id: str, revision: int | None, folder: str | None, as_json: bool) -> None:
    """Show one article with the text that citations index.

    \b
    groundwire articles show kim-plant-visit
    """
    from rag.contract import article_json
    from ui.render import article_text

    with open_archive(folder, create=False) as archive:
        article = archive.article(id, revision)
    print_json(article_json(article)) if as_json else click.echo(article_text(article, width=width()))


@articles.command("remove")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@_archive_option
@_json_option
def remove_articles(ids: tuple[str, ...], folder: str | None, as_json: bool) -> None:
    """Remove articles and all their revisions, from search at once.

    \b
    groundwire articles remove kim-plant-visit
    """
    with open_archive(folder, create=False) as archive:
        for id in ids:
            archive.article(id)
        for id in ids:
            archive.remove(id)
    print_json({"removed": list(ids)}) if as_json else click.echo(f"{len(ids)} removed")


@cli.command()
@click.option("--demo", "with_demo", is_flag=True, help="Serve the sample articles instead of an archive.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Interface to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=7860, show_default=True, help="0 takes a free one.")
@click.option("--model", metavar="NAME", help="'extractive', or LangChain's 'provider:name'. [GROUNDWIRE_MODEL]")
@_archive_option
@_json_option
def serve(with_demo: bool, host: str, port: int, model: str | None, folder: str | None, as_json: bool) -> None:
    """Open the chat page; prints its address when it is ready.

    \b
    groundwire serve --demo
    """
    from ui.server import serve as run

    with demo(model) if with_demo else open_archive(folder, model=model) as archive:
        archive.check_model()
        run(
            archive,
            host=host,
            port=port,
            questions=DEMO_QUESTIONS if with_demo else (),
            ready=lambda address: _announce(address, archive.model, as_json),
        )


@cli.command()
@_archive_option
@_json_option
def doctor(folder: str | None, as_json: bool) -> None:
    """Check that an archive is whole; exit code 1 if it is not.

    \b
    groundwire doctor --archive news/
    """
    with open_archive(folder, create=False) as archive:
        findings = archive.doctor()
        count = len(archive.articles())
    if as_json:
        print_json({"articles": count, "findings": findings})
    else:
        click.echo("\n".join(findings) if findings else f"{count} articles, nothing wrong")
    if findings:
        sys.exit(1)


@cli.command()
@click.option("--embeddings", metavar="NAME", help="Another embedder: 'bundled' or LangChain's 'provider:name'.")
@_archive_option
@_json_option
def reindex(embeddings: str | None, folder: str | None, as_json: bool) -> None:
    """Build both indexes anew from the articles kept, also with another embedder.

    \b
    groundwire reindex --embeddings openai:text-embedding-3-small
    """
    from rag.archive import Archive

    count = Archive.reindex(folder, embeddings=embeddings)
    print_json({"articles": count}) if as_json else click.echo(f"{count} articles indexed anew")


cli.add_command(eval_group)


def _announce(address: str, model: str, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"address": address, "model": model}))
    else:
        click.echo(f"Groundwire is ready at {address} (model: {model}; Ctrl-C stops)")
    sys.stdout.flush()
