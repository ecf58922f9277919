"""A conversation as HTML: its turns in order, and what an empty one shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add

from eval.feedback import Feedback
from rag.listing import Overview
from rag.records import Answer, left_open
from ui.html.actions import actions_html, failed_html, judging_html
from ui.html.markup import (
    Number,
    basis_html,
    doubts_html,
    error_html,
    escape,
    hints_html,
    numbered,
    refusal_html,
    told_html,
)
from ui.kept.exchange import Exchange
from ui.text.coverage import count
from ui.text.render import day, spent

_LEVEL = 3
"""Of headings within an answer; its question is one of the second."""
_NO_ARTICLES = '<p class="hint">There are no articles yet. Add some in the view Library.</p>'


def conversation_html(exchanges: Sequence[Exchange], *, at: str = "", note: str = "") -> str:
    """All turns in order, each numbered from 1; empty where there are none.

    ``at`` is the id of the conversation, by which the page finds it again; ``note`` is HTML told below.
    """
    if not exchanges:
        return ""
    turns = "".join(_exchange(turn, exchange) for turn, exchange in enumerate(exchanges, 1))
    return (
        f'<div class="turns" role="log" aria-label="Conversation" data-at="{escape(at)}">'
        f"{turns}{_total(exchanges)}{note}</div>"
    )


def welcome_html(questions: Iterable[str], *, note: str | None = None) -> str:
    """What an empty conversation shows: how it works in one sentence, and questions to start with.

    There is a question for every article, so where there are none there is nothing to ask of.
    """
    buttons = "".join(
        f'<li><button type="button" class="suggestion" data-question="{escape(question)}" dir="auto">'
        f"{escape(question)}</button></li>"
        for question in questions
    )
    start = f'<h2>Start with</h2><ul class="suggestions">{buttons}</ul>' if buttons else _NO_ARTICLES
    return (
        f'{error_html(note) if note else ""}<section class="welcome"><p class="lead">Ask about the articles. Every '
        f"sentence of an answer carries a number; press it to read the very words it rests on.</p>{start}</section>"
    )


def editing_html(turn: int, *, last: bool) -> str:
    """That a question is being changed, and what becomes of the answers that followed."""
    after = "" if last else " The conversation as it is now stays in History."
    return (
        f'<p class="changing" role="status">Changing question {turn}.{after} '
        '<button type="button" data-cancel="edit">Cancel</button></p>'
    )


def masthead_html(overview: Overview, *, model: str) -> str:
    """The page's head: its name, what is being read, how new that is, and which model answers."""
    facts = [count(overview.articles, "article")]
    facts += [count(overview.outlets, "outlet")] if overview.outlets else []
    facts += [f"newest {day(overview.newest)}"] if overview.newest else []
    items = "".join(f"<li>{escape(fact)}</li>" for fact in [*facts, model])
    return f'<header class="masthead"><h1>Groundwire</h1><ul class="facts">{items}</ul></header>'


def answer_html(answer: Answer, *, turn: int, feedback: Feedback | None = None) -> str:
    """One answer: its sentences with their numbers, doubts one click away, what it rests on, what can be done."""
    number = numbered(turn)
    doubted = doubts_html(answer, turn) + hints_html(answer)
    ending = basis_html(answer) + actions_html(turn) + judging_html(answer, turn, feedback)
    return f'<div class="answer">{_told(answer, number)}{doubted}{ending}</div>'


def _told(answer: Answer, number: Number) -> str:
    if answer.refusal:
        return refusal_html(answer, level=_LEVEL)
    open_parts = "".join(f'<p class="open" dir="auto">{escape(left_open(one))}</p>' for one in answer.unanswered)
    return told_html(answer, number, level=_LEVEL) + open_parts


def _total(exchanges: Sequence[Exchange]) -> str:
    """What the models took for the whole conversation, where it has several answers."""
    usages = [one.answer.usage for one in exchanges if one.answer and one.answer.usage]
    if len(usages) < 2:
        return ""
    total = reduce(add, usages)
    return f'<p class="total">This conversation: {escape(", ".join(spent(total)))}</p>'


def _exchange(turn: int, exchange: Exchange) -> str:
    if exchange.answer:
        body = answer_html(exchange.answer, turn=turn, feedback=exchange.verdict)
    elif exchange.error is not None:
        body = error_html(exchange.error) + failed_html(turn)
    elif exchange.written:
        written = told_html(exchange.written, numbered(turn), level=_LEVEL)
        body = f'<div class="written">{written}<p class="awaited">Writing…</p></div>'
    else:
        body = '<p class="awaited">Reading the articles…</p>'
    question = f'<h2 class="question" dir="auto">{escape(exchange.question)}</h2>'
    return f'<section class="exchange" id="turn-{turn}" data-key="{escape(exchange.key)}">{question}{body}</section>'
