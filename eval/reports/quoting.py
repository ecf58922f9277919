"""A citation in its article: the quoted words, what stands around them, and whether they stand there at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rag.records import Citation

AROUND = 200
"""Characters shown on either side of a quote, cut back to a whole word."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """``before``, the quote and ``after``, as they stand in the article."""

    citation: Citation
    before: str
    after: str
    fault: str | None
    """Why the quote is not shown within its article; then nothing stands around it."""

    @property
    def link(self) -> str | None:
        """The article's address where it is one of the web; an article may state anything as its own."""
        url = self.citation.url
        return url if url and url.startswith(("https://", "http://")) else None


def quoted(citation: Citation, texts: Mapping[tuple[str, int], str]) -> Quoted:
    """The citation within the text that it cites."""
    text = texts.get((citation.article_id, citation.revision))
    start, end = citation.start, citation.end
    if text is None:
        return Quoted(citation, "", "", "The report does not hold this article, so the words could not be looked up.")
    if not 0 <= start < end <= len(text):
        return Quoted(citation, "", "", f"Not verbatim: the article has no characters {start} to {end}.")
    if text[start:end] != citation.quote:
        return Quoted(citation, "", "", f"Not verbatim: characters {start} to {end} of the article are other words.")
    return Quoted(citation, _before(text, start), _after(text, end), None)


def _before(text: str, start: int) -> str:
    if start <= AROUND:
        return text[:start]
    piece = text[start - AROUND : start]
    _, space, whole = piece.partition(" ")
    return f"… {whole}" if space else f"…{piece}"


def _after(text: str, end: int) -> str:
    if len(text) - end <= AROUND:
        return text[end:]
    piece = text[end : end + AROUND]
    whole, space, _ = piece.rpartition(" ")
    return f"{whole} …" if space else f"{piece}…"
