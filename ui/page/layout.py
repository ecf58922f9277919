"""The chat page: Gradio's components around the conversation and its sources; the only file that knows Gradio."""

from __future__ import annotations

import logging
import os
import traceback
from typing import TYPE_CHECKING, Any

from ui.html.cited import EMPTY as NO_SOURCES
from ui.page.articles import Articles
from ui.page.calls import Named, name_calls
from ui.page.chat import Chat
from ui.page.components import AT_ONCE, by, chosen, html, on, opened, values
from ui.page.evaluations import Evaluations
from ui.page.histories import Histories
from ui.page.summaries import Summaries
from ui.page.tabs.asking import asking
from ui.page.tabs.evaluating import evaluating
from ui.page.tabs.history import history
from ui.page.tabs.library import shelving
from ui.page.tabs.summarising import summarising

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI


_CONCURRENT = 16
_log = logging.getLogger("groundwire")
_ASK, _SUMMARIES = "ask", "summaries"
"""The views that others lead to."""
_NAMED = "() => new URLSearchParams(location.search).get('c') ?? ''"
"""The id of the conversation that the page's address names."""
_ARRIVED = "() => window.groundwire.arrived()"
"""Opens the view that the page's address names; each draws itself only then."""
_NO_SUCH_CALL = "The page has no such call. Load it anew; /gradio_api/info names what programs can call."
# Where Gradio looks a call up, by its number or by its name.
_LOOK_UPS = {("gradio.route_utils", "get_fn"), ("gradio.routes", "_")}
_FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"]
_MONO = ["ui-monospace", "Menlo", "Consolas", "monospace"]
# Gradio reads these when it is imported, so they are set before.
_PRIVATE = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    # Else it counts all that was ever asked anew with every question.
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def build_page(chat: Chat, summaries: Summaries, evaluations: Evaluations) -> gr.Blocks:
    """The page, from what its views do."""
    gradio = _gradio()
    panel = html(gradio, "panel", value=NO_SOURCES, script="panel.js", render=False)
    download = html(gradio, "download", script="download.js", render=False)
    with gradio.Blocks(title="Groundwire", analytics_enabled=False, fill_width=True) as page:
        masthead = html(gradio, "masthead")
        at = gradio.Textbox(visible=False)
        with gradio.Row(elem_id="desk"):
            with gradio.Column(elem_id="talk"), gradio.Tabs(elem_id="views") as views:
                with gradio.Tab("Ask", elem_id="asking", id=_ASK):
                    conversation, box = asking(gradio, chat, at, panel, download)
                with gradio.Tab("Library", elem_id="shelving", render_children=True) as shelves:
                    articles = shelving(gradio, Articles(chat.archive), shelves)
                with gradio.Tab("Summaries", elem_id="summarising", id=_SUMMARIES, render_children=True):
                    story, summaries_opening = summarising(gradio, summaries, chat, panel, download)
                with gradio.Tab("History", elem_id="remembering", render_children=True) as tab:
                    kept = history(gradio, Histories(chat.conversations), download, tab)
                with gradio.Tab("Evaluation", elem_id="evaluating", render_children=True) as tab:
                    evaluating(gradio, evaluations, tab)
            panel.render()
        download.render()
        _opening(gradio, page, chat, kept, views, [at, conversation, panel])
        _sending(gradio, chat, summaries, articles, views, box, story)
        for shown in (page.load, views.change):
            shown(by(gradio, lambda _: chat.masthead()), None, masthead, **AT_ONCE)
        summaries_opening(page)
        page.load(None, None, None, js=_ARRIVED, **AT_ONCE)
        panel.article(opened(gradio, chat.article), panel, panel, **AT_ONCE)
        name_calls(gradio, page, Named(chat.archive, chat.admission, chat.model))
        page.queue(default_concurrency_limit=_CONCURRENT)
    return page  # type: ignore[no-any-return]


def _sending(
    gradio: Any, chat: Chat, summaries: Summaries, articles: Any, views: Any, box: list[Any], story: Any
) -> None:
    """From an article of the library to a question about it, or to a summary of its story."""

    def asked(data: object, _reader: str) -> list[Any]:
        return [gradio.Tabs(selected=_ASK), chat.about(chosen(data, "id")), "", ""]

    def summed(data: object, _reader: str) -> list[Any]:
        choices, value = summaries.choosing(chosen(data, "id"))
        return [gradio.Tabs(selected=_SUMMARIES), gradio.Dropdown(choices=choices, value=value)]

    articles.ask(on(gradio, asked), None, [views, *box], **AT_ONCE)
    articles.summarise(on(gradio, summed), None, [views, story], **AT_ONCE)


def _opening(gradio: Any, page: gr.Blocks, chat: Chat, kept: Any, views: Any, shown: list[Any]) -> None:
    """The conversation that the page's address names, or one chosen of the history, is shown until it is deleted."""

    def opened(reader: str, at: object) -> list[Any]:
        return values(gradio, chat.open(reader, str(at)))[: len(shown)]

    def chosen_one(data: object, reader: str, at: str) -> list[Any]:
        chat.leave(at)
        return [gradio.Tabs(selected=_ASK), *opened(reader, chosen(data, "id"))]

    def closed(data: object, _reader: str, at: str) -> list[Any]:
        gone = chosen(data, "id") in (at, None)
        return values(gradio, chat.new(at))[: len(shown)] if gone else [gradio.skip()] * len(shown)

    page.load(by(gradio, opened), shown[0], shown, js=_NAMED, **AT_ONCE)
    for removed in (kept.remove, kept.remove_all):
        removed(on(gradio, closed), shown[0], shown, **AT_ONCE)
    kept.open(on(gradio, chosen_one), shown[0], [views, *shown], **AT_ONCE)


def mount_page(app: FastAPI, page: gr.Blocks, *, port: int) -> FastAPI:
    """Serve the page at the app's root: no footer, no history, no upload, no outside font."""
    gradio = _gradio()
    from gradio.route_utils import FnIndexInferError

    theme = gradio.themes.Base(font=_FONT, font_mono=_MONO)
    gradio.mount_gradio_app(
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
        app_kwargs={
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
            "exception_handlers": {FnIndexInferError: _no_such_call, KeyError: _no_such_call},
        },
    )
    return app


def _no_such_call(request: Any, error: Exception) -> Any:
    """The reply to a call that the page does not have, as from one that was open while the server was renewed.

    A fault of another kind that ends in a KeyError is raised again, for the server to log with where it arose.
    """
    from starlette.responses import JSONResponse

    if isinstance(error, KeyError) and not _is_look_up(error):
        raise error
    _log.warning("no such call: %s (%r)", request.url.path, error)
    return JSONResponse({"error": _NO_SUCH_CALL}, status_code=404)


def _is_look_up(error: KeyError) -> bool:
    frame = [frame for frame, _ in traceback.walk_tb(error.__traceback__)][-1]
    return (frame.f_globals["__name__"], frame.f_code.co_name) in _LOOK_UPS


def _gradio() -> Any:
    # Variables of another Gradio program on this machine could open a tunnel, a folder or an editor of code.
    for name in [name for name in os.environ if name.startswith("GRADIO_")]:
        del os.environ[name]
    os.environ.update(_PRIVATE)
    import gradio

    return gradio
