"""Which addresses may become links, and those of the page's own documents."""

from __future__ import annotations

from urllib.parse import quote, urlsplit


def is_web_address(url: str) -> bool:
    """Whether this is an ordinary address of the web; an article may state anything as its own."""
    if any(char.isspace() or not char.isprintable() for char in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def address(name: str, against: str | None = None) -> str:
    """Where a run's report is served, or its comparison with an earlier run; relative to the page."""
    parts = [name] if against is None else [name, "against", against]
    return "/".join(["evaluations", *(quote(part, safe="", errors="replace") for part in parts)])
