"""The commands of ``groundwire eval``, by name."""

from __future__ import annotations

import click

from eval.commands.compare import compare_command
from eval.commands.injection import injection_command
from eval.commands.judge import judge_command
from eval.commands.new import new_command
from eval.commands.report import report_command
from eval.commands.run import run_command
from eval.commands.score import rescore_command, score_command


@click.group("eval")
def eval_group() -> None:
    """Measure answers and summaries on a suite of cases whose right output is known.

    \b
    groundwire eval run seeds
    groundwire eval run seeds --fail-under cites_gold=0.9
    groundwire eval compare before.json after.json --fail-if-worse
    """


for command in (
    run_command,
    new_command,
    compare_command,
    score_command,
    rescore_command,
    report_command,
    judge_command,
    injection_command,
):
    eval_group.add_command(command)
