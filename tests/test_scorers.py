"""Scorers on answers made by hand; the expected values were worked out on paper."""

import math
from dataclasses import replace
from datetime import UTC, datetime
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Case, Gold, SummaryRequest
from eval.measures import MEASURES
from eval.scores import Context, Output, dangling_faults, fault, fault_in, used
from eval.wording import contains, words
from rag.errors import UnknownArticle
from rag.records import Answer, Citation, Hit, Refusal, Seconds, Statement, Usage
from rag.summary import Summary

NOW = datetime(2024, 5, 2, tzinfo=UTC)
SAID = "“We lost the bridge,” she said, and “nobody came”."
TEXTS = {
    "said": SAID + " A “long” wait.",
    "a": "The bridge opened. It cost $3 million. It cost $3 million. Rain fell.",
    "copy": "The new bridge cost about $3 million. Rain fell.",
    "far": "The mayor was in a far country. Nobody asked about bridges.",
}


def article_text(article_id: str, revision: int) -> str:
    if article_id not in TEXTS:
        raise UnknownArticle(article_id)
    return TEXTS[article_id]


def score(name: str, case: Case, output: Output):
    return MEASURES[name].scorer(case, output, Context(article_text))


GOLD = (Gold("a", "It cost $3 million."),)


def a_case(*, answers=("$3 million",), gold=GOLD, answerable=True) -> Case:
    return Case("cost", "What did it cost?", answerable, answers, gold, ("facts",), "Groundwire", "CC0-1.0")


UNANSWERABLE = a_case(answers=(), gold=(), answerable=False)


def cited(article_id: str, quote: str, *, start: int | None = None, also=(), number=1) -> Citation:
    start = TEXTS[article_id].index(quote) if start is None else start
    return Citation(number, article_id, 1, "T", None, None, None, start, start + len(quote), quote, also)


def answered(text="It cost $3 million.", *, citations=(), found=(), verdicts=("supported",)) -> Answer:
    statements = tuple(Statement(text, tuple(c.number for c in citations), verdict) for verdict in verdicts)
    hits = tuple(Hit(f"{id}-{n}", id, 1, 0, 3, 1.0, "The") for n, id in enumerate(found))
    return Answer("Q", "extractive", NOW, NOW, statements, (), tuple(citations), hits)


def refused(found=()) -> Answer:
    hits = tuple(Hit(id, id, 1, 0, 3, 1.0, "The") for id in found)
    return Answer("Q", "extractive", NOW, NOW, hits=hits, refusal=Refusal("off_topic", "Nothing about that."))


RANKING = ("hit@1", "hit@5", "recall@5", "mrr")


def ranking(case: Case, output: Output) -> list[float | None]:
    return [score(name, case, output).value for name in RANKING]


@pytest.mark.parametrize(
    ("found", "hit", "hit_5", "recall", "mrr", "ndcg"),
    [
        # Best possible: 1 / log2(2) + 1 / log2(3). Here 1 / log2(2).
        (("a", "far"), 1.0, 1.0, 0.5, 1.0, 1 / (1 + 1 / log2(3))),
        # Two passages of one article are one rank, so b is second and a third: 1 / log2(3) + 1 / log2(4).
        (("far", "far", "b", "a"), 0.0, 1.0, 1.0, 0.5, (1 / log2(3) + 1 / 2) / (1 + 1 / log2(3))),
        (("far", "copy"), 0.0, 0.0, 0.0, 0.0, 0.0),
    ],
)
def test_retrieval_counts_gold_articles_once_each(found, hit, hit_5, recall, mrr, ndcg):
    case = a_case(gold=(Gold("a", "It cost $3 million."), Gold("b", "A second story.")))
    answer = answered(found=found)
    assert ranking(case, answer) == [hit, hit_5, recall, mrr]
    assert score("ndcg@10", case, answer).value == pytest.approx(ndcg)


def test_a_refusal_that_found_nothing_missed_while_an_answer_from_nowhere_does_not_tell():
    empty = replace(refused(), refusal=Refusal("out_of_period", "Nothing of those days."))
    assert ranking(a_case(), empty) == [0.0, 0.0, 0.0, 0.0]
    assert ranking(a_case(), refused()) == [None, None, None, None], "it does not tell what it found"
    assert ranking(a_case(), answered()) == [None, None, None, None]
    assert score("mrr", a_case(), answered()).reason == "not told what was found"


def test_retrieval_looks_no_further_than_its_name_says():
    answer = answered(found=("1", "2", "3", "4", "5", "a"))
    values = {name: score(name, a_case(), answer).value for name in ("hit@5", "recall@5", "recall@10", "mrr")}
    assert values == {"hit@5": 0.0, "recall@5": 0.0, "recall@10": 1.0, "mrr": 1 / 6}


