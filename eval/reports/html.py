"""A report, or a comparison, as one HTML file: nothing is fetched, and without a script it can be read whole.

Whatever an article, a case or a system wrote is escaped: by the template engine, which only this file knows, and in
the drawings by ``svg``, whose text the templates take as it is.
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

from eval.comparison import Comparison, worse
from eval.report import Report, tags
from eval.reports import figures
from eval.reports.columns import number
from eval.reports.rows import difference_rows, metric_rows
from eval.reports.showing import shown
from rag.summary import Summary

STATIC = Path(__file__).parent / "static"
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def html(report: Report, *, earlier: Sequence[Report] = ()) -> str:
    """The report with its plots and every case, failed and worst first; ``earlier`` runs are drawn beside it."""
    runs = figures.in_order(report, earlier)
    bars, histograms = figures.spread(report)
    rows = metric_rows(report)
    return _page(
        "report.html",
        report=report,
        started=figures.when(report),
        rows=[row for row in rows if row.metric.scored],
        nowhere=[row.measure.name for row in rows if not row.metric.scored],
        nulls=list(report.nulls),
        bars=bars,
        histograms=histograms,
        by_tag=figures.by_tag(report),
        over_runs=figures.over_runs(runs, report),
        against=figures.cost_against_quality(runs, report),
        runs=runs,
        tags=tags(report),
        cases=shown(report),
        filtered=[name for name, measure in report.measures.items() if measure.unit == "share"],
    )


def compared_html(comparison: Comparison) -> str:
    """What differs between two runs, by how much and in which cases, the worst first."""
    return _page(
        "compared.html",
        comparison=comparison,
        reasons=worse(comparison),
        rows=difference_rows(comparison.differences),
        nowhere=[name for name, one in comparison.differences.items() if not one.metric.scored],
        tags={tag: difference_rows(differences) for tag, differences in comparison.tags.items()},
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
