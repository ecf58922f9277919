"""Runs kept in a folder and a suite of three cases, for the tests of the Evaluation tab."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from harness import a_case, good_answer, known, report_of

from eval.cases import Case
from eval.report import Report
from eval.running.kept import keep
from rag.records import Answer

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> ${alert(3)} {{this}}"
LONG = "provider:" + "m" * 70
"""A model's name that no line of a phone holds."""
ARTICLE = "The new bridge\n\nThe bridge opened on Monday. It cost $3 million. It is painted blue."
_CASES = (
    ("c1", "How much did the bridge cost?", "$3 million", "It cost $3 million."),
    ("c2", "When did the bridge open?", "Monday", "The bridge opened on Monday."),
    ("c3", "What colour is the bridge painted?", "blue", "It is painted blue."),
)


def a_run(day: int, *cases: Case, system=known, **other: object) -> Report:
    """A report of the ``day`` of May 2024; ``other`` replaces parts of it."""
    report = report_of(system, *(cases or (a_case("q1"), a_case("q2", answerable=False))))
    return replace(report, started=f"2024-05-{day:02}T09:30:00.000+00:00", **other)


def hostile_run(day: int) -> Report:
    """Whoever wrote its suite, answered it and named the system meant harm."""

    def answers(case: Case) -> Answer:
        answer = good_answer(case)
        told = replace(answer.statements[0], text=f"{answer.statements[0].text} {HOSTILE}")
        return replace(answer, model=HOSTILE, statements=(told,))

    case = replace(a_case("q1"), question=HOSTILE, answers=(HOSTILE,), tags=(HOSTILE,))
    return a_run(day, case, system=answers, suite=HOSTILE, digest="d2")


def fill(folder: Path) -> None:
    """Two runs of a suite, one of another that is hostile, and two files that cannot be read."""
    for report in (a_run(2), a_run(3, system=lambda case: replace(good_answer(case), model=LONG)), hostile_run(4)):
        keep(report, folder)
    written = json.loads(next(folder.glob("small-*.json")).read_text("utf-8"))
    (folder / "newer.json").write_text(json.dumps(written | {"format": 99}), "utf-8")
    (folder / "torn.json").write_text('{"format": 2, "su', "utf-8")


def tiny_suite(folder: Path) -> Path:
    """A folder of suites that holds ``tiny``."""
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "bridge.txt").write_text(ARTICLE, "utf-8")
    header = {"suite": "tiny", "version": 1, "articles": "articles", "description": "Three questions."}
    lines = [header] + [
        {
            "id": id,
            "question": question,
            "answerable": True,
            "answers": [answer],
            "gold": [{"article": "bridge", "quote": quote}],
            "tags": ["facts"],
            "source": "Groundwire",
            "licence": "CC0-1.0",
        }
        for id, question, answer, quote in _CASES
    ]
    (folder / "tiny.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return folder
