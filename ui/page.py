"""The chat page: Gradio's components around the conversation and its sources; the only file that knows Gradio."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from rag.summary import STYLES
from ui.chat import Chat, chosen
from ui.cited import EMPTY as NO_SOURCES
from ui.evaluation_html import UNREAD
from ui.evaluations import FAILED as NOT_EVALUATED
from ui.evaluations import Evaluations, Looking, Ran
from ui.markup import error_html
from ui.summaries import ANY_OUTLET, ANY_STORY, FAILED, UNITS, Form, Made, Shown, Summaries
from ui.summary_html import EMPTY

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

    from rag import Archive

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_AT_ONCE = {**_QUIET, "queue": False}
_CONCURRENT = 16
_FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "monospace"]
# Gradio reads these when it is imported, so they are set before.
_PRIVATE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def build_page(
    archive: Archive,
    *,
    model: str | None = None,
    questions: Sequence[str] = (),
    evaluations: Evaluations | None = None,
) -> gr.Blocks:
    """The page on an archive; ``questions`` to start with are taken from its articles where none are given."""
    gradio = _gradio()
    panel = _html(gradio, "panel", value=NO_SOURCES, script="panel.js", render=False)
    download = _html(gradio, "download", script="download.js", render=False)
    with gradio.Blocks(title="Groundwire", analytics_enabled=False, fill_width=True) as page:
        masthead = _html(gradio, "masthead")
        with gradio.Row(elem_id="desk"):
            with gradio.Column(elem_id="talk"), gradio.Tabs(elem_id="views"):
                chat = Chat(archive, model=model, questions=tuple(questions))
                with gradio.Tab("Ask", elem_id="asking"):
                    conversation = _asking(gradio, chat, panel, download)
                with gradio.Tab("Summaries", elem_id="summarising", render_children=True):
                    offered, offer = _summarising(gradio, Summaries(archive, model=model), chat, panel, download)
                with gradio.Tab("Evaluation", elem_id="evaluating", render_children=True) as tab:
                    _evaluating(gradio, evaluations or Evaluations(archive, model=model), tab)
            panel.render()
        download.render()
        page.load(chat.open, None, [masthead, conversation], **_AT_ONCE)
        page.load(offer, None, offered, **_AT_ONCE)
        panel.article(_opened(gradio, chat), panel, panel, **_AT_ONCE)
        page.queue(default_concurrency_limit=_CONCURRENT)
    return page  # type: ignore[no-any-return]


def _asking(gradio: Any, chat: Chat, panel: Any, download: Any) -> Any:
    """The conversation and where a question is put."""
    exchanges = gradio.State(())
    conversation = _html(gradio, "conversation", script="conversation.js")
    question, ask, stop, new = _composer(gradio)
    stop.click(chat.stop, exchanges, None, **_AT_ONCE)
    new.click(chat.again, None, [exchanges, conversation, panel, question], **_AT_ONCE)

    shown = [exchanges, conversation, question]
    suggested = _on(gradio, lambda data, turns: chat.put(str(chosen(data, "question")), turns))
    for put in (
        question.submit(chat.put, [question, exchanges], shown, **_AT_ONCE),
        ask.click(chat.put, [question, exchanges], shown, **_AT_ONCE),
        conversation.question(suggested, exchanges, shown, **_AT_ONCE),
    ):
        answered = put.then(chat.answer, exchanges, [exchanges, conversation, panel], **_QUIET)
        answered.failure(chat.failed, exchanges, [exchanges, conversation], **_QUIET)
    cited = _on(gradio, lambda data, turns: chat.cited(chosen(data, "turn"), chosen(data, "number"), turns))
    exported = _on(gradio, lambda data, turns: chat.exported(chosen(data, "turn"), chosen(data, "form"), turns))
    conversation.cite(cited, exchanges, panel, **_AT_ONCE)
    conversation.export(exported, exchanges, download, **_AT_ONCE)
    conversation.article(_opened(gradio, chat), exchanges, panel, **_AT_ONCE)
    return conversation


def _summarising(gradio: Any, summaries: Summaries, chat: Chat, panel: Any, download: Any) -> tuple[Any, Any]:
    """What is to be summarised, and the summary; gives back what is filled when the page opens, and how."""
    made = gradio.State(Made())
    fields, button, stop = _form(gradio)
    summary = _html(gradio, "summary", value=EMPTY, script="summary.js")

    def summarise(*values: Any) -> Iterator[Shown]:
        yield from summaries.summarise(Form(*values))

    def offer() -> list[Any]:
        return [gradio.Dropdown(choices=offered, value="") for offered in (summaries.stories(), summaries.outlets())]

    asked = {"triggers": [button.click, fields[0].submit], "trigger_mode": "once"}
    written = gradio.on(fn=summarise, inputs=fields, outputs=[made, summary, panel], **asked, **_QUIET)
    written.failure(lambda: error_html(FAILED), None, summary, **_QUIET)
    stop.click(summaries.stop, made, None, **_AT_ONCE)
    cited = _on(gradio, lambda data, shown: summaries.cited(shown, chosen(data, "number")))
    exported = _on(gradio, lambda data, shown: summaries.exported(shown, chosen(data, "form")))
    summary.cite(cited, made, panel, **_AT_ONCE)
    summary.export(exported, made, download, **_AT_ONCE)
    summary.article(_opened(gradio, chat), made, panel, **_AT_ONCE)
    return fields[1:3], offer


def _evaluating(gradio: Any, evaluations: Evaluations, tab: Any) -> None:
    """A suite to run, the runs that are kept, and the report of the one chosen."""
    looking, ran = gradio.State(Looking()), gradio.State(Ran())
    suites = evaluations.suites()
    with gradio.Column(elem_id="run-form"):
        with gradio.Row(elem_id="run-actions"):
            suite = gradio.Dropdown(suites, value=suites[0] if suites else None, label="Suite")
            button = gradio.Button("Run", elem_id="run")
            stop = gradio.Button("Stop", elem_id="stop-run")
        told = _html(gradio, "run-told")
        progress = _html(gradio, "run-progress")
    runs = _html(gradio, "runs", value=UNREAD, script="runs.js")
    evaluation = _html(gradio, "evaluation", script="evaluation.js")

    seen = [looking, runs, evaluation]
    tab.select(evaluations.told, None, told, **_AT_ONCE)
    tab.select(evaluations.seen, looking, seen, **_AT_ONCE)
    runs.report(_on(gradio, lambda data, _: evaluations.report(chosen(data, "name"))), looking, seen, **_AT_ONCE)
    runs.compare(
        _on(gradio, lambda data, now: evaluations.compare(chosen(data, "name"), now)), looking, seen, **_AT_ONCE
    )
    running = button.click(evaluations.run, suite, [ran, progress], trigger_mode="once", **_QUIET)
    running.failure(lambda: error_html(NOT_EVALUATED), None, progress, **_QUIET)
    running.success(evaluations.ended, [ran, looking], seen, **_QUIET)
    stop.click(evaluations.stop, ran, progress, **_AT_ONCE)


def mount_page(app: FastAPI, page: gr.Blocks, *, port: int) -> FastAPI:
    """Serve the page at the app's root: no footer, no history, no upload, no outside font."""
    gradio = _gradio()
    theme = gradio.themes.Base(font=_FONT, font_mono=_MONO)
    return gradio.mount_gradio_app(  # type: ignore[no-any-return]
        app,
        page,
        path="/",
        server_name="127.0.0.1",
        server_port=port,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1mb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=theme,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )


