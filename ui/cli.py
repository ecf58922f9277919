"""The command line: parse, call, print. Results go to stdout, progress and messages to stderr."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from eval.commands.group import eval_group
from rag.errors import GroundwireError, UsageError
from ui.commands.articles import articles
from ui.commands.ingest import ingest
from ui.commands.mcp import mcp
from ui.commands.options import (
    answer_options,
    archive_option,
    as_of_option,
    export_option,
    filter_options,
    json_option,
    k_option,
    model_options,
    summary_options,
)
from ui.commands.serve import serve
from ui.commands.terminal import (
    WIDEST,
    export_to,
    next_question,
    open_archive,
    print_json,
    print_json_line,
    say_if_missing,
    width,
    writing_archive,
)

if TYPE_CHECKING:
    from rag.records import Turn


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
@click.argument("question")
@archive_option
@model_options
@answer_options
@as_of_option
@filter_options
@k_option
@export_option
@json_option
def ask(question: str, folder: str | None, as_json: bool, export: str | None, **options: Any) -> None:
    """Answer a question from the articles, or say that they do not answer it.

    \b
    groundwire ask "What did Putin give Kim?"
    groundwire ask "What happened last week?" --as-of 2023-09-18 --export answer.md
    """
    from rag.contract import answer_json
    from ui.text.render import answer_text

    with writing_archive(folder, options) as archive:
        answer = archive.ask(question, **options)
    print_json(answer_json(answer)) if as_json else click.echo(answer_text(answer, width=width()))
    export_to(export, answer)


@cli.command()
@click.argument("query")
@archive_option
@filter_options
@k_option
@json_option
def search(query: str, folder: str | None, as_json: bool, **options: Any) -> None:
    """Find the passages that fit a query best.

    \b
    groundwire search "rail strike" --since 2024-03-01
    """
    from rag.contract import hits_json
    from ui.text.render import hits_text

    with open_archive(folder, create=False) as archive:
        hits = archive.search(query, **options)
        articles = {hit.article_id: archive.article(hit.article_id) for hit in hits}
        if not hits:
            say_if_missing(archive, options["source"])
    print_json(hits_json(hits)) if as_json else click.echo(hits_text(hits, articles, width=width()))


@cli.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@summary_options
@archive_option
@model_options
@as_of_option
@filter_options
@export_option
@json_option
def summarize(ids: tuple[str, ...], folder: str | None, as_json: bool, export: str | None, **options: Any) -> None:
    """Summarise whole articles: those named, about --query, of a --story, or those of a period or outlet.

    \b
    groundwire summarize kim-plant-visit --words 80
    groundwire summarize --story harbour-deal --style timeline
    groundwire summarize --since 2023-09-11 --until 2023-09-17 --style digest --export week.html
    """
    from rag.contract import summary_json
    from ui.commands.progress import summary_progress
    from ui.text.render import summary_text

    with writing_archive(folder, options, sent="whole articles") as archive, summary_progress() as progress:
        summary = archive.summarize(ids, progress=progress, **options)
    print_json(summary_json(summary)) if as_json else click.echo(summary_text(summary, width=width()))
    export_to(export, summary)


@cli.command()
@archive_option
@model_options
@answer_options
@as_of_option
@filter_options
@k_option
@json_option
def chat(folder: str | None, as_json: bool, **options: Any) -> None:
    """Ask one question after the other; a line each, an empty line or Ctrl-D ends.

    \b
    groundwire chat
    """
    from rag.contract import answer_json, usage_json
    from rag.records import Turn
    from ui.text.render import answer_text, spent

    history: list[Turn] = []
    with writing_archive(folder, options) as archive:
        while question := next_question():
            try:
                answer = archive.ask(question, history=history, **options)
            except GroundwireError as error:
                click.echo(f"groundwire: {error}", err=True)
                continue
            history.append(Turn(question, answer.text))
            if as_json:
                total = {"total": usage_json(archive.spent)} if archive.spent else {}
                print_json_line(answer_json(answer) | total)
            else:
                so_far = f"So far: {', '.join(spent(archive.spent))}\n" if archive.spent else ""
                click.echo(answer_text(answer, width=width()) + "\n" + so_far)


@cli.command()
@click.option("--repair", is_flag=True, help="Mend what can be mended from the articles kept.")
@archive_option
@json_option
def doctor(repair: bool, folder: str | None, as_json: bool) -> None:
    """Check articles, word index and vectors against each other; exit code 1 if something is wrong.

    \b
    groundwire doctor --archive news/
    groundwire doctor --repair
    """
    with open_archive(folder, create=False) as archive:
        findings = archive.doctor(repair=repair)
        count = archive.overview().articles
    if as_json:
        print_json({"articles": count, "findings": findings})
    else:
        click.echo("\n".join(findings) if findings else f"{count} articles, nothing wrong")
    if findings:
        sys.exit(1)


@cli.command()
@click.option("--embeddings", metavar="NAME", help="Another embedder: 'bundled' or LangChain's 'provider:name'.")
@archive_option
@json_option
def reindex(embeddings: str | None, folder: str | None, as_json: bool) -> None:
    """Build both indexes anew from the articles kept, also with another embedder.

    \b
    groundwire reindex --embeddings openai:text-embedding-3-small
    """
    from rag.archive import Archive

    count = Archive.reindex(folder, embeddings=embeddings)
    print_json({"articles": count}) if as_json else click.echo(f"{count} articles indexed anew")


cli.add_command(ingest)
cli.add_command(articles)
cli.add_command(mcp)
cli.add_command(serve)
cli.add_command(eval_group)
