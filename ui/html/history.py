"""The history as HTML: a reader's conversations, each with what can be done with it, and what became of the last."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ui.html.markup import escape
from ui.text.coverage import count
from ui.text.forms import FORMS, NAMES, SUFFIXES

if TYPE_CHECKING:
    from ui.kept.conversations import Entry, Listing

UNREAD = '<p class="awaited" role="status">Reading the conversations that are kept…</p>'
"""In place of the list, until it is there."""
NAMELESS = (
    '<p class="lead">This browser keeps no cookies, so no list of its conversations is kept. Each is found again by'
    " the address that its page has.</p>"
)
_EMPTY = (
    '<p class="lead">No conversation is kept yet. What you ask in the view Ask is kept here, for this browser alone,'
    " until you delete it.</p>"
)
_LONGEST_NAMED = 60
"""Characters of a title in what is said of it."""


def history_html(listed: Listing, *, search: str = "", offset: int = 0, size: int, note: str = "") -> str:
    """One page of the list, of what a search found if there was one; ``note`` is HTML told above it."""
    if not listed.total:
        found = "" if not search else '<p class="hint" role="status">No conversation has all of these words.</p>'
        return note + (found or _EMPTY)
    status = f'<p class="hint" role="status">{_counted(listed, search, offset)}</p>'
    rows = "".join(map(_row, listed.entries))
    return (
        f'{note}{status}<ul class="conversations" aria-label="Conversations">{rows}</ul>'
        f"{_pages(listed, offset, size)}{'' if search else _all()}"
    )


def removed_html(title: str) -> str:
    """That a conversation was deleted, and how to have it back."""
    name = escape(_named(title))
    return (
        f'<p class="note" role="status"><span dir="auto">Deleted “{name}”.</span> '
        f'<button type="button" data-act="restore" aria-label="Undo: bring “{name}” back" data-focus>Undo</button>'
        "</p>"
    )


def asking_html(total: int) -> str:
    """The second question before all is deleted."""
    return (
        '<p class="note" role="alert">'
        f"Delete {count(total, 'conversation')}, all summaries and what you said of the answers? "
        "This cannot be undone. "
        '<button type="button" data-act="remove_all">Delete all for good</button> '
        '<button type="button" data-act="keep" data-focus>Keep them</button></p>'
    )


def told_html(line: str) -> str:
    """What became of the last act, in one line."""
    return f'<p class="note" role="status">{escape(line)}</p>'


def _row(entry: Entry) -> str:
    id, name = escape(entry.id), escape(_named(entry.title))
    return (
        f'<li><button type="button" class="open" data-open="{id}" dir="auto">{escape(_titled(entry.title))}</button>'
        f'<p class="about">{_time(entry.changed)} · {count(entry.exchanges, "question")}</p>'
        f'<p class="acts">Export as {_exports(id, f"“{name}”")}'
        f'<button type="button" class="remove" data-remove="{id}" aria-label="Delete “{name}”">Delete</button>'
        "</p></li>"
    )


def _exports(id: str, name: str) -> str:
    return "".join(
        f'<button type="button" data-export="{id}" data-as="{form}" aria-label="Export {name} as {NAMES[form]}">'
        f"{NAMES[form]}</button> "
        for form in FORMS
    )


def _all() -> str:
    # Links, of which the browser keeps what comes as it comes: all that is kept may be a great deal.
    files = " ".join(
        f'<a href="conversations{SUFFIXES[form]}" download aria-label="Export all as {NAMES[form]}">{NAMES[form]}</a>'
        for form in FORMS
    )
    return (
        f'<p class="acts all">Export all as {files}'
        '<button type="button" class="remove" data-act="ask_all">Delete all…</button></p>'
    )


def _pages(listed: Listing, offset: int, size: int) -> str:
    newer = f'<button type="button" data-offset="{max(0, offset - size)}">Newer</button>' if offset else ""
    more = offset + len(listed.entries) < listed.total
    older = f'<button type="button" data-offset="{offset + size}">Older</button>' if more else ""
    return f'<p class="pages">{newer} {older}</p>' if newer or older else ""


def _counted(listed: Listing, search: str, offset: int) -> str:
    total = count(listed.total, "conversation")
    whole = f"{total} found" if search else total
    shown = len(listed.entries)
    return whole if shown == listed.total else f"{offset + 1:,}–{offset + shown:,} of {whole}"


def _time(time: datetime) -> str:
    """The page shows it in the reader's own zone; without that, in UTC."""
    return f'<time datetime="{time.isoformat()}">{time:%Y-%m-%d %H:%M} UTC</time>'


def _titled(title: str) -> str:
    return title or "(no question)"


def _named(title: str) -> str:
    line = _titled(title)
    return line if len(line) <= _LONGEST_NAMED else f"{line[: _LONGEST_NAMED - 1].rstrip()}…"
