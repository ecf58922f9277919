"""``eval report``: a report that is there already, in another form."""

from __future__ import annotations

from pathlib import Path

import click

from eval.commands import shared
from rag.errors import UsageError


@click.command("report")
@click.argument("file", type=shared.FILE, required=False)
@shared.runs
@shared.written
@shared.as_json
def report_command(file: Path | None, *, runs: str | None, as_json: bool, **files: Path | None) -> None:
    """Show a report FILE of eval run again, or write it in another form; without FILE, list the runs that are kept.

    \b
    groundwire eval report
    groundwire eval report report.json --html report.html
    """
    from eval.reports.listing import listing, listing_json
    from eval.running.kept import read_kept
    from eval.running.saved import dumps, read_report
    from rag.settings import runs_folder

    if file is None and any(files.values()):
        raise UsageError("No report FILE is given to write; name one of 'groundwire eval report'.")
    kept = list(read_kept(runs_folder(runs))) if file is None or files["html_file"] else []
    if file is None:
        click.echo(dumps(listing_json(kept)) if as_json else listing(kept, runs_folder(runs)))
        return
    shared.check_places(*files.values())
    report = read_report(file)
    shared.write_files(report, files, earlier=tuple(one for _, one in kept if one.suite == report.suite))
    shared.show(report, as_json)
