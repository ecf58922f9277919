"""A result in the form it is exported in."""

from __future__ import annotations

import json

from rag.contract import answer_json, summary_json
from rag.records import Answer
from ui.exports.document import document
from ui.exports.markdown import markdown
from ui.text.blocks import Result
from ui.text.forms import Form


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
