"""Rows that come without a suite as cases of their own: a question, and where it is given the right answer.

Gold is where the row has ``reference_contexts``. What needs gold or a right answer is not scored for the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress

from eval.cases import Case, Gold
from eval.foreign import fields
from eval.foreign.declining import declines
from eval.foreign.rows import Row
from eval.foreign.shelf import Shelf

UNSTATED = "unknown"
"""Who wrote a row's question, and under which licence."""


def own_case(row: Row, number: int, shelf: Shelf) -> Case:
    """The case that a row is, its gold located on the shelf; ``ValueError`` says what is wrong with the row.

    A reference that says there is no answer makes the case unanswerable.
    """
    record = row.record
    asked, question = fields.find(record, fields.QUESTION)
    name, reference = fields.find(record, fields.REFERENCE)
    answers = fields.texts(reference, name)
    answerable = not (answers and all(map(declines, answers)))
    return Case(
        id=_id(row, number),
        question=fields.text(question, asked),
        answerable=answerable,
        answers=tuple(answers) if answerable else (),
        gold=_gold(row, shelf) if answerable else (),
        tags=(),
        source=UNSTATED,
        licence=UNSTATED,
        line=row.line,
    )


def shelf_of(row: Row) -> Shelf:
    """The words that a row has retrieved, and those it was to: what is part of a longer one is no article itself."""
    shelf, found = Shelf(), _contexts(row, fields.REFERENCE_CONTEXTS, "reference context")
    with suppress(ValueError):  # it is the output that is wrong, and what reads it says so
        found += _contexts(row, fields.CONTEXTS, "context")
    for text, title in sorted(found, key=lambda each: -len(each[0])):
        if not shelf.holding(text):
            shelf.add(text, title)
    return shelf


def digest(cases: Sequence[Case]) -> str:
    """SHA-256 over what the cases ask and expect, so that two systems' answers to the same can be compared."""
    asked = [
        [case.id, case.question, case.answerable, case.answers, [gold.quote.split() for gold in case.gold]]
        for case in cases
    ]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()


def _contexts(row: Row, names: tuple[str, ...], otherwise: str) -> list[tuple[str, str]]:
    """The words of contexts, and what each is called."""
    name, given = fields.find(row.record, names)
    texts = [(one, fields.context_text(one, f"{name}[{at}]")) for at, one in enumerate(fields.listed(given, name))]
    return [(text, _title(one) or f"{otherwise} {at}") for at, (one, text) in enumerate(texts, 1) if text]


def _title(context: object) -> str | None:
    stated = fields.find(context, fields.ARTICLE)[1] if isinstance(context, dict) else None
    return stated if isinstance(stated, str) and stated.strip() else None


def _id(row: Row, number: int) -> str:
    given = fields.find(row.record, ("case", "id"))[1]
    if given is None or isinstance(given, bool) or not isinstance(given, int | str) or not str(given).strip():
        return f"row-{number}"
    return fields.text(str(given), "id")


def _gold(row: Row, shelf: Shelf) -> tuple[Gold, ...]:
    places = [shelf.holding(text)[0] for text, _ in _contexts(row, fields.REFERENCE_CONTEXTS, "")]
    return tuple(Gold(article.id, article.text[span.start : span.end]) for article, span in places)
