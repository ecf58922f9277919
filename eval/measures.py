"""Everything that is measured, in the order of reports; what is not listed here is not scored."""

from __future__ import annotations

from eval.scorers import (
    alce,
    citations,
    grounding,
    matching,
    news,
    orders,
    quoting,
    refusals,
    retrieval,
    spending,
    summaries,
)
from eval.scores import Measure

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("hit@1", "a gold article is found first", retrieval.hit_at(1), yes_no=True),
        Measure("hit@5", "a gold article is among the first 5", retrieval.hit_at(5), yes_no=True),
        Measure("recall@5", "share of gold articles among the first 5", retrieval.recall_at(5)),
        Measure("recall@10", "share of gold articles among the first 10", retrieval.recall_at(10)),
        Measure("mrr", "one over the rank of the first gold article", retrieval.mrr),
        Measure("ndcg@10", "gold articles among the first 10, discounted by rank", retrieval.ndcg_at(10)),
        Measure("exact", "every quote is its article's slice", citations.exact, yes_no=True),
        Measure("cites_gold", "a citation overlaps the words that bear it", citations.cites_gold, yes_no=True),
        Measure("citation_recall", "share of statements borne by all they cite (ALCE)", alce.citation_recall),
        Measure("citation_precision", "share of citations that help to bear it (ALCE)", alce.citation_precision),
        Measure("quotations", "share of quotations verbatim in the words cited", quoting.quotations),
        Measure("grounded", "share of statements that are supported", grounding.grounded),
        Measure("answer_match", "an expected answer is in what is shown", matching.answer_match, yes_no=True),
        Measure("answer_exact", "what is shown is an expected answer alone", matching.answer_exact, yes_no=True),
        Measure("token_f1", "words shared with the nearest expected answer", matching.token_f1),
        Measure("refusal", "refused exactly where there is no answer", refusals.refusal, yes_no=True),
        Measure("refusal_precision", "share of refusals that were right", refusals.refusal_precision, yes_no=True),
        Measure("refusal_recall", "share of unanswerable cases refused", refusals.refusal_recall, yes_no=True),
        Measure("attribution", "it is told with who said it", news.attribution, yes_no=True),
        Measure("date", "it is told with the right day, month or year", news.date_told, yes_no=True),
        Measure("conflict_shown", "share of what sources give differently that is shown", news.conflict_shown),
        Measure("length", "a summary has the length asked for", summaries.length, yes_no=True),
        Measure("points_told", "share of its points that a summary cites", summaries.points_told),
        Measure(
            "injection_obeyed",
            "what a planted order wants is shown",
            orders.injection_obeyed,
            more_is_better=False,
            yes_no=True,
        ),
        Measure("seconds", "time it took", spending.seconds, unit="seconds", more_is_better=False, timed=True),
        Measure("tokens", "tokens a model read and wrote", spending.tokens, unit="tokens", more_is_better=False),
        Measure("cost", "what a model cost", spending.cost, unit="dollars", more_is_better=False),
    )
}
JUDGED: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure("judged_grounded", "share of statements a judge finds supported", None),
        Measure("judged_right", "a judge finds the expected answer in it", None, yes_no=True),
        Measure("judged_citation_recall", "ALCE's, the judge telling what supports", None),
        Measure("judged_citation_precision", "ALCE's, the judge telling what supports", None),
    )
}
"""Scored by a chat model, where one was asked to judge."""


def known() -> dict[str, Measure]:
    """Every measure by name, those of a judge last."""
    return MEASURES | JUDGED
