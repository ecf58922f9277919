"""Outputs of other systems: read in every shape, their faults kept and scored, their files named by line."""

from __future__ import annotations

import csv
import gzip
import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Case
from eval.contexts import with_contexts
from eval.foreign.checking import UNCITED
from eval.foreign.declining import declines
from eval.foreign.outputs import output_from
from eval.foreign.scoring import score_file
from eval.foreign.shelf import Shelf, place
from eval.report import Outcome, Report
from eval.running.runner import run
from eval.running.saved import dumps, read_report, recalled, to_json
from eval.scores import Context, fault
from eval.suite import load_suite
from rag.contract import answer_json
from rag.errors import InputError, UsageError
from rag.records import Answer, Article, Statement

TEXT = "The bridge opened on Monday.\nIt cost $3 million, said Mayor Ann Hart."
BRIDGE = Article("a1", "Bridge opens", TEXT, url="https://x.example/bridge", source="Gazette", origin="/x/bridge.txt")
FLOOD = Article("a2", "Flood in Korvan", "Water stood two metres high in Korvan.", origin="/x/flood.txt")
ARTICLES = [BRIDGE, FLOOD]
CASE = Case("cost", "What did it cost?", True, ("$3 million",), (), (), "s", "l")
COST = "It cost $3 million, said Mayor Ann Hart."


def read(given: object, articles: list[Article] = ARTICLES) -> Answer:
    output = output_from(given, CASE, articles)
    assert isinstance(output, Answer)
    return output


def verdicts(answer: Answer) -> list[str]:
    return [statement.verdict for statement in answer.statements]


def faults(answer: Answer) -> list[str | None]:
    context = with_contexts(Context(Shelf(ARTICLES).text), [answer])
    return [fault(citation, context) for citation in answer.citations]


def test_an_answer_that_holds_is_taken_as_it_is() -> None:
    answer = read({"answer": f"{COST} [1]", "contexts": [COST]})
    assert output_from(answer, CASE, ARTICLES) == answer


@pytest.mark.parametrize("numbers", [(), (1,), (7,)])
def test_an_answer_is_not_believed_a_verdict_that_its_citations_do_not_bear(numbers: tuple[int, ...]) -> None:
    answer = read({"answer": f"{COST} [1]", "contexts": [COST]})
    claimed = replace(answer, statements=(Statement("It cost $9 billion.", numbers, "supported"),))
    assert verdicts(output_from(claimed, CASE, ARTICLES)) == ["unsupported"]


def test_an_answer_that_found_what_no_article_has_is_refused() -> None:
    answer = read({"answer": COST, "contexts": ["The bridge opened on Monday."]})
    elsewhere = replace(answer, hits=(replace(answer.hits[0], article_id="zz"),))
    with pytest.raises(ValueError, match=r"hit 1 is of article 'zz', which is not the suite's"):
        output_from(elsewhere, CASE, ARTICLES)


def test_text_that_cites_nothing_is_borne_by_nothing() -> None:
    answer = read(COST)
    assert (verdicts(answer), answer.citations) == (["unsupported"], ())


@pytest.mark.parametrize("name", ["a1", "bridge", "bridge.txt", "https://x.example/bridge", "Bridge opens"])
@pytest.mark.parametrize("key", ["article", "article_id"])
def test_a_citation_names_its_article_in_any_way_that_suites_do(name: str, key: str) -> None:
    answer = read({"answer": f"{COST} [1]", "citations": [{key: name, "quote": COST}]})
    citation = answer.citations[0]
    assert (citation.article_id, citation.quote) == ("a1", TEXT[citation.start : citation.end])
    assert verdicts(answer) == ["supported"]


def test_a_quote_may_differ_in_white_space_and_becomes_the_articles_own() -> None:
    answer = read(
        {"answer": f"{COST} [1]", "citations": [{"article": "a1", "quote": "Monday.   It cost\n$3 million"}]}
    )
    assert answer.citations[0].quote == "Monday.\nIt cost $3 million"
    assert faults(answer) == [None]


