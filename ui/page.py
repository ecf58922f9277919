"""The chat page: Gradio's components around the conversation and its sources; the only file that knows Gradio."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ui.chat import Chat, Exchanges, chosen
from ui.cited import EMPTY

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


def build_page(archive: Archive, *, model: str | None = None, questions: Sequence[str] = ()) -> gr.Blocks:
    """The page on an archive; ``questions`` to start with are taken from its articles where none are given."""
    gradio = _gradio()
    chat = Chat(archive, model=model, questions=tuple(questions))
    with gradio.Blocks(title="Groundwire", analytics_enabled=False, fill_width=True) as page:
        exchanges = gradio.State(())
        masthead = _html(gradio, "masthead")
        with gradio.Row(elem_id="desk"):
            with gradio.Column(elem_id="talk"):
                conversation = _html(gradio, "conversation", script="conversation.js")
                question, ask, stop, new = _composer(gradio)
            panel = _html(gradio, "panel", value=EMPTY, script="panel.js")
        page.load(chat.open, None, [masthead, conversation], **_AT_ONCE)
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
        opened = _on(gradio, lambda data, _: chat.article(chosen(data, "id")))
        conversation.cite(cited, exchanges, panel, **_AT_ONCE)
        for part in (conversation, panel):
            part.article(opened, exchanges, panel, **_AT_ONCE)
        page.queue(default_concurrency_limit=_CONCURRENT)
    return page  # type: ignore[no-any-return]


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


def _html(gradio: Any, name: str, *, value: str = "", script: str | None = None) -> Any:
    code = files("ui").joinpath("static", script).read_text("utf-8") if script else None
    return gradio.HTML(value, elem_id=name, apply_default_css=False, js_on_load=code)


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


def _on(gradio: Any, act: Callable[[object, Exchanges], Any]) -> Callable[..., Any]:
    """A listener for an event of ours: Gradio passes the data to the argument annotated with its own type."""

    def listener(event, exchanges):  # type: ignore[no-untyped-def]
        return act(event._data, exchanges)

    listener.__annotations__ = {"event": gradio.EventData}
    return listener
