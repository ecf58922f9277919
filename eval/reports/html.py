"""A report, or a comparison, as one HTML file: nothing is fetched, and without a script it can be read whole.

Whatever an article, a case or a system wrote is escaped by the template engine, which only this file knows.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eval.comparison import Comparison, Difference, verdict, worse
from eval.measures import known
from eval.metrics import Metric
from eval.report import Report, beaten_by, metrics, tags
from eval.reports import figures, plots
from eval.reports.columns import number
from eval.reports.quoting import quoted
from eval.reports.ranking import Ranked, ranked
from eval.scores import Output, Score, hits
from rag.records import Statement
from rag.summary import Summary

STATIC = Path(__file__).parent / "static"
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNITS = {"share": "", "seconds": " s", "tokens": " tokens", "dollars": " $"}


def html(report: Report, *, earlier: Sequence[Report] = ()) -> str:
    """The report with its plots and every case, failed and worst first; ``earlier`` runs are drawn beside it."""
    runs = figures.in_order(report, earlier)
    bars, histograms = figures.spread(report)
    rows = [_row(report, name, metric) for name, metric in metrics(report).items()]
    return _page(
        "report.html",
        report=report,
        started=figures.when(report),
        rows=[row for row in rows if row["metric"].scored],
        nowhere=[row["name"] for row in rows if not row["metric"].scored],
        nulls=list(report.nulls),
        bars=bars,
        histograms=histograms,
        by_tag=figures.by_tag(report),
        over_runs=figures.over_runs(runs, report),
        against=figures.cost_against_quality(runs, report),
        runs=runs,
        tags=tags(report),
        cases=[_case(place, one, report) for place, one in enumerate(ranked(report), 1)],
        filtered=[name for name, measure in report.measures.items() if measure.unit == "share"],
    )


def compared_html(comparison: Comparison) -> str:
    """What differs between two runs, by how much and in which cases, the worst first."""
    return _page(
        "compared.html",
        comparison=comparison,
        reasons=worse(comparison),
        rows=[_difference(name, one) for name, one in comparison.differences.items() if one.metric.scored],
        nowhere=[name for name, one in comparison.differences.items() if not one.metric.scored],
        tags={
            tag: [_difference(name, one) for name, one in differences.items() if one.metric.scored]
            for tag, differences in comparison.tags.items()
        },
    )


def _page(template: str, **shown: Any) -> str:
    style, script = _static("report.css"), _static("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';"
        " base-uri 'none'; form-action 'none'"
    )
    page = _environment().get_template(template).render(shown, policy=policy, style=style, script=script)
    # A raw carriage return would be read back as a line feed; the others HTML does not allow, or cannot be written.
    return _UNSENDABLE.sub("\N{REPLACEMENT CHARACTER}", page).replace("\r", "&#13;")


def _hash(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"


@cache
def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(STATIC),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = number
    environment.filters["signed"] = lambda value: "–" if value is None else f"{value:+.3f}".replace("-", "−")
    environment.filters["json"] = lambda value: json.dumps(list(value))
    environment.filters["short"] = lambda text, most: text if len(text) <= most else f"{text[:most]}…"
    environment.filters["when"] = figures.when
    environment.tests["summary"] = lambda output: isinstance(output, Summary)
    return environment


def _row(report: Report, name: str, metric: Metric) -> dict[str, Any]:
    """A row of the table of metrics."""
    measure = report.measures[name]
    means = {system: reached[name].mean for system, reached in report.nulls.items() if name in reached}
    known = {system: mean for system, mean in means.items() if mean is not None}
    return {
        "name": name,
        "measure": measure,
        "metric": metric,
        "unit": _UNITS[measure.unit],
        "drawing": plots.interval(metric, known) if measure.unit == "share" else "",
        "nulls": means,
        "winners": beaten_by(report, name, metric),
    }


def _difference(name: str, difference: Difference) -> dict[str, Any]:
    """A row of a table of differences."""
    measure = known()[name]
    drawing = plots.interval(difference.metric, {}, low=-1.0) if measure.unit == "share" else ""
    return {
        "name": name,
        "measure": measure,
        "metric": difference.metric,
        "test": difference.mcnemar,
        "unit": _UNITS[measure.unit],
        "drawing": drawing,
        "verdict": verdict(name, difference.metric),
    }


def _case(place: int, one: Ranked, report: Report) -> dict[str, Any]:
    """What is shown of one case."""
    outcome = one.outcome
    output = outcome.output
    unscored: dict[str, list[str]] = {}
    for name, score in outcome.scores.items():
        if score.value is None:
            unscored.setdefault(score.reason or "no reason given", []).append(name)
    return {
        "place": place,
        "case": outcome.case,
        "output": output,
        "error": outcome.error,
        "ranked": one,
        "scores": _scored(one, report),
        "best": _best(one, report),
        "unscored": unscored,
        "quotes": [quoted(citation, report.texts) for citation in output.citations] if output else [],
        "numbers": {citation.number for citation in output.citations} if output else set(),
        "found": list(dict.fromkeys(hit.article_id for hit in hits(output))) if output else [],
        "parts": _parts(output) if output else [],
    }


def _best(one: Ranked, report: Report) -> list[str]:
    """Measures that reached the most that they can give, and have nothing to add."""
    measures = report.measures
    return [
        name
        for name, score in one.outcome.scores.items()
        if score.value is not None
        and score.reason is None
        and name in measures
        and measures[name].unit == "share"
        and name not in one.below
    ]


def _scored(one: Ranked, report: Report) -> list[tuple[str, str, Score]]:
    """Name, value with its unit, and score of what else was scored."""
    best = _best(one, report)
    return [
        (name, f"{score.value:.3g}{_UNITS[report.measures[name].unit]}", score)
        for name, score in one.outcome.scores.items()
        if score.value is not None and name in report.measures and name not in best
    ]


def _parts(output: Output) -> list[tuple[str | None, list[Statement]]]:
    """Statements under their headings; what no section holds has none."""
    if not isinstance(output, Summary) or not output.sections:
        return [(None, list(output.statements))] if output.statements else []
    held = range(len(output.statements))
    return [
        (section.heading, [output.statements[place] for place in section.statements if place in held])
        for section in output.sections
    ]
