"""The citations and contexts that another system gives, tied to articles where they can be found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eval.foreign import fields
from eval.foreign.checking import Cited
from eval.foreign.shelf import Shelf, place
from rag.citing import Piece, citation
from rag.records import Article, Citation, Hit, Span

Place = tuple[Article, Span]
_KEYS = ("article_id", "article", "quote", "start", "end", "number")


def contexts(given: object, name: str, shelf: Shelf) -> list[Place]:
    """Where each context stands; one whose words are in no article is put on the shelf as an article of its own."""
    return [_context(one, f"{name}[{at}]", at + 1, shelf) for at, one in enumerate(fields.listed(given, name))]


def found(places: Sequence[Place]) -> tuple[Hit, ...]:
    """Contexts as passages found, in the order they were given."""
    return tuple(
        Hit(
            passage_id=f"{article.id}#{article.revision}.{span.start}-{span.end}",
            article_id=article.id,
            revision=article.revision,
            start=span.start,
            end=span.end,
            score=1 / rank,
            text=article.text[span.start : span.end],
        )
        for rank, (article, span) in enumerate(places, 1)
    )


def numbered(places: Sequence[Place], numbers: Sequence[int]) -> dict[int, Cited]:
    """Contexts as citations, where a marker ``[n]`` names the n-th; those that none names are left out."""
    used = {number for number in numbers if 1 <= number <= len(places)}
    return {number: _of_place(number, *places[number - 1]) for number in sorted(used)}


def citations(given: object, shelf: Shelf) -> dict[int, Cited]:
    """Citations by number: the one stated, else their place in the list. Wrong ones stay, to be scored as such."""
    cited: dict[int, Cited] = {}
    for at, one in enumerate(fields.listed(given, "citations"), 1):
        record = {"article": one} if isinstance(one, str) else one
        if not isinstance(record, dict):
            raise ValueError(
                f"'citations[{at - 1}]' is {fields.told(one)}; it must be an object or an article's name"
            )
        number = _number(record, at)
        if number in cited:
            raise ValueError(f"'citations' has two of number {number}; each number names one")
        cited[number] = _citation(record, number, f"citations[{at - 1}]", shelf)
    return cited


def _context(given: object, name: str, number: int, shelf: Shelf) -> Place:
    words, stated = fields.context_text(given, name), None
    if isinstance(given, dict):
        stated = fields.find(given, fields.ARTICLE)[1]
        stated = fields.text(stated, f"{name}.article") if stated is not None else None
    candidates = shelf.named(stated) if stated else []
    if words is None:
        if not candidates:
            raise ValueError(f"'{name}' has no text and names no article; give its words")
        return candidates[0], Span(0, len(candidates[0].text))
    for article in candidates:
        if span := place(article, words):
            return article, span
    if held := shelf.holding(words):
        return held[0]
    article = shelf.add(words, stated or f"context {number}")
    return article, Span(0, len(words))


def _number(record: Mapping[str, Any], at: int) -> int:
    return at if record.get("number") is None else fields.whole(record["number"], "number")


def _citation(record: Mapping[str, Any], number: int, name: str, shelf: Shelf) -> Cited:
    stated = fields.find(record, ("article_id", "article"))[1]
    stated = None if stated is None else fields.text(stated, f"{name}.article")
    quote = None if record.get("quote") is None else fields.text(record["quote"], f"{name}.quote")
    span = _span(record, name)
    if stated is None and quote is None:
        raise ValueError(f"'{name}' names no article and quotes nothing; its keys are {', '.join(sorted(_KEYS))}")
    candidates = shelf.named(stated) if stated else [article for article, _ in shelf.holding(quote or "")]
    if not candidates:
        return Cited(_of_nothing(number, stated or "?", quote or "", span), None)
    article = next((one for one in candidates if quote and place(one, quote)), candidates[0])
    if span is not None:
        whole = article.text[max(0, span.start) : max(0, span.end)]
        return Cited(_made(number, article, span, whole if quote is None else quote), article)
    if quote is None:
        return _of_place(number, article, Span(0, len(article.text)))
    if stands := place(article, quote):
        also = tuple(one.id for one, _ in shelf.holding(quote) if one.id != article.id)
        return _of_place(number, article, stands, also)
    return Cited(_made(number, article, Span(0, min(len(quote), len(article.text))), quote), article)


def _span(record: Mapping[str, Any], name: str) -> Span | None:
    start, end = record.get("start"), record.get("end")
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise ValueError(f"'{name}' has only one of 'start' and 'end'; give both, or neither")
    return Span(fields.whole(start, f"{name}.start"), fields.whole(end, f"{name}.end"))


def _of_place(number: int, article: Article, span: Span, also: tuple[str, ...] = ()) -> Cited:
    return Cited(_made(number, article, span, article.text[span.start : span.end], also), article)


def _made(number: int, article: Article, span: Span, quote: str, also: tuple[str, ...] = ()) -> Citation:
    """A citation as it is stated, whose quote need not be the words of its span."""
    return replace(citation(number, Piece(article, span, also)), quote=quote)


def _of_nothing(number: int, named: str, quote: str, span: Span | None) -> Citation:
    """A citation of an article that is not there."""
    span = span or Span(0, len(quote))
    return Citation(number, named, 1, named, None, None, None, span.start, span.end, quote)
