"""``eval score`` and ``eval rescore``: outputs that are there already, scored; nothing is asked."""

from __future__ import annotations

from pathlib import Path

import click

from eval.commands import shared


@click.command("score")
@click.argument("file", type=shared.FILE)
@click.option("--suite", metavar="SUITE", help="The cases that the outputs are of: a shipped suite's name or a file.")
@shared.written
@shared.gated
@shared.as_json
def score_command(
    file: Path,
    *,
    suite: str | None,
    under: shared.Bounds,
    over: shared.Bounds,
    as_json: bool,
    **files: Path | None,
) -> None:
    """Score the outputs of any system in FILE: a report, or JSON Lines in our format or with ragas' columns.

    \b
    groundwire eval score report.json
    groundwire eval score outputs.jsonl --suite seeds
    groundwire eval score ragas.jsonl
    """
    from eval.foreign.scoring import score_file
    from eval.gate import failures

    shared.check_places(*files.values())
    report = score_file(file, suite=suite)
    shared.write_files(report, files, under=under, over=over)
    shared.show(report, as_json)
    shared.pass_or_fail(failures(report, under=under, over=over))


@click.command("rescore")
@click.argument("file", type=shared.FILE)
@shared.written
@shared.gated
@shared.as_json
def rescore_command(
    file: Path, *, under: shared.Bounds, over: shared.Bounds, as_json: bool, **files: Path | None
) -> None:
    """Score the outputs kept in a report FILE by the scorers of today; no model is needed.

    \b
    groundwire eval rescore report.json --report again.json
    """
    from eval.gate import failures
    from eval.running.saved import read_report
    from eval.running.scoring import rescore

    shared.check_places(*files.values())
    report = rescore(read_report(file))
    shared.write_files(report, files, under=under, over=over)
    shared.show(report, as_json)
    shared.pass_or_fail(failures(report, under=under, over=over))
