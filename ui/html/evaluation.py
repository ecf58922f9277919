"""Evaluation runs as HTML: the list of those kept, how far one has come, and the frame that a report is shown in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.answer import EXTRACTIVE
from ui.html.links import address
from ui.html.markup import error_html, escape
from ui.kept.runs import Run, Runs
from ui.text.coverage import count

if TYPE_CHECKING:
    from eval.running.runner import Progress

_FAULTS = 5
"""Files that cannot be read, named one by one."""
_LONGEST = 80
"""Characters of a suite's or model's name that are shown."""
_HEAD = ("Run (UTC)", "Suite", "Answered by", "Cases", "Failed")

UNREAD = '<p class="awaited" role="status">Reading the runs that are kept…</p>'
"""In place of the list, until it is there."""


def told_html(answers: str) -> str:
    """Who answers a run, and what that means for the reader."""
    if answers == EXTRACTIVE:
        return _status("Answered without a model: it costs nothing, and nothing leaves this machine.")
    return _status(f"Answered by {answers}: the questions and the passages found are sent there.")


def runs_html(runs: Runs, shown: str | None = None, against: str | None = None) -> str:
    """The list of kept runs, the one shown marked; where there is none, what to do."""
    faults = "".join(map(error_html, runs.faults[:_FAULTS]))
    if len(runs.faults) > _FAULTS:
        faults += error_html(f"{count(len(runs.faults) - _FAULTS, 'more file')} there cannot be read.")
    if not runs.listed:
        return (
            '<p class="lead">No run is kept yet. Choose a suite and press Run, or in a terminal: '
            f"<code>groundwire eval run</code>. It is kept in {escape(str(runs.folder))}.</p>{faults}"
        )
    names = list(runs.listed[0].means)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in (*_HEAD, *(_words(name) for name in names), ""))
    rows = "".join(_row(run, shown, against) for run in runs.listed)
    older = (
        f'<p class="hint">{count(runs.left, "older file")} in {escape(str(runs.folder))}.</p>' if runs.left else ""
    )
    return (
        '<div class="kept"><table><caption>Runs that are kept</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{older}{faults}"
    )


def progress_html(progress: Progress | None) -> str:
    """How far a run has come: cases, those of an earlier try, and what it cost so far."""
    if progress is None:
        return _awaited("Reading the suite and its articles…")
    return _awaited(" · ".join([f"{progress.done:,} of {progress.total:,}", *progress.besides]))


def stopping_html() -> str:
    """That no more cases are asked."""
    return _awaited("Stopping, once the cases already asked have answered…")


def stopped_html() -> str:
    """That a run was broken off, and can go on."""
    return _status("Stopped. What was answered is kept: Run goes on from there.")


def broken_html() -> str:
    """That a run was broken off with its page's connection, and can go on."""
    return _status("The connection was lost during a run, which ended it. Run goes on from what was answered.")


def kept_html(name: str) -> str:
    """That a run is done."""
    return _status(f"Done, and kept as {name}.")


def report_html(run: Run) -> str:
    """A frame with the report of a run."""
    about = f"{run.started} UTC · {_short(run.answered)} · {count(run.cases, 'case')}"
    return _frame(_named(run), about, address(run.name), title="Report of the run")


def comparison_html(later: Run, earlier: Run) -> str:
    """A frame with the comparison of two runs."""
    about = " against ".join(f"{run.started} UTC ({_short(run.answered)})" for run in (later, earlier))
    return _frame(_named(later), about, address(later.name, earlier.name), title="Comparison")


def named_html(run: str | None, against: str | None) -> str:
    """What is looked at, by name, which the page puts into its address; nothing where nothing is."""
    if run is None:
        return ""
    return f'<span hidden data-looking data-run="{escape(run)}" data-against="{escape(against or "")}"></span>'


def _frame(heading: str, about: str, source: str, *, title: str) -> str:
    source = escape(source)
    return (
        f'<section class="evaluation" aria-label="{title}"><h2 dir="auto">{escape(heading)}</h2>'
        f'<p class="about"><span dir="auto">{escape(about)}</span> '
        f'<a href="{source}" target="_blank" rel="noopener">Open alone</a></p>'
        f'<iframe src="{source}" title="{title}" sandbox="allow-scripts" referrerpolicy="no-referrer"></iframe>'
        "</section>"
    )


def _row(run: Run, shown: str | None, against: str | None) -> str:
    name = escape(run.name)
    here = run.name in (shown, against)
    cells = (("Suite", _named(run)), ("Answered by", _short(run.answered)))
    figures = (("Cases", str(run.cases)), ("Failed", str(run.failed)))
    means = ((_words(measure), _number(mean)) for measure, mean in run.means.items())
    compared = (
        "" if shown is None or run.name == shown else f'<button type="button" data-against="{name}">Compare</button>'
    )
    return (
        f'<tr{" class=current" if here else ""}><th scope="row">'
        f'<button type="button" data-run="{name}" aria-pressed="{str(run.name == shown).lower()}">'
        f"{escape(run.started)}</button></th>"
        + "".join(f'<td dir="auto" data-label="{label}">{escape(value)}</td>' for label, value in cells)
        + "".join(
            f'<td class="figure" data-label="{label}">{escape(value)}</td>' for label, value in (*figures, *means)
        )
        + f"<td>{compared}</td></tr>"
    )


def _named(run: Run) -> str:
    return f"{_short(run.suite)} {_short(run.version)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _words(measure: str) -> str:
    return measure.replace("_", " ").capitalize()


def _number(mean: float | None) -> str:
    return "–" if mean is None else f"{mean:.3f}"


def _awaited(message: str) -> str:
    return f'<p class="awaited" role="status">{escape(message)}</p>'


def _status(message: str) -> str:
    return f'<p class="hint" role="status" dir="auto">{escape(message)}</p>'
