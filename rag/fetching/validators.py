"""What a server wants to be told when it is asked for a page again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """As the server sent them with the page."""

    etag: str | None = None
    last_modified: str | None = None
