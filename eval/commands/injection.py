"""``eval injection``: orders planted in articles, obeyed by a scripted model, and what of it comes through."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from eval.commands import shared


@click.command("injection")
@click.option("--attacks", "attacks_file", type=shared.FILE, help="Plant these; else the ones shipped.")
@click.option("--articles", "files", type=shared.FILE, multiple=True, help="In these; else the samples.")
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
    from eval.running.saved import dumps
    from eval.suite import article_files, seeds

    articles = read_articles(files or article_files(seeds()), limit)
    with shared.progress_bar("attack") as bar:
        found = run_injection(articles, load_attacks(attacks_file or SHIPPED), progress=bar)
    click.echo(dumps(asdict(found)) if as_json else table(found))
    if found.leaks:
        sys.exit(1)
