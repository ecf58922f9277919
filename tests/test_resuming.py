"""A run that is broken off goes on where it stopped: nothing is asked twice, and the report is the unbroken one's."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from harness import CONTEXT, a_case, a_suite, known, refusal
from hypothesis import given
from hypothesis import strategies as st

from eval.report import Settings
from eval.running.journal import Journal
from eval.running.runner import Running, evaluate, run
from eval.running.saved import dumps, read_report, to_json
from eval.suite import load_suite
from rag.chat_models.spending import Budget
from rag.errors import ModelError, UsageError
from rag.records import Usage

CASES = (a_case("a"), a_case("b", answerable=False), a_case("c"), a_case("d"))
IDENTITY = {"suite": "d1"}


def run_in(folder, system, cases=CASES):
    """What ``runner.run`` does around a journal, without an archive."""
    with Journal(folder, IDENTITY) as journal:
        before = journal.outcomes(CONTEXT)
        budget = Budget()
        budget.settle(0.0, Usage(0, 0, journal.spent()))
        with journal.writing(budget) as writer:
            running = Running(jobs=1)

            def paying(case):
                budget.settle(0.0, Usage(10, 2, 0.25))
                return system(case)

            report = evaluate(
                a_suite(*cases),
                system=paying,
                context=CONTEXT,
                settings=Settings(),
                running=running,
                before=before,
                journal=writer,
            )
        journal.discard()
    return dumps(to_json(report) | {"seconds": None})


UNBROKEN = dumps(
    to_json(evaluate(a_suite(*CASES), system=known, context=CONTEXT, settings=Settings(), running=Running(jobs=1)))
    | {"seconds": None}
)


def broken_off(folder, after: int) -> Path:
    """The journal of a run that was interrupted when so many cases were answered."""
    asked = []

    def system(case):
        if len(asked) == after:
            raise KeyboardInterrupt
        asked.append(case.id)
        return known(case)

    with pytest.raises(KeyboardInterrupt):
        run_in(folder, system)
    return next(folder.glob("*.jsonl"))


@pytest.mark.parametrize("after", range(4))
def test_what_was_answered_is_not_asked_again(tmp_path, after):
    broken_off(tmp_path, after)
    asked = []

    def system(case):
        asked.append(case.id)
        return known(case)

    assert run_in(tmp_path, system) == UNBROKEN
    assert asked == [case.id for case in CASES[after:]]
    assert not list(tmp_path.glob("*.jsonl")), "nothing is left of a run that is done"


@given(st.data())
def test_a_journal_torn_at_any_byte_is_as_good_as_its_whole_lines(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("runs")
    journal = broken_off(folder, 3)
    whole = journal.read_bytes()
    torn = whole[: data.draw(st.integers(0, len(whole)))] + data.draw(st.sampled_from([b"", b"\xff", b"\n", b"{}\n"]))
    journal.write_bytes(torn)
    asked = []

    def system(case):
        asked.append(case.id)
        return known(case)

    assert run_in(folder, system) == UNBROKEN
    kept = max(0, sum(torn.startswith(whole[: end + 1]) for end, byte in enumerate(whole) if byte == ord("\n")) - 1)
    assert len(asked) <= len(CASES) - kept


def test_a_case_that_failed_is_asked_again(tmp_path):
    def failing(case):
        if case.id == "c":
            raise KeyboardInterrupt
        if case.id == "a":
            raise ModelError("The server gave up.")
        return known(case)

    with pytest.raises(KeyboardInterrupt):
        run_in(tmp_path, failing)
    assert run_in(tmp_path, known) == UNBROKEN


def test_another_run_does_not_take_its_answers(tmp_path):
    broken_off(tmp_path, 2)
    with Journal(tmp_path, {"suite": "d2"}) as other:
        assert other.outcomes(CONTEXT) == {}


def test_one_run_is_not_made_by_two_at_once(tmp_path):
    with Journal(tmp_path, IDENTITY), pytest.raises(UsageError, match="another process is at this very run"):
        Journal(tmp_path, IDENTITY).__enter__()
    with Journal(tmp_path, IDENTITY):
        pass


def test_what_was_spent_counts_when_it_goes_on(tmp_path):
    broken_off(tmp_path, 2)
    with Journal(tmp_path, IDENTITY) as journal:
        assert journal.spent() == 0.5
    broken_off(tmp_path, 1)
    with Journal(tmp_path, IDENTITY) as journal:
        assert journal.spent() == 0.75


def test_a_real_run_broken_off_goes_on_and_is_the_unbroken_one(tmp_path):
    """``run`` itself, over the sample articles."""
    asked = []

    def opener(stop_at):
        def opened(articles):
            def system(case):
                if len(asked) == stop_at:
                    raise KeyboardInterrupt
                asked.append(case.id)
                return refusal(case)

            return system

        return opened

    suite, settings = load_suite("seeds"), Settings(system="small", limit=6)
    whole = run(suite, settings, Running(jobs=1), opener=opener(None))
    first, asked[:] = list(asked), []
    with pytest.raises(KeyboardInterrupt):
        run(suite, settings, Running(jobs=1, runs=tmp_path), opener=opener(4))
    kept = []
    again = run(suite, settings, Running(jobs=1, runs=tmp_path, kept=kept.append), opener=opener(None))
    assert asked == first
    assert dumps(to_json(again) | {"seconds": None}) == dumps(to_json(whole) | {"seconds": None})
    assert to_json(read_report(kept[0])) == to_json(again)
    assert not list(tmp_path.glob("*.jsonl"))


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from harness import known
from test_resuming import CASES, run_in
asked = Path(sys.argv[1]) / "asked"
def system(case):
    with asked.open("a") as file:
        file.write(case.id)
    if case.id == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
    return known(case)
print(run_in(Path(sys.argv[1]), system))
"""


def test_a_killed_process_leaves_what_it_answered(tmp_path):
    def started(killed_at):
        command = [sys.executable, "-c", KILLED, str(tmp_path), str(Path(__file__).parent), killed_at]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    assert started("c").returncode == -signal.SIGKILL
    again = started("")
    assert again.stderr == ""
    assert json.loads(again.stdout) == json.loads(UNBROKEN)
    assert (tmp_path / "asked").read_text() == "abc" + "cd"
