"""Whole articles -> a summary: their own sentences, or a model's, every one cited and checked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from rag import passages, tokens
from rag.answer import EXTRACTIVE
from rag.citing import Checked, Draft, Passed, Piece, draft, extract
from rag.copies import near, shingles
from rag.embedder import Embedder
from rag.orders import gives_orders
from rag.records import Article, Hit, Usage
from rag.written import prompts
from rag.written.fitting import fence
from rag.written.grounding import ground
from rag.written.replied import read_reply

if TYPE_CHECKING:
    from rag.chat_models.model import ChatModel

LEAD = 0.25
"""How much being first in its article adds to a sentence's centrality, which is 0 to 1; falls to 0 at the end."""
NOVEL = 0.75
"""A sentence more alike than this to one already taken is left out."""
FEWEST_WORDS = 6
PART_TOKENS = 6_000
"""Tokens of article text given to a model at once."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a summary may be; sentences or words, whichever is given."""

    sentences: int | None = None
    words: int | None = None


class Summarizer(Protocol):
    """Writes a summary of whole articles."""

    name: str

    def summarize(self, articles: Sequence[Article], *, length: Length, subject: str | None) -> Draft: ...


class ExtractiveSummarizer:
    """Chooses the articles' own sentences by centrality, position and novelty; needs no model."""

    name = EXTRACTIVE

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def summarize(self, articles: Sequence[Article], *, length: Length, subject: str | None) -> Draft:
        """The chosen sentences in reading order: article by article, each in its own order."""
        every = [
            Piece(article, span)
            for article in articles
            for span in passages.sentences(article.text, article.language)
            if not gives_orders(article.text[span.start : span.end])
        ]
        pieces = [piece for piece in every if len(piece.quote.split()) >= FEWEST_WORDS] or every
        chosen = self._choose(pieces, length, subject, len(articles))
        return extract([pieces[index] for index in sorted(chosen)])

    def _choose(self, pieces: Sequence[Piece], length: Length, subject: str | None, articles: int) -> list[int]:
        if not pieces:
            return []
        vectors = self._embedder.embed([piece.quote for piece in pieces])
        target = self._embedder.embed([subject])[0] if subject else vectors.mean(axis=0)
        worth = vectors @ (target / (np.linalg.norm(target) or 1.0))
        worth = worth + LEAD * np.array([1 - piece.span.start / len(piece.article.text) for piece in pieces])
        chosen: list[int] = []
        for index in _round_robin(pieces, worth, articles):
            repeats = any(
                float(vectors[index] @ vectors[other]) > NOVEL
                or near(shingles(pieces[index].quote), shingles(pieces[other].quote))
                for other in chosen
            )
            if not repeats and _fits(pieces, [*chosen, index], length):
                chosen.append(index)
        return chosen


class ModelSummarizer:
    """Has a language model summarise the articles part by part; every sentence is checked."""

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self._model = model

    def summarize(self, articles: Sequence[Article], *, length: Length, subject: str | None) -> Draft:
        """The sentences that hold, in the order of the parts, to the length asked for."""
        parts = list(_parts([one for article in articles for one in _passed(article)]))
        most = length.sentences or max(1, (length.words or 0) // 20)
        share = max(1, -(-most // len(parts)))
        checked: list[Checked] = []
        usages: list[Usage] = []
        checking = 0.0
        for part in parts:
            prompt = prompts.summary_prompt([fence(one) for one in part], share, subject)
            reply = self._model.complete(prompts.SUMMARY, prompt)
            began = time.perf_counter()
            checked += [ground(marked, part) for marked in dict.fromkeys(read_reply(reply.text))]
            checking += time.perf_counter() - began
            usages += [reply.usage] if reply.usage else []
        return draft(_shortened(checked, length), usage=_total(usages), seconds=checking)


def _round_robin(pieces: Sequence[Piece], worth: np.ndarray, articles: int) -> Iterator[int]:
    """The best sentence of each article first, then everything by worth: no article is drowned by a longer one."""
    order = sorted(range(len(pieces)), key=lambda index: (-float(worth[index]), index))
    first: dict[str, int] = {}
    for index in order:
        first.setdefault(pieces[index].article.id, index)
    yield from first.values()
    yield from (index for index in order if index not in set(first.values()))


def _fits(pieces: Sequence[Piece], chosen: Sequence[int], length: Length) -> bool:
    if length.sentences is not None and len(chosen) > length.sentences:
        return False
    words = sum(len(pieces[index].quote.split()) for index in chosen)
    return length.words is None or words <= length.words or len(chosen) == 1


def _passed(article: Article) -> Iterator[Passed]:
    """The whole article in paragraphs, as numbered passages."""
    for span in passages.paragraphs(article.text):
        text = article.text[span.start : span.end]
        yield Passed(Hit("", article.id, article.revision, span.start, span.end, 0.0, text), article)


def _parts(passed: Sequence[Passed]) -> Iterator[list[Passed]]:
    part: list[Passed] = []
    size = 0
    for one in passed:
        count = tokens.count(one.hit.text)
        if part and size + count > PART_TOKENS:
            yield part
            part, size = [], 0
        part.append(one)
        size += count
    if part:
        yield part


def _shortened(checked: Sequence[Checked], length: Length) -> list[Checked]:
    kept: list[Checked] = []
    words = shown = 0
    for one in checked:
        if one.check.verdict == "unsupported":
            kept.append(one)
            continue
        words += len(one.text.split())
        over = shown and length.words is not None and words > length.words
        if over or (length.sentences is not None and shown >= length.sentences):
            break
        kept.append(one)
        shown += 1
    return kept


def _total(usages: Sequence[Usage]) -> Usage | None:
    if not usages:
        return None
    return Usage(sum(usage.input_tokens for usage in usages), sum(usage.output_tokens for usage in usages))
