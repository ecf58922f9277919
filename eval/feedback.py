"""What readers said of the answers they were shown, read from the history that stands beside an archive."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rag.database import Database
from rag.history import FILE, HISTORY, moment
from rag.records import Answer, Turn

TURNS = 6
"""Earlier exchanges that a question of a conversation is asked with, on the page and when its case is run."""
# Of every conversation with a verdict all that was answered, for a question may hang on what came before.
_ANSWERED = """
SELECT conversation, question, answer, judged, is_right, sentence, note FROM exchanges
WHERE answer IS NOT NULL AND conversation IN (
    SELECT conversation FROM exchanges JOIN conversations ON id = conversation
    WHERE judged IS NOT NULL AND deleted IS NULL
)
ORDER BY conversation, place
"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A reader's word on one answer."""

    right: bool
    sentence: int | None
    """Place, from 0, of the sentence it is about in the answer's statements; ``None`` where it is about all."""
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer, as it was shown, and what its reader said of it."""

    question: str
    answer: Answer
    """Without its hits."""
    feedback: Feedback
    history: tuple[Turn, ...] = ()
    """What was asked and answered before it in its conversation."""


def judged(folder: Path) -> tuple[Judged, ...]:
    """All answers of an archive's folder that readers have judged, the newest verdict first.

    Of the same answer to the same question only the newest verdict counts.

    Raises:
        ArchiveError: the history cannot be read.
    """
    if not (folder / FILE).exists():
        return ()
    database = Database(folder / FILE, HISTORY)
    try:
        rows = list(database.rows(_ANSWERED))
    finally:
        database.close()
    newest: dict[tuple[str, str], Judged] = {}
    for one in sorted(_judged(rows), key=lambda one: one.feedback.at):
        newest[one.question, one.answer.text] = one
    return tuple(sorted(newest.values(), key=lambda one: (one.feedback.at, one.question), reverse=True))


def _judged(rows: Iterable[tuple[Any, ...]]) -> list[Judged]:
    found: list[Judged] = []
    before: defaultdict[str, list[Turn]] = defaultdict(list)
    for conversation, question, record, judged, right, sentence, note in rows:
        answer = _answer(record)
        if answer is None:
            continue
        if judged is not None:
            feedback = Feedback(bool(right), sentence, note or "", moment(judged))
            found.append(Judged(question, answer, feedback, tuple(before[conversation][-TURNS:])))
        if not answer.refusal:  # a refusal said nothing to follow up on
            before[conversation].append(Turn(question, answer.text))
    return found


def _answer(record: str) -> Answer | None:
    """``None`` for one kept in a form that cannot be read any more, as the page says where it is shown."""
    from eval.running.outputs import of_kind

    try:
        return of_kind(Answer, json.loads(record))
    except ValueError:
        return None
