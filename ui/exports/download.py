"""A result as the page sends it to be kept: text in an element, which the browser makes a file of, or copies."""

from __future__ import annotations

import re
from uuid import uuid4

from rag.records import Answer
from ui.exports.exported import exported
from ui.html.markup import escape
from ui.text.blocks import Result, titled
from ui.text.forms import FORMS, MEDIA, SUFFIXES, Form
from ui.text.render import answer_text

_LONGEST_NAME = 60
_NO_WRAP = 100_000
"""Columns: whoever pastes it has lines of another length."""


def download_html(result: Result, form: object) -> str:
    """A result in a form that the browser names, which may be anything; empty for one there is not."""
    if form not in FORMS:
        return ""
    return text_html(exported(result, form), file_name(titled(result), form), form)


def text_html(text: str, name: str, form: Form) -> str:
    """A text that is a file of that name."""
    # The key tells one press from the next, or the second of two alike would change nothing on the page.
    return f'<div data-name="{name}" data-type="{MEDIA[form]}" data-key="{uuid4().hex}">{escape(text)}</div>'


def file_name(title: str, form: Form) -> str:
    """``who-is-the-plant-named-after.md``."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower())[:_LONGEST_NAME].strip("-")
    return (words or "answer") + SUFFIXES[form]


def copied_html(answer: Answer) -> str:
    """An answer with its sources as plain text, for the browser to put on its clipboard."""
    text = answer_text(answer, width=_NO_WRAP).encode("utf-8", "replace").decode()
    return f'<div data-copy="{uuid4().hex}">{escape(text)}</div>'
