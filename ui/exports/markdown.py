"""A result as Markdown (CommonMark): its statements with ``[n]``, then the quotes that each number stands for.

Every word of an article, a model or a reader is escaped, so that it is read as text whatever it looks like.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import quote as percent_encoded

from rag.records import Citation, Nearest, Statement, left_open
from rag.summary import Summary
from ui.html.links import is_web_address
from ui.text.blocks import Block, Result, blocks, doubted, listed, titled
from ui.text.coverage import left_out, measured, missing, untold
from ui.text.render import byline, headline, left_out_line, nearest_line, notes, remarks, rests_on, unanswered, why

# Whatever begins an inline element in CommonMark or its usual extensions, bare addresses among them.
_INLINE = re.compile(r"[\\`*_\[\]<>&~|#@^$={}]|:(?=\S)|(?<=www)\.", re.IGNORECASE)
_LIST = re.compile(r"\A(\d*)([-+.)])")
_LINE_ENDS = re.compile(r"[\n\t]")
_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "<>")
_EDGES = re.compile(r"\A\s|\s\Z")


def markdown(result: Result) -> str:
    """The result, what is doubted or set aside, its sources, what it leaves out, and what it rests on."""
    parts = [f"# {escaped(titled(result))}", *_told(result), *_doubts(result)]
    parts += [escaped(note) for note in notes(result)]
    if result.citations:
        parts += ["## Sources", *(part for one in result.citations for part in _source(one))]
    if isinstance(result, Summary):
        parts += _coverage(result)
    return "\n\n".join([*parts, "* * *", escaped(" · ".join(rests_on(result)))]) + "\n"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line of the file."""
    inline = _INLINE.sub(r"\\\g<0>", "".join(map(_printable, text)))
    inline = _LIST.sub(r"\1\\\2", inline)
    return _EDGES.sub(_reference, _LINE_ENDS.sub(_reference, inline))


def _printable(char: str) -> str:
    if char == "\r":
        return "\n"
    return "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t" else char


def _reference(found: re.Match[str]) -> str:
    """White space that would be taken for layout, or dropped, as a character reference."""
    return f"&#{ord(found.group())};"


def _told(result: Result) -> Iterator[str]:
    if result.refusal:
        yield escaped(result.refusal.message)
        if result.refusal.nearest:
            yield "## Nearest articles"
            yield _list(_nearest(near) for near in result.refusal.nearest)
    for block in blocks(result):
        yield from _block(block, result)
    yield from (escaped(left_open(part)) for part in unanswered(result))


def _block(block: Block, result: Result) -> Iterator[str]:
    if block.heading:
        yield f"## {escaped(headline(block.heading))}"
    if block.outlets:
        yield escaped(", ".join(block.outlets))
    sentences = [_statement(one, result) for one in block.statements]
    yield _list(sentences) if listed(result) else " ".join(sentences)


def _statement(statement: Statement, result: Result) -> str:
    weak = " *(weak)*" if statement.verdict == "weak" else ""
    said = remarks(statement, result)
    return escaped(statement.text) + _numbers(statement) + weak + (f" ({escaped(said)})" if said else "")


def _numbers(statement: Statement) -> str:
    return "".join(f" \\[{number}\\]" for number in statement.citations)


def _doubts(result: Result) -> Iterator[str]:
    for block in doubted(result):
        yield f"## {block.heading}"
        yield _list(f"{escaped(one.text)}{_numbers(one)} ({escaped(why(one))})" for one in block.statements)


def _source(citation: Citation) -> Iterator[str]:
    """Who said it, where it stands, and the exact words."""
    place = [
        f"Article {escaped(citation.article_id)}",
        f"revision {citation.revision}",
        f"characters {citation.start}–{citation.end}",
    ]
    also = f"Also carried by {escaped(', '.join(citation.also))}" if citation.also else None
    lines = [
        f"**\\[{citation.number}\\]** {escaped(headline(citation.title))}. {escaped(byline(citation))}",
        *([_address(citation.url)] if citation.url else []),
        ", ".join(place),
        *([also] if also else []),
    ]
    yield "\\\n".join(lines)
    yield f"> “{escaped(citation.quote)}”"


def _address(url: str) -> str:
    """A link where it is an ordinary web address; else text."""
    return f"<{percent_encoded(url, safe=_SAFE)}>" if is_web_address(url) else escaped(url)


def _coverage(summary: Summary) -> Iterator[str]:
    if phrases := measured(summary):
        yield "## Coverage"
        yield _list(map(escaped, phrases))
    if points := missing(summary):
        yield f"## {untold(summary)}"
        yield _list(f"{escaped(quote)} ({escaped(headline(title))})" for quote, title in points)
    if summary.unused:
        yield "## Left out"
        yield _list(escaped(left_out_line(one)) for one in left_out(summary.unused))


def _nearest(near: Nearest) -> str:
    return escaped(nearest_line(near))


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
