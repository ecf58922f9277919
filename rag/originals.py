"""Whether an article is an agency's own report or a carrier of it."""

from __future__ import annotations

import re

from rag.records import Article

_AGENCIES = {
    "reuters": "reuters",
    "ap": "associated press",
    "the associated press": "associated press",
    "afp": "agence france-presse",
    "dpa": "deutsche presse-agentur",
    "pa": "pa media",
    "press association": "pa media",
    "upi": "united press international",
    "pti": "press trust of india",
    "aap": "australian associated press",
    "efe": "agencia efe",
    "cp": "the canadian press",
}
"""Short names of news agencies, by which reports credit them."""

_HEAD = 200
"""Characters in which a report's credit line stands: "KORVAN, Sept. 2 (Reuters) - ..."."""


def credit(article: Article) -> str | None:
    """The agency that the text's first line credits, folded; ``None`` where it credits none."""
    head = article.text[:_HEAD].partition("\n")[0]
    named = re.search(r"\(([^()\n]{2,40})\)\s*[-–—]", head)
    return _folded(named[1]) if named else None


def own(article: Article) -> bool:
    """Whether the outlet is the agency that the report credits, or an agency by its name."""
    source = _folded(article.source or "")
    if not source:
        return False
    credited = credit(article)
    return source in _AGENCIES.values() or (credited is not None and credited == source)


def _folded(name: str) -> str:
    folded = " ".join(name.casefold().removesuffix(".com").split())
    return _AGENCIES.get(folded, folded)
