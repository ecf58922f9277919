"""RSS, Atom and JSON feeds -> entries; fetches nothing."""

from __future__ import annotations

import codecs
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from rag.errors import InputError
from rag.intake import trees
from rag.intake.charsets import decoded
from rag.intake.entries import Entry, line, markup, newest_first, resolved

LARGEST = 10_000_000
MOST_ENTRIES = 5000
_ROOTS = {"rss", "feed", "rdf"}
_MOST_AUTHORS = 50


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed holds, newest entries first, each address once."""

    title: str | None
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    """What was wrong with it."""


def is_feed(data: bytes) -> bool:
    """Whether it begins as a feed does, whatever type its server says."""
    if _is_json(data):
        return _JSON_FEED.search(data) is not None
    return trees.begins(data) in _ROOTS


_JSON_FEED = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')


def _is_json(data: bytes) -> bool:
    return data.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"


def parse(data: bytes, address: str | None, content_type: str | None = None, *, charset: str | None = None) -> Feed:
    """The entries of a feed that was fetched from ``address``.

    Raises:
        InputError: it is no feed, or too broken to hold any entry.
    """
    if len(data) > LARGEST:
        raise InputError(f"The feed is too large: over {LARGEST // 1_000_000} MB. Save it and split it.")
    if _is_json(data) or (content_type or "").endswith("json"):
        return _in_order(_from_json(data, address))
    tree = trees.parsed(data, charset=charset, address=address)
    name = trees.name_of(tree.root)[1]
    if name not in _ROOTS:
        raise InputError(f"Not a feed but {_called(name)}. Give the address of an RSS, Atom or JSON feed.")
    entries = tuple(_xml_entries(tree.root, address))
    if tree.open and tree.open not in (*_ROOTS, "channel"):
        entries = entries[:-1]  # it breaks off in the last one
    if tree.broken and not entries:
        raise InputError(f"The feed is broken XML and holds no entry ({tree.broken[:200]}). Try again later.")
    notes = (f"its feed is broken XML ({tree.broken[:200]}); entries may be missing",) if tree.broken else ()
    return _in_order(Feed(_title(_channel(tree.root)), entries, notes))


def _called(name: str) -> str:
    return "a web page" if name == "html" else f"XML that begins with <{name[:80]}>"


def _in_order(feed: Feed) -> Feed:
    """Newest first, those without a date last; of those of one address the newest."""
    first: dict[str, Entry] = {}
    for entry in newest_first(feed.entries[:MOST_ENTRIES]):
        if name := entry.address or ((entry.html or entry.summary) and entry.id):
            first.setdefault(name, entry)
    notes = list(feed.notes)
    if len(feed.entries) > MOST_ENTRIES:
        notes.append(f"its feed has over {MOST_ENTRIES:,} entries; only the first {MOST_ENTRIES:,} were taken")
    nameless = sum(not (entry.address or entry.id) for entry in feed.entries)
    if nameless:
        notes.append(f"its feed has entries without link or id, which were left out: {nameless}")
    return replace(feed, entries=tuple(first.values()), notes=tuple(notes))


# RSS and Atom


def _channel(root: Any) -> Any:
    """Where the feed's own title stands."""
    return next(trees.children(root, "channel"), root)


def _xml_entries(root: Any, address: str | None) -> Iterator[Entry]:
    """Entries stand in RSS's channel, in RSS 1.0's and Atom's outermost element."""
    channel = _channel(root)
    shared = _authors(channel) if channel is root else ()
    found = (child for parent in dict.fromkeys((channel, root)) for child in parent)
    items = (child for child in found if trees.name_of(child)[1] in ("item", "entry"))
    for element in islice(items, MOST_ENTRIES + 1):
        entry = _entry(element, address)
        yield entry if entry.authors else replace(entry, authors=shared)


def _entry(element: Any, address: str | None) -> Entry:
    return Entry(
        address=_link(element, address),
        id=_first(element, ("id", ""), ("id", "atom"), ("guid", "")) or _about(element),
        title=_title(element),
        published_at=_first(
            element, ("published", ""), ("published", "atom"), ("issued", ""), ("pubdate", ""), ("date", "purl.org")
        ),
        modified_at=_first(element, ("updated", ""), ("updated", "atom"), ("modified", "")),
        authors=_authors(element),
        summary=_held(element, ("summary", ""), ("summary", "atom"), ("description", "")),
        html=_held(element, ("encoded", "content"), ("content", "atom"), ("content", "")),
    )


_SPACES = {
    "": ("", "purl.org/rss/", "netscape.com/rdf", "backend.userland", "www.w3.org/2005/atom", "purl.org/atom"),
    "atom": ("atom", "www.w3.org/2005/atom", "purl.org/atom"),
    "purl.org": ("dc", "dcterms", "purl.org/dc/"),
    "content": ("content", "purl.org/rss/1.0/modules/content"),
    "feedburner": ("feedburner", "rssnamespace.org/feedburner"),
}


def _all(element: Any, name: str, space: str) -> Iterator[Any]:
    """Children of a name in the namespaces where it means that, or with the usual prefix that nothing declares."""
    for child in trees.children(element, name):
        own = trees.name_of(child)[0]
        if any(own == word or (word and "/" in own and word in own) for word in _SPACES[space]):
            yield child


def _first(element: Any, *names: tuple[str, str]) -> str | None:
    """The words of the first of these children that has any."""
    for name, space in names:
        for child in _all(element, name, space):
            if found := line(trees.words(child)):
                return found
    return None