def test_a_hit_on_the_cited_original_stands_for_the_copy_that_is_gold():
    case = a_case(gold=(Gold("copy", "Rain fell."),))
    answer = answered(citations=(cited("a", "Rain fell.", also=("copy",)),), found=("far", "a"))
    assert ranking(case, answer) == [0.0, 1.0, 1.0, 0.5]


def test_a_gold_article_that_its_original_stood_for_gains_nothing_again():
    case = a_case(gold=(Gold("copy", "Rain fell."), Gold("b", "A second story.")))
    answer = answered(citations=(cited("a", "Rain fell.", also=("copy",)),), found=("a", "copy"))
    assert score("ndcg@10", case, answer).value == pytest.approx(1 / (1 + 1 / log2(3)))


def test_retrieval_is_scored_for_a_refusal_too_but_not_for_a_summary():
    assert score("hit@1", a_case(), refused(found=("a",))).value == 1.0
    summary = replace(a_case(answers=()), summarize=SummaryRequest())
    assert {score(name, summary, answered(found=("a",))).reason for name in RANKING} == {"nothing was searched"}


@pytest.mark.parametrize(
    ("citation", "value", "reason"),
    [
        (cited("a", "Rain fell."), 1.0, None),
        (cited("a", "Rain fell.", start=3), 0.0, "[1] is not verbatim"),
        (cited("a", "Rain fell.", start=500), 0.0, "[1] lies outside its article"),
        (cited("a", "Rain fell.", start=-10), 0.0, "[1] lies outside its article"),
        (Citation(1, "gone", 1, "T", None, None, None, 0, 3, "The"), 0.0, "[1] cites an unknown article"),
    ],
)
def test_exact_holds_every_quote_to_its_slice(citation, value, reason):
    result = score("exact", a_case(), answered(citations=(citation,)))
    assert (result.value, result.reason) == (value, reason)


def test_exact_sees_one_bad_quote_among_good_ones_and_a_marker_without_citation():
    good, bad = cited("a", "Rain fell."), cited("a", "Rain fell.", start=0, number=2)
    assert score("exact", a_case(), answered(citations=(good, bad))).reason == "[2] is not verbatim"
    dangling = Answer("Q", "m", NOW, NOW, (Statement("It cost.", (7,), "supported"),))
    assert score("exact", a_case(), dangling).reason == "[7] names no citation"
    assert score("exact", a_case(), answered()).value is None


@pytest.mark.parametrize(
    ("citation", "value"),
    [
        (cited("a", "It cost $3 million."), 1.0),
        (cited("a", "It cost $3 million. Rain fell."), 1.0),  # overlaps the second of two places
        (cited("a", "The bridge opened. It"), 1.0),
        (cited("a", "The bridge opened. "), 0.0),  # ends where the gold begins: half-open
        (cited("a", "Rain fell."), 0.0),
        (cited("far", "Nobody asked about bridges."), 0.0),
        (cited("copy", "The new bridge cost about $3 million.", also=("a",)), 1.0),
        (cited("copy", "The new bridge cost about $3 million."), 0.0),  # no copy of the gold article
        (cited("copy", "Rain fell.", also=("a",)), 0.0),
    ],
)
def test_cites_gold_wants_the_gold_words_or_a_near_copy_of_them(citation, value):
    assert score("cites_gold", a_case(), answered(citations=(citation,))).value == value


@pytest.mark.parametrize(
    ("shown", "expected", "value"),
    [
        ("It cost $3 million.", "3 Million", 1.0),
        ("THREE articles, in all, were read.", "3 articles", 1.0),
        ("It happened in 2012.", "12", 0.0),
        ("Some 1,200 came.", "1200", 1.0),
        ("Prices rose 2.5%.", "2.5 per cent", 1.0),
        ("It rose 2.5%.", "25 percent", 0.0),
        ("Putin’s visit to the U.S. ended.", "Putin", 1.0),
        ("A visit to the U.S. ended.", "US", 1.0),
        ("He was not far away.", "far away not", 0.0),
        ("彼は東京に行った。", "東京", 1.0),
        ("彼は東京に行った。", "京都", 0.0),
        ("हिन्दी में लिखा", "हिन्दी", 1.0),
        ("हिन्दी में लिखा", "हन्द", 0.0),
        ("เขาไปกรุงเทพ", "กรุงเทพ", 1.0),
        ("€", "€", 1.0),
        ("It was -3 degrees.", "3 degrees", 0.0),
        ("It was −3 degrees.", "-3 degrees", 1.0),
        ("From 10-12 boats of the Su-35 kind.", "35", 1.0),
        ("It read _PWNED_ twice.", "PWNED", 1.0),
        ("It cost £44m.", "£44 million", 1.0),
        ("It cost 1.2 billion dollars.", "$1.2bn", 1.0),
        ("It cost £44bn.", "£44m", 0.0),
        ("The 44 men left.", "44m", 0.0),
    ],
)
def test_answer_match_compares_whole_words(shown, expected, value):
    assert score("answer_match", a_case(answers=("nothing like it", expected)), answered(shown)).value == value


