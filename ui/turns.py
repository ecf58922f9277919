"""A conversation as HTML: its turns in order, and what an empty one shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add

from rag.records import Answer, Article, left_open
from ui.conversation import Exchange
from ui.coverage import count
from ui.exports.download import buttons_html
from ui.markup import (
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
from ui.render import day, spent


def conversation_html(exchanges: Sequence[Exchange], *, welcome: str = "") -> str:
    """All turns in order, each numbered from 1; ``welcome`` fills a conversation that has none."""
    if not exchanges:
        return welcome
    turns = "".join(_exchange(turn, exchange) for turn, exchange in enumerate(exchanges, 1))
    return f'<div class="turns" role="log" aria-label="Conversation">{turns}{_total(exchanges)}</div>'


def welcome_html(questions: Iterable[str]) -> str:
    """What an empty conversation shows: how it works in one sentence, and questions to start with."""
    buttons = "".join(
        f'<li><button type="button" class="suggestion" data-question="{escape(question)}" dir="auto">'
        f"{escape(question)}</button></li>"
        for question in questions
    )
    start = f'<h2>Start with</h2><ul class="suggestions">{buttons}</ul>' if buttons else ""
    return (
        '<section class="welcome"><p class="lead">Ask about the articles. Every sentence of an answer carries '
        f"a number; press it to read the very words it rests on.</p>{start}</section>"
    )


def masthead_html(articles: Sequence[Article], *, model: str) -> str:
    """The page's head: its name, what is being read, how new that is, and which model answers."""
    outlets = {article.source for article in articles if article.source}
    dates = [article.published_at for article in articles if article.published_at]
    facts = [count(len(articles), "article")]
    facts += [count(len(outlets), "outlet")] if outlets else []
    facts += [f"newest {day(max(dates))}"] if dates else []
    items = "".join(f"<li>{escape(fact)}</li>" for fact in [*facts, model])
    return f'<header class="masthead"><h1>Groundwire</h1><ul class="facts">{items}</ul></header>'


def answer_html(answer: Answer, *, turn: int) -> str:
    """One answer: its sentences with their numbers, doubts one click away, and what it rests on."""
    number = numbered(turn)
    doubted = doubts_html(answer, number) + hints_html(answer)
    return f'<div class="answer">{_told(answer, number)}{doubted}{basis_html(answer)}{buttons_html(turn)}</div>'


def _told(answer: Answer, number: Number) -> str:
    if answer.refusal:
        return refusal_html(answer)
    open_parts = "".join(f'<p class="open" dir="auto">{escape(left_open(one))}</p>' for one in answer.unanswered)
    return told_html(answer, number) + open_parts


def _total(exchanges: Sequence[Exchange]) -> str:
    """What the models took for the whole conversation, where it has several answers."""
    usages = [one.answer.usage for one in exchanges if one.answer and one.answer.usage]
    if len(usages) < 2:
        return ""
    total = reduce(add, usages)
    return f'<p class="total">This conversation: {escape(", ".join(spent(total)))}</p>'


def _exchange(turn: int, exchange: Exchange) -> str:
    if exchange.answer:
        body = answer_html(exchange.answer, turn=turn)
    elif exchange.error is not None:
        body = error_html(exchange.error)
    elif exchange.written:
        written = told_html(exchange.written, numbered(turn))
        body = f'<div class="written">{written}<p class="awaited">Writing…</p></div>'
    else:
        body = '<p class="awaited">Reading the articles…</p>'
    question = f'<h2 class="question" dir="auto">{escape(exchange.question)}</h2>'
    return f'<section class="exchange" id="turn-{turn}">{question}{body}</section>'
