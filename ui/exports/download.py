"""An export as the page sends it: text in an element, which the browser makes a file of."""

from __future__ import annotations

import re
from uuid import uuid4

from ui.blocks import Result, titled
from ui.exports.forms import FORMS, MEDIA, SUFFIXES, Form, exported
from ui.markup import escape

_LONGEST_NAME = 60
_NAMES: dict[Form, str] = {"markdown": "Markdown", "html": "HTML", "json": "JSON"}


def download_html(result: Result, form: object) -> str:
    """A result in a form that the browser names, which may be anything; empty for one there is not."""
    if form not in FORMS:
        return ""
    # The key tells one press from the next, or the second of two alike would change nothing on the page.
    return (
        f'<div data-name="{file_name(result, form)}" data-type="{MEDIA[form]}" data-key="{uuid4().hex}">'
        f"{escape(exported(result, form))}</div>"
    )


def file_name(result: Result, form: Form) -> str:
    """``who-is-the-plant-named-after.md``."""
    words = re.sub(r"[^a-z0-9]+", "-", titled(result).lower())[:_LONGEST_NAME].strip("-")
    return (words or "answer") + SUFFIXES[form]


def buttons_html(turn: int | str) -> str:
    """One button for each form, for the result of a turn or another of the page."""
    buttons = " ".join(
        f'<button type="button" data-form="{form}" data-turn="{turn}">{_NAMES[form]}</button>' for form in FORMS
    )
    return f'<p class="export">Export as {buttons}</p>'
