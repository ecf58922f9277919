"""What answers and summaries share as HTML: sentences with their numbers, refusals, what was set aside and why.

Every word that comes from an article, a model or a reader passes through ``escape``; nothing here is a template.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape as escape_markup

from rag.records import Nearest, Statement
from rag.summary import Summary
from ui.text.blocks import Block, Result, blocks, listed
from ui.text.coverage import count, left_out, missing
from ui.text.forms import FORMS, NAMES
from ui.text.render import basis, day, headline, left_out_line, notes, remarks, why

Number = Callable[[int], str]
"""A citation's number as a link to what it cites."""
_LONGEST_WORD = 24


def escape(text: str) -> str:
    """Text that HTML shows as it is, in an element or a quoted attribute."""
    # Half a surrogate pair cannot be sent; a raw carriage return would be read back as a line feed.
    sendable = text.encode("utf-8", "replace").decode()
    return escape_markup(sendable, quote=True).replace("\r", "&#13;")


def numbered(turn: int | str) -> Number:
    """Numbers that open the sources of one turn of a conversation, or of another result of the page."""
    return lambda number: (
        f'<a class="cite" href="#quote-{turn}-{number}" data-turn="{turn}" data-number="{number}"'
        f' aria-label="Citation {number}">{number}</a>'
    )


def named(label: str, turn: int | str) -> str:
    """The name of something that each turn has, by which a screen reader tells it from that of another."""
    whose = f"question {turn}" if isinstance(turn, int) else turn
    return f'aria-label="{escape(label)}, {whose}"'


def told_html(result: Result, number: Number, *, level: int) -> str:
    """What a result says, under its headings, of that level, where it has any; a timeline is an ordered list."""
    if isinstance(result, Summary) and result.style == "timeline":
        entries = "".join(f'<li class="part">{_block(block, result, number, level)}</li>' for block in blocks(result))
        return f'<ol class="timeline">{entries}</ol>'
    return "".join(
        f'<section class="part">{_block(block, result, number, level)}</section>'
        if block.heading
        else _block(block, result, number, level)
        for block in blocks(result)
    )


def refusal_html(result: Result, *, level: int) -> str:
    """Why there is no answer, and the articles nearest to the question; empty for a result that is one.

    ``level`` is that of its heading, as in ``told_html``.
    """
    if not result.refusal:
        return ""
    message = f'<p class="text refusal" dir="auto">{escape(result.refusal.message)}</p>'
    if not result.refusal.nearest:
        return message
    nearest = "".join(f"<li>{_nearest(near)}</li>" for near in result.refusal.nearest)
    return f'{message}<h{level}>Nearest articles</h{level}><ul class="nearest">{nearest}</ul>'


def doubts_html(result: Result, turn: int | str) -> str:
    """The sentences only weakly supported and those set aside, with the reasons, one click away."""
    weak = [one for one in result.statements if one.verdict == "weak"]
    return _doubts(weak, "{} only weakly supported", turn, kind="weak") + _doubts(
        result.rejected, "{} set aside: not borne out by the articles", turn, kind="rejected"
    )


def reasons_html(statements: Sequence[Statement], number: Number) -> str:
    """Statements that did not pass, each with the reasons."""
    items = "".join(
        f'<li><span dir="auto">{escape(one.text)}</span>{_numbers(one, number)} '
        f'<em class="why">{escape(why(one))}</em></li>'
        for one in statements
    )
    return f"<ul>{items}</ul>"


def missing_html(summary: Summary) -> str:
    """The weightiest points not told; empty where none is missing."""
    items = "".join(
        f'<li><span dir="auto">{escape(quote)}</span> <em class="why" dir="auto">{escape(headline(title))}</em></li>'
        for quote, title in missing(summary)
    )
    return items and f"<ul>{items}</ul>"


def left_out_html(summary: Summary) -> str:
    """The articles left out, each with the reason; empty where there are none."""
    items = "".join(f'<li dir="auto">{escape(left_out_line(one))}</li>' for one in left_out(summary.unused))
    return items and f"<ul>{items}</ul>"


def hints_html(result: Result) -> str:
    """What a reader should know of how the result was found."""
    return "".join(f'<p class="hint" dir="auto">{escape(note)}</p>' for note in notes(result))


def basis_html(result: Result) -> str:
    """What a result rests on."""
    kind = "summary" if isinstance(result, Summary) else "answer"
    facts = "".join(f"<li>{escape(fact)}</li>" for fact in basis(result))
    return f'<ul class="basis" aria-label="Basis of this {kind}">{facts}</ul>'


def buttons_html(turn: int | str) -> str:
    """One button for each form, for the result of a turn or another of the page."""
    buttons = " ".join(
        f'<button type="button" data-form="{form}" data-turn="{turn}" {named(f"Export as {NAMES[form]}", turn)}>'
        f"{NAMES[form]}</button>"
        for form in FORMS
    )
    return f'<p class="export">Export as {buttons}</p>'


def error_html(message: str) -> str:
    """A stated failure, in one line."""
    return f'<p class="error" role="alert" dir="auto">{escape(" ".join(message.split()))}</p>'


def _block(block: Block, result: Result, number: Number, level: int) -> str:
    sentences = [_statement(one, result, number) for one in block.statements]
    if listed(result):
        items = "".join(f'<li dir="auto">{one}</li>' for one in sentences)
        text = f'<ul class="text">{items}</ul>'
    else:
        text = f'<p class="text" dir="auto">{" ".join(sentences)}</p>'
    outlets = f'<p class="outlets" dir="auto">{escape(", ".join(block.outlets))}</p>' if block.outlets else ""
    return f"{_heading(block.heading, level) if block.heading else ''}{outlets}{text}"


def _heading(text: str, level: int) -> str:
    return f'<h{level} class="heading" dir="auto">{escape(headline(text))}</h{level}>'


def _statement(statement: Statement, result: Result, number: Number) -> str:
    numbers = _numbers(statement, number)
    said = remarks(statement, result)
    after = f' <span class="reported">{escape(said)}</span>' if said else ""
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


def _numbers(statement: Statement, number: Number) -> str:
    return "".join(number(one) for one in statement.citations)


def _doubts(statements: Sequence[Statement], heading: str, turn: int | str, *, kind: str) -> str:
    if not statements:
        return ""
    said = heading.format(count(len(statements), "sentence"))
    summary = f"<summary {named(said, turn)}>{escape(said)}</summary>"
    return f'<details class="doubts {kind}">{summary}{reasons_html(statements, numbered(turn))}</details>'


def _nearest(near: Nearest) -> str:
    return (
        f'<button type="button" class="open-article" data-article="{escape(near.article_id)}" dir="auto">'
        f'{escape(headline(near.title))}</button> <span class="date">{escape(day(near.published_at))}</span>'
    )
