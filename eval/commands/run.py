"""``eval run``: every case of a suite put to a system, and the outputs scored."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eval.commands import shared
from rag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from eval.judging.judge import Judge
    from eval.running.runner import Opener, Progress
    from rag import Archive
    from rag.chat_models.spending import Budget


@click.command("run")
@click.argument("suite", default="seeds")
@click.option("--model", help="What answers: extractive, or provider:name such as openai:gpt-5-mini.")
@click.option("--system", metavar="MODULE:FUNCTION", help="Put the cases to this callable instead of our archive.")
@click.option("--cache", metavar="DIR", help="Keep the model's replies here, and ask for none twice.")
@click.option("--max-cost", type=click.FloatRange(min=0), metavar="DOLLARS", help="Call no model beyond this.")
@click.option("--judge", metavar="MODEL", help="A chat model that judges the outputs besides.")
@click.option("--judge-measured", type=shared.FILE, metavar="FILE", help="How far to trust it: a file of eval judge.")
@click.option("--tag", "tags", multiple=True, help="Only cases with this tag; may be repeated.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N cases.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the intervals' resampling.")
@click.option("--jobs", type=click.IntRange(min=1), help="Cases asked at once; 4, unless given.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Give a case up then; 600, unless given.",
)
@click.option("--archive", metavar="DIR", help="Keep the archive of the suite's articles here, and use it again.")
@shared.runs
@shared.written
@shared.gated
@shared.as_json
def run_command(
    suite: str,
    *,
    model: str | None,
    system: str | None,
    cache: str | None,
    max_cost: float | None,
    judge: str | None,
    judge_measured: Path | None,
    tags: tuple[str, ...],
    limit: int | None,
    seed: int,
    jobs: int | None,
    timeout: float | None,
    archive: str | None,
    runs: str | None,
    under: shared.Bounds,
    over: shared.Bounds,
    as_json: bool,
    **files: Path | None,
) -> None:
    """Put every case of SUITE, a shipped suite's name or a .jsonl file, to a system, and score what it gives.

    Broken off, the same command goes on where it stopped and asks nothing twice. Every output is kept.

    \b
    groundwire eval run
    groundwire eval run my-suite.jsonl --model openai:gpt-5-mini --html report.html
    groundwire eval run --system my_rag:answer
    """
    from eval.gate import failures
    from eval.report import OURS, Settings
    from eval.running.kept import read_kept
    from eval.running.runner import JOBS, TIMEOUT, Running, run
    from eval.suite import load_suite
    from rag.chat_models.spending import Budget
    from rag.settings import model_name, runs_folder

    shared.check_places(*files.values())
    folder = runs_folder(runs)
    loaded = load_suite(suite)
    named = _system(system, model)
    budget = Budget(max_cost)
    settings = Settings(
        system=system or OURS,
        model=None if system else model_name(model),
        tags=tags,
        limit=limit,
        seed=seed,
        judge=judge,
    )
    # What a callable prints is no part of our output.
    with contextlib.redirect_stdout(sys.stderr), shared.progress_bar() as bar:
        report = run(
            loaded,
            settings,
            Running(
                jobs=jobs or JOBS,
                timeout=timeout or TIMEOUT,
                runs=folder,
                progress=_told(bar),
                archive=archive,
                cache=cache,
                budget=budget,
                opened=_say_who_writes,
                kept=lambda path: click.echo(f"groundwire: kept as {path}", err=True),
                system_digest=named[1] if named else None,
            ),
            opener=named[0] if named else None,
            judge=_judge(judge, judge_measured, cache=cache, budget=budget),
        )
    earlier = tuple(one for _, one in read_kept(folder) if one.suite == report.suite) if files["html_file"] else ()
    shared.write_files(report, files, under=under, over=over, earlier=earlier)
    shared.show(report, as_json)
    shared.pass_or_fail(failures(report, under=under, over=over))


def _system(named: str | None, model: str | None) -> tuple[Opener, str] | None:
    """What makes the callable's system of articles, and the digest of its program."""
    if named is None:
        return None
    if model is not None:
        raise UsageError("Both --system and --model are given; a callable chooses its own model. Leave one out.")
    from eval.foreign.callables import opener

    return opener(named)


def _judge(named: str | None, measured: Path | None, *, cache: str | None, budget: Budget) -> Judge | None:
    if named is None:
        if measured is not None:
            raise UsageError("--judge-measured is given without --judge; name the model that was measured.")
        return None
    from eval.judging.judge import open_judge
    from eval.judging.measurement import read_measurement

    trusted = read_measurement(measured) if measured else None
    opened = open_judge(named, cache=cache, budget=budget, measured=trusted)
    click.echo(f"groundwire: {opened.described} judges; what is shown and the words cited for it go there", err=True)
    return opened


def _told(bar: shared.Bar | None) -> Callable[[Progress], None] | None:
    if bar is None:
        return None

    def tell(progress: Progress) -> None:
        bar(progress.done, progress.total, ", ".join(progress.besides))

    return tell


def _say_who_writes(archive: Archive) -> None:
    if told := archive.told():
        click.echo(f"groundwire: {told}", err=True)
