"""``eval compare``: two reports on one suite."""

from __future__ import annotations

from pathlib import Path

import click

from eval.commands import shared


@click.command("compare")
@click.argument("before", type=shared.FILE)
@click.argument("after", type=shared.FILE)
@click.option("--fail-if-worse", is_flag=True, help="Exit 1 where a metric got worse beyond its interval.")
@click.option("--html", "html_file", type=shared.FILE, metavar="FILE", help="Also write it as one HTML file.")
@click.option(
    "--junit", "junit_file", type=shared.FILE, metavar="FILE", help="Also write JUnit XML for a build server."
)
@click.option("--json", "as_json", is_flag=True, help="Print the whole comparison as JSON instead of a table.")
def compare_command(
    before: Path, after: Path, *, fail_if_worse: bool, html_file: Path | None, junit_file: Path | None, as_json: bool
) -> None:
    """Compare two reports on one suite, case by case: the second against the first.

    \b
    groundwire eval compare before.json after.json
    groundwire eval compare before.json after.json --fail-if-worse --junit worse.xml
    """
    from eval.comparison import compare, comparison_json, worse
    from eval.reports.compared import comparison_table
    from eval.running.kept import write
    from eval.running.saved import dumps, read_report

    shared.check_places(html_file, junit_file)
    comparison = compare(read_report(before), read_report(after))
    reasons = worse(comparison)
    if html_file:
        from eval.reports.html import compared_html

        write(html_file, compared_html(comparison))
    if junit_file:
        from eval.reports.junit import compared_junit

        write(junit_file, compared_junit(comparison))
    click.echo(dumps(comparison_json(comparison)) if as_json else comparison_table(comparison))
    shared.pass_or_fail(reasons if fail_if_worse else [])
