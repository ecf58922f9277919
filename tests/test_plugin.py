"""``grounded``: for a team's own tests, by itself and as pytest's fixture."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.grounded import grounded
from rag import Archive
from rag.contract import answer_json
from rag.errors import UsageError
from rag.records import Answer, Refusal, Statement

pytest_plugins = "pytester"

ROOT = Path(__file__).parents[1]
SOURCE = "The bridge opened on Monday. It cost $3 million."


@pytest.fixture(scope="module")
def ours(seeded: Archive) -> Answer:
    answer = seeded.ask("Which planes are built at the plant Kim toured?")
    assert answer.citations
    return answer


def test_our_own_answer_is_grounded_with_and_without_its_articles(ours: Answer, seeded: Archive) -> None:
    cited = [seeded.article(citation.article_id) for citation in ours.citations]
    for sources in (None, seeded, cited, [article.text for article in cited]):
        assert grounded(ours, sources=sources)
    assert grounded(answer_json(ours))
    assert grounded(answer_json(ours), sources=seeded)


def test_a_quote_that_its_article_does_not_have_is_seen_where_the_article_is_given(
    ours: Answer, seeded: Archive
) -> None:
    forged = replace(ours, citations=tuple(replace(one, quote=one.quote + "!") for one in ours.citations))
    assert grounded(forged)
    for sources in (seeded, seeded.articles(), ["Other words."], []):
        result = grounded(forged, sources=sources)
        assert not result
        assert result.inexact


def test_a_number_that_names_nothing_is_a_fault(ours: Answer) -> None:
    result = grounded(replace(ours, statements=(replace(ours.statements[0], citations=(1, 77)),)))
    assert not result
    assert "[77] names no citation" in result.inexact


def test_a_contract_that_claims_too_much_is_not_believed(ours: Answer) -> None:
    record = answer_json(ours)
    record["statements"][0]["text"] = "The plant builds 900 ships a year."
    assert not grounded(record)


@pytest.mark.parametrize(
    "given",
    [
        "It cost $3 million.",
        "It cost $3 million [1].",
        "I don't know.",
        {"response": "It cost $3 million [1].", "retrieved_contexts": ["Wrong."]},
        {"question": "?", "answer": "It cost $3 million.", "context": [{"text": "Wrong."}]},
    ],
)
def test_text_and_other_shapes_are_checked_against_the_sources_given(given: Any) -> None:
    assert grounded(given, sources=[SOURCE])
    assert grounded(given, sources=SOURCE)


@pytest.mark.parametrize(
    "given", ["It cost $3 million [2].", "It cost $4 million [1].", "It cost $4 million.", "# Title"]
)
def test_what_the_sources_do_not_bear_is_not_grounded(given: str) -> None:
    assert not grounded(given, sources=[SOURCE])


def test_a_refusal_is_grounded_and_shows_nothing(ours: Answer) -> None:
    assert grounded(replace(ours, statements=(), citations=(), refusal=Refusal("off_topic", "Nothing.")))
    assert repr(grounded("I don't know.")) == "grounded: it refuses"


def test_a_share_of_sentences_may_be_enough() -> None:
    given = "It cost $3 million. It fell down in May."
    result = grounded(given, sources=[SOURCE], at_least=0.5)
    assert result
    assert result.share == 0.5
    assert not grounded(given, sources=[SOURCE], at_least=0.51)


def test_each_fault_is_one_clean_line(ours: Answer) -> None:
    hostile = Statement("It fell\x1b[31m\n\u202edown.", (), "unsupported")
    shown = repr(grounded(replace(ours, statements=(*ours.statements, hostile))))
    assert shown.splitlines() == [
        "not grounded: 1 of 2 sentences supported",
        "  “It fell[31m down.”: unsupported",
    ]


@pytest.mark.parametrize("at_least", [-0.1, 1.1, float("nan"), True, "all"])
def test_a_share_that_is_none_is_refused(at_least: Any) -> None:
    with pytest.raises(UsageError, match="at_least is"):
        grounded("It fell.", at_least=at_least)


@pytest.mark.parametrize("given", [None, 3, "", {}, {"response": None}, float("nan")])
def test_what_is_no_answer_is_told_in_one_line(given: Any) -> None:
    with pytest.raises(UsageError, match=r"^grounded\(\): [^\n]+\.$"):
        grounded(given)


def test_the_fixture_says_all_that_is_wrong_below_the_failure(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(f"""
        def test_good(grounded):
            assert grounded("It cost $3 million.", sources=[{SOURCE!r}])

        def test_bad(grounded):
            assert grounded("It cost $4 million. " * 9 + "It fell down in May.", sources=[{SOURCE!r}])
    """)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*- grounded -*", "not grounded: 0 of 10 sentences supported", "*It fell down in May.*"]
    )


def test_a_folder_of_that_name_in_somebodys_project_breaks_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(**{"eval/__init__": "", "test_theirs": "def test_theirs(): import eval"})
    result = pytester.run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)


def test_pytest_starts_without_loading_the_rest() -> None:
    code = "import sys, groundwire_pytest; print(*sorted(name for name in sys.modules if name.split('.')[0] in ('eval', 'rag', 'numpy')))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert loaded.split() == ["eval", "eval.plugin"]
