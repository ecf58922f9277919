"""``groundwire eval``: run, compare and score. Results go to stdout, progress and messages to stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rag.errors import InputError, UsageError

if TYPE_CHECKING:
    from eval.report import Report
    from eval.runner import Progress
    from rag import Archive


@click.group("eval")
def eval_group() -> None:
    """Measure answers on a suite of questions with known answers.

    \b
    groundwire eval run seeds
    groundwire eval run seeds --report after.json --fail-under cites_gold=0.9
    groundwire eval compare before.json after.json
    """


def _thresholds(_: click.Context, __: click.Parameter, written: tuple[str, ...]) -> dict[str, float]:
    from eval.report import parse_threshold

    try:
        return dict(map(parse_threshold, written))
    except UsageError as error:
        raise click.BadParameter(str(error)) from None


fail_under = click.option(
    "--fail-under",
    "thresholds",
    metavar="METRIC=X",
    multiple=True,
    callback=_thresholds,
    help="Exit 1 where a metric's mean is under X, for example refusal=0.9; may be repeated.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON instead of a table.")


@eval_group.command("run")
@click.argument("suite", default="seeds")
@click.option("--model", help="What answers: extractive, or provider:name such as openai:gpt-5-mini.")
@click.option("--cache", metavar="DIR", help="Keep the model's replies here, and ask for none twice.")
@click.option("--max-cost", type=click.FloatRange(min=0), metavar="DOLLARS", help="Call no model beyond this.")
@click.option("--tag", "tags", multiple=True, help="Only cases with this tag; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N cases.")
@click.option("--report", "report_file", type=click.Path(path_type=Path), help="Also write the JSON report here.")
@fail_under
@as_json
def run_command(
    suite: str,
    model: str | None,
    cache: str | None,
    max_cost: float | None,
    tags: tuple[str, ...],
    limit: int | None,
    report_file: Path | None,
    thresholds: dict[str, float],
    as_json: bool,
) -> None:
    """Ask every question of SUITE, a shipped suite's name or a .jsonl file, and score the answers.

    \b
    groundwire eval run
    groundwire eval run my-suite.jsonl --model openai:gpt-5-mini --json
    """
    from eval.report import dumps, to_json
    from eval.runner import run
    from eval.suite import load_suite
    from rag.settings import model_name

    _check_folder(report_file)
    with _progress() as progress:
        report = run(
            load_suite(suite),
            model=model_name(model),
            cache=cache,
            max_cost=max_cost,
            tags=tags,
            limit=limit,
            opened=_say_who_writes,
            progress=progress,
        )
    if report_file:
        _write(report_file, dumps(to_json(report)) + "\n")
    _show(report, thresholds, as_json)


@eval_group.command("score")
@click.argument("file", type=click.Path(path_type=Path))
@fail_under
@as_json
def score_command(file: Path, thresholds: dict[str, float], as_json: bool) -> None:
    """Score the outputs kept in a report FILE again; nothing is asked.

    \b
    groundwire eval score report.json
    """
    from eval.runner import rescore
    from eval.saved import read_report

    _show(rescore(read_report(file)), thresholds, as_json)


@eval_group.command("compare")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@as_json
def compare_command(before: Path, after: Path, as_json: bool) -> None:
    """Compare two reports on one suite, case by case.

    \b
    groundwire eval compare before.json after.json
    """
    from eval.comparison import compare, comparison_json, comparison_table
    from eval.report import dumps
    from eval.saved import read_report

    comparison = compare(read_report(before), read_report(after))
    click.echo(dumps(comparison_json(comparison)) if as_json else comparison_table(comparison))


def _say_who_writes(archive: Archive) -> None:
    if told := archive.told():
        click.echo(f"groundwire: {told}", err=True)


@eval_group.command("injection")
@click.option(
    "--attacks", "attacks_file", type=click.Path(path_type=Path), help="Plant these; else the ones shipped."
)
@click.option(
    "--articles", "files", type=click.Path(path_type=Path), multiple=True, help="In these; else the samples."
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N articles.")
@click.option("--json", "as_json", is_flag=True, help="Print every attack and what became of it as JSON.")
def injection_command(attacks_file: Path | None, files: tuple[Path, ...], limit: int | None, as_json: bool) -> None:
    """Plant orders in articles and have the most obedient model answer; exit 1 where anything comes through.

    \b
    groundwire eval injection
    groundwire eval injection --attacks attacks.jsonl --articles news.jsonl.gz --limit 50
    """
    from dataclasses import asdict

    from eval.injecting.attacks import SHIPPED, load_attacks
    from eval.injecting.trials import read_articles, run_injection, table
    from eval.report import dumps
    from eval.suite import article_files, seeds

    articles = read_articles(files or article_files(seeds()), limit)
    with _progress() as progress:
        found = run_injection(articles, load_attacks(attacks_file or SHIPPED), progress=progress)
    click.echo(dumps(asdict(found)) if as_json else table(found))
    if found.leaks:
        sys.exit(1)


def _show(report: Report, thresholds: dict[str, float], as_json: bool) -> None:
    from eval.report import dumps, failures, table, to_json

    click.echo(dumps(to_json(report)) if as_json else table(report))
    if reasons := failures(report, thresholds):
        click.echo(f"failed: {'; '.join(reasons)}", err=True)
        sys.exit(1)


def _check_folder(file: Path | None) -> None:
    """A run is long: that its report cannot be written is said before it."""
    if file is not None and (file.is_dir() or not file.absolute().parent.is_dir()):
        raise UsageError(f"{file}: no such place for a report; give a file in a folder that exists.")


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror}); choose another place.") from None


@contextmanager
def _progress() -> Iterator[Progress | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from tqdm import tqdm

    with tqdm(desc="eval", unit="case", file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield advance
