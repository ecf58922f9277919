"""Questions beside passages, as the reader is trained on them: found by the product's own search, cut as it cuts."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag import networks, passages
from rag.claims import names
from rag.embedder import open_embedder
from rag.folder import check_folder
from rag.models.reader.data import Row
from rag.reader import QUESTION, Page, row
from rag.reader import Row as Pieces
from rag.records import Article, Filters, Hit, Span
from rag.store import Store

FOUND = 4
"""Passages of other paragraphs that a question may be set beside."""
SWAPS = 4
"""Questions made from one by another name or number in place of its own."""
_SWAPPED = re.compile(r"(?<=\s)(?:\d[\d,.]*\d|\d|[A-Z][\w-]+(?: [A-Z][\w-]+)*)\b")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b")


@dataclass(frozen=True, slots=True)
class Example:
    """A question beside a passage."""

    pieces: Pieces
    sentences: tuple[tuple[int, int], ...]
    """First and last but one of the pieces of each sentence."""
    holds: tuple[bool, ...]
    """Which of them hold an answer; none where the passage does not answer."""
    marks: tuple[int, ...] = ()
    """Pieces of the answer itself."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what it may be set beside."""

    answerable: bool
    own: tuple[Example, ...]
    """Passages of its paragraph, the best found first."""
    others: tuple[Example, ...]
    swaps: tuple[tuple[int, ...], ...]
    """Pieces of questions that look like it and that its paragraph does not answer."""


def examples(folder: Path, paragraphs: Sequence[Row], questions: Sequence[Row], *, seed: int) -> Iterator[Question]:
    """One for each question; ``folder`` holds the archive that is searched."""
    check_folder(folder, create=True)
    store = Store(folder, open_embedder(None))
    store.check_embedder()
    for paragraph in paragraphs:
        store.take(Article(id=paragraph["id"], title=paragraph["title"].replace("_", " "), text=paragraph["text"]))
    draw = random.Random(seed)  # noqa: S311  # for training data
    pools = _pools(paragraphs)
    subject = {paragraph["id"]: paragraph["title"] for paragraph in paragraphs}
    for question in questions:
        relevant = question["relevant"]
        hits = store.search(question["question"], 10, Filters())
        seen = {hit.passage_id for hit in hits}
        hits += [hit for id in relevant for hit in store.words.passages(id) if hit.passage_id not in seen]
        made = [(hit, _example(question, hit, store.catalogue.article(hit.article_id))) for hit in hits]
        yield Question(
            question["answerable"],
            tuple(example for hit, example in made if hit.article_id in relevant),
            tuple(example for hit, example in made if hit.article_id not in relevant)[:FOUND],
            tuple(_swaps(question, pools[subject[relevant[0]]], draw)) if question["answerable"] else (),
        )
    store.close()


def beside(example: Example, asked: tuple[int, ...]) -> Example:
    """The passage beside another question, which it does not answer."""
    moved = len(asked) - (example.pieces.second - 2)
    pieces = example.pieces
    ids = (networks.START, *asked, *pieces.ids[pieces.second - 1 :])
    return Example(
        replace(pieces, ids=ids, second=pieces.second + moved, base=pieces.base + moved),
        tuple((first + moved, last + moved) for first, last in example.sentences),
        (False,) * len(example.holds),
    )


def _example(question: Row, hit: Hit, article: Article) -> Example:
    spans = tuple(
        Span(span.start - hit.start, min(span.end, hit.end) - hit.start)
        for span in passages.sentences(article.text, article.language)
        if hit.start <= span.start < hit.end
    )
    asked = networks.pieces(question["question"]).ids[:QUESTION]
    pieces = row(asked, Page(article.title, hit.text, spans))
    answers = question["answers"] if hit.article_id in question["relevant"] else ()
    lowered = hit.text.lower()
    answering = [
        Span(found.start(), found.end())
        for answer in answers
        for found in re.finditer(re.escape(answer.lower()), lowered)
    ]
    return Example(
        pieces,
        tuple(pieces.within(span) for span in spans),
        tuple(any(answer in span for answer in answering) for span in spans),
        tuple(sorted({place for answer in answering for place in range(*pieces.within(answer))})),
    )


def _pools(paragraphs: Sequence[Row]) -> dict[str, tuple[list[str], list[str]]]:
    """The names and the numbers of each subject."""
    pools: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for paragraph in paragraphs:
        pools[paragraph["title"]][0].extend(name.words for name in names.find(paragraph["text"]))
        pools[paragraph["title"]][1].extend(_NUMBER.findall(paragraph["text"]))
    return pools


def _swaps(question: Row, pool: tuple[list[str], list[str]], draw: random.Random) -> Iterator[tuple[int, ...]]:
    text = question["question"]
    places = list(_SWAPPED.finditer(text))
    for _ in range(SWAPS if places else 0):
        place = draw.choice(places)
        number = place.group()[0].isdigit()
        like = [other for other in pool[number] if other.lower() not in text.lower()]
        like = [other for other in like if not number or len(other) == len(place.group())]
        if like:
            yield networks.pieces(text[: place.start()] + draw.choice(like) + text[place.end() :]).ids[:QUESTION]
