"""The forms a result is exported in, and how a file's name tells which."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Literal, get_args

from rag.contract import answer_json, summary_json
from rag.errors import UsageError
from rag.records import Answer
from ui.blocks import Result
from ui.exports.document import document
from ui.exports.markdown import markdown

Form = Literal["markdown", "html", "json"]
FORMS: tuple[Form, ...] = get_args(Form)
MEDIA: dict[Form, str] = {"markdown": "text/markdown", "html": "text/html", "json": "application/json"}
SUFFIXES: dict[Form, str] = {"markdown": ".md", "html": ".html", "json": ".json"}
_FORMS: dict[str, Form] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
}


def exported(result: Result, form: Form) -> str:
    """A result with its sources, as text that UTF-8 can hold."""
    match form:
        case "markdown":
            text = markdown(result)
        case "html":
            text = document(result)
        case "json":
            text = as_json(result)
    return text.encode("utf-8", "replace").decode()


def as_json(result: Result) -> str:
    """What ``--json`` prints."""
    data = answer_json(result) if isinstance(result, Answer) else summary_json(result)
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def form_of(file: str) -> Form:
    """The form that a file's suffix names.

    Raises:
        UsageError: it names none.
    """
    form = _FORMS.get(PurePath(file).suffix.lower())
    if form is None:
        raise UsageError(f"Cannot tell the form of an export from '{file}'. End its name in {', '.join(_FORMS)}.")
    return form
