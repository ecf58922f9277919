"""A conversation as HTML: answers with numbered citations, refusals, what was set aside and why.

Every word that comes from an article, a model or a reader passes through ``escape``; nothing here is a template.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from html import escape as escape_markup
from operator import add

from rag.records import Answer, Article, Nearest, Statement, left_open
from ui.conversation import Exchange
from ui.render import basis, compared, dated, day, headline, notes, spent, why

_LONGEST_WORD = 24


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
    facts = [_count(len(articles), "article")]
    facts += [_count(len(outlets), "outlet")] if outlets else []
    facts += [f"newest {day(max(dates))}"] if dates else []
    items = "".join(f"<li>{escape(fact)}</li>" for fact in [*facts, model])
    return f'<header class="masthead"><h1>Groundwire</h1><ul class="facts">{items}</ul></header>'


def answer_html(answer: Answer, *, turn: int) -> str:
    """One answer: its sentences with their numbers, doubts one click away, and what it rests on."""
    if answer.refusal:
        body = refusal_html(answer)
    else:
        open_parts = "".join(f'<p class="open" dir="auto">{escape(left_open(one))}</p>' for one in answer.unanswered)
        body = _text(answer, turn=turn) + open_parts
    weak = [one for one in answer.statements if one.verdict == "weak"]
    doubts = _doubts(weak, "{} only weakly supported", kind="weak", turn=turn) + _doubts(
        answer.rejected, "{} set aside: not borne out by the articles", kind="rejected", turn=turn
    )
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in basis(answer))
    hints = "".join(f'<p class="hint" dir="auto">{escape(note)}</p>' for note in notes(answer))
    basis_html = f'<ul class="basis" aria-label="Basis of this answer">{facts}</ul>'
    return f'<div class="answer">{body}{doubts}{hints}{basis_html}</div>'


def refusal_html(answer: Answer) -> str:
    """Why there is no answer, and the articles nearest to the question; empty for an answer that is one."""
    if not answer.refusal:
        return ""
    message = f'<p class="text refusal" dir="auto">{escape(answer.refusal.message)}</p>'
    if not answer.refusal.nearest:
        return message
    nearest = "".join(f"<li>{_nearest(near)}</li>" for near in answer.refusal.nearest)
    return f'{message}<h3>Nearest articles</h3><ul class="nearest">{nearest}</ul>'


def error_html(message: str) -> str:
    """A stated failure, in one line."""
    return f'<p class="error" role="alert" dir="auto">{escape(" ".join(message.split()))}</p>'


def escape(text: str) -> str:
    """Text that HTML shows as it is, in an element or a quoted attribute."""
    # Half a surrogate pair cannot be sent; a raw carriage return would be read back as a line feed.
    sendable = text.encode("utf-8", "replace").decode()
    return escape_markup(sendable, quote=True).replace("\r", "&#13;")


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
        body = f'<div class="written">{_text(exchange.written, turn=turn)}<p class="awaited">Writing…</p></div>'
    else:
        body = '<p class="awaited">Reading the articles…</p>'
    question = f'<h2 class="question" dir="auto">{escape(exchange.question)}</h2>'
    return f'<section class="exchange" id="turn-{turn}">{question}{body}</section>'


def _text(answer: Answer, *, turn: int) -> str:
    sentences = " ".join(_statement(one, answer, turn=turn) for one in answer.statements)
    return f'<p class="text" dir="auto">{sentences}</p>'


def _statement(statement: Statement, answer: Answer, *, turn: int) -> str:
    numbers = _numbers(statement, turn=turn)
    day_of_report = dated(statement, answer)
    remarks = "; ".join([*compared(statement), *([day_of_report] if day_of_report else [])])
    after = f' <span class="reported">{escape(remarks)}</span>' if remarks else ""
    body, last = _last_word(statement.text)
    if statement.verdict != "weak":
        tail = f'<span class="tail">{escape(last)}{numbers}</span>'
        return f'<span class="statement">{escape(body)}{tail}{after}</span>'
    reason = escape(why(statement))
    return (
        f'<span class="statement"><span class="weak" title="{reason}">{escape(statement.text)}</span> '
        f'<span class="tail"><span class="badge">weak</span>{numbers}</span>{after}</span>'
    )


def _last_word(text: str) -> tuple[str, str]:
    """The text cut before its last word, which is kept on one line with the numbers unless it is enormous."""
    start = text.rstrip().rfind(" ") + 1
    return (text[:start], text[start:]) if len(text) - start <= _LONGEST_WORD else (text, "")


def _numbers(statement: Statement, *, turn: int) -> str:
    return "".join(_number(number, turn=turn) for number in statement.citations)


def _number(number: int, *, turn: int) -> str:
    return (
        f'<a class="cite" href="#quote-{turn}-{number}" data-turn="{turn}" data-number="{number}"'
        f' aria-label="Citation {number}">{number}</a>'
    )


def _doubts(statements: Sequence[Statement], heading: str, *, kind: str, turn: int) -> str:
    if not statements:
        return ""
    items = "".join(
        f'<li><span dir="auto">{escape(one.text)}</span>{_numbers(one, turn=turn)} '
        f'<em class="why">{escape(why(one))}</em></li>'
        for one in statements
    )
    summary = escape(heading.format(_count(len(statements), "sentence")))
    return f'<details class="doubts {kind}"><summary>{summary}</summary><ul>{items}</ul></details>'


def _nearest(near: Nearest) -> str:
    return (
        f'<button type="button" class="open-article" data-article="{escape(near.article_id)}" dir="auto">'
        f'{escape(headline(near.title))}</button> <span class="date">{escape(day(near.published_at))}</span>'
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