def test_places_alone_are_a_citation() -> None:
    start = TEXT.index("It cost")
    answer = read(
        {"answer": f"{COST} [7]", "citations": [{"number": 7, "article": "a1", "start": start, "end": len(TEXT)}]}
    )
    assert (answer.citations[0].quote, verdicts(answer)) == (COST, ["supported"])


@pytest.mark.parametrize(
    ("citation", "told"),
    [
        ({"article": "a1", "quote": "It cost $4 million."}, "[1] is not verbatim"),
        ({"article": "a1", "quote": COST, "start": 0, "end": 5}, "[1] is not verbatim"),
        ({"article": "a1", "start": 5, "end": 900}, "[1] lies outside its article"),
        ({"article": "a1", "start": -9, "end": -2}, "[1] lies outside its article"),
        ({"article": "nobody's", "quote": COST}, "[1] cites an unknown article"),
    ],
)
def test_a_wrong_citation_stays_and_bears_nothing(citation: dict[str, Any], told: str) -> None:
    answer = read({"answer": f"{COST} [1]", "citations": [citation]})
    assert faults(answer) == [told]
    assert verdicts(answer) == ["unsupported"]
    assert told in answer.statements[0].problems[0].message


def test_a_marker_out_of_range_stays_and_makes_its_sentence_unsupported() -> None:
    answer = read({"response": f"{COST} [1][3]", "retrieved_contexts": [COST, "Something else."]})
    assert answer.statements[0].citations == (1, 3)
    assert [citation.number for citation in answer.citations] == [1]
    assert (verdicts(answer), answer.statements[0].problems[0].message) == (["unsupported"], "[3] names no citation.")


def test_without_any_marker_sentences_are_checked_against_all_contexts_and_cite_nothing() -> None:
    answer = read({"answer": f"{COST} It fell down in May.", "contexts": ["Nothing.", COST]})
    assert verdicts(answer) == ["supported", "unsupported"]
    assert [statement.citations for statement in answer.statements] == [(), ()]
    assert all(statement.problems[-1].message == UNCITED for statement in answer.statements)
    assert answer.citations == ()


def test_a_sentence_without_a_marker_beside_one_that_has_some_is_borne_by_nothing() -> None:
    assert verdicts(read({"answer": f"{COST} [1] The bridge opened on Monday.", "contexts": [TEXT]})) == [
        "supported",
        "unsupported",
    ]


def test_contexts_are_the_articles_they_stand_in_else_articles_of_their_own() -> None:
    contexts = [
        "The bridge opened\n\non Monday.",
        {"article": "flood", "text": "Water stood two metres high"},
        {"page_content": "No article says this."},
    ]
    answer = read({"response": "No article says this. [3]", "retrieved_contexts": contexts})
    assert [hit.article_id for hit in answer.hits[:2]] == ["a1", "a2"]
    assert answer.hits[0].text == "The bridge opened on Monday."
    own = answer.citations[0]
    assert (own.title, own.quote, own.article_id) == ("context 3", "No article says this.", answer.hits[2].article_id)
    assert (faults(answer), verdicts(answer)) == ([None], ["supported"])


@pytest.mark.parametrize(
    ("refusal", "message"),
    [
        (True, "Cannot say."),
        ("No evidence.", "No evidence."),
        ({"reason": "off_topic", "message": "Other topic."}, "Other topic."),
    ],
)
def test_a_stated_refusal_is_one(refusal: object, message: str) -> None:
    answer = read({"answer": "Cannot say.", "contexts": [TEXT], "refusal": refusal})
    assert answer.refusal
    assert (answer.refusal.message, answer.statements, len(answer.hits)) == (message, (), 1)


