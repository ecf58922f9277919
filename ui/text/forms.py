"""The forms a result is exported in, and how a file's name tells which."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal, get_args

from rag.errors import UsageError

Form = Literal["markdown", "html", "json"]
FORMS: tuple[Form, ...] = get_args(Form)
MEDIA: dict[Form, str] = {"markdown": "text/markdown", "html": "text/html", "json": "application/json"}
SUFFIXES: dict[Form, str] = {"markdown": ".md", "html": ".html", "json": ".json"}
NAMES: dict[Form, str] = {"markdown": "Markdown", "html": "HTML", "json": "JSON"}
_FORMS: dict[str, Form] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
}


def form_of(file: str) -> Form:
    """The form that a file's suffix names.

    Raises:
        UsageError: it names none.
    """
    form = _FORMS.get(PurePath(file).suffix.lower())
    if form is None:
        raise UsageError(f"Cannot tell the form of an export from '{file}'. End its name in {', '.join(_FORMS)}.")
    return form
