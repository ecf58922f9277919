"""What a web page states of itself: JSON-LD first, then meta elements, then the marks in its text."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

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
    "//header[.//h1]//time/@datetime",
    "//h1/following-sibling::time/@datetime",
    "//h1/following-sibling::*[position()<3]//time/@datetime",
)


def stated(tree: Any, *, address: str | None = None) -> dict[str, object]:
    """The fields of a page under our names, those of JSON-LD under its own where we have none."""
    fields: dict[str, object] = {}
    for element in tree.xpath("//meta[@content]"):
        names = (element.get(key) for key in ("name", "property", "itemprop", "http-equiv"))
        field = _META.get(next((name for name in names if name), "").strip().lower())
        if field and element.get("content").strip():
            fields.setdefault(field, element.get("content").strip())
    for time in [time for path in _TIMES for time in tree.xpath(path)][:1]:
        fields.setdefault("published_at", str(time))
    for language in tree.xpath("/html/@lang | /html/@xml:lang")[:1]:
        fields["language"] = str(language)
    fields |= _json_ld(tree)
    for link in tree.xpath("//link[@rel='canonical' and @href]")[:1]:
        fields["canonical"] = link.get("href").strip()
    return fields | _resolved(fields, tree, address)


def _resolved(fields: dict[str, object], tree: Any, address: str | None) -> dict[str, object]:
    """Addresses made whole by the page's base."""
    base = next((str(href).strip() for href in tree.xpath("//base/@href")[:1]), "")
    return {
        name: _joined(address or "", base, value)
        for name in ("url", "canonical")
        if isinstance(value := fields.get(name), str)
    }


def _joined(*parts: str) -> str:
    whole = ""
    for part in parts:
        try:
            whole = urljoin(whole, part)
        except ValueError:
            continue
    return whole


_JSON_LD = {
    "headline": "title",
    "datePublished": "published_at",
    "dateModified": "modified_at",
    "author": "authors",
    "publisher": "source",
    "inLanguage": "language",
    "description": "description",
    "mainEntityOfPage": "canonical",
    "isAccessibleForFree": "isAccessibleForFree",
    "articleBody": "articleBody",
}
_ARTICLE_TYPE = re.compile(r"Article$|^BlogPosting$|^LiveBlogPosting$|^Report$")


def _json_ld(tree: Any) -> dict[str, object]:
    for script in tree.xpath("//script[contains(@type, 'application/ld+json')]")[:50]:
        try:
            nodes = list(_nodes(json.loads(script.text or "", strict=False)))
        except (ValueError, RecursionError):
            continue
        for node in nodes:
            kinds = node.get("@type")
            if any(_ARTICLE_TYPE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                given = {
                    ours: node[theirs] for theirs, ours in _JSON_LD.items() if node.get(theirs) not in (None, "")
                }
                return {name: _unescaped(value) for name, value in given.items()}
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