@pytest.mark.parametrize(
    "response",
    [
        "I don't know.",
        "I don’t know",
        "I'm sorry, but I cannot answer this question based on the provided context.",
        "Sorry. The provided articles do not contain enough information to answer the question.",
        "The context does not mention the colour of the car.",
        "Based on the given context, there is no information about the colour.",
        "N/A",
        "I don't know [1].",
        "There is no answer to this question in the given context.",
    ],
)
def test_a_response_that_only_declines_is_a_refusal(response: str) -> None:
    assert read({"response": response}).refusal
    assert read({"response": response, "refusal": False}).refusal is None


@pytest.mark.parametrize(
    "response",
    [
        "No.",
        "Nobody knows.",
        "The articles do not mention any injuries.",
        "The context does not mention the colour, but the car was fast.",
        "The bridge cost $3 million. I don't know more.",
        "I don't know. It may have cost $3 million.",
        "There is no information; the mayor left.",
        "There is no answer because ten people were killed by the mayor.",
        "I cannot find fault with the mayor who killed ten people.",
        "No information was needed to see that the mayor stole 40 million euros.",
    ],
)
def test_a_response_that_tells_something_is_no_refusal(response: str) -> None:
    assert not declines(response)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (None, "returned nothing"),
        (3, "returned 3"),
        (math.nan, "returned NaN"),
        ({}, "has none of 'answer'"),
        ("  ", "'answer' is empty"),
        ({"response": math.nan}, "'response' is NaN"),
        ({"answer": ["x"]}, "'answer' is list"),
        ({"answer": "x", "contexts": math.nan}, "'contexts' is NaN"),
        ({"answer": "x", "contexts": [None]}, "'contexts[0]' is nothing"),
        ({"answer": "x", "citations": [4]}, "'citations[0]' is 4"),
        ({"answer": "x", "citations": [{}]}, "'citations[0]' names no article and quotes nothing"),
        ({"answer": "x", "citations": [{"article": "a1", "start": 1}]}, "only one of 'start' and 'end'"),
        ({"answer": "x", "citations": [{"article": "a1", "start": "a", "end": 2}]}, "'citations[0].start' is str"),
        ({"answer": "x", "citations": [{"number": 2, "article": "a1"}, "a2"]}, "two of number 2"),
        ({"answer": "x", "seconds": math.inf}, "'seconds' is infinite"),
        ({"answer": "x", "usage": {"input_tokens": -1, "output_tokens": 2}}, "'usage.input_tokens' is -1"),
        ({"answer": "x", "usage": {"input_tokens": 1, "output_tokens": 2, "cost": math.nan}}, "'usage.cost' is NaN"),
        ({"statements": [{"text": 3}]}, "of an output"),
        ({"statements": [], "hits": [{"article_id": "a1", "score": math.nan}]}, "is NaN"),
    ],
)
def test_a_wrong_output_is_named_in_one_line(wrong: object, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)) as raised:
        output_from(wrong, CASE, ARTICLES)
    assert "\n" not in str(raised.value)


def test_what_the_contract_claims_to_be_supported_is_checked_anew() -> None:
    honest = answer_json(read({"answer": f"{COST} [1]", "citations": [{"article": "a1", "quote": COST}]}))
    assert verdicts(read(honest)) == ["supported"]
    lying = honest | {"statements": [honest["statements"][0] | {"text": "It cost $9 million."}]}
    assert verdicts(read(lying)) == ["unsupported"]
    doubting = honest | {"statements": [honest["statements"][0] | {"verdict": "weak"}]}
    assert verdicts(read(doubting)) == ["weak"]


KEYS = "answer response contexts citations refusal statements hits usage seconds article quote start end text number"
SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["a1", COST, "x [1]. y [9]"])
)


