"""A summary that a language model writes part by part; every sentence is checked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rag import passages, tokens
from rag.citing import Checked, Passed
from rag.records import Article, Hit, Usage
from rag.summaries.brief import Brief, Outcome, Part
from rag.summary import Length, Watch
from rag.written import prompts
from rag.written.fitting import fence
from rag.written.grounding import ground
from rag.written.replied import read_reply

if TYPE_CHECKING:
    from rag.chat_models.model import ChatModel

PART_TOKENS = 6_000
"""Tokens of article text given to a model at once."""


class ModelSummarizer:
    """Has a language model summarise the articles part by part; every sentence is checked."""

    def __init__(self, model: ChatModel, *, repair: bool = True) -> None:
        self.name = model.name
        self._model = model

    def write(self, brief: Brief, watch: Watch | None = None) -> Outcome:
        """The sentences that hold, in the order of the parts, to the length asked for."""
        parts = list(_parts([one for article in brief.articles for one in _passed(article)]))
        length = brief.length if brief.length.sentences or brief.length.words else Length(5)
        most = length.sentences or max(1, (length.words or 0) // 20)
        share = max(1, -(-most // len(parts)))
        checked: list[Checked] = []
        usages: list[Usage] = []
        checking = 0.0
        for part in parts:
            prompt = prompts.summary_prompt([fence(one) for one in part], share, brief.subject)
            reply = self._model.complete(prompts.SUMMARY, prompt)
            began = time.perf_counter()
            checked += [ground(marked, part) for marked in dict.fromkeys(read_reply(reply.text))]
            checking += time.perf_counter() - began
            usages += [reply.usage] if reply.usage else []
        shown = tuple(_shortened(checked, length))
        return Outcome((Part(shown),), usage=_total(usages), seconds=checking)


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
