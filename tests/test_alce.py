"""ALCE's citation recall and precision on answers made by hand; the arithmetic stands beside each."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Case
from eval.measures import MEASURES
from eval.scores import Context, Score, supported
from rag.errors import UnknownArticle
from rag.records import Answer, Citation, Refusal, Statement
from rag.verify import Source

NOW = datetime(2024, 5, 2, tzinfo=UTC)  # a Thursday
CASE = Case("c", "What?", True, ("x",), (), ("facts",), "Groundwire", "CC0-1.0")

LETTERS = "p q r s"
"""An article whose words are facts: citation [1] is of "p", [2] of "q", [3] of "r", [4] of "s"."""
NOT_VERBATIM = 5
"""Says "p" of a place where the article has "q"."""
BEARS: dict[str, list[set[str]]] = {
    "P": [{"p"}],
    "Pagain": [{"p"}],
    "Q": [{"q"}],
    "PQ": [{"p", "q"}],
    "P|Q": [{"p"}, {"q"}],
    "PQR": [{"p", "q", "r"}],
    "PQ|QR": [{"p", "q"}, {"q", "r"}],
    "PQ|R": [{"p", "q"}, {"r"}],
    "PQ|QR|PR": [{"p", "q"}, {"q", "r"}, {"p", "r"}],
}
"""What must be cited together, at least, for a sentence to be supported; any of the sets will do."""


def by_table(sentence: str, sources: Sequence[Source]) -> bool:
    told = {source.text for source in sources}
    return any(needed <= told for needed in BEARS[sentence])


def an_answer(*statements: tuple[str, Sequence[int]]) -> Answer:
    citations = [
        Citation(number, "a", 1, "T", None, None, NOW, place, place + 1, LETTERS[place])
        for number, place in enumerate(range(0, len(LETTERS), 2), 1)
    ]
    citations.append(Citation(NOT_VERBATIM, "a", 1, "T", None, None, NOW, 2, 3, "p"))
    return answered(statements, citations)


def answered(statements: Sequence[tuple[str, Sequence[int]]], citations: Sequence[Citation]) -> Answer:
    told = tuple(Statement(text, tuple(numbers), "supported") for text, numbers in statements)
    return Answer("What?", "m", NOW, NOW, told, (), tuple(citations))


def scored(answer: Answer, *, support=by_table, texts=None) -> tuple[Score, Score]:
    def article_text(article_id: str, revision: int) -> str:
        if article_id not in (known := texts or {"a": LETTERS}):
            raise UnknownArticle(article_id)
        return known[article_id]

    context = Context(article_text, support)
    return tuple(MEASURES[name].scorer(CASE, answer, context) for name in ("citation_recall", "citation_precision"))


@pytest.mark.parametrize(
    ("statements", "recall", "precision"),
    [
        # One statement, one citation: precision is recall.
        pytest.param([("P", [1])], 1.0, 1.0, id="one that supports"),
        pytest.param([("P", [2])], 0.0, 0.0, id="one that does not"),
        # [1] supports alone: precise. [2] does not, and [1] does without it: irrelevant. 1 of 2.
        pytest.param([("P", [1, 2])], 1.0, 1 / 2, id="over-citation"),
        # Neither supports alone; without either the other does not: both precise. 2 of 2.
        pytest.param([("PQ", [1, 2])], 1.0, 1.0, id="two that support only together"),
        # Each supports alone, so neither is irrelevant though either would do. 2 of 2.
        pytest.param([("P|Q", [1, 2])], 1.0, 1.0, id="each of two alone enough"),
        # Recall 0 makes its one citation imprecise: 0 of 1.
        pytest.param([("P", [9])], 0.0, 0.0, id="out of range"),
        # [9] names nothing, so recall is 0 in spite of [1], and neither is precise: 0 of 2.
        pytest.param([("P", [1, 9])], 0.0, 0.0, id="out of range beside a good one"),
        # One statement with recall 0 and no citation to count.
        pytest.param([("P", [])], 0.0, 0.0, id="no citation at all"),
        # Recall (1 + 0) / 2. Citations: [1] precise; the other statement has none. 1 of 1.
        pytest.param([("P", [1]), ("Q", [])], 1 / 2, 1.0, id="one of two cites nothing"),
        # Recall (1 + 0) / 2. [1] counts in each: precise in the first, not in the second. 1 of 2.
        pytest.param([("P", [1]), ("Q", [1])], 1 / 2, 1 / 2, id="one of two supported by what they share"),
        # Recall (1 + 1) / 2. [1] counts in each and is precise in each. 2 of 2.
        pytest.param([("P", [1]), ("Pagain", [1])], 1.0, 1.0, id="same citation bears two"),
        # [1] twice is one citation: [1] precise, [2] irrelevant, 1 of 2; counted twice it would be 2 of 3.
        pytest.param([("P", [1, 1, 2])], 1.0, 1 / 2, id="a number twice in a statement"),
        # [1] and [2] are each needed; [3] does nothing alone, and [1][2] support without it. 2 of 3.
        pytest.param([("PQ", [1, 2, 3])], 1.0, 2 / 3, id="three, two of them needed"),
        # Without [1], [2][3] support; without [3], [1][2] do; without [2] nothing does: only [2] is precise. 1 of 3.
        pytest.param([("PQ|QR", [1, 2, 3])], 1.0, 1 / 3, id="three, one of them in every support"),
        # [3] supports alone. Without [1] or [2] it still does, and neither supports alone. 1 of 3.
        pytest.param([("PQ|R", [1, 2, 3])], 1.0, 1 / 3, id="three, one enough and two together enough"),
        # Any two support, so each is irrelevant beside the other two, though recall is 1. 0 of 3.
        pytest.param([("PQ|QR|PR", [1, 2, 3])], 1.0, 0.0, id="three, any two of which will do"),
        # Its words would support, but are not in the article: they support nothing. 0 of 1.
        pytest.param([("P", [NOT_VERBATIM])], 0.0, 0.0, id="not verbatim"),
        # [1] supports alone. [5] supports nothing, and [1] does without it: irrelevant. 1 of 2.
        pytest.param([("P", [1, NOT_VERBATIM])], 1.0, 1 / 2, id="not verbatim beside a good one"),
        # Recall (0 + 0) / 2; citations 0 of 1 and 0 of 2, so 0 of 3.
        pytest.param([("Q", [1]), ("P", [2, 3])], 0.0, 0.0, id="all wrong"),
        # Recall (1 + 1 + 0 + 0 + 0) / 5. Precise: of P 1 of 2, of PQ 2 of 2, of Q 0 of 1 and 0 of 2: 3 of 7.
        pytest.param(
            [("P", [1, 2]), ("PQ", [2, 1]), ("Q", [4]), ("P", []), ("Q", [2, 9])],
            2 / 5,
            3 / 7,
            id="all kinds at once",
        ),
    ],
)
def test_recall_and_precision_are_those_worked_out_by_hand(statements, recall, precision):
    assert [score.value for score in scored(an_answer(*statements))] == [recall, precision]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer("What?", "m", NOW, NOW, refusal=Refusal("off_topic", "Nothing.")), "refused"),
        (Answer("What?", "m", NOW, NOW), "shows no statement"),
    ],
)
def test_where_nothing_is_stated_there_is_nothing_to_cite_for(answer, reason):
    assert scored(answer) == (Score(None, reason), Score(None, reason))


@pytest.mark.parametrize(
    ("statements", "recall", "precision"),
    [
        ([("P", [1]), ("P", [])], "statement 2 cites nothing", None),
        ([("P", [])], "statement 1 cites nothing", "cites nothing"),
        ([("P", [1, 9])], "[9] of statement 1 names no citation", "[1] of statement 1 does not help to support it"),
        ([("P", [2, 1])], None, "[2] of statement 1 does not help to support it"),
        (
            [("P", [2])],
            "statement 1 is not supported by what it cites",
            "[2] of statement 1 does not help to support it",
        ),
    ],
)
def test_a_score_below_one_names_the_first_fault(statements, recall, precision):
    assert tuple(score.reason for score in scored(an_answer(*statements))) == (recall, precision)


def test_what_could_not_be_told_is_no_value_and_no_zero():
    def told_alone(sentence, sources):
        return by_table(sentence, sources) if len(sources) == 1 else None

    recall, precision = scored(an_answer(("P", [1]), ("PQ", [1, 2])), support=told_alone)
    assert (recall.value, precision.value) == (None, None)
    assert recall.reason == precision.reason == "whether the words cited support it could not be told"


def test_precision_needs_no_verdict_that_changes_nothing():
    def untold_alone(sentence, sources):
        return by_table(sentence, sources) if len(sources) > 1 else None

    # Without any one of three that are all needed the others do not support: precise, whatever it does alone.
    assert scored(an_answer(("PQR", [1, 2, 3])), support=untold_alone)[1] == Score(1.0)
    # Without [3] the others do support: whether it is irrelevant hangs on what could not be told.
    assert scored(an_answer(("PQ", [1, 2, 3])), support=untold_alone)[1].value is None


def test_no_support_is_asked_for_where_the_definition_settles_it():
    def refuse(*_):
        raise AssertionError("asked")

    answer = an_answer(("P", []), ("P", [9]), ("P", [NOT_VERBATIM]))
    assert [score.value for score in scored(answer, support=refuse)] == [0.0, 0.0]


BRIDGE = "The bridge at Calder opened on Wednesday."
COST = "It cost $3 million, the council said."
RAIN = "Rain fell on the harbour all week."
TEXTS = {"bridge": BRIDGE, "cost": COST, "rain": RAIN}


def of_articles(text: str, *articles: str) -> Answer:
    citations = [
        Citation(number, id, 1, "T", None, None, NOW, 0, len(TEXTS.get(id, "?")), TEXTS.get(id, "?"))
        for number, id in enumerate(articles, 1)
    ]
    return answered([(text, range(1, len(articles) + 1))], citations)


@pytest.mark.parametrize(
    ("answer", "recall", "precision"),
    [
        # The articles' own words.
        (of_articles(BRIDGE, "bridge"), 1.0, 1.0),
        # The rain bears nothing: 1 of 2.
        (of_articles(BRIDGE, "bridge", "rain"), 1.0, 1 / 2),
        # Name and day from one, cost from the other: 2 of 2.
        (of_articles("The bridge at Calder opened on Wednesday and cost $3 million.", "bridge", "cost"), 1.0, 1.0),
        # Weak, since only the council says so: not supported. 0 of 2.
        (of_articles("The bridge at Calder cost $3 million.", "bridge", "cost"), 0.0, 0.0),
        # Wednesday is 1 May beside an article of 2 May.
        (of_articles("The bridge at Calder opened on 1 May 2024.", "bridge"), 1.0, 1.0),
        # An article that nobody has: it supports nothing, and [1] does without it. 1 of 2.
        (of_articles(BRIDGE, "bridge", "gone"), 1.0, 1 / 2),
    ],
)
def test_our_own_verifier_is_the_support_test_unless_another_is_given(answer, recall, precision):
    assert [score.value for score in scored(answer, support=supported, texts=TEXTS)] == [recall, precision]
    assert Context(lambda *_: "").support is supported


citing = st.lists(st.integers(1, 4), max_size=4, unique=True)
stating = st.lists(st.tuples(st.sampled_from(sorted(BEARS)), citing), min_size=1, max_size=4)


@given(stating)
def test_one_more_citation_that_bears_nothing_costs_no_recall_and_gains_no_precision(statements):
    without = [(text, [number for number in numbers if number != 4]) for text, numbers in statements]
    with_it = [(text, [*numbers, 4] if numbers else []) for text, numbers in without]
    before, after = scored(an_answer(*without)), scored(an_answer(*with_it))
    assert after[0].value == before[0].value
    assert after[1].value <= before[1].value
    assert (after[1].value < before[1].value) == (before[1].value > 0)


@given(stating)
def test_the_order_of_citations_and_statements_changes_nothing(statements):
    turned = [(text, numbers[::-1]) for text, numbers in statements[::-1]]
    values = [[score.value for score in scored(an_answer(*told))] for told in (statements, turned)]
    assert values[0] == values[1]
