"""Cited articles as HTML: each whole, with the quoted words marked.

The text content of the marks of one number, joined, is the citation's quote to the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.records import Article, Citation, Statement
from ui.html.links import is_web_address
from ui.html.markup import escape, numbered
from ui.html.sources import Sources
from ui.text.blocks import Result, titled
from ui.text.render import day, headline

EMPTY = (
    '<section class="sources" aria-label="Sources"><h2>Sources</h2>'
    '<p class="hint empty">The articles an answer cites appear here, the quoted words marked.</p></section>'
)
_REVISED = '<p class="hint">The article has been revised since. This is the revision that was quoted.</p>'
_BACK = '<button type="button" class="back">Back to the answer</button>'
_STEPS = (
    '<p class="steps"><button type="button" data-step="-1" aria-keyshortcuts="p">Previous quote</button>'
    '<button type="button" data-step="1" aria-keyshortcuts="n">Next quote</button></p>'
)
_BREAKS = re.compile(r"\n+")


def sources_html(result: Result, sources: Sources, *, turn: int | str, current: int | None = None) -> str:
    """The articles one result cites, in the order of their first number; ``current`` is the number to show."""
    if not result.citations:
        return EMPTY
    numbers = {citation.number for citation in result.citations}
    shown = current if current in numbers else min(numbers)
    cards = "".join(
        _card(
            group, sources, _differing(group, result, turn), article=sources.quoted.get(key), turn=turn, shown=shown
        )
        for key, group in _by_article(result).items()
    )
    question = f'<p class="of" dir="auto">{escape(titled(result))}</p>'
    steps = _STEPS if len(numbers) > 1 else ""
    return (
        f'<section class="sources" aria-label="Sources" data-turn="{turn}" data-current="{shown}">'
        f'<div class="head"><h2>Sources</h2>{steps}</div>{question}{cards}{_BACK}</section>'
    )


def single_html(article: Article) -> str:
    """One article that nothing is quoted from, such as the nearest to a refused question."""
    head = f'<h3 class="title" dir="auto">{escape(headline(article.title))}</h3>{_origin(article.source, article)}'
    return (
        '<section class="sources" aria-label="Article" data-turn="0"><h2>Article</h2>'
        f'<div class="card single">{head}{article_html(article, ())}</div>{_BACK}</section>'
    )


def article_html(article: Article, quotes: Sequence[Citation], *, turn: int | str = 0) -> str:
    """The article's whole text in a box that scrolls, the quotes in ``<mark>``."""
    label = escape(headline(article.title))
    return (
        f'<div class="article-text" dir="auto" tabindex="0" role="region" aria-label="{label}">'
        f"{''.join(_pieces(article.text, quotes, turn=turn))}</div>"
    )


def link_html(url: str | None, text: str) -> str:
    """A link where the address is an ordinary web address; else the text alone."""
    if not url or not is_web_address(url):
        return escape(text)
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow" '
        f'referrerpolicy="no-referrer">{escape(text)}</a>'
    )


def _by_article(result: Result) -> dict[tuple[str, int], list[Citation]]:
    groups: dict[tuple[str, int], list[Citation]] = {}
    for citation in sorted(result.citations, key=lambda one: one.number):
        groups.setdefault((citation.article_id, citation.revision), []).append(citation)
    return groups


def _card(
    quotes: list[Citation],
    sources: Sources,
    differing: str,
    *,
    article: Article | None,
    turn: int | str,
    shown: int,
) -> str:
    first = quotes[0]
    numbers = "".join(f'<span class="number">{quote.number}</span>' for quote in quotes)
    opened = " open" if any(quote.number == shown for quote in quotes) else ""
    text = article_html(article, quotes, turn=turn) if article else _removed(quotes, turn=turn)
    revised = _REVISED if (first.article_id, first.revision) in sources.revised else ""
    return (
        f'<details class="card" name="source"{opened}><summary><span class="numbers">{numbers}</span>'
        f'<span class="title" dir="auto">{escape(headline(first.title))}</span>{_byline(first)}</summary>'
        # One element holds what a growing answer adds, so that the text behind it is not drawn anew.
        f'<div class="about">{_origin(first.source, article)}{revised}{_carriers(quotes, sources)}{differing}</div>'
        f"{text}</details>"
    )


