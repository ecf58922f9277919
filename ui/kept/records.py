"""An exchange as a row of the history's file, and back; an answer keeps all but its hits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from eval.feedback import Feedback
from rag.folding import folded
from rag.history import micros, moment
from rag.records import Answer
from ui.kept.exchange import Exchange

COLUMNS = "key, asked, question, answer, written, error, writer, judged, is_right, sentence, note"
"""What ``exchange_of`` reads, in its order."""
BROKEN_OFF = "This answer was broken off when the server stopped. Ask again."
_UNREADABLE = "This answer was kept in a form that cannot be read any more ({fault}). Ask again."
_TITLE = 80
"""Characters of a title."""


def values(exchange: Exchange, writer: str) -> dict[str, object]:
    """The columns of an exchange that the process named ``writer`` keeps; its verdict is kept apart."""
    return {
        "key": exchange.key,
        "asked": exchange.asked_at and micros(exchange.asked_at),
        "question": storable(exchange.question),
        "answer": exchange.answer and _record(exchange.answer),
        "written": exchange.written and _record(exchange.written),
        "error": exchange.error and storable(exchange.error),
        "writer": writer,
        "searched": folded(storable(f"{exchange.question}\n{exchange.answer.text if exchange.answer else ''}")),
    }


def exchange_of(row: tuple[Any, ...], writer: str) -> Exchange:
    """The exchange of a row; one that another process left awaited will never be answered."""
    key, asked, question, answer, written, error, writing, *verdict = row
    kept = Exchange(question, key=key, error=error, asked_at=None if asked is None else moment(asked))
    try:
        kept = replace(kept, answer=_answer(answer), written=_answer(written), verdict=_verdict(*verdict))
    except ValueError as fault:
        return replace(kept, error=_UNREADABLE.format(fault=fault))
    return replace(kept, error=BROKEN_OFF) if kept.awaited and writing != writer else kept


def verdict_values(feedback: Feedback | None) -> Mapping[str, object]:
    """The columns of what a reader said of an answer, or of nothing said."""
    if feedback is None:
        return {"judged": None, "is_right": None, "sentence": None, "note": None}
    return {
        "judged": micros(feedback.at),
        "is_right": int(feedback.right),
        "sentence": feedback.sentence,
        "note": storable(feedback.note),
    }


def title_of(question: str) -> str:
    """A question on one line, shortened between words where it is long."""
    line = " ".join(storable(question).replace("\0", " ").split())
    if len(line) <= _TITLE:
        return line
    head = line[: _TITLE - 1]
    return f"{head.rpartition(' ')[0] or head}…"


def storable(text: str) -> str:
    """A browser can send half a surrogate pair, which nothing can encode."""
    return text.encode("utf-8", "replace").decode()


def _record(answer: Answer) -> str:
    from rag.contract import answer_json

    return storable(json.dumps(answer_json(replace(answer, hits=())), ensure_ascii=False))


def _answer(record: str | None) -> Answer | None:
    from eval.running.outputs import of_kind

    return None if record is None else of_kind(Answer, json.loads(record))


def _verdict(judged: int | None, right: int | None, sentence: int | None, note: str | None) -> Feedback | None:
    return None if judged is None else Feedback(bool(right), sentence, note or "", moment(judged))