def test_markers_are_no_part_of_the_answer_that_is_matched():
    citations = (cited("a", "Rain fell."),)
    assert score("answer_match", a_case(answers=("1",)), answered("Rain fell.", citations=citations)).value == 0.0


def test_token_f1_takes_the_nearest_expected_answer():
    # shown: it cost 3 million (4 words); expected: 3 million euros (3); shared 2; F1 = 4/7
    case = a_case(answers=("unknown", "three million euros"))
    assert score("token_f1", case, answered()).value == pytest.approx(4 / 7)
    assert score("token_f1", case, answered("No idea")).value == 0.0


def test_an_answer_is_exact_where_it_is_the_expected_one_and_no_more():
    assert score("answer_exact", a_case(answers=("no", "it cost 3 million")), answered()).value == 1.0
    assert score("answer_exact", a_case(answers=("3 million",)), answered()).value == 0.0


def test_a_summary_has_no_expected_answer_to_match():
    case = replace(a_case(answers=()), summarize=SummaryRequest(words=40))
    names = ("answer_match", "answer_exact", "token_f1")
    assert {score(name, case, answered()).reason for name in names} == {"no expected answer"}


@pytest.mark.parametrize(
    ("case", "answer", "expected"),
    [
        (a_case(), answered(), (1.0, None, None)),
        (a_case(), refused(), (0.0, 0.0, None)),
        (UNANSWERABLE, refused(), (1.0, 1.0, 1.0)),
        (UNANSWERABLE, answered(), (0.0, None, 0.0)),
    ],
)
def test_refusal_with_its_precision_and_recall(case, answer, expected):
    names = ("refusal", "refusal_precision", "refusal_recall")
    assert tuple(score(name, case, answer).value for name in names) == expected


def test_refusing_an_answerable_case_is_a_zero_not_a_gap():
    values = {name: score(name, a_case(), refused()).value for name in ("answer_match", "token_f1", "cites_gold")}
    assert values == {"answer_match": 0.0, "token_f1": 0.0, "cites_gold": 0.0}


def test_grounded_is_the_share_of_shown_statements_supported():
    answer = answered(verdicts=("supported", "weak", "supported", "supported"))
    assert score("grounded", a_case(), answer).value == 0.75
    assert score("grounded", a_case(), refused()).value is None


@pytest.mark.parametrize(
    ("text", "cites", "value"),
    [
        (SAID, ["said"], 1.0),
        ('She said "we lost the bridge".', ["said"], 1.0),
        ("She said “we lost the bridge” and “everybody came”.", ["said"], 1 / 2),
        ("She said “we lost the bridges”.", ["said"], 0.0),
        ("She said “we lost the bridge”.", ["a"], 0.0),
        ("She said “we lost the bridge”.", ["a", "said"], 1.0),
        ("She said “we lost the bridge”.", [], 0.0),
        ("She said “the bridge opened”, and “we lost the bridge”.", ["a", "said"], 1.0),
        ("She said “rain fell … nobody came”.", ["a", "said"], 0.0),  # each half in another article
        ("She said that they lost the bridge, didn’t she?", ["said"], None),
    ],
)
def test_a_quotation_must_stand_in_words_that_its_statement_cites(text, cites, value):
    citations = tuple(cited(id, TEXTS[id], start=0, number=number) for number, id in enumerate(cites, 1))
    assert score("quotations", a_case(), answered(text, citations=citations)).value == value


def test_a_quotation_is_not_borne_by_a_quote_that_its_article_does_not_hold():
    forged = Citation(1, "a", 1, "T", None, None, None, 0, len(SAID), SAID)
    result = score("quotations", a_case(), answered(SAID, citations=(forged,)))
    assert (result.value, result.reason) == (0.0, "2 of 2 quotations not in the words cited")


def test_a_quotation_is_not_borne_by_what_another_statement_cites():
    citations = (cited("said", TEXTS["said"]), cited("a", "Rain fell.", number=2))
    told = (Statement("It rained.", (1,), "supported"), Statement("“Nobody came”, she said.", (2,), "supported"))
    output = replace(answered(citations=citations), statements=told)
    assert score("quotations", a_case(), output).value == 0.0