def deeper(each: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(each) | st.dictionaries(st.sampled_from(KEYS.split()), each)


@given(deeper(st.recursive(SIMPLE, deeper)))
def test_whatever_is_given_is_an_output_or_a_value_error(anything: Any) -> None:
    try:
        output = output_from(anything, CASE, ARTICLES)
    except ValueError:
        return
    assert isinstance(output, Answer)


@given(st.text(alphabet="ab \n\t"), st.integers(0, 30), st.integers(0, 30))
def test_a_place_has_the_words_it_was_sought_by(text: str, start: int, length: int) -> None:
    words = text[start : start + length]
    found = place(Article("x", "t", text), "  ".join(words.split()))
    assert (found is None) == (not words.split())
    if found:
        assert text[found.start : found.end].split() == words.split()


# --- files ---


SUITE = [
    {"suite": "small", "version": "1", "articles": "news", "description": "Two cases."},
    {"id": "cost", "question": "What did it cost?", "answerable": True, "answers": ["$3 million"],
     "gold": [{"article": "bridge", "quote": "It cost $3 million."}], "tags": ["facts"], "source": "s", "licence": "l"},
    {"id": "colour", "question": "What colour is it?", "answerable": False, "answers": [], "gold": [],
     "tags": ["none"], "source": "s", "licence": "l"},
]  # fmt: skip


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("suite")
    (folder / "news").mkdir()
    words = "Bridge opens\n\nThe bridge opened on Monday after years of delay. It cost $3 million."
    (folder / "news" / "bridge.txt").write_text(words, encoding="utf-8")
    path = folder / "small.jsonl"
    path.write_text("\n".join(map(json.dumps, SUITE)), encoding="utf-8")
    return path


def written(folder: Path, *records: object, name: str = "outputs.jsonl") -> Path:
    path = folder / name
    path.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in records), encoding="utf-8")
    return path


def test_an_article_that_cannot_be_read_is_told_alike_by_a_run_and_of_outputs(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "bridge.txt").write_bytes(b"")
    path = tmp_path / "small.jsonl"
    path.write_text("\n".join(map(json.dumps, SUITE)), encoding="utf-8")
    for work in (lambda: run(load_suite(path)), lambda: score_file(written(tmp_path, GOOD), path)):
        with pytest.raises(InputError, match=r"bridge\.txt: an article of suite 'small' cannot be read: "):
            work()


def by_id(report: Report) -> dict[str, Outcome]:
    return {outcome.case.id: outcome for outcome in report.outcomes}


def value(report: Report, case: str, measure: str) -> float | None:
    return by_id(report)[case].scores[measure].value


GOOD = {
    "case": "cost",
    "answer": "It cost $3 million. [1]",
    "citations": [{"article": "bridge", "quote": "It cost $3 million."}],
    "contexts": [{"article": "bridge", "text": "The bridge opened on Monday after years of delay."}],
    "seconds": 0.5,
}


def test_outputs_of_a_suite_are_scored_against_its_gold(tmp_path: Path, suite: Path) -> None:
    report = score_file(
        written(tmp_path, GOOD, "", {"question": "What  colour is it?", "answer": "I don't know."}), suite
    )
    for measure in ("hit@1", "exact", "cites_gold", "grounded", "answer_match", "refusal"):
        assert value(report, "cost", measure) == 1.0, measure
    assert value(report, "colour", "refusal") == 1.0
    assert (report.suite, report.settings.system, report.failed) == ("small", "outputs.jsonl", ())


def test_a_case_without_a_row_or_with_nothing_in_it_failed_and_the_rest_goes_on(tmp_path: Path, suite: Path) -> None:
    report = score_file(written(tmp_path, {"case": "colour", "answer": None}), suite)
    assert [(outcome.case.id, outcome.error) for outcome in report.failed] == [
        ("cost", "no output given"),
        ("colour", "returned nothing"),
    ]
    wrong = score_file(written(tmp_path, GOOD, {"case": "colour", "answer": math.nan}), suite)
    assert [outcome.error for outcome in wrong.failed] == ["'answer' is NaN; it must be text"]
    assert value(wrong, "cost", "grounded") == 1.0


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([GOOD, {"case": "zz", "answer": "x"}], ":2: no case 'zz' is in the suite"),
        ([GOOD, "", GOOD], ":3: case 'cost' is already on line 1"),
        ([{"question": "Whose?", "answer": "x"}], ":1: no case of the suite asks 'Whose?'"),
        ([{"answer": "x"}], ":1: neither 'case' nor 'question' is given"),
        ([{"case": 3, "answer": "x"}], ":1: 'case' is 3"),
        ([GOOD, '{"case": "colour", '], ":2: broken JSON at column"),
        ([GOOD, "[1]"], ":2: a list is not a JSON object"),
    ],
)
def test_a_file_that_does_not_fit_its_suite_is_named_by_line(
    tmp_path: Path, suite: Path, rows: list[object], told: str
) -> None:
    with pytest.raises(InputError) as raised:
        score_file(written(tmp_path, *rows), suite)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


