"""The view of earlier conversations: a list that can be searched, and what can be done with each."""

from __future__ import annotations

from typing import Any

from ui.html.history import UNREAD
from ui.page.components import AT_ONCE, by, chosen, html, on
from ui.page.histories import Browsing, Histories


def history(gradio: Any, histories: Histories, download: Any, tab: Any) -> Any:
    """The list of a reader's conversations; its event ``open`` has the ``id`` of the one that is to be shown."""
    browsing = gradio.State(Browsing())
    search = gradio.Textbox(
        label="Search in questions and answers",
        lines=1,
        max_lines=1,
        elem_id="history-search",
    )
    kept = html(gradio, "history", value=UNREAD, script="history.js")

    seen = [browsing, kept]
    tab.select(by(gradio, histories.seen), browsing, seen, **AT_ONCE)
    search.change(by(gradio, histories.search), [search, browsing], seen, trigger_mode="always_last", **AT_ONCE)
    paged = on(gradio, lambda data, reader, at: histories.turn(reader, chosen(data, "offset"), at))
    removed = on(gradio, lambda data, reader, at: histories.remove(reader, chosen(data, "id"), at))
    kept.turn(paged, browsing, seen, **AT_ONCE)
    kept.remove(removed, browsing, seen, **AT_ONCE)
    kept.restore(by(gradio, histories.restore), browsing, seen, **AT_ONCE)
    kept.ask_all(by(gradio, histories.ask_all), browsing, seen, **AT_ONCE)
    kept.keep(by(gradio, histories.seen), browsing, seen, **AT_ONCE)
    kept.remove_all(by(gradio, histories.remove_all), browsing, seen, **AT_ONCE)
    exported = on(
        gradio, lambda data, reader, _: histories.exported(reader, chosen(data, "id"), chosen(data, "form"))
    )
    kept.export(exported, browsing, download, **AT_ONCE)
    return kept
