"""What the harness itself costs, and whether it forgets: ``python benchmarks/harness.py``.

Three measurements: a run of the shipped suite with no model, in seconds; the harness's own time a case, with a system
that answers at once what was kept; and ``--kills N`` runs (20 unless said otherwise) ended by SIGKILL at random
moments, gone on with by the same command until they are done, each compared byte for byte with the unbroken run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from eval.report import Report
from eval.running.kept import read_kept
from eval.running.runner import Running, evaluate
from eval.running.saved import dumps, recalled, to_json
from eval.suite import Suite, load_suite

Json = dict[str, Any]


def main() -> int:
    """Run, measure, print; 1 where a resumed run differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suite", default="seeds")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--limit", type=int, default=60, help="cases of a run that is killed")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        whole, seconds = _timed(Path(folder) / "whole", [options.suite])
        print(f"{len(whole.outcomes)} cases without a model: {seconds:.1f} s, start and articles' intake included")
        print(f"the harness's own time: {1000 * _overhead(whole, options.suite):.2f} ms a case")
        if not options.kills:
            return 0
        asked = [options.suite, "--limit", str(options.limit)]
        unbroken, seconds = _timed(Path(folder) / "unbroken", asked)
        wanted, lot, differing = _bytes(unbroken), random.Random(options.seed), 0
        for number in range(options.kills):
            report, moments = _killed(Path(folder) / str(number), asked, lot, seconds)
            differs = _bytes(report) != wanted
            differing += differs
            print(
                f"killed at {', '.join(f'{moment:.1f}' for moment in moments)} s: {'DIFFERS' if differs else 'equal'}"
            )
    print(f"{options.kills - differing} of {options.kills} equal the unbroken run")
    return int(differing > 0)


def _command(runs: Path, asked: list[str]) -> list[str]:
    return [sys.executable, "-m", "eval", "run", *asked, "--model", "extractive", "--runs", str(runs), "--json"]


def _timed(runs: Path, asked: list[str]) -> tuple[Report, float]:
    began = time.perf_counter()
    subprocess.run(_command(runs, asked), check=True, capture_output=True)
    seconds = time.perf_counter() - began
    return next(report for _, report in read_kept(runs)), seconds


def _killed(runs: Path, asked: list[str], lot: random.Random, seconds: float) -> tuple[Report, list[float]]:
    """A run that is killed at random moments until one process lives to the end."""
    moments = []
    while True:
        moment = lot.uniform(0, seconds)
        running = subprocess.Popen(_command(runs, asked), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            running.wait(timeout=moment)
            return next(report for _, report in read_kept(runs)), moments
        except subprocess.TimeoutExpired:
            os.kill(running.pid, signal.SIGKILL)
            running.wait()
            moments.append(moment)


def _bytes(report: Report) -> str:
    return dumps(to_json(report) | {"seconds": None})


def _overhead(report: Report, suite: str) -> float:
    """Seconds a case of everything but the answering: scored, beside null systems, reported as JSON."""
    outputs = {outcome.case.id: outcome.output for outcome in report.outcomes}
    cases = tuple(outcome.case for outcome in report.outcomes)
    loaded = load_suite(suite)
    located = Suite(loaded.name, loaded.version, "", loaded.path, loaded.articles, cases, loaded.digest)
    began = time.perf_counter()
    again = evaluate(
        located,
        system=lambda case: outputs[case.id],
        context=recalled(report.texts),
        settings=report.settings,
        running=Running(),
    )
    json.dumps(to_json(again))
    return (time.perf_counter() - began) / len(cases)


if __name__ == "__main__":
    sys.exit(main())