def _gradio() -> Any:
    os.environ.update(_PRIVATE)
    os.environ.pop("GRADIO_SHARE", None)
    import gradio

    return gradio


def _html(gradio: Any, name: str, *, value: str = "", script: str | None = None, render: bool = True) -> Any:
    code = files("ui").joinpath("static", script).read_text("utf-8") if script else None
    return gradio.HTML(value, elem_id=name, apply_default_css=False, js_on_load=code, render=render)


def _composer(gradio: Any) -> tuple[Any, Any, Any, Any]:
    with gradio.Row(elem_id="composer"):
        question = gradio.Textbox(
            label="Your question",
            placeholder="Ask a question",
            lines=1,
            max_lines=6,
            autofocus=True,
            elem_id="question",
        )
        ask = gradio.Button("Ask", elem_id="ask", variant="primary")
        stop = gradio.Button("Stop", elem_id="stop")
        new = gradio.Button("Start over", elem_id="new")
    return question, ask, stop, new


def _form(gradio: Any) -> tuple[list[Any], Any, Any]:
    """The fields of a ``Form`` in its order, and the buttons."""
    with gradio.Column(elem_id="form"):
        query = gradio.Textbox(label="About", placeholder="Search words, or nothing for all articles", max_lines=1)
        with gradio.Row(elem_classes="fields"):
            story = gradio.Dropdown([ANY_STORY], value="", label="Story of")
            source = gradio.Dropdown([ANY_OUTLET], value="", label="Outlet")
        with gradio.Row(elem_classes="fields"):
            since = gradio.Textbox(label="From", placeholder="year-month-day", max_lines=1)
            until = gradio.Textbox(label="To", placeholder="year-month-day", max_lines=1)
            amount = gradio.Textbox(label="Length", placeholder="as the form needs", max_lines=1)
            unit = gradio.Radio(list(UNITS), value=UNITS[0], label="Counted in")
        style = gradio.Radio([(one.capitalize(), one) for one in STYLES], value=STYLES[0], label="Form")
        with gradio.Row(elem_id="actions"):
            button = gradio.Button("Summarise", elem_id="summarise")
            stop = gradio.Button("Stop", elem_id="break-off")
    return [query, story, source, since, until, style, amount, unit], button, stop


def _opened(gradio: Any, chat: Chat) -> Callable[..., Any]:
    """A listener that shows the article whose name was pressed."""
    return _on(gradio, lambda data, _: chat.article(chosen(data, "id")))


def _on(gradio: Any, act: Callable[[object, Any], Any]) -> Callable[..., Any]:
    """A listener for an event of ours: Gradio passes the data to the argument annotated with its own type."""

    def listener(event, shown):  # type: ignore[no-untyped-def]
        return act(event._data, shown)

    listener.__annotations__ = {"event": gradio.EventData}
    return listener
