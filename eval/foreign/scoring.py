"""A file of outputs -> a report: outputs of a suite's cases, rows that are cases of their own, or a report again."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eval import json_lines
from eval.cases import Case
from eval.contexts import with_contexts
from eval.foreign import fields
from eval.foreign.outputs import output_from
from eval.foreign.own_cases import digest, own_case, shelf_of
from eval.foreign.rows import Row, rows, whole
from eval.foreign.shelf import Shelf
from eval.report import Report, Settings
from eval.running.filling import filled
from eval.running.runner import Running, evaluate
from eval.running.saved import read_report, recalled
from eval.running.scoring import rescore
from eval.scores import Output
from eval.suite import Suite, load_suite, locate
from rag.errors import InputError, UsageError
from rag.records import Article

OWN = "own cases"
"""What the suite of rows is called that come without one."""

Given = Mapping[str, Output | str]
"""By case, an output or why there is none."""


def score_file(path: str | Path, suite: str | Path | None = None) -> Report:
    """The report of the outputs in a file; nothing is asked, and the same file gives the same report.

    An output that is nothing, or wrong, is a failed case; a file that is broken is no file of outputs.

    Raises:
        InputError: the file is broken, or names a case that is not in the suite; with the line.
        UsageError: a suite is given for a report, which holds its cases.
    """
    path = Path(path)
    text = json_lines.content(path)
    if "format" in (whole(text) or {}):
        if suite is not None:
            raise UsageError(f"{path}: a report holds its own cases; leave --suite out.")
        return rescore(read_report(path))
    found = rows(path, text)
    report = _of_rows(path, found) if suite is None else _of_suite(path, found, load_suite(suite))
    return replace(report, started=None)


def _of_suite(path: Path, found: Sequence[Row], suite: Suite) -> Report:
    articles = _articles(suite)
    located = locate(suite, articles)
    by_case = _matched(path, found, located.cases)
    shelf = Shelf(articles)
    given = {case.id: _output(by_case[case.id], case, shelf) for case in located.cases if case.id in by_case}
    return _report(path, located, given, articles, chance=articles)


def _of_rows(path: Path, found: Sequence[Row]) -> Report:
    cases: dict[str, Case] = {}
    given: dict[str, Output | str] = {}
    articles: dict[str, Article] = {}
    for number, row in enumerate(found, 1):
        shelf, case = _own(path, row, number)
        if earlier := cases.get(case.id):
            raise InputError(f"{path}:{row.line}: '{case.id}' is already on line {earlier.line}; change one.")
        cases[case.id] = case
        given[case.id] = _output(row, case, shelf)
        articles |= {article.id: article for article in shelf}
    suite = Suite(OWN, "1", "", path, path.parent, tuple(cases.values()), digest(list(cases.values())))
    return _report(path, suite, given, list(articles.values()), chance=())


def _own(path: Path, row: Row, number: int) -> tuple[Shelf, Case]:
    try:
        if isinstance(row.record.get("statements"), list):
            raise ValueError("an output of ours cites articles by their place; give --suite, which has them")
        shelf = shelf_of(row)
        return shelf, own_case(row, number, shelf)
    except ValueError as error:
        raise InputError(f"{path}:{row.line}: {error}.") from None


def _output(row: Row, case: Case, shelf: Shelf) -> Output | str:
    record = row.record
    if not any(record.get(name) is not None for name in (*fields.ANSWER, "refusal", "statements")):
        return "returned nothing"
    try:
        return output_from(record, case, shelf)
    except ValueError as error:
        return str(error)


def _report(
    path: Path, suite: Suite, given: Given, articles: Sequence[Article], *, chance: Sequence[Article]
) -> Report:
    """The report of what was given; null systems draw from ``chance``, or from what was found and cited."""

    def look_up(case: Case) -> Output:
        output = given.get(case.id, "no output given")
        if isinstance(output, str):
            raise InputError(output)
        return output

    known = recalled({(article.id, article.revision): article.text for article in articles})
    return evaluate(
        suite,
        system=look_up,
        context=with_contexts(known, [one for one in given.values() if not isinstance(one, str)]),
        settings=Settings(system=path.name),
        running=Running(jobs=1, timeout=None),
    )


def _articles(suite: Suite) -> list[Article]:
    """The suite's articles as an archive has them, whose ids outputs and gold go by."""
    from rag import Archive

    with (
        tempfile.TemporaryDirectory(prefix="groundwire-eval-") as folder,
        Archive.open(folder, model="extractive") as archive,
    ):
        return filled(archive, suite)


def _matched(path: Path, found: Sequence[Row], cases: Sequence[Case]) -> dict[str, Row]:
    """Rows by the case that they are of, which they name or whose question they repeat."""
    matched: dict[str, Row] = {}
    for row in found:
        try:
            id = _case_id(row, cases)
        except ValueError as error:
            raise InputError(f"{path}:{row.line}: {error}.") from None
        if id in matched:
            raise InputError(f"{path}:{row.line}: case '{id}' is already on line {matched[id].line}; remove one.")
        matched[id] = row
    return matched


def _case_id(row: Row, cases: Sequence[Case]) -> str:
    ids = {case.id for case in cases}
    stated = row.record.get("case")
    if stated is not None:
        if fields.text(stated, "case") not in ids:
            raise ValueError(f"no case '{stated}' is in the suite; correct 'case'")
        return str(stated)
    other = row.record.get("id")
    if isinstance(other, str) and other in ids:
        return other
    name, question = fields.find(row.record, fields.QUESTION)
    if question is None:
        raise ValueError(f"neither 'case' nor '{name}' is given; name the case by its id")
    asked = " ".join(fields.text(question, name).split())
    same = [case.id for case in cases if " ".join(case.question.split()) == asked]
    if len(same) != 1:
        many = f"{len(same)} cases ask" if same else "no case of the suite asks"
        raise ValueError(f"{many} '{asked[:60]}'; name the case by its id in 'case'")
    return same[0]
