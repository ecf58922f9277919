"""What a run leaves behind: every output and score, its metrics, and the table, the JSON and the verdict on them."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from eval.cases import Case, case_json
from eval.metrics import Metric, Observation, estimate
from eval.provenance import Provenance
from eval.scorers import SCORERS, Score
from rag.contract import answer_json
from rag.errors import UsageError
from rag.records import Answer

Json = dict[str, Any]

FORMAT = 1
"""Raised when a report written before can no longer be read."""
BY_TAG = ("hit", "exact", "cites_gold", "answer_match", "refusal", "grounded")
"""The columns of the table by tag; the JSON has every metric."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case: an answer and its scores, or the error it failed with."""

    case: Case
    answer: Answer | None
    error: str | None
    scores: Mapping[str, Score]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was asked for."""

    model: str | None
    """``None`` is the archive's own choice; what answered is in each output."""
    tags: tuple[str, ...] = ()
    limit: int | None = None
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """One run over a suite, complete enough to be scored again without it."""

    suite: str
    version: str
    digest: str
    settings: Settings
    provenance: Provenance
    outcomes: tuple[Outcome, ...]
    texts: Mapping[tuple[str, int], str]
    """The articles that were found or cited, by id and revision."""

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The cases that gave no answer."""
        return tuple(outcome for outcome in self.outcomes if outcome.error is not None)


def metrics(report: Report, *, tag: str | None = None) -> dict[str, Metric]:
    """Every scorer's metric over all cases, or over those with a tag."""
    outcomes = [outcome for outcome in report.outcomes if tag is None or tag in outcome.case.tags]
    return {name: estimate(_observed(outcomes, name), seed=report.settings.seed) for name in SCORERS}


def tags(report: Report) -> list[str]:
    """All tags of its cases, sorted."""
    return sorted({tag for outcome in report.outcomes for tag in outcome.case.tags})


def parse_threshold(written: str) -> tuple[str, float]:
    """``metric=0.9`` as a pair."""
    name, _, bound = written.partition("=")
    known = ", ".join(SCORERS)
    if name not in SCORERS:
        raise UsageError(f"No metric '{name}' for '{written}'. Write metric=0.9; the metrics are: {known}.")
    try:
        value = float(bound)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise UsageError(f"'{bound}' in '{written}' is no number from 0 to 1. Write for example {name}=0.9.")
    return name, value


def failures(report: Report, thresholds: Mapping[str, float]) -> list[str]:
    """One line for each reason to fail a build: cases that failed, and metrics under their threshold."""
    found = []
    if report.failed:
        first = report.failed[0]
        found.append(f"{len(report.failed)} of {len(report.outcomes)} cases failed; {first.case.id}: {first.error}")
    reached = metrics(report) if thresholds else {}
    for name, bound in thresholds.items():
        mean = reached[name].mean
        if mean is None:
            found.append(f"{name} was scored in no case, so that {bound:g} cannot be shown")
        elif mean < bound:
            found.append(f"{name} is {mean:.4f}, under {bound:g}")
    return found


def to_json(report: Report) -> Json:
    """The whole report; all that depends on the clock is under ``seconds``, the rest repeats byte for byte."""
    return {
        "format": FORMAT,
        "suite": {"name": report.suite, "version": report.version, "digest": report.digest},
        "settings": dataclasses.asdict(report.settings),
        "provenance": dataclasses.asdict(report.provenance) | {"libraries": dict(report.provenance.libraries)},
        "metrics": _metrics_json(metrics(report)),
        "tags": {tag: _metrics_json(metrics(report, tag=tag)) for tag in tags(report)},
        "cases": [_outcome_json(outcome) for outcome in report.outcomes],
        "articles": [
            {"id": article_id, "revision": revision, "text": text}
            for (article_id, revision), text in sorted(report.texts.items())
        ],
        "seconds": {
            outcome.case.id: dataclasses.asdict(outcome.answer.seconds)
            for outcome in report.outcomes
            if outcome.answer is not None
        },
    }


def dumps(record: Json) -> str:
    """JSON that is the same for equal records, and that holds neither NaN nor control characters."""
    return json.dumps(record, sort_keys=True, indent=1, allow_nan=False)


def table(report: Report) -> str:
    """The report for a terminal."""
    models = sorted({outcome.answer.model for outcome in report.outcomes if outcome.answer}) or ["no answer"]
    count = len(report.outcomes)
    parts = [
        f"{report.suite} {report.version} · {', '.join(models)} · {count} cases, {len(report.failed)} failed",
        columns(METRIC_HEAD, [metric_row(name, metric) for name, metric in metrics(report).items()]),
        columns(("tag", "cases", *BY_TAG), [_tag_row(report, tag) for tag in tags(report)]),
    ]
    if report.failed:
        parts.append("\n".join(f"failed  {outcome.case.id}: {outcome.error}" for outcome in report.failed))
    return printable("\n\n".join(parts))


METRIC_HEAD = ("metric", "mean", "95 % interval", "scored", "not scored")


def metric_row(name: str, metric: Metric) -> tuple[str, ...]:
    """One line of a table of metrics."""
    interval = "–" if metric.low is None else f"{number(metric.low)} – {number(metric.high)}"
    return name, number(metric.mean), interval, str(metric.scored), str(metric.unscored)


def number(value: float | None) -> str:
    """A value for a table, to three places."""
    return "–" if value is None else f"{value:.3f}"


def columns(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Rows under their headings, the first column to the left and the rest to the right."""
    lines = [head, *rows]
    first, *rest = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([label.ljust(first), *map(str.rjust, cells, rest)]).rstrip() for label, *cells in lines
    )


def printable(text: str) -> str:
    """Text without control characters, which an article or a suite could send to the terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)


def _observed(outcomes: list[Outcome], name: str) -> list[Observation]:
    return [Observation(outcome.case.cluster, outcome.scores[name].value) for outcome in outcomes]


def _tag_row(report: Report, tag: str) -> tuple[str, ...]:
    reached = metrics(report, tag=tag)
    count = sum(tag in outcome.case.tags for outcome in report.outcomes)
    return tag, str(count), *(number(reached[name].mean) for name in BY_TAG)


def _metrics_json(reached: Mapping[str, Metric]) -> Json:
    return {name: dataclasses.asdict(metric) for name, metric in reached.items()}


def _outcome_json(outcome: Outcome) -> Json:
    output = answer_json(outcome.answer) if outcome.answer else None
    if output is not None:
        del output["seconds"]
    return {
        "case": case_json(outcome.case),
        "output": output,
        "error": outcome.error,
        "scores": {name: dataclasses.asdict(score) for name, score in outcome.scores.items()},
    }
