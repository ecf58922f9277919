"""``eval judge``: how often our verifier, and a model as a judge, are right beside people."""

from __future__ import annotations

from pathlib import Path

import click

from eval.commands import shared

JOBS = 4


@click.command("judge")
@click.argument("pairs", type=shared.FILE)
@click.option(
    "--model", metavar="NAME", help="A chat model to measure too, as provider:name; else no model is asked."
)
@click.option("--cache", metavar="DIR", help="Keep the model's replies here, and ask for none twice.")
@click.option("--max-cost", type=click.FloatRange(min=0), metavar="DOLLARS", help="Call no model beyond this.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first N pairs.")
@click.option("--report", "report_file", type=shared.FILE, metavar="FILE", help="Also write it for --judge-measured.")
@click.option("--jobs", type=click.IntRange(min=1), default=JOBS, show_default=True, help="Calls at a time.")
@shared.as_json
def judge_command(
    pairs: Path,
    model: str | None,
    cache: str | None,
    max_cost: float | None,
    limit: int | None,
    report_file: Path | None,
    jobs: int,
    as_json: bool,
) -> None:
    """Hold our verifier, and a model that judges, against PAIRS of claims and sources that people have judged.

    \b
    groundwire eval judge pairs.jsonl
    groundwire eval judge pairs.jsonl.gz --model openai:gpt-5-mini --cache kept --report measured.json

    PAIRS is JSON Lines: "id", "claim", "source" (a text or several), "supported" (true or false), and optionally
    "document", which pairs are resampled by, and "published_at".
    """
    from eval.judging.measurement import measurement_json
    from eval.judging.measuring import measure
    from eval.judging.pairs import read_pairs
    from eval.reports.measured import table
    from eval.running.kept import write
    from eval.running.saved import dumps

    shared.check_places(report_file)
    read = read_pairs(pairs)
    judge = None
    if model is not None:
        from eval.judging.judge import open_judge

        judge = open_judge(model, cache=cache, max_cost=max_cost)
        click.echo(f"groundwire: {judge.described} judges; claims and their sources are sent there", err=True)
    with shared.progress_bar("pair") as bar:
        measurement = measure(read, judge, limit=limit, jobs=jobs, progress=bar)
    written = dumps(measurement_json(measurement))
    if report_file:
        write(report_file, written + "\n")
    click.echo(written if as_json else table(measurement))
