"""An output as the JSON of the contract, and back; the only file that knows pydantic."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from eval.scores import Output
from rag.contract import answer_json, summary_json
from rag.errors import UnknownArticle
from rag.records import Answer
from rag.summary import Summary

Json = dict[str, Any]
Text = Callable[[str, int], str]
"""The text of an article's revision."""


def output_json(output: Output) -> Json:
    """What ``ask --json`` or ``summarize --json`` prints, with what it leaves out of a passage."""
    if isinstance(output, Summary):
        return summary_json(output)
    record = answer_json(output)
    for hit, kept in zip(record["hits"], output.hits, strict=True):
        hit["revision"] = kept.revision
    return record


def output_from(record: Json, text: Text) -> Output:
    """The output of a record; ``ValueError`` says in one line what is wrong with it."""
    try:
        if "summary" in record:
            return _summary().validate_python(record | {"extent": record["length"]}, strict=False)
        hits = [
            hit | {"text": text(hit["article_id"], hit["revision"])[hit["start"] : hit["end"]]}
            for hit in record["hits"]
        ]
        return _answer().validate_python(record | {"hits": hits}, strict=False)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"'{place}' of an output: {first['msg']}") from None
    except UnknownArticle as error:
        raise ValueError(f"an output's passage: {error}") from None
    except (KeyError, TypeError) as error:
        raise ValueError(f"an output that is none: {error}") from None


@cache
def _answer() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


@cache
def _summary() -> TypeAdapter[Summary]:
    return TypeAdapter(Summary)
