"""An output as the JSON of the contract, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from eval.contexts import is_own
from eval.scores import Output
from rag.contract import answer_json, summary_json
from rag.errors import UnknownArticle
from rag.records import Answer
from rag.summary import Summary

Json = dict[str, Any]
T = TypeVar("T")

_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
"""Made once a kind, for making one takes longer than reading a record."""
Text = Callable[[str, int], str]
"""The text of an article's revision."""


def output_json(output: Output) -> Json:
    """What ``ask --json`` or ``summarize --json`` prints, with what it leaves out of a passage."""
    if isinstance(output, Summary):
        return summary_json(output)
    record = answer_json(output)
    for hit, kept in zip(record["hits"], output.hits, strict=True):
        hit["revision"] = kept.revision
        if is_own(kept):
            hit["text"] = kept.text
    return record


def output_from(record: Json, text: Text) -> Output:
    """The output of a record; ``ValueError`` says in one line what is wrong with it."""
    try:
        if "summary" in record:
            summary: Summary = _adapter(Summary).validate_python(record | {"extent": record["length"]})
            return summary
        hits = [
            hit
            if "text" in hit
            else hit | {"text": text(hit["article_id"], hit["revision"])[hit["start"] : hit["end"]]}
            for hit in record["hits"]
        ]
        answer: Answer = _adapter(Answer).validate_python(record | {"hits": hits})
        return answer
    except ValidationError as error:
        raise ValueError(f"{_told(error)} of an output") from None
    except UnknownArticle as error:
        raise ValueError(f"an output's passage: {error}") from None
    except (KeyError, TypeError) as error:
        raise ValueError(f"an output that is none: {error}") from None


def of_kind(kind: type[T], record: object) -> T:
    """A record of ours from its JSON; ``ValueError`` says in one line what is wrong with it."""
    try:
        read: T = _adapter(kind).validate_python(record)
    except ValidationError as error:
        raise ValueError(f"{_told(error)} of {kind.__name__}") from None
    return read


def _told(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{first['msg']} at '{'.'.join(map(str, first['loc']))}'"


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
