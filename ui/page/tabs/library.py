"""The view of the library: articles brought in, looked for, read whole, removed and put back."""

from __future__ import annotations

from typing import Any

from ui.html.library import UNREAD, form_html
from ui.page.articles import Articles
from ui.page.components import AT_ONCE, chosen, html, on, values

_AGAIN = "() => { window.groundwire.shelved?.(); }"


def shelving(gradio: Any, articles: Articles, tab: Any) -> Any:
    """The form, what became of a removal, and the articles; handed back, for their events ``ask`` and ``summarise``.

    Both are sent with an article's id as ``id``.
    """
    html(gradio, "library-form", value=form_html())
    told = html(gradio, "library-told")
    listing = html(gradio, "library", value=UNREAD, script="library.js")

    # Gradio's "always_last" forgets what an event brought; so each is answered, and told apart by its number.
    typed = {**AT_ONCE, "trigger_mode": "multiple"}
    listing.look(on(gradio, lambda data, *_: _numbered(articles.look(data), data)), None, listing, **typed)
    listing.article(on(gradio, lambda data, *_: _numbered(articles.article(data), data)), None, listing, **typed)
    remove = on(gradio, lambda data, reader: values(gradio, articles.remove(data, reader)))
    undo = on(gradio, lambda data, reader: values(gradio, articles.undo(data, reader)))
    listing.remove(remove, None, [told, listing], **AT_ONCE)
    listing.undo(undo, None, [told, listing], **AT_ONCE)
    tab.select(None, None, None, js=_AGAIN, **AT_ONCE)
    return listing


def _numbered(shown: str, data: object) -> str:
    """What is shown, with the number of what asked for it: the script asks anew where an older one came last."""
    asked = chosen(data, "asked")
    return f'{shown}<span hidden data-asked="{asked if isinstance(asked, int) else 0}"></span>'