def _byline(citation: Citation) -> str:
    outlet = f'<span class="outlet" dir="auto">{escape(citation.source)}</span> ' if citation.source else ""
    return f'<span class="byline">{outlet}<span class="date">{day(citation.published_at)}</span></span>'


def _origin(source: str | None, article: Article | None) -> str:
    if article is None:
        return ""
    parts = [escape(", ".join(article.authors))] if article.authors else []
    parts += [f"revision {article.revision}"] if article.revision > 1 else []
    if article.url:
        parts.append(link_html(article.url, f"Read it at {source or 'its address'}"))
    return f'<p class="origin" dir="auto">{" · ".join(parts)}</p>' if parts else ""


def _carriers(quotes: Sequence[Citation], sources: Sources) -> str:
    copies = sorted({copy for quote in quotes for copy in quote.also})
    known = [sources.carriers[copy] for copy in copies if copy in sources.carriers]
    if not known:
        return ""
    buttons = ", ".join(
        f'<button type="button" class="open-article" data-article="{escape(article.id)}" dir="auto">'
        f"{escape(article.source or headline(article.title))}</button>"
        for article in known
    )
    return f'<p class="carriers">The same report, not counted again: {buttons}</p>'


def _opposed(quotes: Sequence[Citation], result: Result) -> tuple[str, list[Statement]]:
    """What other articles say otherwise than a sentence that rests on these quotes, and the heading of that."""
    numbers = {quote.number for quote in quotes}
    own = [one for one in result.statements if numbers & set(one.citations)]
    others = [one for one in result.statements if one not in own]
    if any(one.superseded for one in own):
        return "A newer report says otherwise:", [one for one in others if not one.superseded][:1]
    if any(one.conflict for one in own):
        return "Other outlets differ:", [one for one in others if one.conflict]
    return "", []


def _differing(quotes: Sequence[Citation], result: Result, turn: int | str) -> str:
    heading, statements = _opposed(quotes, result)
    if not statements:
        return ""
    number = numbered(turn)
    items = "".join(
        f'<li dir="auto">{escape(one.text)}{"".join(map(number, one.citations))}</li>' for one in statements
    )
    return f'<div class="differs"><p>{heading}</p><ul>{items}</ul></div>'


def _removed(quotes: Sequence[Citation], *, turn: int | str) -> str:
    marks = "".join(f"<p>{_mark(quote.quote, [quote], turn=turn, first=True)}</p>" for quote in quotes)
    return (
        '<p class="hint">Source removed: this article is no longer in the archive. What was quoted from it:</p>'
        f'<div class="article-text" dir="auto" tabindex="0">{marks}</div>'
    )


def _pieces(text: str, quotes: Sequence[Citation], *, turn: int | str) -> Iterator[str]:
    """The text cut wherever a quote begins or ends, so that quotes which overlap nest without crossing."""
    edges = sorted({0, len(text), *(edge for quote in quotes for edge in (quote.start, quote.end))})
    for start, end in pairwise(edges):
        holding = [quote for quote in quotes if quote.start <= start and end <= quote.end]
        piece = text[start:end]
        if not holding:
            yield _plain(piece)
        else:
            yield _mark(piece, holding, turn=turn, first=any(quote.start == start for quote in holding))


def _mark(piece: str, quotes: Sequence[Citation], *, turn: int | str, first: bool) -> str:
    numbers = " ".join(str(quote.number) for quote in quotes)
    # The label is drawn by the style sheet from data-label, so that the mark holds the quote and nothing else.
    label = f' data-label="{numbers}"' if first else ""
    return f'<mark tabindex="-1" data-turn="{turn}" data-numbers="{numbers}"{label}>{_plain(piece)}</mark>'


def _plain(piece: str) -> str:
    """Escaped text; line feeds stay in the text, in a span that draws them as the space between paragraphs."""
    return _BREAKS.sub(lambda found: f'<span class="gap">{found.group()}</span>', escape(piece))
