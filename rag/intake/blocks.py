"""A parsed web page -> its visible blocks of text, in order; walks without recursion, however deep the page nests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_UNSEEN = set(
    "head script style template noscript svg math canvas object iframe embed audio video select option textarea "
    "datalist dialog map area".split()
)
_BLOCK = set(
    "address amp-img article aside blockquote body button caption center dd details dialog div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section "
    "summary table tbody tfoot thead tr ul".split()
)
_CELL = {"td", "th"}
_MOST = 100_000


def blocks(root: Any) -> Iterator[str]:
    """Each block on one line: cells of a row parted by bars, items of a list marked, the unseen left out."""
    for lines in _raw(root):
        for line in "".join(lines).split("\n"):
            if words := " ".join(line.split()).strip("| ").removesuffix(" -"):
                yield words


def _raw(root: Any) -> Iterator[list[str]]:
    words: list[str] = []
    for count, (element, opens) in enumerate(_walk(root)):
        if count > _MOST * 2:
            break
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCK:
            yield words
            words = ["- "] if opens and tag == "li" else []
        elif opens and tag in _CELL:
            words.append(" | ")
        elif opens and tag == "br":
            words.append("\n")
        elif opens and tag in ("script", "style"):
            continue
        if opens:
            words.append(_plain(element.text) if tag else "")
        else:
            words.append(_plain(element.tail) if element is not root else "")
    yield words


def _plain(text: str | None) -> str:
    """Line ends of the markup are spaces; only a break element ends a line."""
    return (text or "").replace("\n", " ").replace("\r", " ")


def _walk(root: Any) -> Iterator[tuple[Any, bool]]:
    """Every visible element twice, when it opens and when it closes; an unseen one only as it closes."""
    stack: list[tuple[Any, bool]] = [(root, True)]
    while stack:
        element, opens = stack.pop()
        if opens and is_unseen(element):
            yield element, False
            continue
        yield element, opens
        if opens:
            stack.append((element, False))
            stack.extend((child, True) for child in reversed(element))


def is_unseen(element: Any) -> bool:
    """Whether a reader does not see it: no element of text, or hidden by itself."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style
