"""Answers, summaries and hits as text for a terminal: numbered citations become footnotes with the quote."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from rag.records import Answer, Article, Citation, Hit, Nearest, Refusal, Statement, Usage, left_open
from rag.refusing import described
from rag.summary import Summary
from ui.text.blocks import Block, Result, blocks, doubted, listed
from ui.text.coverage import LeftOut, left_out, measured, missing, untold

MIN_WIDTH = 30
"""Columns; a narrower terminal breaks lines by itself."""
LONGEST_TITLE = 200
"""Characters."""
_HARMLESS = "\n\t\u200c\u200d\u200e\u200f"
"""Line ends, and the joiners and direction marks that scripts and emoji need."""


def answer_text(answer: Answer, *, width: int = 80) -> str:
    """The answer or refusal, its footnotes, what was set aside, and what it rests on."""
    return _result_text(answer, width=max(width, MIN_WIDTH))


def summary_text(summary: Summary, *, width: int = 80) -> str:
    """The summary, its footnotes, what was set aside or left out, and what it rests on."""
    return _result_text(summary, width=max(width, MIN_WIDTH))


def hits_text(hits: Sequence[Hit], articles: Mapping[str, Article], *, width: int = 80) -> str:
    """Hits in rank order, each under its article's title; ``articles`` are by id."""
    width = max(width, MIN_WIDTH)
    if not hits:
        return "Nothing found."
    return "\n\n".join(_hit(rank, hit, articles.get(hit.article_id), width) for rank, hit in enumerate(hits, 1))


def day(time: datetime | None) -> str:
    """``17 September 2023``, or ``no date``."""
    return f"{time.day} {time:%B %Y}" if time else "no date"


def model_label(model: str) -> str:
    """The model's name, saying so where no language model is used."""
    return "extractive: no language model" if model == "extractive" else model


def why(statement: Statement) -> str:
    """The reasons a statement did not pass, as one line."""
    if statement.problems:
        return "; ".join(problem.message for problem in statement.problems)
    return "no citation" if not statement.citations else "its cited words only partly bear it"


def clean(text: str) -> str:
    """Text without control characters: an escape sequence in an article must not reach the terminal."""
    kept = (char if char.isprintable() or char in _HARMLESS else "\N{REPLACEMENT CHARACTER}" for char in text)
    return "".join(kept)


def headline(title: str) -> str:
    """A title cut to what a headline may take; some pages give their whole text as one."""
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def _result_text(result: Result, *, width: int) -> str:
    parts = [_refusal(result.refusal, width)] if result.refusal else list(_told(result, width))
    parts.extend(_doubts(result, width))
    parts.extend(wrap(clean(note), width) for note in notes(result))
    if isinstance(result, Summary):
        parts.extend(_untold(result, width))
    parts.append(wrap(" · ".join(basis(result)), width))
    return "\n\n".join(parts)


def _told(result: Result, width: int) -> Iterator[str]:
    yield from (_block(block, result, width) for block in blocks(result))
    yield from (wrap(clean(left_open(part)), width) for part in unanswered(result))
    yield from (_footnote(citation, width) for citation in result.citations)


def _block(block: Block, result: Result, width: int) -> str:
    indent = "  " if block.heading else ""
    sentences = [_statement(one, result) for one in block.statements]
    if listed(result):
        lines = [wrap(f"{indent}- {one}", width, f"{indent}  ") for one in sentences]
    else:
        lines = [wrap(indent + " ".join(sentences), width, indent)]
    outlets = f" ({', '.join(block.outlets)})" if block.outlets else ""
    heading = [wrap(clean(headline(block.heading) + outlets), width)] if block.heading else []
    return "\n".join([*heading, *lines])


def _untold(summary: Summary, width: int) -> Iterator[str]:
    """The main points and articles that a summary leaves out, and how long it is."""
    if points := missing(summary):
        lines = [wrap(f"- {clean(f'{quote} ({headline(title)})')}", width, "  ") for quote, title in points]
        yield "\n".join([f"{untold(summary)}:", *lines])
    if summary.unused:
        lines = [wrap(f"- {clean(left_out_line(one))}", width, "  ") for one in left_out(summary.unused)]
        yield "\n".join(["Left out:", *lines])
    if phrases := measured(summary):
        yield wrap(" · ".join(phrases), width)


def unanswered(result: Result) -> tuple[str, ...]:
    """What was asked besides and the articles say nothing of."""
    return result.unanswered if isinstance(result, Answer) else ()


def left_out_line(left: LeftOut) -> str:
    """``Title: reason``, or how many articles, and the titles of the first."""
    if left.count == 1:
        return f"{headline(left.titles[0])}: {left.reason}"
    first = ", ".join(f"“{headline(title)}”" for title in left.titles)
    return f"{left.count:,} articles: {left.reason}; such as {first}"


def notes(result: Result) -> tuple[str, ...]:
    """What a reader should know of how the result was found, first of all that it is not whole."""
    kind = "summary" if isinstance(result, Summary) else "answer"
    broken = [f"This {kind} is incomplete: {result.incomplete}"] if result.incomplete else []
    return (*broken, *result.notes)


