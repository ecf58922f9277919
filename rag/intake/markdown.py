"""Markdown and its front matter -> plain text and stated fields; the file that knows markdown-it and YAML."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import yaml

from rag.errors import InputError
from rag.intake.pages import Page

if TYPE_CHECKING:
    from markdown_it.token import Token


def from_markdown(text: str) -> Page:
    """The words of Markdown and its front matter; without a title there, the first ``# heading`` is moved to it."""
    from markdown_it import MarkdownIt

    fields, markdown = _front_matter(text)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    at = next((at for at, token in enumerate(tokens) if (token.type, token.tag) == ("heading_open", "h1")), None)
    if at is not None:
        heading = _words(tokens[at + 1].children or [])
        if (fields.get("title") or heading) == heading:
            fields["title"] = heading
            tokens = tokens[:at] + tokens[at + 3 :]
    return Page("".join(_blocks(tokens)).strip(), fields)


_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """The YAML fields on top of a Markdown file, and the Markdown below them."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        if re.match(r"---[ \t]*\r?\n", text):
            raise InputError("The front matter opened on line 1 is never closed. End it with a line of ---.")
        return {}, text
    try:
        fields = yaml.safe_load(match[1])
    except yaml.MarkedYAMLError as error:
        line = f" on line {error.problem_mark.line + 2}" if error.problem_mark else ""
        raise InputError(f"The front matter is broken{line}: {error.problem}. Correct the YAML.") from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        raise InputError("The front matter is broken: a value cannot be read. Correct the YAML.") from None
    if not isinstance(fields, dict | None):
        raise InputError("The front matter holds no fields. Write them as 'title: ...', one a line.")
    return {str(name): value for name, value in (fields or {}).items()}, text[match.end() :]


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """Each block after the line ends that part it from the one before."""
    marker = ""
    row: list[str] | None = None
    for token in tokens:
        if token.type == "list_item_open":
            marker = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield "\n" + " | ".join(row or [])
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_words(token.children or []))
        elif token.type in ("inline", "fence", "code_block", "html_block"):
            yield ("\n" if marker else "\n\n") + marker + _content(token)
            marker = ""
        elif token.type in ("bullet_list_open", "ordered_list_open", "table_open"):
            yield "\n"


def _content(token: Token) -> str:
    if token.type == "inline":
        return _words(token.children or [])
    return _untagged(token.content) if token.type == "html_block" else token.content


_TEXTS = {"softbreak": " ", "hardbreak": "\n"}


def _words(inline: list[Token]) -> str:
    """The words of a paragraph: those of links and code too, none of an image."""
    return "".join(
        token.content if token.type in ("text", "code_inline") else _TEXTS.get(token.type, "") for token in inline
    )


_UNREAD = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<[/!?a-z][^>]*>", re.IGNORECASE | re.DOTALL)


def _untagged(markup: str) -> str:
    return html.unescape(_UNREAD.sub("", markup))
