"""Suites: what a good one yields, and that every fault is named with its line."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval.cases import Gold, SummaryRequest, case_from, case_json
from eval.suite import article_files, load_suite, locate, select, shipped
from rag.errors import InputError, UsageError
from rag.records import Article, Turn

HEADER = {"suite": "small", "version": "1", "articles": "news", "description": "Two cases."}
TEXT = "The bridge opened on Monday. It cost $3 million."


def a_case(**changes):
    case = {
        "id": "cost",
        "question": "What did the bridge cost?",
        "answerable": True,
        "answers": ["$3 million"],
        "gold": [{"article": "bridge", "quote": "It cost $3 million."}],
        "tags": ["facts"],
        "source": "Groundwire",
        "licence": "CC0-1.0",
    }
    return case | changes


def written(folder: Path, *records, header=HEADER) -> Path:
    (folder / "news").mkdir()
    (folder / "news" / "bridge.txt").write_text("Bridge opens\n\n" + TEXT, encoding="utf-8")
    lines = [record if isinstance(record, str) else json.dumps(record) for record in (header, *records)]
    path = folder / "small.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def bridge(**changes) -> Article:
    return Article(**({"id": "a1", "title": "Bridge opens", "text": TEXT, "origin": "/x/bridge.txt"} | changes))


def test_a_suite_is_read_with_its_articles_beside_it(tmp_path):
    turns = [{"question": "Which bridge?", "answer": "The new one."}]
    given = a_case(history=turns, as_of="2024-05-02", outlet="Gazette", since="2024-05-01")
    suite = load_suite(written(tmp_path, given))
    case = suite.cases[0]
    assert (suite.name, suite.version, suite.articles) == ("small", "1", tmp_path / "news")
    assert (case.line, case.history, case.outlet) == (2, (Turn("Which bridge?", "The new one."),), "Gazette")
    assert case.as_of == datetime(2024, 5, 2, 23, 59, 59, tzinfo=UTC), "a day alone is asked when it is over"
    assert replace(case_from(case_json(case)), line=2) == case


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ('{"id": ', r"small.jsonl:3: broken JSON at column \d+"),
        ("[1]", r":3: a list is not a JSON object"),
        ('{"id": ' + "[" * 100_000, r"small.jsonl:3: broken JSON \(nested too deep\)"),
        ('{"id": NaN}', r":3: broken JSON \(NaN is no finite number\)"),
        ({"id": "x"}, r":3: 'answerable' is missing; add it"),
        (a_case(id="x", golden=[]), r":3: unknown key 'golden'; the keys are "),
        (a_case(), r":3: id 'cost' is already that of line 2"),
        (a_case(id="x", answers=[]), r":3: answerable without 'answers'"),
        (a_case(id="x", gold=[]), r":3: answerable without 'gold'"),
        (a_case(id="x", answerable=False), r":3: 'answers' or 'gold' given but 'answerable' is false"),
        (a_case(id="x", gold=[{"quote": "It cost $3 million."}]), r":3: 'article' is missing"),
        (a_case(id="x", answerable="yes"), r":3: 'answerable' must be true or false"),
        (a_case(id="x", tags="facts"), r":3: 'tags' must be a list of strings"),
        (a_case(id="x", gold=0), r":3: 'gold' must be a list of objects"),
        (a_case(id="x", answerable=False, answers=[], gold=False), r":3: 'gold' must be a list of objects"),
        (a_case(id="x", history=""), r":3: 'history' must be a list of objects"),
        (a_case(id="x", history=["hello"]), r":3: 'history' must be a list of objects"),
        (a_case(id="x", as_of="yesterday"), r":3: 'as_of' is 'yesterday', not an ISO date"),
        (a_case(id="x", question=" "), r":3: 'question' must be text"),
    ],
)
def test_a_broken_case_is_named_by_its_line(tmp_path, record, message):
    with pytest.raises(InputError, match=message):
        load_suite(written(tmp_path, a_case(), record))


def test_all_faults_of_a_suite_are_told_at_once_a_line_each(tmp_path):
    with pytest.raises(InputError) as raised:
        load_suite(written(tmp_path, a_case(), "{", a_case(), a_case(id="x", answers=[])))
    lines = str(raised.value).split("\n")
    assert [line.split(": ")[0].rpartition(":")[2] for line in lines] == ["3", "4", "5"]


def test_gold_that_is_nowhere_is_told_of_every_case(tmp_path):
    wrong = [a_case(id=id, gold=[{"article": "bridge", "quote": "It cost $4 million."}]) for id in ("a", "b")]
    with pytest.raises(InputError, match=r"jsonl:2: case 'a': .*\n.*jsonl:3: case 'b': "):
        locate(load_suite(written(tmp_path, *wrong)), [bridge()])


def test_of_a_file_that_is_no_suite_not_every_line_is_told(tmp_path):
    with pytest.raises(InputError) as raised:
        load_suite(written(tmp_path, *["{"] * 50))
    assert str(raised.value).split("\n")[20:] == ["and 30 faults more."]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (HEADER | {"articles": "elsewhere"}, r":1: no folder 'elsewhere' beside the suite"),
        ({"suite": "small"}, r":1: 'articles' is missing"),
        (a_case(), r":1: a case where the header should be"),
    ],
)
def test_a_broken_header_is_named_by_its_line(tmp_path, header, message):
    with pytest.raises(InputError, match=message):
        load_suite(written(tmp_path, a_case(), header=header))


def a_summary(**changes):
    request = {"articles": ["bridge"], "style": "bullets", "words": 40}
    case = a_case(answers=[], summarize=request | changes.pop("summarize", {}))
    del case["question"]
    return case | changes


def test_a_summary_request_is_a_case_with_points_that_must_be_told(tmp_path):
    expected = {"speaker": ["Ada Lind"], "date": "2024-05", "differs": ["$4 million"], "forbidden": ["Buy now"]}
    suite = load_suite(written(tmp_path, a_summary(**expected)))
    case = locate(suite, [bridge()]).cases[0]
    assert case.summarize == SummaryRequest(articles=("a1",), style="bullets", words=40)
    assert case.question == "Summarise: bridge"
    assert (case.speaker, case.date, case.differs, case.forbidden) == (
        ("Ada Lind",),
        "2024-05",
        ("$4 million",),
        ("Buy now",),
    )
    assert replace(case_from(case_json(case)), line=2) == case


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (a_summary(summarize={"form": "bullets"}), r"unknown key 'form'; the keys are articles, "),
        (a_summary(summarize={"style": "poem"}), "'style' is 'poem'; the styles are paragraph, "),
        (a_summary(summarize={"words": 0}), "'words' must be a whole number from 1"),
        (a_summary(summarize={"words": True}), "'words' must be a whole number from 1"),
        (a_summary(summarize={"query": "bridge"}), "names more than one of 'articles', 'query' and 'story'"),
        (a_summary() | {"summarize": "all"}, "'summarize' must be an object with any of articles, "),
        (a_case(question=None), "'question' is missing; add it, or 'summarize'"),
        (a_case(date="May 2024"), "'date' is 'May 2024'; write a day, month or year"),
        (a_case(date="2023-02-31"), "'date' is '2023-02-31'"),
        (a_case(speaker="Ada"), "'speaker' must be a list of strings"),
    ],
)
def test_a_broken_request_or_expectation_is_named_by_its_line(tmp_path, record, message):
    with pytest.raises(InputError, match=rf"small.jsonl:2: .*{message}"):
        load_suite(written(tmp_path, record))


def test_a_request_for_an_article_that_is_not_there_is_named_by_line_and_case(tmp_path):
    suite = load_suite(written(tmp_path, a_summary(summarize={"articles": ["tunnel"]})))
    with pytest.raises(InputError, match=r"small.jsonl:2: case 'cost': no article is called 'tunnel'"):
        locate(suite, [bridge()])


def test_every_shipped_suite_is_found_by_its_name():
    assert "seeds" in shipped()
    assert [load_suite(name).path.stem for name in shipped()] == list(shipped())


def test_a_suite_beside_its_articles_is_asked_to_part_from_them(tmp_path):
    path = written(tmp_path, a_case(), header=HEADER | {"articles": "."})
    with pytest.raises(InputError, match="'articles' is the suite's own folder"):
        load_suite(path)


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_a_name_that_no_file_can_have_is_that_of_no_suite(name):
    with pytest.raises(InputError, match="No suite"):
        load_suite(name)


def test_a_day_beyond_the_calendar_is_named_by_its_line(tmp_path):
    with pytest.raises(InputError, match=r"small.jsonl:2: 'as_of' is .*beyond the calendar"):
        load_suite(written(tmp_path, a_case(as_of="0001-01-01T00:00:00+14:00")))


@pytest.mark.parametrize("name", ["nowhere", "../suites/seeds", "seeds.jsonl", ""])
def test_a_suite_that_is_not_there_is_answered_with_those_that_are(name):
    with pytest.raises(InputError) as raised:
        load_suite(name)
    names = ", ".join(shipped())
    assert str(raised.value) == f"No suite '{name}'. Give a .jsonl file, or the name of a shipped suite: {names}."


def test_empty_caseless_and_undecodable_files_are_refused(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"")
    with pytest.raises(InputError, match="suite is empty"):
        load_suite(path)
    path.write_bytes(b'{"suite": "caf\xe9"}')
    with pytest.raises(InputError, match=r"bad\.jsonl:1: not UTF-8 at byte 15 of the file"):
        load_suite(path)
    with pytest.raises(InputError, match="header but no cases"):
        load_suite(written(tmp_path))


def test_a_line_separator_inside_a_quote_is_no_end_of_line(tmp_path):
    question = "What did\u2028the bridge cost?"
    path = written(tmp_path, json.dumps(a_case(question=question), ensure_ascii=False))
    assert load_suite(path).cases[0].question == question


def test_the_digest_changes_with_a_case_and_with_an_article_but_not_with_a_readme(tmp_path):
    path = written(tmp_path, a_case())
    first = load_suite(path).digest
    (tmp_path / "news" / "README.md").write_text("About these articles.", encoding="utf-8")
    assert load_suite(path).digest == first
    (tmp_path / "news" / "bridge.txt").write_text("Bridge closes\n\n" + TEXT, encoding="utf-8")
    second = load_suite(path).digest
    path.write_text(path.read_text().replace("What did", "How much did"))
    assert len({first, second, load_suite(path).digest}) == 3


def test_article_files_are_found_in_folders_below_and_in_order(tmp_path):
    for name in ("b.md", "a/z.txt", "a/c.html", "README.md", "notes.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = [path.relative_to(tmp_path).as_posix() for path in article_files(tmp_path)]
    assert found == ["a/c.html", "a/z.txt", "b.md"]


@pytest.mark.parametrize("name", ["a1", "bridge", "bridge.txt", "Bridge opens", "https://example.org/bridge"])
def test_gold_names_an_article_by_id_file_title_or_address(tmp_path, name):
    case = a_case(gold=[{"article": name, "quote": "It cost $3 million."}])
    suite = load_suite(written(tmp_path, case))
    located = locate(suite, [bridge(url="https://example.org/bridge"), bridge(id="a2", title="Other", origin=None)])
    assert located.cases[0].gold == (Gold("a1", "It cost $3 million."),)
    assert located.cases[0].cluster == "a1"


@pytest.mark.parametrize(
    ("articles", "message"),
    [
        ([bridge(text="It cost $4 million.")], r"small.jsonl:2: case 'cost': 'bridge' does not contain 'It cost \$3"),
        ([], r":2: case 'cost': no article is called 'bridge'"),
        ([bridge(), bridge(id="a2")], r":2: case 'cost': 2 articles are called 'bridge'"),
    ],
)
def test_gold_that_its_article_does_not_hold_is_named_by_line_and_case(tmp_path, articles, message):
    with pytest.raises(InputError, match=message):
        locate(load_suite(written(tmp_path, a_case())), articles)


def test_cases_are_selected_by_tag_then_by_number(tmp_path):
    cases = [a_case(id=str(n), tags=["odd" if n % 2 else "even", "all"]) for n in range(6)]
    loaded = load_suite(written(tmp_path, *cases)).cases
    assert [case.id for case in select(loaded, tags=["odd"], limit=2)] == ["1", "3"]
    assert len(select(loaded)) == 6
    with pytest.raises(UsageError, match=r"No case is tagged 'prime'\. The tags are: all, even, odd"):
        select(loaded, tags=["prime"])
