"""JSON documents: what shapes hold articles, and whether a text is one document or an object a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.errors import InputError
from rag.intake import metadata

_ARTICLE = re.compile(r"(?:Article|Posting|^Report)$")
_ONE_DOCUMENT = re.compile(rb'"@graph"|jsonfeed\.org')
MOST = 100_000


def is_line(start: bytes) -> bool:
    """Whether a first line may be one of many: a whole object that is no document of its own."""
    line = start.partition(b"\n")[0].strip()
    return line.startswith(b"{") and line.endswith(b"}") and not _ONE_DOCUMENT.search(line)


def begins_lines(start: bytes) -> bool:
    """Whether an object a line begins so, as dumps that are called .json often do."""
    line, _, rest = start.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    return is_line(line) and rest.lstrip().startswith(b"{")


def is_feed(value: object) -> bool:
    """Whether it is a JSON Feed."""
    return isinstance(value, dict) and "jsonfeed.org" in str(value.get("version"))[:200]


def articles(value: object) -> Iterator[object]:
    """The article objects of a document: itself, a list's, a JSON-LD graph's, or those of its one list of objects."""
    if isinstance(value, list):
        if not value:
            raise InputError("The list is empty. Put article objects into it.")
        if len(value) > MOST:
            raise InputError(f"The list has {len(value):,} objects, over {MOST:,}. Write one object a line (.jsonl).")
        for item in value:
            yield from _graph(item)
    else:
        yield from _graph(value)


def _graph(value: object) -> Iterator[object]:
    if not isinstance(value, dict) or _has_text(value):
        yield value
        return
    graph = value.get("@graph")
    if isinstance(graph, list):
        found = [node for node in graph if isinstance(node, dict) and (_is_article(node) or _has_text(node))]
        if not found:
            raise InputError("The @graph holds no article. Give a NewsArticle with an articleBody.")
        yield from found
        return
    lists = [item for item in value.values() if isinstance(item, list) and any(isinstance(one, dict) for one in item)]
    within = [item for item in lists if any(isinstance(one, dict) and _has_text(one) for one in item)]
    if len(within) == 1:
        yield from within[0]
    else:
        yield value


def _is_article(node: dict[str, object]) -> bool:
    kinds = node.get("@type")
    return any(_ARTICLE.search(str(kind)) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _has_text(fields: dict[str, object]) -> bool:
    try:
        return bool(metadata.stated_text(fields))
    except InputError:
        return False
