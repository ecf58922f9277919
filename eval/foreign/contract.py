"""An output as ``ask --json`` or ``summarize --json`` prints it, read back and checked anew.

The verdicts in it are a claim: our own check may lower them, never raise them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from eval.cases import Case
from eval.foreign import fields
from eval.foreign.checking import Cited, rechecked
from eval.foreign.shelf import Shelf
from eval.report import UNNAMED
from eval.running.outputs import output_from
from eval.scores import Output, hits
from eval.systems.nulls import UNDATED
from rag.errors import UnknownArticle

Json = dict[str, Any]

_KEYS = (
    *("question", "answer", "summary", "model", "as_of", "newest", "refusal", "statements", "rejected", "citations"),
    *("hits", "usage", "seconds", "period", "unanswered", "notes", "incomplete", "style", "subject", "sections"),
    *("used", "unused", "length", "coverage", "plan"),
)


def is_contract(record: Json) -> bool:
    """Whether a record has the contract's shape, and not a shorter one."""
    return isinstance(record.get("statements"), list)


def read_contract(record: Json, case: Case, shelf: Shelf) -> Output:
    """The output of the record, checked; ``ValueError`` says what is wrong with it."""
    return on_shelf(parsed(record, case, shelf), shelf)


def on_shelf(output: Output, shelf: Shelf) -> Output:
    """The output with each statement checked anew against the articles of a shelf."""
    return checked(output, [Cited(one, shelf.article(one.article_id, one.revision)) for one in output.citations])


def parsed(record: Json, case: Case, shelf: Shelf) -> Output:
    """The output of the record, with the verdicts that it claims."""
    kept = {key: record[key] for key in _KEYS if key in record}
    fields.check_finite(kept, "output")
    filled = _defaults(kept, case) | {key: value for key, value in kept.items() if value is not None}
    filled["hits"] = [_hit(hit, at) for at, hit in enumerate(fields.listed(kept.get("hits"), "hits"))]
    return output_from(filled, shelf.text)


def checked(output: Output, citations: Iterable[Cited]) -> Output:
    """The output with each statement checked anew against what it cites."""
    cited = {one.citation.number: one for one in citations}
    return replace(output, statements=tuple(rechecked(statement, cited) for statement in output.statements))


def check_hits(output: Output, shelf: Shelf) -> None:
    """Every passage found is one of an article that is known; raises ``ValueError``."""
    for rank, hit in enumerate(hits(output), 1):
        try:
            text = shelf.text(hit.article_id, hit.revision)
        except UnknownArticle:
            raise ValueError(f"hit {rank} is of article '{hit.article_id}', which is not the suite's") from None
        if text[hit.start : hit.end] != hit.text:
            raise ValueError(f"hit {rank} does not have the words of its place in '{hit.article_id}'")


def _defaults(record: Json, case: Case) -> Json:
    statements = [one.get("text") for one in record["statements"] if isinstance(one, dict)]
    words = sum(len(text.split()) for text in statements if isinstance(text, str))
    length = {"asked": {"sentences": None, "words": None}, "sentences": len(statements), "words": words}
    return {
        "question": case.question,
        "model": UNNAMED,
        "as_of": case.as_of or UNDATED,
        "newest": None,
        "seconds": {},
        **({"length": length} if "summary" in record else {}),
    }


def _hit(hit: object, at: int) -> Json:
    if not isinstance(hit, dict):
        raise ValueError(f"'hits[{at}]' is {fields.told(hit)}; it must be an object")
    return {"revision": 1} | {key: value for key, value in hit.items() if key != "text"}
