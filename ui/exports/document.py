"""A result as one HTML file that stands alone: no script, nothing fetched, fit for a phone and for paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from rag.records import Citation, left_open
from rag.summary import Summary
from ui.html.cited import link_html
from ui.html.markup import escape, hints_html, left_out_html, missing_html, reasons_html, told_html
from ui.text.blocks import Result, doubted, titled
from ui.text.coverage import measured, untold
from ui.text.render import byline, headline, nearest_line, rests_on, unanswered


@dataclass(frozen=True, slots=True)
class Within:
    """Where a result stands in a document."""

    name: str = ""
    """What its sources are told from those of the document's other results by."""
    level: int = 2
    """Of its headings."""

    def anchor(self, number: int) -> str:
        """The id of one of its sources."""
        return f"{self.name}source-{number}"

    def number(self, number: int) -> str:
        """A citation's number as a link to the source below."""
        return f'<a class="cite" href="#{self.anchor(number)}" aria-label="Citation {number}">{number}</a>'

    def section(self, heading: str, body: str) -> str:
        return f"<section><h{self.level}>{heading}</h{self.level}>{body}</section>"


def document(result: Result) -> str:
    """The result, what is doubted or set aside, its sources, what it leaves out, and what it rests on."""
    title = titled(result)
    return page(title, f"{result_html(result, Within())}\n", escape(" · ".join(rests_on(result))))


def page(title: str, body: str, footer: str) -> str:
    """A whole document; ``body`` and ``footer`` are HTML, and the title is text."""
    return f"{beginning(title)}{body}{ending(footer)}"


def beginning(title: str) -> str:
    """A document up to where its body goes."""
    title = escape(title)
    style = files("ui").joinpath("static", "export.css").read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{title}</h1>\n'
    )


def ending(footer: str) -> str:
    """What follows the body."""
    return f"</main>\n<footer>{footer}</footer>\n</body>\n</html>\n"


def result_html(result: Result, within: Within) -> str:
    """All of a result but its title and what it rests on."""
    parts = (_told(result, within), _doubts(result, within), hints_html(result), _sources(result, within))
    return "\n".join([*parts, _coverage(result, within)])


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _told(result: Result, within: Within) -> str:
    if result.refusal:
        near = within.section("Nearest articles", _list(nearest_line(one) for one in result.refusal.nearest))
        message = f'<p class="text" dir="auto">{escape(result.refusal.message)}</p>'
        return message + (near if result.refusal.nearest else "")
    left = "".join(f'<p class="text" dir="auto">{escape(left_open(part))}</p>' for part in unanswered(result))
    return told_html(result, within.number, level=within.level) + left


def _doubts(result: Result, within: Within) -> str:
    return "".join(
        within.section(block.heading or "", reasons_html(block.statements, within.number))
        for block in doubted(result)
    )


def _sources(result: Result, within: Within) -> str:
    told = "".join(_source(one, within) for one in result.citations)
    return within.section("Sources", told) if told else ""


def _source(citation: Citation, within: Within) -> str:
    """Who said it, where it stands, and the exact words."""
    place = f"Article {citation.article_id}, revision {citation.revision}, characters {citation.start}–{citation.end}"
    address = f'<p class="address">{link_html(citation.url, citation.url)}</p>' if citation.url else ""
    also = f'<p class="place">Also carried by {escape(", ".join(citation.also))}</p>' if citation.also else ""
    return (
        f'<article class="source" id="{within.anchor(citation.number)}"><p class="title" dir="auto">'
        f'<span class="number">{citation.number}</span> {escape(headline(citation.title))}</p>'
        f'<p class="byline" dir="auto">{escape(byline(citation))}</p>'
        f'<blockquote dir="auto">{escape(citation.quote)}</blockquote>'
        f'{address}<p class="place">{escape(place)}</p>{also}</article>'
    )


def _coverage(result: Result, within: Within) -> str:
    if not isinstance(result, Summary):
        return ""
    lists = (
        ("Coverage", _list(measured(result))),
        (untold(result), missing_html(result)),
        ("Left out", left_out_html(result)),
    )
    return "".join(within.section(heading, body) for heading, body in lists if body)


def _list(lines: Iterable[str]) -> str:
    items = "".join(f'<li dir="auto">{escape(line)}</li>' for line in lines)
    return f"<ul>{items}</ul>" if items else ""
