"""An answer as the text of a message, and which of its characters point at which citation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin

from rag.records import Answer, Citation, Refusal, Statement, left_open
from ui.html.links import is_web_address
from ui.text.render import nearest_line

_FETCHES = re.compile(r"(?<=!)\[|<(?=[a-z/!?])", re.IGNORECASE)
"""What begins an image or an element of HTML in Markdown, as which these messages are shown. An article's words must
not make its reader's machine fetch anything."""


@dataclass(frozen=True, slots=True)
class Marker:
    """``content[start:end] == f"[{number}]"``, half-open, in characters."""

    number: int
    start: int
    end: int


class Content:
    """A message as it comes about: each call gives what is added to it, so that what is streamed is what is whole."""

    def __init__(self) -> None:
        self.text = ""
        self.markers: list[Marker] = []

    def state(self, statement: Statement) -> str:
        """Add a sentence with its markers."""
        before = len(self.text)
        self._add(" ", statement.text)
        for number in statement.citations:
            self.text += " "
            self.markers.append(Marker(number, len(self.text), len(self.text) + len(f"[{number}]")))
            self.text += f"[{number}]"
        return self.text[before:]

    def end(self, answer: Answer) -> str:
        """Add the refusal, or what is left open."""
        before = len(self.text)
        if answer.refusal:
            self._add("\n\n", _refusal(answer.refusal))
        for part in answer.unanswered:
            self._add(" ", left_open(part))
        return self.text[before:]

    def _add(self, between: str, text: str) -> None:
        self.text += (between if self.text else "") + _FETCHES.sub(r"\\\g<0>", text)


def whole(answer: Answer) -> Content:
    """An answer's message at once: ``answer.text``, and of a refusal the nearest articles too."""
    content = Content()
    for statement in answer.statements:
        content.state(statement)
    content.end(answer)
    return content


def url_citations(content: Content, citations: Sequence[Citation], base: str) -> list[dict[str, Any]]:
    """OpenAI's ``url_citation`` for each marker, in order; ``base`` is this server's own address."""
    numbered = {citation.number: citation for citation in citations}
    return [_annotation(marker, numbered[marker.number], base) for marker in content.markers]


def _annotation(marker: Marker, citation: Citation, base: str) -> dict[str, Any]:
    return {
        "type": "url_citation",
        "url_citation": {
            "start_index": marker.start,
            "end_index": marker.end,
            "title": citation.title,
            "url": _address(citation, base),
        },
    }


def _address(citation: Citation, base: str) -> str:
    """Where the article stands on the web; where it states no such place, where this server shows it."""
    if citation.url and is_web_address(citation.url):
        return citation.url
    return urljoin(base, f"api/articles/{quote(citation.article_id, safe='')}?revision={citation.revision}")


def _refusal(refusal: Refusal) -> str:
    if not refusal.nearest:
        return refusal.message
    return "\n".join(
        [refusal.message, "", "Nearest articles:", *(f"- {nearest_line(one)}" for one in refusal.nearest)]
    )
