"""Scorers on answers made by hand; the expected values were worked out on paper."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Case, Gold
from eval.measures import MEASURES
from eval.scores import Context
from eval.wording import contains, words
from rag.errors import UnknownArticle
from rag.records import Answer, Citation, Hit, Refusal, Statement

NOW = datetime(2024, 5, 2, tzinfo=UTC)
TEXTS = {
    "a": "The bridge opened. It cost $3 million. It cost $3 million. Rain fell.",
    "copy": "The new bridge cost about $3 million. Rain fell.",
    "far": "The mayor was in a far country. Nobody asked about bridges.",
}


def article_text(article_id: str, revision: int) -> str:
    if article_id not in TEXTS:
        raise UnknownArticle(article_id)
    return TEXTS[article_id]


def score(name: str, case: Case, answer: Answer):
    return MEASURES[name].scorer(case, answer, Context(article_text))


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


@pytest.mark.parametrize(
    ("found", "hit", "recall", "mrr"),
    [
        (("a", "far"), 1.0, 0.5, 1.0),
        (("far", "far", "b", "a"), 1.0, 1.0, 0.5),  # two passages of one article are one rank
        (("far", "copy"), 0.0, 0.0, 0.0),
        ((), 0.0, 0.0, 0.0),
    ],
)
def test_retrieval_counts_gold_articles_once_each(found, hit, recall, mrr):
    case = a_case(gold=(Gold("a", "It cost $3 million."), Gold("b", "A second story.")))
    answer = answered(found=found)
    assert [score(name, case, answer).value for name in ("hit", "recall", "mrr")] == [hit, recall, mrr]


def test_a_hit_on_the_cited_original_stands_for_the_copy_that_is_gold():
    case = a_case(gold=(Gold("copy", "Rain fell."),))
    answer = answered(citations=(cited("a", "Rain fell.", also=("copy",)),), found=("far", "a"))
    assert [score(name, case, answer).value for name in ("hit", "recall", "mrr")] == [1.0, 1.0, 0.5]


def test_retrieval_is_scored_for_a_refusal_too():
    assert score("hit", a_case(), refused(found=("a",))).value == 1.0


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
