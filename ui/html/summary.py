"""A summary as HTML: what it says with its numbers, how much it tells, what it leaves out, what it rests on."""

from __future__ import annotations

from rag.summary import Progress, Summary
from ui.html.markup import (
    basis_html,
    buttons_html,
    doubts_html,
    escape,
    hints_html,
    left_out_html,
    missing_html,
    numbered,
    refusal_html,
    told_html,
)
from ui.text.coverage import count, measured, untold
from ui.text.plan import planned

TURN = "summary"
"""In place of a turn's number, for the sources of the summary shown."""
EMPTY = (
    '<p class="lead">Whole articles, told in the length and the form you choose. Every sentence carries a number; '
    "press it to read the very words it rests on.</p>"
)


def summary_html(summary: Summary) -> str:
    """One summary, with what was set aside and left out one click away."""
    number = numbered(TURN)
    told = refusal_html(summary, level=2) or told_html(summary, number, level=2)
    doubted = doubts_html(summary, TURN) + hints_html(summary)
    ending = coverage_html(summary) + basis_html(summary) + buttons_html(TURN)
    return f'<section class="summary answer {summary.style}" aria-label="Summary">{told}{doubted}{ending}</section>'


def named_html(at: str) -> str:
    """The id of the summary shown, or being made, which the page puts into its address; ``""`` for none."""
    return f'<span hidden data-at="{escape(at)}"></span>'


def coverage_html(summary: Summary) -> str:
    """How long it is and how much it tells; the points and articles it leaves out, one click away."""
    phrases = "".join(f"<li>{escape(one)}</li>" for one in measured(summary))
    facts = phrases and f'<ul class="coverage facts" aria-label="Length and coverage">{phrases}</ul>'
    return (
        facts
        + _details("missing", untold(summary), missing_html(summary))
        + _details("left-out", f"{count(len(summary.unused), 'article')} left out", left_out_html(summary))
    )


def progress_html(progress: Progress | None) -> str:
    """How far it has come; what a model is asked, once that is known."""
    if progress is None:
        return '<p class="awaited" role="status">Reading the articles…</p>'
    # Corrections are not planned.
    calls = f"{progress.done:,} of {count(max(progress.plan.calls, progress.done), 'call')}"
    return f'<p class="awaited" role="status">{escape(f"{planned(progress.plan)}: {calls} made…")}</p>'


def _details(kind: str, heading: str, body: str) -> str:
    return body and f'<details class="doubts {kind}"><summary>{escape(heading)}</summary>{body}</details>'