RAGAS = [
    {"user_input": "What did it cost?", "response": "It cost $3 million [1].", "faithfulness": math.nan,
     "retrieved_contexts": ["It cost $3 million. It opened on Monday.", "Foo."],
     "reference": "$3 million", "reference_contexts": ["It cost $3 million."]},
    {"question": "What colour?", "answer": "It is red.", "contexts": ["It is blue."], "ground_truth": "I don't know."},
    {"user_input": "Who?", "response": "Ann Hart.", "retrieved_contexts": ["Mayor Ann Hart."]},
    {"user_input": "Why?", "response": None, "retrieved_contexts": []},
]  # fmt: skip


def test_ragas_rows_are_cases_of_their_own(tmp_path: Path) -> None:
    report = score_file(written(tmp_path, *RAGAS))
    assert [outcome.case.id for outcome in report.outcomes] == ["row-1", "row-2", "row-3", "row-4"]
    for measure in ("hit@1", "exact", "cites_gold", "grounded", "answer_match", "refusal"):
        assert value(report, "row-1", measure) == 1.0, measure
    assert value(report, "row-2", "refusal") == 0.0
    assert value(report, "row-2", "grounded") == 0.0
    assert [outcome.error for outcome in report.failed] == ["returned nothing"]


def test_what_a_row_without_gold_cannot_tell_is_not_scored(tmp_path: Path) -> None:
    scores = by_id(score_file(written(tmp_path, *RAGAS)))["row-3"].scores
    reasons = {
        name: scores[name].reason for name in ("hit@1", "answer_match", "refusal") if scores[name].value is None
    }
    assert reasons == {
        "hit@1": "no gold",
        "answer_match": "no expected answer",
        "refusal": "not known whether there is an answer",
    }


def test_retrieval_is_not_scored_where_no_contexts_are_told(tmp_path: Path, suite: Path) -> None:
    score = by_id(score_file(written(tmp_path, GOOD | {"contexts": None}), suite))["cost"].scores["hit@1"]
    assert (score.value, score.reason) == (None, "not told what was found")