def basis(result: Result) -> list[str]:
    """What a result rests on, and the time it took, as short phrases."""
    return [*rests_on(result), f"{result.seconds.total:.2f} s"]


def rests_on(result: Result) -> list[str]:
    """What a result rests on, as short phrases: date of asking, period, newest article, model, tokens."""
    nothing = "no dated article searched" if isinstance(result, Answer) else "no dated article read"
    newest = f"newest article {day(result.newest)}" if result.newest else nothing
    period = [clean(described(result.period))] if isinstance(result, Answer) and result.period else []
    parts = [f"as of {day(result.as_of)}", *period, newest, model_label(clean(result.model))]
    return [*parts, *(spent(result.usage) if result.usage else [])]


def spent(usage: Usage) -> list[str]:
    """Tokens, and the cost where it is known."""
    cost = [] if usage.cost is None else [f"${usage.cost:.4f}"]
    return [f"{usage.input_tokens:,} tokens read, {usage.output_tokens:,} written", *cost]


def byline(citation: Citation) -> str:
    """``Outlet, 17 September 2023``; an article without an outlet is named by its date alone."""
    return f"{citation.source}, {day(citation.published_at)}" if citation.source else day(citation.published_at)


def nearest_line(near: Nearest) -> str:
    """``Title (17 September 2023)``."""
    return f"{headline(near.title)} ({day(near.published_at)})"


def remarks(statement: Statement, result: Result) -> str:
    """What stands behind a sentence: how other articles compare to it, and who reported it when."""
    reported = dated(statement, result)
    return "; ".join([*compared(statement), *([reported] if reported else [])])


def dated(statement: Statement, result: Result) -> str | None:
    """Outlet and day of a statement's newest source, where the result mixes reports and no heading tells of them."""
    cited = {citation.number: citation for citation in result.citations}
    own = [cited[number] for number in statement.citations if number in cited and cited[number].published_at]
    if not own or not _mixed(result):
        return None
    return byline(max(own, key=lambda citation: citation.published_at.timestamp() if citation.published_at else 0))


def _mixed(result: Result) -> bool:
    """Whether a reader must be told beside each statement who reported it, and when."""
    style = result.style if isinstance(result, Summary) else None
    if style == "differences":
        return True
    return style not in ("timeline", "digest") and len({day(one.published_at) for one in result.citations}) > 1


def compared(statement: Statement) -> list[str]:
    """How other articles compare to a statement, as short phrases."""
    several = [f"{statement.sources} independent sources"] if statement.sources > 1 else []
    differs = ["outlets differ"] if statement.conflict else []
    return [*several, *differs, *(["an earlier report"] if statement.superseded else [])]


def _statement(statement: Statement, result: Result) -> str:
    weak = " (weak)" if statement.verdict == "weak" else ""
    said = remarks(statement, result)
    return clean(statement.text) + _marks(statement) + weak + (f" ({clean(said)})" if said else "")


def _marks(statement: Statement) -> str:
    return "".join(f" [{number}]" for number in statement.citations)


def _footnote(citation: Citation, width: int) -> str:
    label = f"[{citation.number}] "
    indent = " " * len(label)
    lines = [
        wrap(f"{label}{clean(headline(citation.title))}. {clean(byline(citation))}", width, indent),
        wrap(f"{indent}“{clean(citation.quote)}”", width, indent),
    ]
    if citation.url:
        lines.append(indent + clean(citation.url))
    if citation.also:
        lines.append(wrap(f"{indent}Also carried by {', '.join(map(clean, citation.also))}", width, indent))
    return "\n".join(lines)


def _refusal(refusal: Refusal, width: int) -> str:
    lines = [wrap(clean(refusal.message), width)]
    if refusal.nearest:
        lines += ["", "Nearest articles:"]
        lines += [wrap(f"- {clean(nearest_line(near))}", width, "  ") for near in refusal.nearest]
    return "\n".join(lines)


def _doubts(result: Result, width: int) -> Iterator[str]:
    for block in doubted(result):
        lines = [
            wrap(f"- {clean(one.text)}{_marks(one)} ({clean(why(one))})", width, "  ") for one in block.statements
        ]
        yield "\n".join([f"{block.heading}:", *lines])


def _hit(rank: int, hit: Hit, article: Article | None, width: int) -> str:
    label = f"{rank}. "
    indent = " " * len(label)
    head = f"{label}{clean(headline(article.title)) if article else hit.article_id}"
    if article:
        outlet = f"{clean(article.source)}, " if article.source else ""
        head += f". {outlet}{day(article.published_at)} ({hit.article_id})"
    return "\n".join([wrap(head, width, indent), wrap(indent + clean(hit.text), width, indent)])


def wrap(text: str, width: int, indent: str = "") -> str:
    """Wrapped lines; ``indent`` leads every line but the first, which brings its own."""
    lead = text[: len(text) - len(text.lstrip(" "))]
    body = " ".join(text.split())
    return textwrap.fill(
        body, width, initial_indent=lead, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
