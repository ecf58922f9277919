"""The view in which articles are summarised: what is chosen, and the summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rag.summary import STYLES
from ui.html.markup import error_html
from ui.html.summary import EMPTY
from ui.page.chat import Chat
from ui.page.components import AT_ONCE, QUIET, asked, by, chosen, html, on, opened, values
from ui.page.summaries import ANY_OUTLET, ANY_STORY, FAILED, UNITS, Form, Summaries

_NAMED = "() => new URLSearchParams(location.search).get('s') ?? ''"
"""The id of the summary that the page's address names."""


def summarising(
    gradio: Any, summaries: Summaries, chat: Chat, panel: Any, download: Any
) -> tuple[Any, Callable[[Any], None]]:
    """What is to be summarised, and the summary; gives back the field of a story, and what an opened page does."""
    at = gradio.Textbox(visible=False)
    form, button, stop = _form(gradio)
    summary = html(gradio, "summary", value=EMPTY, script="summary.js")

    written = gradio.on(
        fn=asked(
            gradio, summaries, lambda summaries, _, reader, *filled: summaries.summarise(Form.of(*filled), reader)
        ),
        inputs=form,
        outputs=[at, summary, panel],
        triggers=[button.click, form[0].submit],
        trigger_mode="once",
        # Gradio refuses an outlet or story that it offered before the server was started anew.
        preprocess=False,
        **QUIET,
    )
    written.failure(lambda: error_html(FAILED), None, summary, **QUIET)
    stop.click(
        by(gradio, lambda reader, at: values(gradio, summaries.stop(reader, at))), at, [summary, panel], **AT_ONCE
    )
    look = on(gradio, lambda _, reader, at: values(gradio, summaries.looked_again(reader, at)))
    summary.look(look, at, [summary, panel], **AT_ONCE)
    cited = on(gradio, lambda data, reader, at: summaries.cited(reader, at, chosen(data, "number")))
    exported = on(gradio, lambda data, reader, at: summaries.exported(reader, at, chosen(data, "form")))
    summary.cite(cited, at, panel, **AT_ONCE)
    summary.export(exported, at, download, **AT_ONCE)
    summary.article(opened(gradio, chat.article), at, panel, **AT_ONCE)

    def opening(page: Any) -> None:
        found = by(gradio, lambda reader, at: _opened(gradio, summaries, reader, str(at)))
        page.load(found, at, [at, summary, *form], js=_NAMED, **AT_ONCE)

    return form[1], opening


def _opened(gradio: Any, summaries: Summaries, reader: str, at: str) -> list[Any]:
    """The summary that is there, with what was filled in for it, and what there is to choose from."""
    at, shown, form = summaries.open(reader, at)
    stories, story = summaries.choosing(form.story) if form.story else (summaries.stories(), "")
    outlets = summaries.outlets()
    source = form.source if (form.source or "", form.source or "") in outlets else ""
    offered = [gradio.Dropdown(stories, value=story), gradio.Dropdown(outlets, value=source)]
    # Where no summary is opened, what is being typed meanwhile stays.
    rest = [form.query, form.since, form.until, form.style, form.amount, form.unit] if at else [gradio.skip()] * 6
    return [at, shown, rest[0], *offered, *rest[1:]]


def _form(gradio: Any) -> tuple[list[Any], Any, Any]:
    """The fields of a ``Form`` in its order, and the buttons."""
    with gradio.Column(elem_id="form"):
        query = gradio.Textbox(label="About", placeholder="Search words, or nothing for all articles", max_lines=1)
        with gradio.Row(elem_classes="fields"):
            story = gradio.Dropdown([ANY_STORY], value="", label="Story of")
            source = gradio.Dropdown([ANY_OUTLET], value="", label="Outlet")
        with gradio.Row(elem_classes="fields"):
            since = gradio.Textbox(label="From", elem_classes="day", max_lines=1)
            until = gradio.Textbox(label="To", elem_classes="day", max_lines=1)
            amount = gradio.Textbox(label="Length", placeholder="as the form needs", max_lines=1)
            unit = gradio.Radio(list(UNITS), value=UNITS[0], label="Counted in")
        style = gradio.Radio([(one.capitalize(), one) for one in STYLES], value=STYLES[0], label="Form")
        with gradio.Row(elem_id="actions"):
            button = gradio.Button("Summarise", elem_id="summarise")
            stop = gradio.Button("Stop", elem_id="break-off")
        html(gradio, "days", script="days.js")
    return [query, story, source, since, until, style, amount, unit], button, stop