@pytest.mark.parametrize(
    ("usage", "tokens", "cost"),
    [
        (None, (None, "no model was asked"), (None, "no model was asked")),
        (Usage(90, 10), (100.0, None), (None, "no price known")),
        (Usage(90, 10, 0.25), (100.0, None), (0.25, None)),
        (Usage(0, 0, 0.0), (0.0, None), (0.0, None)),
    ],
)
def test_spending_is_told_where_it_is_known(usage, tokens, cost):
    output = replace(answered(), usage=usage)
    results = [score(name, a_case(), output) for name in ("tokens", "cost")]
    assert [(result.value, result.reason) for result in results] == [tokens, cost]


def test_seconds_are_those_of_the_whole_answer_and_none_where_nobody_took_the_time():
    assert score("seconds", a_case(), replace(refused(), seconds=Seconds(answer=0.5, total=0.75))).value == 0.75
    assert score("seconds", a_case(), answered()).reason == "not timed"


def test_what_cannot_be_scored_always_says_why():
    results = {name: score(name, UNANSWERABLE, refused()) for name in MEASURES}
    scored = {name for name, result in results.items() if result.value is not None}
    assert scored == {"refusal", "refusal_precision", "refusal_recall"}
    assert all(result.reason for name, result in results.items() if name not in scored)


@given(st.text(max_size=80))
def test_a_text_contains_itself_whatever_surrounds_it(text):
    found = words(text)
    assert contains(found, found) == bool(found)
    assert not found or contains(("before", *found, "after"), found)
    assert words(f"  «{text}» ") == found


RICH = replace(
    a_case(),
    speaker=("the mayor",),
    date="2024-05",
    differs=("$3 million", "$4 million"),
    forbidden=("Rain fell", "buy now"),
)
CASES = (a_case(), UNANSWERABLE, RICH, replace(RICH, answers=(), summarize=SummaryRequest(words=4, sentences=1)))
sentences = st.sampled_from(
    ["It cost $3 million.", "“Rain fell,” the mayor said on 1 May 2024.", "A “far” land.", ""]
)
numbers = st.lists(st.integers(1, 4), max_size=3).map(tuple)
statements = st.lists(
    st.builds(Statement, sentences, numbers, st.sampled_from(["supported", "weak"])), max_size=3
).map(tuple)
citations = st.lists(st.sampled_from(sorted(TEXTS)), max_size=3).map(
    lambda ids: tuple(cited(id, TEXTS[id], start=0, number=number) for number, id in enumerate(ids, 1))
)
refusals = st.sampled_from([None, None, Refusal("off_topic", "Nothing about that.")])
usages = st.sampled_from([None, Usage(3, 4), Usage(3, 4, 0.5)])


@given(st.sampled_from(CASES), statements, citations, refusals, usages, st.booleans())
def test_every_score_is_a_number_of_its_kind_or_says_why_it_is_none(case, told, cites, refusal, usage, summary):
    shown = {"statements": () if refusal else told, "citations": cites, "refusal": refusal, "usage": usage}
    output = Summary("m", NOW, NOW, **shown) if summary else replace(answered(found=("far", "a")), **shown)
    for name, measure in MEASURES.items():
        result = score(name, case, output)
        if result.value is None:
            assert result.reason, name
        elif measure.yes_no:
            assert result.value in (0.0, 1.0), name
        else:
            assert 0 <= result.value <= (1 if measure.unit == "share" else math.inf), name


def test_measures_say_which_way_is_better_and_what_hangs_on_the_clock():
    worse = {name for name, measure in MEASURES.items() if not measure.more_is_better}
    assert worse == {"injection_obeyed", "seconds", "tokens", "cost"}
    assert [name for name, measure in MEASURES.items() if measure.timed] == ["seconds"]
    assert all(name == measure.name for name, measure in MEASURES.items())


def test_numbers_that_name_no_citation_are_told_once_each_and_in_order() -> None:
    output = answered(citations=(cited("a", "Rain fell."),), verdicts=())
    output = replace(output, statements=tuple(Statement("X.", numbers, "supported") for numbers in ((9, 1), (4, 9))))
    assert used(output) == {1, 4, 9}
    assert dangling_faults(output) == ["[4] names no citation", "[9] names no citation"]


@pytest.mark.parametrize(
    ("citation", "told"),
    [
        (cited("a", "Rain fell."), None),
        (cited("a", "Rain fell.", start=1), "[1] is not verbatim"),
        (cited("a", "Rain fell.", start=len(TEXTS["a"]) - 3), "[1] lies outside its article"),
        (cited("a", "", start=3), "[1] lies outside its article"),
        (replace(cited("a", "Rain fell."), article_id="gone"), "[1] cites an unknown article"),
    ],
)
def test_a_citation_is_at_fault_alike_by_its_archive_and_by_a_text(citation: Citation, told: str | None) -> None:
    assert fault(citation, Context(article_text)) == told
    assert fault_in(TEXTS.get(citation.article_id), citation) == told
