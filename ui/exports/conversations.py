"""Conversations as files: every question with what came of it, and every answer with the exact words it rests on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rag.contract import answer_json
from ui.exports.document import Within, beginning, ending, page, result_html
from ui.exports.markdown import escaped, markdown
from ui.html.markup import error_html, escape
from ui.kept.exchange import Exchange, Feedback
from ui.text.coverage import count
from ui.text.forms import Form
from ui.text.render import rests_on

if TYPE_CHECKING:
    from ui.kept.conversations import Conversation

_HEADING = re.compile(r"^(?=#+ )", re.MULTILINE)
_AWAITED = "It is still being answered."


def exported_conversation(conversation: Conversation, form: Form) -> str:
    """One conversation, as text that UTF-8 can hold."""
    match form:
        case "markdown":
            text = _markdown(conversation)
        case "html":
            text = page(conversation.title, _exchanges(conversation, "", 2), escape(_about(conversation)))
        case "json":
            text = _json(_record(conversation))
    return text.encode("utf-8", "replace").decode()


def exported_conversations(conversations: Iterable[Conversation], form: Form) -> Iterator[str]:
    """Several, one after another, in pieces: each is taken once the one before is told, so that none is held."""
    match form:
        case "markdown":
            pieces = _markdowns(conversations)
        case "html":
            pieces = _pages(conversations)
        case "json":
            pieces = _jsons(conversations)
    return (piece.encode("utf-8", "replace").decode() for piece in pieces)


def _markdowns(conversations: Iterable[Conversation]) -> Iterator[str]:
    for number, one in enumerate(conversations):
        yield ("\n" if number else "") + _markdown(one)


def _pages(conversations: Iterable[Conversation]) -> Iterator[str]:
    number = 0
    yield beginning("Conversations")
    for number, one in enumerate(conversations, 1):
        yield _part(one, number)
    yield ending(escape(count(number, "conversation")))


def _jsons(conversations: Iterable[Conversation]) -> Iterator[str]:
    yield '{\n  "conversations": ['
    for number, one in enumerate(conversations):
        yield (",\n" if number else "\n") + "    " + _json(_record(one)).rstrip().replace("\n", "\n    ")
    yield "\n  ]\n}\n"


def moment(time: datetime) -> str:
    """``4 May 2026, 10:03 UTC``."""
    return f"{time.day} {time:%B %Y, %H:%M} UTC"


def _markdown(conversation: Conversation) -> str:
    about = escaped(_about(conversation))
    parts = [f"# {escaped(conversation.title)}", about, *map(_turn, conversation.exchanges)]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _turn(exchange: Exchange) -> str:
    """An answer's own document with each heading one lower; no text of an answer begins with a bare ``#``."""
    if exchange.answer:
        told = _HEADING.sub("#", markdown(replace(exchange.answer, question=exchange.question)))
    else:
        told = f"## {escaped(exchange.question)}\n\n{escaped(exchange.error or _AWAITED)}"
    return told.rstrip("\n") + (f"\n\n{escaped(said(exchange.verdict))}" if exchange.verdict else "")


def _part(conversation: Conversation, number: int) -> str:
    """One of several."""
    about = f'<p class="said">{escape(_about(conversation))}</p>'
    exchanges = _exchanges(conversation, f"c{number}-", 3)
    return f'<section><h2 dir="auto">{escape(conversation.title)}</h2>{about}{exchanges}</section>\n'


def _exchanges(conversation: Conversation, prefix: str, level: int) -> str:
    return "".join(
        _exchange(one, Within(f"{prefix}q{turn}-", level + 1), level)
        for turn, one in enumerate(conversation.exchanges, 1)
    )


def _exchange(exchange: Exchange, within: Within, level: int) -> str:
    question = f'<h{level} class="question" dir="auto">{escape(exchange.question)}</h{level}>'
    if exchange.answer:
        facts = escape(" · ".join(rests_on(exchange.answer)))
        told = f'{result_html(exchange.answer, within)}<p class="basis">{facts}</p>'
    else:
        told = error_html(exchange.error or _AWAITED)
    verdict = f'<p class="said" dir="auto">{escape(said(exchange.verdict))}</p>' if exchange.verdict else ""
    return f'<section class="exchange">{question}{told}{verdict}</section>\n'


def said(feedback: Feedback) -> str:
    """A verdict in words."""
    judged = "right" if feedback.right else "wrong"
    place = "" if feedback.sentence is None else f" in sentence {feedback.sentence + 1}"
    note = f": {feedback.note}" if feedback.note else "."
    return f"You said that this is {judged}{place}{note}"


def _about(conversation: Conversation) -> str:
    questions = count(len(conversation.exchanges), "question")
    return f"{questions} · begun {moment(conversation.began)} · last changed {moment(conversation.changed)}"


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _record(conversation: Conversation) -> dict[str, Any]:
    return {
        "id": conversation.id,
        "title": conversation.title,
        "began": conversation.began.isoformat(),
        "changed": conversation.changed.isoformat(),
        "exchanges": [_asked(one) for one in conversation.exchanges],
    }


def _asked(exchange: Exchange) -> dict[str, Any]:
    verdict = exchange.verdict
    return {
        "asked_at": exchange.asked_at and exchange.asked_at.isoformat(),
        "question": exchange.question,
        "answer": exchange.answer and answer_json(exchange.answer),
        "error": exchange.error,
        "verdict": verdict
        and {
            "right": verdict.right,
            "sentence": verdict.sentence,
            "note": verdict.note,
            "at": verdict.at.isoformat(),
        },
    }
