"""Tables in plain text."""

from __future__ import annotations

from collections.abc import Iterable


def number(value: float | None) -> str:
    """A value for a table, to three places."""
    return "–" if value is None else f"{value:.3f}"


def columns(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Rows under their headings, the first column to the left and the rest to the right."""
    lines = [head, *rows]
    first, *rest = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([label.ljust(first), *map(str.rjust, cells, rest)]).rstrip() for label, *cells in lines
    )


def printable(text: str) -> str:
    """Text without control characters, which an article or a suite could send to the terminal."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)
