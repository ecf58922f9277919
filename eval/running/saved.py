"""A report read back from its file, whole, so that it can be scored again or compared."""

from __future__ import annotations

import json
import math
from datetime import datetime
from pathlib import Path
from typing import Any

from eval.cases import case_from
from eval.provenance import Provenance
from eval.report import FORMAT, Outcome, Report, Settings
from eval.scorers import SCORERS, Score
from rag.errors import InputError
from rag.records import Answer, Citation, Hit, Nearest, Problem, Refusal, Seconds, Statement, Usage

Json = dict[str, Any]
Texts = dict[tuple[str, int], str]


def read_report(path: str | Path) -> Report:
    """The report that ``eval run --report`` wrote to a file."""
    record = _record(Path(path))
    try:
        if record["format"] > FORMAT:
            raise InputError(f"{path}: written by a newer version (format {record['format']}); upgrade Groundwire.")
        return _report(record)
    except KeyError as error:
        raise InputError(f"{path}: no report of eval run: {error} is missing; write it again.") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise InputError(f"{path}: no report of eval run ({error}); write it again.") from None


def _record(path: Path) -> Json:
    try:
        record = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file of eval run --report.") from None
    except ValueError as error:
        raise InputError(f"{path}: not JSON ({error}); give a file of eval run --report.") from None
    if not isinstance(record, dict):
        raise InputError(f"{path}: not a JSON object; give a file of eval run --report.")
    return record


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _report(record: Json) -> Report:
    texts = {(str(article["id"]), int(article["revision"])): str(article["text"]) for article in record["articles"]}
    seconds = record["seconds"]
    return Report(
        suite=str(record["suite"]["name"]),
        version=str(record["suite"]["version"]),
        digest=str(record["suite"]["digest"]),
        settings=Settings(**record["settings"] | {"tags": tuple(record["settings"]["tags"])}),
        provenance=_provenance(record["provenance"]),
        outcomes=tuple(_outcome(outcome, texts, seconds) for outcome in record["cases"]),
        texts=texts,
    )


def _provenance(record: Json) -> Provenance:
    return Provenance(**record | {"libraries": tuple(record["libraries"].items())})


def _outcome(record: Json, texts: Texts, seconds: Json) -> Outcome:
    case = case_from(record["case"])
    output = record["output"]
    scores = {name: _score(record["scores"].get(name)) for name in SCORERS}
    answer = None if output is None else _answer(output, texts, seconds[case.id])
    return Outcome(case, answer, record["error"], scores)


def _score(record: Json | None) -> Score:
    if record is None:
        return Score(None, "unknown when the report was written")
    value = record["value"]
    if value is not None and not (isinstance(value, int | float) and math.isfinite(value)):
        raise ValueError(f"a score of {value!r}")
    return Score(value, record["reason"])


def _answer(record: Json, texts: Texts, seconds: Json) -> Answer:
    as_of = _time(record["as_of"])
    if as_of is None:
        raise ValueError("an output without 'as_of'")
    return Answer(
        question=record["question"],
        model=record["model"],
        as_of=as_of,
        newest=_time(record["newest"]),
        statements=tuple(map(_statement, record["statements"])),
        rejected=tuple(map(_statement, record["rejected"])),
        citations=tuple(map(_citation, record["citations"])),
        hits=tuple(_hit(hit, texts) for hit in record["hits"]),
        refusal=_refusal(record["refusal"]),
        usage=Usage(**record["usage"]) if record["usage"] else None,
        seconds=Seconds(**seconds),
    )


def _time(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


def _statement(record: Json) -> Statement:
    problems = tuple(Problem(**problem) for problem in record["problems"])
    return Statement(record["text"], tuple(record["citations"]), record["verdict"], problems)


def _citation(record: Json) -> Citation:
    times = {"published_at": _time(record["published_at"])}
    return Citation(**record | times | {"also": tuple(record["also"])})


def _hit(record: Json, texts: Texts) -> Hit:
    # The contract's hits name no revision: a search finds the current one only, the latest that the report holds.
    revision = max(revision for article_id, revision in texts if article_id == record["article_id"])
    text = texts[record["article_id"], revision][record["start"] : record["end"]]
    return Hit(revision=revision, text=text, **record)


def _refusal(record: Json | None) -> Refusal | None:
    if record is None:
        return None
    nearest = tuple(
        Nearest(near["article_id"], near["title"], _time(near["published_at"])) for near in record["nearest"]
    )
    return Refusal(record["reason"], record["message"], nearest)
