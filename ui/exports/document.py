"""A result as one HTML file that stands alone: no script, nothing fetched, fit for a phone and for paper."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from importlib.resources import files

from rag.records import Citation, left_open
from rag.summary import Summary
from ui.blocks import Result, doubted, titled
from ui.cited import link_html
from ui.coverage import measured, untold
from ui.markup import escape, hints_html, left_out_html, missing_html, reasons_html, told_html
from ui.render import byline, headline, nearest_line, rests_on, unanswered


def document(result: Result) -> str:
    """The result, what is doubted or set aside, its sources, what it leaves out, and what it rests on."""
    title = escape(titled(result))
    style = files("ui").joinpath("static", "export.css").read_text("utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f'<h1 dir="auto">{title}</h1>\n{_told(result)}\n{_doubts(result)}\n{hints_html(result)}\n{_sources(result)}\n'
        f"{_coverage(result)}\n</main>\n<footer>{escape(' · '.join(rests_on(result)))}</footer>\n</body>\n</html>\n"
    )


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _number(number: int) -> str:
    return f'<a class="cite" href="#source-{number}" aria-label="Citation {number}">{number}</a>'


def _told(result: Result) -> str:
    if result.refusal:
        near = _section("Nearest articles", _list(nearest_line(one) for one in result.refusal.nearest))
        message = f'<p class="text" dir="auto">{escape(result.refusal.message)}</p>'
        return message + (near if result.refusal.nearest else "")
    left = "".join(f'<p class="text" dir="auto">{escape(left_open(part))}</p>' for part in unanswered(result))
    return told_html(result, _number) + left


def _doubts(result: Result) -> str:
    return "".join(
        _section(block.heading or "", reasons_html(block.statements, _number)) for block in doubted(result)
    )


def _sources(result: Result) -> str:
    return _section("Sources", "".join(map(_source, result.citations))) if result.citations else ""


def _source(citation: Citation) -> str:
    """Who said it, where it stands, and the exact words."""
    place = f"Article {citation.article_id}, revision {citation.revision}, characters {citation.start}–{citation.end}"
    address = f'<p class="address">{link_html(citation.url, citation.url)}</p>' if citation.url else ""
    also = f'<p class="place">Also carried by {escape(", ".join(citation.also))}</p>' if citation.also else ""
    return (
        f'<article class="source" id="source-{citation.number}"><p class="title" dir="auto">'
        f'<span class="number">{citation.number}</span> {escape(headline(citation.title))}</p>'
        f'<p class="byline" dir="auto">{escape(byline(citation))}</p>'
        f'<blockquote dir="auto">{escape(citation.quote)}</blockquote>'
        f'{address}<p class="place">{escape(place)}</p>{also}</article>'
    )


def _coverage(result: Result) -> str:
    if not isinstance(result, Summary):
        return ""
    lists = (
        ("Coverage", _list(measured(result))),
        (untold(result), missing_html(result)),
        ("Left out", left_out_html(result)),
    )
    return "".join(_section(heading, body) for heading, body in lists if body)


def _section(heading: str, body: str) -> str:
    return f"<section><h2>{heading}</h2>{body}</section>"


def _list(lines: Iterable[str]) -> str:
    items = "".join(f'<li dir="auto">{escape(line)}</li>' for line in lines)
    return f"<ul>{items}</ul>" if items else ""
