"""Web pages -> plain text and stated fields; the file that knows trafilatura."""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rag.errors import InputError
from rag.intake.charsets import codec


@dataclass(frozen=True, slots=True)
class Page:
    """Paragraphs of a document, and its stated fields under the names JSON-LD and news-please give them."""

    text: str
    fields: Mapping[str, object]


def from_html(data: bytes) -> Page:
    """The article of a web page; its JSON-LD and meta elements are believed before any guess."""
    from trafilatura import bare_extraction
    from trafilatura.settings import Document
    from trafilatura.utils import load_html

    markup = _decoded(data)
    tree = load_html(markup)
    if tree is None:
        raise InputError("No HTML page found. Save the page again as HTML.")
    stated = _stated(tree)
    found = bare_extraction(
        markup,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
        with_metadata=True,
    )
    if not isinstance(found, Document) or not found.text:
        raise InputError("No article text found in the page. Save the page with its text, not only its frame.")
    # Its date is left out: htmldate takes one from the prose where the page states none.
    guessed = {
        "title": found.title,
        "authors": found.author,
        "url": found.url,
        "source": found.sitename,
        "description": found.description,
    }
    fields = guessed | stated
    return Page("".join(_paragraphs(found.text, title=fields["title"])).strip(), fields)


_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def _decoded(data: bytes) -> str:
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), None) or _declared(data) or "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"Not {encoding.upper()} text (byte {error.start + 1}). Save the page as UTF-8, or declare its charset."
        ) from None
    return _XML_DECLARATION.sub("", text)


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data[:4096])
    if match is None:
        return None
    label = match[1].decode("ascii", "replace")
    name = codec(label)
    if name is None:
        raise InputError(f"Unknown charset {label!r}. Save the page as UTF-8.")
    # It was read as ASCII up to here, so a label of two or four bytes a character is wrong.
    return "utf-8" if name.startswith(("utf-16", "utf-32")) else name


def _paragraphs(text: str, *, title: object) -> Iterator[str]:
    """Blocks apart by a blank line, rows and list items by a line end, the repeated headline dropped."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and lines[0] == title:
        lines = lines[1:]
    for above, line in zip(["", *lines], lines, strict=False):
        yield ("\n" if line[:2] in ("- ", "| ") and line[:2] == above[:2] else "\n\n") + line


_META = {
    "groundwire:id": "id",
    "og:site_name": "source",
    "author": "authors",
    "parsely-author": "authors",
    "description": "description",
    "og:description": "description",
    "og:url": "url",
    "content-language": "language",
    "article:modified_time": "modified_at",
    "datemodified": "modified_at",
} | dict.fromkeys(
    "article:published_time og:published_time datepublished date_published publish_date publish-date publishdate "
    "pubdate publication_date parsely-pub-date sailthru.date date dc.date dc.date.issued dc.date.created "
    "dcterms.date dcterms.issued dcterms.created citation_publication_date".split(),
    "published_at",
)
# Marked as the time of this article. Any other date in a page may be that of an event, or of a story beside it.
_TIMES = (
    "//*[@itemprop='datePublished']/@datetime",
    "//time[@pubdate]/@datetime",
    "//article[.//h1]//time/@datetime",
)


def _stated(tree: Any) -> dict[str, object]:
    """What the page says of itself: JSON-LD first, then meta elements, the language and the canonical address."""
    fields: dict[str, object] = {}
    for element in tree.xpath("//meta[@content]"):
        names = (element.get(key) for key in ("name", "property", "itemprop", "http-equiv"))
        field = _META.get(next((name for name in names if name), "").strip().lower())
        if field and element.get("content").strip():
            fields.setdefault(field, element.get("content").strip())
    for time in [time for path in _TIMES for time in tree.xpath(path)][:1]:
        fields.setdefault("published_at", str(time))
    for language in tree.xpath("/html/@lang")[:1]:
        fields["language"] = str(language)
    fields |= _json_ld(tree)
    for address in tree.xpath("//link[@rel='canonical']/@href")[:1]:
        fields["url"] = str(address)
    return fields


_JSON_LD = {
    "headline": "title",
    "datePublished": "published_at",
    "dateModified": "modified_at",
    "author": "authors",
    "publisher": "source",
    "inLanguage": "language",
    "description": "description",
}
_ARTICLE_TYPE = re.compile(r"Article$|^BlogPosting$|^LiveBlogPosting$|^Report$")


def _json_ld(tree: Any) -> dict[str, object]:
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            nodes = list(_nodes(json.loads(script.text or "")))
        except (ValueError, RecursionError):
            continue
        for node in nodes:
            kinds = node.get("@type")
            if any(_ARTICLE_TYPE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                return {ours: _unescaped(node[theirs]) for theirs, ours in _JSON_LD.items() if node.get(theirs)}
    return {}


def _nodes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, dict):
        yield value
        yield from _nodes(value.get("@graph"))


def _unescaped(value: object) -> object:
    return html.unescape(value) if isinstance(value, str) else value
