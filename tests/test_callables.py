"""Any callable as a system: found by name, called by its signature, its faults told in one line."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eval.cases import Case, Gold
from eval.foreign.callables import opener
from eval.foreign.scoring import score_file
from eval.report import Report, Settings
from eval.running.calls import call
from eval.running.runner import Running, evaluate, run
from eval.running.saved import dumps, recalled, to_json
from eval.suite import Suite
from rag.errors import UsageError
from rag.records import Answer, Article

COST = "It cost $3 million."
ARTICLES = [Article("a1", "Bridge opens", f"The bridge opened on Monday. {COST}")]
CASE = Case("cost", "What did it cost?", True, ("$3 million",), (Gold("a1", COST),), ("facts",), "s", "l")
Write = Callable[[str], str]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Writes a module into the current folder and gives its name; it is forgotten again."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    name = f"a_system_{hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]}"

    def write(source: str) -> str:
        (tmp_path / f"{name}.py").write_text(source, encoding="utf-8")
        return name

    yield write
    sys.modules.pop(name, None)


def answered(named: str) -> Answer:
    output, error = call(opener(named)[0](ARTICLES), CASE)
    assert error is None
    assert isinstance(output, Answer)
    return output


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def f(case): return case.question", "What did it cost?"),
        ("def f(question): return question", "What did it cost?"),
        ("def f(words: str): return words", "What did it cost?"),
        ("from __future__ import annotations\ndef f(words: str): return words", "What did it cost?"),
        ("def f(query, /, temperature=0): return query", "What did it cost?"),
        ("def f(case, articles): return articles[0].text", ARTICLES[0].text),
        ("def f(question, articles=()): return question + ' ' + articles[0].title", "What did it cost? Bridge opens"),
        ("def f(*all): return all[0].question", "What did it cost?"),
        ("async def f(question): return question", "What did it cost?"),
        ("class F:\n def __call__(self, prompt): return prompt\nf = F()", "What did it cost?"),
        ("from functools import partial\ndef g(model, question): return model\nf = partial(g, 'Mine.')", "Mine."),
    ],
)
def test_a_callable_is_given_what_its_parameters_ask_for(module: Write, source: str, told: str) -> None:
    answer = answered(f"{module(source)}:f")
    assert " ".join(statement.text for statement in answer.statements) == told


def test_what_it_returns_is_read_in_every_shape_and_verified(module: Write) -> None:
    name = module(
        f"class My:\n def ask(self, question):\n  return {{'answer': '{COST} [1]', 'contexts': ['{COST}']}}\nmy = My()"
    )
    answer = answered(f"{name}:my.ask")
    assert [statement.verdict for statement in answer.statements] == ["supported"]
    assert (answer.citations[0].article_id, answer.citations[0].quote) == ("a1", COST)


def test_the_digest_is_of_the_source(module: Write) -> None:
    source = "def f(case): return 'x'"
    assert opener(f"{module(source)}:f")[1] == hashlib.sha256(source.encode()).hexdigest()


@pytest.mark.parametrize(
    ("source", "named", "told"),
    [
        ("", "{}", "names no callable; write module:function"),
        ("", "{}:", "names no callable; write module:function"),
        ("", "no_such_module:f", "No module 'no_such_module' in this folder or installed"),
        ("def f(case): 1", "{}.py:f", "without '.py'"),
        ("x = 1", "{}:f", "has no 'f'"),
        ("x = 1", "{}:x", "is int, which cannot be called"),
        ("import no_such_library", "{}:f", "needs 'no_such_library', which is not installed"),
        ("raise OSError('disk\\ngone')", "{}:f", "raised OSError: disk gone"),
        ("import sys; sys.exit(3)", "{}:f", "raised SystemExit: 3"),
        ("def f(:", "{}:f", "raised SyntaxError"),
        ("def f(): pass", "{}:f", "takes 0 arguments"),
        ("def f(a, b, c): pass", "{}:f", "takes 3 arguments"),
        ("def f(case, *, key): pass", "{}:f", "needs 'key'"),
    ],
)
def test_what_cannot_be_called_is_told_in_one_line(module: Write, source: str, named: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        opener(named.format(module(source)))
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return None", "returned nothing"),
        ("return 7", "returned 7; return text, an object with 'answer', or an Answer"),
        ("return float('nan')", "returned NaN; return text, an object with 'answer', or an Answer"),
        ("return {'answer': ''}", "'answer' is empty; it must be text"),
        ("raise ValueError('my own')", "ValueError: my own"),
    ],
)
def test_a_wrong_output_is_a_failed_case_that_says_why(module: Write, body: str, told: str) -> None:
    system = opener(f"{module(f'def f(case): {body}')}:f")[0](ARTICLES)
    assert call(system, CASE) == (None, told)


def test_one_that_hangs_is_given_up(module: Write) -> None:
    system = opener(f"{module('import threading' + chr(10) + 'def f(case): threading.Event().wait()')}:f")[0](
        ARTICLES
    )
    assert call(system, CASE, timeout=0.05) == (None, "gave nothing within 0.05 s")


def report_of(named: str, folder: Path) -> Report:
    suite = Suite("small", "1", "Small.", folder / "small.jsonl", folder, (CASE,), "d1")
    context = recalled({(article.id, article.revision): article.text for article in ARTICLES})
    return evaluate(suite, system=opener(named)[0](ARTICLES), context=context, settings=Settings(system=named))


@pytest.mark.parametrize("cites", ["[1]", "[1][2]", "[9]"])
def test_a_run_that_cites_words_of_no_article_is_scored_and_its_report_read_back(
    module: Write, tmp_path: Path, cites: str
) -> None:
    source = f"def f(question): return {{'answer': '{COST} {cites}', 'contexts': ['Words of nobody.', '{COST}']}}"
    report = report_of(f"{module(source)}:f", tmp_path)
    scores = {name: score.value for name, score in report.outcomes[0].scores.items()}
    assert (scores["mrr"], scores["exact"]) == (0.5, 0.0 if cites == "[9]" else 1.0)
    kept = tmp_path / "report.json"
    kept.write_text(dumps(to_json(report)), encoding="utf-8")
    assert score_file(kept).outcomes == report.outcomes


def test_null_systems_pass_over_a_citation_of_nothing(module: Write, tmp_path: Path) -> None:
    cited = [{"article": "a1", "quote": COST}, {"article": "nobody's", "quote": "Nothing."}]
    given = {"answer": f"{COST} [1][2]", "citations": cited}
    report = report_of(f"{module(f'def f(case): return {given}')}:f", tmp_path)
    assert report.outcomes[0].scores["exact"].reason == "[2] cites an unknown article"
    assert report.nulls["cite_all"]["exact"].mean == 1.0


def test_an_unfinished_run_keeps_what_no_article_has_and_asks_nothing_twice(module: Write, tmp_path: Path) -> None:
    name = module(
        "import pathlib\n"
        "def f(question):\n"
        " with open('asked.txt', 'a') as file: file.write(question + '\\n')\n"
        " if question == 'B?' and not pathlib.Path('go').exists(): raise KeyboardInterrupt\n"
        " return {'answer': 'Words of nobody. [1]', 'contexts': ['Words of nobody.']}\n"
    )
    news = tmp_path / "news"
    news.mkdir()
    (news / "bridge.txt").write_text(f"Bridge opens\n\nThe bridge opened on Monday. {COST}", encoding="utf-8")
    cases = tuple(Case(q, f"{q}?", False, (), (), (), "s", "l") for q in "AB")
    suite = Suite("small", "1", "Small.", tmp_path / "small.jsonl", news, cases, "d1")
    made, digest = opener(f"{name}:f")
    running = Running(jobs=1, runs=tmp_path / "runs", system_digest=digest)
    with pytest.raises(KeyboardInterrupt):
        run(suite, Settings(system=name), running, opener=made)
    (tmp_path / "go").touch()
    report = run(suite, Settings(system=name), running, opener=made)
    assert (tmp_path / "asked.txt").read_text(encoding="utf-8").split() == ["A?", "B?", "B?"]
    assert [outcome.scores["exact"].value for outcome in report.outcomes] == [1.0, 1.0]
