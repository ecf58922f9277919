"""The view of evaluation: a suite to run, the runs that are kept, and the report of the one chosen."""

from __future__ import annotations

from typing import Any

from ui.html.evaluation import UNREAD
from ui.html.markup import error_html
from ui.page.components import AT_ONCE, QUIET, chosen, html, on
from ui.page.evaluations import FAILED, Evaluations, Looking, Ran, Seen

_NAMED = """() => {
  const named = new URLSearchParams(location.search);
  return [named.get("run") ?? "", named.get("against") ?? ""];
}"""
"""What the page's address says is looked at."""


def evaluating(gradio: Any, evaluations: Evaluations, tab: Any) -> None:
    """A suite to run, the runs that are kept, and the report of the one chosen.

    What is looked at stands in the page, in fields that are not shown: it outlasts a restart of the server.
    """
    run, against, key, kept = (gradio.Textbox(visible=False) for _ in range(4))
    suites = evaluations.suites()
    with gradio.Column(elem_id="run-form"):
        with gradio.Row(elem_id="run-actions"):
            suite = gradio.Dropdown(suites, value=suites[0] if suites else None, label="Suite")
            button = gradio.Button("Run", elem_id="run")
            stop = gradio.Button("Stop", elem_id="stop-run")
        told = html(gradio, "run-told")
        progress = html(gradio, "run-progress", script="running.js")
    runs = html(gradio, "runs", value=UNREAD, script="runs.js")
    evaluation = html(gradio, "evaluation", script="evaluation.js")

    seen = [run, against, runs, evaluation]
    tab.select(evaluations.told, None, told, **AT_ONCE)
    tab.select(lambda *now: _values(evaluations.seen(_looking(*now))), seen[:2], seen, js=_NAMED, **AT_ONCE)
    report = on(gradio, lambda data, *_: _values(evaluations.report(chosen(data, "name"))))
    compare = on(gradio, lambda data, _, *now: _values(evaluations.compare(chosen(data, "name"), _looking(*now))))
    runs.report(report, None, seen, **AT_ONCE)
    runs.compare(compare, seen[:2], seen, **AT_ONCE)

    def put(suite: object) -> Any:
        for ran, line in evaluations.run(suite):
            yield ran.key, ran.kept, line

    running = button.click(put, suite, [key, kept, progress], trigger_mode="once", **QUIET)
    running.failure(lambda: error_html(FAILED), None, progress, **QUIET)
    running.success(
        lambda name, *now: _values(evaluations.ended(Ran(kept=name), _looking(*now))),
        [kept, *seen[:2]],
        seen,
        **QUIET,
    )
    stop.click(lambda key: evaluations.stop(Ran(key)), key, progress, **AT_ONCE)
    progress.broken(on(gradio, lambda *_: evaluations.broken()), None, progress, **AT_ONCE)


def _looking(run: object, against: object) -> Looking:
    return Looking(str(run or "") or None, str(against or "") or None)


def _values(seen: Seen) -> tuple[str, str, str, str]:
    looking, listed, shown = seen
    return looking.run or "", looking.against or "", listed, shown
