"""A report as JSON, and read back from its file, whole, so that it can be scored again or compared."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from eval.cases import case_json, kept_case
from eval.measures import known
from eval.metrics import Metric
from eval.provenance import Provenance
from eval.report import Judging, Outcome, Report, Settings, beaten_by, metrics, tags
from eval.running.outputs import of_kind, output_from, output_json
from eval.scores import Context, Score, hits
from eval.systems.nulls import NULLS
from rag.errors import InputError, UnknownArticle

Json = dict[str, Any]
Texts = Mapping[tuple[str, int], str]

FORMAT = 2
"""Raised when a report written before can no longer be read."""


def to_json(report: Report) -> Json:
    """The whole report; all that hangs on the clock is under ``seconds``, the rest repeats byte for byte."""
    timed = {name for name, measure in report.measures.items() if measure.timed}
    reached = metrics(report)
    return {
        "format": FORMAT,
        "suite": {"name": report.suite, "version": report.version, "digest": report.digest},
        "settings": dataclasses.asdict(report.settings),
        "provenance": dataclasses.asdict(report.provenance) | {"libraries": dict(report.provenance.libraries)},
        "metrics": {
            name: dataclasses.asdict(metric) | {"nulls_as_good": beaten_by(report, name, metric)}
            for name, metric in reached.items()
            if name not in timed
        },
        "tags": {tag: _metrics_json(metrics(report, tag=tag), without=timed) for tag in tags(report)},
        "nulls": {system: _metrics_json(found, without=timed) for system, found in report.nulls.items()},
        "judging": dataclasses.asdict(report.judging) if report.judging else None,
        "cases": [outcome_json(outcome) for outcome in report.outcomes],
        "articles": [
            {"id": article_id, "revision": revision, "text": text}
            for (article_id, revision), text in sorted(report.texts.items())
        ],
        "seconds": {
            "started": report.started,
            "cases": {outcome.case.id: seconds_json(outcome) for outcome in report.outcomes},
            "metrics": {name: dataclasses.asdict(reached[name]) for name in sorted(timed)},
        },
    }


def dumps(record: Json) -> str:
    """JSON that is the same for equal records, and that holds neither NaN nor control characters."""
    return json.dumps(record, sort_keys=True, indent=1, allow_nan=False)


def outcome_json(outcome: Outcome) -> Json:
    """One case, its output and scores, without what hangs on the clock."""
    output = output_json(outcome.output) if outcome.output else None
    if output is not None:
        del output["seconds"]
    return {
        "case": case_json(outcome.case),
        "output": output,
        "error": outcome.error,
        "scores": {
            name: dataclasses.asdict(score) for name, score in outcome.scores.items() if not known()[name].timed
        },
    }


def seconds_json(outcome: Outcome) -> Json | None:
    """What a case's output took; ``None`` where there is none."""
    return dataclasses.asdict(outcome.output.seconds) if outcome.output else None


def outcome_from(record: Json, seconds: Json | None, context: Context) -> Outcome:
    """The outcome of a record of ``outcome_json``; raises ``KeyError``, ``TypeError`` or ``ValueError``."""
    case = kept_case(record["case"])
    output = None
    if record["output"] is not None:
        output = output_from(record["output"] | {"seconds": seconds}, context.article_text)
    scores = {name: _score(record["scores"][name]) for name in known() if name in record["scores"]}
    for name, measure in known().items():
        if measure.timed and measure.scorer and output is not None:
            scores[name] = measure.scorer(case, output, context)
        elif measure.timed:
            scores[name] = Score(None, "failed")
    error = record["error"]
    if not isinstance(error, str | None):
        raise ValueError(f"an error of {type(error).__name__}")
    return Outcome(case, output, error, {name: scores[name] for name in known() if name in scores})


def read_report(path: str | Path) -> Report:
    """The report that ``eval run`` wrote to a file.

    Raises:
        InputError: it cannot be read, is none, or is of another version.
    """
    record = _record(Path(path))
    try:
        _check_format(Path(path), record["format"])
        return _report(record)
    except KeyError as error:
        raise InputError(f"{path}: no report of eval run: {error} is missing; write it again.") from None
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(f"{path}: no report of eval run ({error}); write it again.") from None


def recalled(texts: Texts) -> Context:
    """A context of the articles that a report holds."""

    def text(article_id: str, revision: int) -> str:
        if (article_id, revision) not in texts:
            raise UnknownArticle(f"The report holds no article '{article_id}' in revision {revision}.")
        return texts[article_id, revision]

    return Context(text)


def texts_of(outcomes: Iterable[Outcome], context: Context) -> dict[tuple[str, int], str]:
    """The articles that outputs found or cite; a citation of nothing is scored as such, and has none."""
    outputs = [outcome.output for outcome in outcomes if outcome.output]
    wanted = {(hit.article_id, hit.revision) for output in outputs for hit in hits(output)}
    wanted |= {(citation.article_id, citation.revision) for output in outputs for citation in output.citations}
    texts = {}
    for key in sorted(wanted):
        try:
            texts[key] = context.article_text(*key)
        except UnknownArticle:
            continue
    return texts


def _check_format(path: Path, written: object) -> None:
    if not isinstance(written, int):
        raise ValueError(f"'format' is {written!r}")
    if written > FORMAT:
        raise InputError(f"{path}: written by a newer version (format {written}); upgrade Groundwire.")
    if written < FORMAT:
        raise InputError(f"{path}: written by an older version (format {written}); run the suite again.")


def _record(path: Path) -> Json:
    try:
        record = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); give a file of eval run --report.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON ({error}); give a file of eval run --report.") from None
    if not isinstance(record, dict):
        raise InputError(f"{path}: not a JSON object; give a file of eval run --report.")
    return record


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _report(record: Json) -> Report:
    texts = {(str(article["id"]), int(article["revision"])): str(article["text"]) for article in record["articles"]}
    seconds, context = record["seconds"], recalled(texts)
    return Report(
        suite=str(record["suite"]["name"]),
        version=str(record["suite"]["version"]),
        digest=str(record["suite"]["digest"]),
        settings=of_kind(Settings, record["settings"]),
        provenance=_provenance(record["provenance"]),
        outcomes=tuple(
            outcome_from(outcome, seconds["cases"][outcome["case"]["id"]], context) for outcome in record["cases"]
        ),
        texts=texts,
        nulls={name: _metrics(record["nulls"][name]) for name in NULLS if name in record["nulls"]},
        judging=of_kind(Judging, record["judging"]) if record["judging"] else None,
        started=None if seconds["started"] is None else str(seconds["started"]),
    )


def _provenance(record: Json) -> Provenance:
    return of_kind(Provenance, record | {"libraries": list(record["libraries"].items())})


def _score(record: Json) -> Score:
    return of_kind(Score, _finite(record))


def _metrics(record: Json) -> dict[str, Metric]:
    found = {name: of_kind(Metric, _finite(metric)) for name, metric in record.items()}
    return {name: found[name] for name in known() if name in found}


def _finite(record: Json) -> Json:
    for name, value in record.items():
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError(f"'{name}' is {value}")
    return record


def _metrics_json(reached: Mapping[str, Metric], *, without: set[str]) -> Json:
    return {name: dataclasses.asdict(metric) for name, metric in reached.items() if name not in without}
