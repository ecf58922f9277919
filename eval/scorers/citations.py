"""Whether citations are verbatim, and whether they point at the words that bear the answer."""

from __future__ import annotations

from eval.cases import Case, Gold
from eval.scorers.retrieval import NO_GOLD
from eval.scores import Context, Output, Score, dangling_faults, fault, used
from eval.wording import f1, words
from rag.errors import UnknownArticle
from rag.records import Citation

COPY_SHARE = 0.5
"""Token F1 from which a near-copy's sentence counts as the gold one: outlets edit the words, seldom half of them."""


def exact(_: Case, output: Output, context: Context) -> Score:
    """Whether every quote equals its article's slice, and every marker names a citation."""
    if not output.citations and not used(output):
        return Score(None, "cites nothing")
    faults = [found for citation in output.citations if (found := fault(citation, context))]
    faults += dangling_faults(output)
    return Score(0.0, faults[0]) if faults else Score(1.0)


def cites_gold(case: Case, output: Output, context: Context) -> Score:
    """Whether some citation of what is shown overlaps a gold quote, in its article or in a near-copy of it."""
    if not case.gold:
        return Score(None, NO_GOLD)
    if output.refusal:
        return Score(0.0, "refused")
    numbers = used(output)
    shown = [citation for citation in output.citations if citation.number in numbers]
    found = any(bears(citation, gold, context) for citation in shown for gold in case.gold)
    return Score(1.0) if found else Score(0.0, "no citation overlaps a gold quote")


def bears(citation: Citation, gold: Gold, context: Context) -> bool:
    """Whether a citation overlaps the gold words, or is of the like words in a near-copy."""
    if gold.article != citation.article_id and gold.article not in citation.also:
        return False
    try:
        text = context.article_text(citation.article_id, citation.revision)
    except UnknownArticle:
        return False
    if gold.quote in text:
        return _overlaps(text, gold.quote, citation)
    return gold.article != citation.article_id and f1(words(citation.quote), words(gold.quote)) >= COPY_SHARE


def _overlaps(text: str, quote: str, citation: Citation) -> bool:
    start = text.find(quote)
    while start >= 0:
        if start < citation.end and citation.start < start + len(quote):
            return True
        start = text.find(quote, start + 1)
    return False