def _title(element: Any) -> str | None:
    """A title without the markup that RSS may hide in it, and that Atom tells of."""
    for child in _all(element, "title", ""):
        shown = line(_html(child))
        return shown and line(html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", shown)))
    return None


def _held(element: Any, *names: tuple[str, str]) -> str | None:
    for name, space in names:
        for child in _all(element, name, space):
            if found := _html(child):
                return found
    return None


def _html(element: Any) -> str | None:
    """The HTML that an element holds: escaped as RSS does, as elements, or plain text that Atom says is such."""
    kind = (element.get("type") or "").strip().lower()
    if kind not in _TEXT_TYPES:
        return None  # a picture, say
    if len(element):
        from lxml import etree

        inner = [html.escape(element.text or "", quote=False)]
        inner += [etree.tostring(child, encoding="unicode") for child in element]
        return re.sub(r"(</?)[\w.-]+:", r"\1", "".join(inner)).strip() or None  # HTML knows no prefixes
    text = (element.text or "").strip()
    plain = kind in ("text", "text/plain") or (not kind and "atom" in trees.name_of(element)[0])
    return (html.escape(text, quote=False) if plain else text) or None


_TEXT_TYPES = {"", "text", "html", "xhtml", "text/plain", "text/html", "application/xhtml+xml"}


def _about(element: Any) -> str | None:
    return line(next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "about"), None))


def _link(element: Any, address: str | None) -> str | None:
    """Where the article is: FeedBurner's note of it, RSS's link, Atom's alternate, or a guid that is an address."""
    written = [(child, trees.words(child)) for child in _all(element, "origlink", "feedburner")]
    for child in (*_all(element, "link", ""), *_all(element, "link", "atom")):
        if child.get("href") is None:
            written.append((child, trees.words(child)))
        elif (child.get("rel") or "alternate").strip().lower() == "alternate":
            written.append((child, child.get("href")))
    guids = [child for child in _all(element, "guid", "") if (child.get("isPermaLink") or "").lower() != "false"]
    written += [(child, word) for child in guids if (word := trees.words(child)).lower().startswith("http")]
    return next((found for child, link in written if (found := resolved(child.base or address, link))), None)


def _authors(element: Any) -> tuple[str, ...]:
    """Names of authors, as Dublin Core, Atom and RSS write them: an address with the name in brackets."""
    found: dict[str, None] = {}
    people = (*_all(element, "creator", "purl.org"), *_all(element, "author", ""), *_all(element, "author", "atom"))
    for person in people[:_MOST_AUTHORS]:
        named = [trees.words(name) for name in trees.children(person, "name")]
        for name in named or ([] if len(person) else [_without_mail(trees.words(person)[:1000])]):
            if said := line(name):
                found[said[:200]] = None
    return tuple(found)


def _without_mail(author: str) -> str:
    """RSS wants an author's mail address, and the name after it in brackets."""
    return author if "@" not in author else author.rpartition("(")[2].partition(")")[0] if "(" in author else ""


# JSON Feed


def _from_json(data: bytes, address: str | None) -> Feed:
    try:
        feed = json.loads(decoded(data))
    except (ValueError, RecursionError):
        raise InputError("The JSON feed is broken. Try again later.") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or "jsonfeed.org" not in str(feed.get("version"))[:100]:
        raise InputError("Not a feed but other JSON. Give the address of an RSS, Atom or JSON feed.")
    shared = tuple(_json_authors(feed))
    entries = [_json_entry(item, address, shared) for item in items[: MOST_ENTRIES + 1] if isinstance(item, dict)]
    return Feed(line(feed.get("title")), tuple(entries))


def _json_entry(item: Mapping[str, object], address: str | None, shared: tuple[str, ...]) -> Entry:
    text, summary = markup(item.get("content_text")), markup(item.get("summary"))
    return Entry(
        address=resolved(address, item.get("url")) or resolved(None, item.get("id")),
        id=line(item.get("id")),
        title=line(item.get("title")),
        published_at=line(item.get("date_published")),
        modified_at=line(item.get("date_modified")),
        authors=tuple(_json_authors(item)) or shared,
        summary=summary and html.escape(summary, quote=False),
        html=markup(item.get("content_html")) or (text and html.escape(text, quote=False)),
    )


def _json_authors(item: Mapping[str, object]) -> Iterator[str]:
    """Names as version 1.1 lists them, or the one of 1.0."""
    people = item.get("authors")
    for person in people[:_MOST_AUTHORS] if isinstance(people, list) else [item.get("author")]:
        name = line(person.get("name")) if isinstance(person, dict) else None
        if name:
            yield name[:200]


# Pages that offer feeds

_OFFERED = re.compile(r"application/(?:(?:rss|atom)\+xml|feed\+json)", re.IGNORECASE)
_MOST_OFFERED = 5


def offered(data: bytes, address: str, *, charset: str | None = None) -> tuple[str, ...]:
    """Addresses of the feeds that a web page names as another form of itself."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(decoded(data, charset).encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, InputError, ValueError):
        return ()
    links = root.iter("link") if root is not None else ()
    kinds = (link for link in links if _OFFERED.fullmatch((link.get("type") or "").strip()))
    found = (resolved(address, link.get("href")) for link in kinds if "alternate" in (link.get("rel") or "").lower())
    return tuple(islice(dict.fromkeys(filter(None, found)), _MOST_OFFERED))
