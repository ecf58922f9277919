"""Whether a summary has the length asked for and tells the points it must."""

from __future__ import annotations

from eval.cases import Case
from eval.scorers.citations import bears
from eval.scorers.retrieval import NO_GOLD
from eval.scores import Context, Output, Score, named, shown
from rag.passages import sentences as sentences_of

NO_SUMMARY = "no summary asked for"
SLACK = 10
"""One part in so many by which a number of words may be missed; a number of sentences may not be."""


def length(case: Case, output: Output, _: Context) -> Score:
    """Whether it has the words asked for, within a tenth, or exactly the sentences.

    Where both are asked for, it must reach one and pass neither. Words are counted by white space, sentences as
    ``Summary.extent`` counts them. That the articles have no more to tell excuses nothing.
    """
    if case.summarize is None:
        return Score(None, NO_SUMMARY)
    words, sentences = case.summarize.words, case.summarize.sentences
    if words is None and sentences is None:
        return Score(None, "no length asked for")
    if not case.answerable:
        return Score(None, "unanswerable")
    if output.refusal:
        return Score(0.0, "refused")
    reached, passed, told = [], [], []
    if words is not None:
        count = len(shown(output).split())
        reached.append(SLACK * count >= (SLACK - 1) * words)
        passed.append(SLACK * count > (SLACK + 1) * words)
        told.append(f"words: {count}, asked for {words}")
    if sentences is not None:
        count = sum(max(1, len(sentences_of(one.text))) for one in output.statements)
        reached.append(count >= sentences)
        passed.append(count > sentences)
        told.append(f"sentences: {count}, asked for {sentences}")
    return Score(float(any(reached) and not any(passed)), "; ".join(told))


def points_told(case: Case, output: Output, context: Context) -> Score:
    """The share of the points it must tell that some statement cites the words of, or those of a near-copy."""
    if case.summarize is None:
        return Score(None, NO_SUMMARY)
    if not case.gold:
        return Score(None, NO_GOLD)
    if output.refusal:
        return Score(0.0, "refused")
    citations = [citation for statement in output.statements for citation in named(statement, output)]
    told = [any(bears(citation, gold, context) for citation in citations) for gold in case.gold]
    reason = None if all(told) else f"does not tell point {told.index(False) + 1} of {len(told)}"
    return Score(sum(told) / len(told), reason)