def _as_csv(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(
            file, ["user_input", "response", "retrieved_contexts", "reference", "reference_contexts"]
        )
        rows.writeheader()
        for row in RAGAS[:1] + RAGAS[2:]:
            rows.writerow({key: row[key] for key in rows.fieldnames if row.get(key) is not None})
    return path


def test_the_form_of_a_file_changes_nothing(tmp_path: Path) -> None:
    kept = [{key: each for key, each in row.items() if key != "faithfulness"} for row in RAGAS[:1] + RAGAS[2:]]
    lines = written(tmp_path, *kept)
    array = written(tmp_path, json.dumps(kept, indent=2), name="array.json")
    packed = tmp_path / "outputs.jsonl.gz"
    packed.write_bytes(gzip.compress(lines.read_bytes()))
    table = _as_csv(tmp_path / "outputs.csv")
    reports = [score_file(path) for path in (lines, array, packed, table)]
    found = [[(outcome.output, outcome.error, outcome.scores) for outcome in report.outcomes] for report in reports]
    assert found[1:] == found[:1] * 3
    assert len({report.digest for report in reports}) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ": the file is empty"),
        ("[]", ": it holds no outputs"),
        ('[\n {"user_input": "Q", "response": "A"},\n {"user_input":\n }\n]', ":4: broken JSON"),
        ('[\n {"user_input": "Q", "response": "A"}\n {"user_input": "R"}]', ":3: broken JSON (a comma"),
        ('[{"user_input": "Q", "response": "A"}]\nmore', ":1: 'more' follows the array's end"),
        ("[" * 100_000, ":1: broken JSON"),
        ("just words\nand more", ":1: neither JSON nor a header with 'response'"),
        ("user_input,response\nQ,A,B\n", ":2: 3 values where the header names 2"),
        ('user_input,response\nQ,"A\n', ":2: broken CSV"),
        ("user_input,response,response\nQ,A,B\n", ":1: two columns are called 'response'"),
        ('{"response": "A"}', ":1: 'question' is nothing"),
        ('{"user_input": NaN, "response": "A"}', ":1: 'user_input' is NaN"),
        ('{"user_input": "Q", "id": "x", "response": "A"}\n{"user_input": "Q", "id": "x"}', ":2: 'x' is already on line 1"),
        ('{"user_input": "Q", "response": "A", "reference_contexts": [3]}', ":1: 'reference_contexts[0]' is 3"),
        ('{"question": "Q", "statements": []}', ":1: an output of ours cites articles by their place; give --suite"),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_by_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError) as raised:
        score_file(written(tmp_path, text))
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b'{"response": "caf\xe9"}')
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"{}" * 999)[:20])
    for name, told in (("latin.jsonl", "not UTF-8"), ("cut.gz", "cut short"), ("none.jsonl", "cannot be read")):
        with pytest.raises(InputError, match=told):
            score_file(tmp_path / name)


def test_the_same_file_gives_the_same_bytes_and_its_report_the_same_scores(tmp_path: Path) -> None:
    path = written(tmp_path, *RAGAS)
    first, again = (dumps(to_json(score_file(path))) for _ in range(2))
    assert first == again
    kept = written(tmp_path, first, name="report.json")
    assert dumps(to_json(score_file(kept))) == first
    with pytest.raises(UsageError, match="leave --suite out"):
        score_file(kept, "seeds")


def test_contexts_of_no_article_are_in_the_report_so_that_it_can_be_read_back(tmp_path: Path, suite: Path) -> None:
    other = GOOD | {"contexts": ["Words of nobody.", "It cost $3 million."]}
    report = score_file(written(tmp_path, other), suite)
    assert value(report, "cost", "mrr") == 0.5
    path = written(tmp_path, dumps(to_json(report)), name="report.json")
    back = by_id(read_report(path))["cost"].output
    assert isinstance(back, Answer)
    assert back.hits[0].text == "Words of nobody."
    assert recalled(report.texts).article_text(back.hits[0].article_id, 1) == "Words of nobody."


@pytest.mark.parametrize(
    "contexts",
    ["['One.' 'Two.']", "['One.'\n 'Two.']", '["One.", "Two."]', "['One.', 'Two.']", "['One.' \"Two.\"]"],
)
def test_lists_that_tables_of_data_write_as_text_are_lists(tmp_path, contexts):
    table, lines = tmp_path / "rows.csv", tmp_path / "rows.jsonl"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["user_input", "response", "retrieved_contexts"], ["Q?", "Two. [2]", contexts]])
    lines.write_text(json.dumps({"user_input": "Q?", "response": "Two. [2]", "retrieved_contexts": contexts}))
    for path in (table, lines):
        (outcome,) = score_file(path).outcomes
        assert (outcome.scores["exact"].value, outcome.scores["citation_recall"].value) == (1.0, 1.0)


def test_a_cell_that_says_nan_has_nothing(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("user_input,response,retrieved_contexts,reference\nQ?,Two.,nan,NaN\n")
    (outcome,) = score_file(path).outcomes
    assert (outcome.case.answers, outcome.output.hits) == ((), ())
