"""Contexts whose words are in no article: each becomes an article of its own, whose id is made from its text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from eval.scores import Context, Output, hits
from rag.records import Article, Hit

_OWN = "context-"


def own_id(text: str) -> str:
    """The id of an article that is made of a context's words."""
    return f"{_OWN}{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def is_own(hit: Hit) -> bool:
    """Whether a passage is the whole of an article that is made of a context's words."""
    return hit.article_id.startswith(_OWN) and hit.article_id == own_id(hit.text)


def own_article(text: str, title: str) -> Article:
    """The article that is made of a context's words."""
    return Article(own_id(text), title, text)


def with_contexts(context: Context, outputs: Iterable[Output]) -> Context:
    """The context, with the articles made of contexts that outputs found, which no archive knows."""
    found = [hit for output in outputs for hit in hits(output)]
    own = {(hit.article_id, hit.revision): hit.text for hit in found if is_own(hit)}

    def text(article_id: str, revision: int) -> str:
        return own.get((article_id, revision)) or context.article_text(article_id, revision)

    return Context(text, context.support) if own else context
