"""Scorers: plain functions from a case and its answer to a score, without a model and without chance.

A scorer that does not apply returns no value and says why; that is neither right nor wrong, and is counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from eval.cases import Case, Gold
from eval.wording import contains, words
from rag.errors import UnknownArticle
from rag.records import Answer, Citation

COPY_SHARE = 0.5
"""Token F1 from which a near-copy's sentence counts as the gold one: outlets edit the words, seldom half of them."""


@dataclass(frozen=True, slots=True)
class Score:
    """From 0 to 1, larger is better; ``None`` where it could not be scored, with the reason."""

    value: float | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a scorer may look up beside the case and the answer."""

    article_text: Callable[[str, int], str]
    """The text of an article's revision; raises ``UnknownArticle``."""


Scorer = Callable[[Case, Answer, Context], Score]


def hit(case: Case, answer: Answer, _: Context) -> Score:
    """Whether any gold article is among the hits."""
    if not case.gold:
        return Score(None, "no gold")
    return Score(float(bool(_gold_ids(case) & _found_ids(answer))))


def recall(case: Case, answer: Answer, _: Context) -> Score:
    """The share of gold articles among the hits."""
    if not case.gold:
        return Score(None, "no gold")
    gold = _gold_ids(case)
    return Score(len(gold & _found_ids(answer)) / len(gold))


def mrr(case: Case, answer: Answer, _: Context) -> Score:
    """One over the rank of the first gold article; articles are ranked by their best hit."""
    if not case.gold:
        return Score(None, "no gold")
    gold, copies = _gold_ids(case), _copies(answer)
    ranked = dict.fromkeys(found.article_id for found in answer.hits)
    ranks = [rank for rank, found in enumerate(ranked, 1) if gold & {found, *copies.get(found, ())}]
    return Score(1 / ranks[0] if ranks else 0.0)


def exact(_: Case, answer: Answer, context: Context) -> Score:
    """Whether every quote equals its article's slice, and every marker names a citation."""
    if not answer.citations and not any(statement.citations for statement in answer.statements):
        return Score(None, "cites nothing")
    faults = [fault for citation in answer.citations if (fault := _fault(citation, context))]
    numbers = {citation.number for citation in answer.citations}
    used = {number for statement in answer.statements for number in statement.citations}
    faults += [f"[{number}] names no citation" for number in sorted(used - numbers)]
    return Score(0.0, faults[0]) if faults else Score(1.0)


def cites_gold(case: Case, answer: Answer, context: Context) -> Score:
    """Whether some citation overlaps a gold quote, in its article or in a near-copy of it."""
    if not case.gold:
        return Score(None, "no gold")
    if answer.refusal:
        return Score(0.0, "refused")
    found = any(_bears(citation, gold, context) for citation in answer.citations for gold in case.gold)
    return Score(1.0) if found else Score(0.0, "no citation overlaps a gold quote")


def answer_match(case: Case, answer: Answer, _: Context) -> Score:
    """Whether some expected answer stands in the answer shown, whole words, case and punctuation aside."""
    if not case.answerable:
        return Score(None, "unanswerable")
    if answer.refusal:
        return Score(0.0, "refused")
    shown = words(_shown(answer))
    return Score(float(any(contains(shown, words(expected)) for expected in case.answers)))


def token_f1(case: Case, answer: Answer, _: Context) -> Score:
    """Words shared with the nearest expected answer: the harmonic mean of precision and recall."""
    if not case.answerable:
        return Score(None, "unanswerable")
    if answer.refusal:
        return Score(0.0, "refused")
    return Score(max(_f1(words(_shown(answer)), words(expected)) for expected in case.answers))


def refusal(case: Case, answer: Answer, _: Context) -> Score:
    """Whether it refused exactly where there is no answer."""
    return Score(float((answer.refusal is not None) == (not case.answerable)))


def refusal_precision(case: Case, answer: Answer, _: Context) -> Score:
    """Scored over refusals, so that its mean is the share of refusals that were right."""
    if answer.refusal is None:
        return Score(None, "answered")
    return Score(float(not case.answerable))


def refusal_recall(case: Case, answer: Answer, _: Context) -> Score:
    """Scored over unanswerable cases, so that its mean is the share of them refused."""
    if case.answerable:
        return Score(None, "answerable")
    return Score(float(answer.refusal is not None))


def grounded(_: Case, answer: Answer, __: Context) -> Score:
    """The share of shown statements that their citations support; "weak" is not supported."""
    if answer.refusal:
        return Score(None, "refused")
    if not answer.statements:
        return Score(None, "shows no statement")
    supported = sum(statement.verdict == "supported" for statement in answer.statements)
    return Score(supported / len(answer.statements))


SCORERS: dict[str, Scorer] = {
    scorer.__name__: scorer
    for scorer in (
        hit,
        recall,
        mrr,
        exact,
        cites_gold,
        answer_match,
        token_f1,
        refusal,
        refusal_precision,
        refusal_recall,
        grounded,
    )
}


def _gold_ids(case: Case) -> set[str]:
    return {gold.article for gold in case.gold}


def _copies(answer: Answer) -> dict[str, tuple[str, ...]]:
    return {citation.article_id: citation.also for citation in answer.citations}


def _found_ids(answer: Answer) -> set[str]:
    """Articles among the hits; one that was cited stands for its near-copies too, which search folds into it."""
    copies, found = _copies(answer), {found.article_id for found in answer.hits}
    return found.union(*(copies.get(article, ()) for article in found))


def _fault(citation: Citation, context: Context) -> str | None:
    try:
        text = context.article_text(citation.article_id, citation.revision)
    except UnknownArticle:
        return f"[{citation.number}] cites an unknown article"
    if not 0 <= citation.start < citation.end <= len(text):
        return f"[{citation.number}] lies outside its article"
    return None if text[citation.start : citation.end] == citation.quote else f"[{citation.number}] is not verbatim"


def _bears(citation: Citation, gold: Gold, context: Context) -> bool:
    if gold.article != citation.article_id and gold.article not in citation.also:
        return False
    try:
        text = context.article_text(citation.article_id, citation.revision)
    except UnknownArticle:
        return False
    if gold.quote in text:
        return _overlaps(text, gold.quote, citation)
    return gold.article != citation.article_id and _f1(words(citation.quote), words(gold.quote)) >= COPY_SHARE


def _overlaps(text: str, quote: str, citation: Citation) -> bool:
    start = text.find(quote)
    while start >= 0:
        if start < citation.end and citation.start < start + len(quote):
            return True
        start = text.find(quote, start + 1)
    return False


def _shown(answer: Answer) -> str:
    return " ".join(statement.text for statement in answer.statements)


def _f1(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    shared = sum((Counter(ours) & Counter(theirs)).values())
    return 2 * shared / (len(ours) + len(theirs)) if shared else 0.0
