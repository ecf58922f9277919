"""XML of strangers -> a tree: nothing is fetched, no entity declared, and what is broken read as far as it goes.

feedparser is not used: over a feed of 100 kB that was made for it, its expressions for prologs and mail addresses
run for more than 20 s (6.0.14).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Any
from xml.sax.saxutils import escape

from rag.errors import InputError
from rag.intake.charsets import decoded


@dataclass(frozen=True, slots=True)
class Tree:
    """A document of elements."""

    root: Any
    """An lxml element; below it are elements and text only."""
    broken: str | None = None
    """The first fault, where it is no well-formed XML."""
    open: str | None = None
    """The name of the innermost element that the document breaks off in: what it holds may be half a word."""


def parsed(data: bytes, *, charset: str | None = None, address: str | None = None) -> Tree:
    """The tree of an XML document; ``address`` is what its relative addresses are relative to."""
    from lxml import etree

    text = decoded(data, charset)
    begin = _prolog(text)
    body = "\n" * text.count("\n", 0, begin) + _mended(text[begin:])  # faults are told by their lines
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        huge_tree=False,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body.encode("utf-8", "replace"), parser, base_url=address)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise InputError("Broken XML: no element can be read. Check the address in a browser.")
    # A prefix that nothing declares is a slip that loses no word.
    faults = [one for one in parser.error_log if one.domain != etree.ErrorDomains.NAMESPACE]
    if not faults:
        return Tree(root)
    unended = re.match(r"Premature end of data in tag (?:\S*:)?(\S+)", faults[-1].message)
    return Tree(root, f"line {faults[0].line}: {faults[0].message.strip()}", unended and unended[1].lower())


def root_name(text: str) -> str:
    """The name of a document's outermost element, in lower case and without prefix; nothing where there is none."""
    found = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)").match(text, _prolog(text))
    return found[1].lower() if found else ""


def begins(data: bytes) -> str:
    """The same of bytes in any charset that XML is written in."""
    start = data[:_START]
    wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return root_name(start.decode("utf-16", "replace") if wide else start.decode("utf-8", "replace"))


_START = 1 << 16


def _prolog(text: str) -> int:
    """Where the outermost element begins: after declarations, which could name entities and files, and comments."""
    at = 0
    while True:
        at = _BLANK.match(text, at).end()  # type: ignore[union-attr]
        end = _end(text, at)
        if end is None:
            return at
        at = end


def _end(text: str, at: int) -> int | None:
    """Where a comment, instruction or declaration ends that begins here."""
    for mark, closing in (("<?", "?>"), ("<!--", "-->")):
        if text.startswith(mark, at):
            end = text.find(closing, at)
            return end + len(closing) if end >= 0 else None
    if not text.startswith("<!", at):
        return None
    found = _SIMPLE.match(text, at) or _SUBSET_END.search(text, at)
    return found.end() if found else None


_SIMPLE = re.compile(r"<![^\[>]*>")
_SUBSET_END = re.compile(r"\]\s*>")
_BLANK = re.compile(r"[\s\ufeff]*")
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|&(?:#[0-9]{1,8};|#x[0-9a-fA-F]{1,7};|([A-Za-z][A-Za-z0-9]{0,30};))?",
    re.DOTALL,
)
_XML = {"lt;", "gt;", "amp;", "quot;", "apos;"}


def _mended(text: str) -> str:
    """References by HTML's names spelt out, and an ampersand that begins none written as one."""
    return _REFERENCE.sub(_spelt_out, text)


def _spelt_out(found: re.Match[str]) -> str:
    name = found[1]
    if name and name not in _XML:
        return escape(html5[name]) if name in html5 else f"&amp;{name}"
    return "&amp;" if found[0] == "&" else found[0]


def name_of(element: Any) -> tuple[str, str]:
    """An element's namespace, or the prefix that it lacks one for, and its name, both in lower case."""
    space, _, name = element.tag.rpartition("}")
    if not space and ":" in name:
        space, _, name = name.partition(":")
    return space.removeprefix("{").lower(), name.lower()


def children(element: Any, name: str, *spaces: str) -> Iterator[Any]:
    """Children of a name, in the order they stand, of any namespace or of those that contain one of the words."""
    for child in element:
        space, own = name_of(child)
        if own == name and (not spaces or any(word == space or (word and word in space) for word in spaces)):
            yield child


def words(element: Any) -> str:
    """All text inside an element."""
    return "".join(element.itertext()).strip()
