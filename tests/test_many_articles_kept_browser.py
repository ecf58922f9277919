"""What is kept, in a real Chromium on a whole newsroom's articles: conversations, what is said of them, evaluations.

Run as ``test_many_articles_browser.py`` is. Nothing is expected of particular articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import many_articles
import places
import pytest
from browsing import Visit, served, visiting
from click.testing import CliRunner
from many_articles import NOBODY, SERVE, answered, same, several

from eval.commands.new import new_command
from eval.drafting.drafting import Drafts, draft
from eval.drafting.writing import write
from eval.suite import load_suite
from rag import Archive

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = many_articles.needed

CASES = 8
BESIDE = 40
"""Articles of the suite besides those that its cases are about: each run takes them all in."""
LONG = 120_000
"""Milliseconds in which a run is done on a machine with other work."""
# What the run says of itself is noted, as a line may be gone before anyone looks.
NOTE = """() => { window.heard = new Set();
  const note = () => window.heard.add(document.querySelector("#run-progress").textContent);
  new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many_articles.copied(tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="module")
def archive(folder: Path) -> Iterator[Archive]:
    """What the page shows, for reading only."""
    with Archive.open(folder, model="extractive") as archive:
        yield archive


@pytest.fixture(scope="module")
def suites(archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a suite drafted from all articles, of which it keeps a few beside those asked about."""
    drafts = draft(archive, many=CASES)
    folder = tmp_path_factory.mktemp("suites")
    write(folder / "drawn.jsonl", replace(drafts, articles=_few(drafts)))
    return folder


def _few(drafts: Drafts) -> tuple:
    asked = {gold.article for case in drafts.cases for gold in case.gold}
    asked |= {id for case in drafts.cases if case.summarize for id in case.summarize.articles}
    others = [one.id for one in drafts.articles if one.id not in asked][:BESIDE]
    return tuple(one for one in drafts.articles if one.id in asked | set(others))


@pytest.fixture(scope="module")
def site(folder: Path, suites: Path) -> Iterator[str]:
    with served(SERVE, str(folder), "0", "extractive", str(suites)) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    with visiting(browser, site, {}) as visit:
        visit.page.wait_for_selector(".suggestion")
        yield visit


def converse(visit: Visit, questions: Sequence[str]) -> None:
    """A conversation for each question."""
    for question in questions:
        if visit.page.locator(".exchange").count():
            places.start_over(visit.page)
        visit.ask(question)


def lists(visit: Visit, *questions: str) -> None:
    """Wait until the history has these conversations, in this order; long questions are cut there."""
    places.go_to(visit.page, "History")
    listed = visit.page.locator("#history .open")
    for place, question in enumerate(questions):
        listed.nth(place).filter(has_text=question[:60]).wait_for()
    assert listed.count() == len(questions)


def test_a_conversation_outlasts_a_reload_and_a_restart_with_its_quotes(
    browser: Browser, folder: Path, archive: Archive
) -> None:
    questions = several(archive, 2)
    context = browser.new_context(reduced_motion="reduce")
    visit = Visit(context.new_page())
    with served(SERVE, str(folder), "0", "extractive", "") as address:
        visit.page.goto(address)
        visit.page.wait_for_selector(".suggestion")
        converse(visit, questions)
        before, quotes = pressed(visit), answered(address, questions[1])["citations"]
        assert before == [one["quote"] for one in quotes]
        visit.page.reload()
        assert pressed(visit) == before
    with served(SERVE, str(folder), str(urlsplit(address).port), "extractive", ""):
        visit.page.reload()
        assert pressed(visit) == before
        lists(visit, *questions[::-1])
    context.close()


def pressed(visit: Visit) -> list[str]:
    """What each number of the answer marks, in their order."""
    visit.page.wait_for_selector("#turn-1 .answer")
    numbers = {int(one) for one in places.numbers(visit.page, 1).all_text_contents()}
    marked = []
    for number in sorted(numbers):
        visit.page.locator(f"#turn-1 a.cite[data-number='{number}']").first.click()
        visit.page.wait_for_selector(f"#panel mark.current[data-numbers~='{number}']")
        marked.append(visit.marked())
    return marked


def test_conversations_are_found_by_what_was_answered_and_deleted_and_had_back(visit: Visit, site: str) -> None:
    questions = visit.page.locator(".suggestion").all_text_contents()[:3]
    converse(visit, questions)
    lists(visit, *questions[::-1])
    word = max(re.findall(r"\w+", answered(site, questions[1])["statements"][0]["text"]), key=len)
    having = [one for one in questions if word.casefold() in json.dumps(answered(site, one)["answer"]).casefold()]
    visit.page.get_by_label("Search in questions and answers").fill(word)
    visit.page.locator("#history .hint", has_text=f"{len(having)} conversation").filter(has_text="found").wait_for()
    lists(visit, *having[::-1])
    visit.page.get_by_label("Search in questions and answers").fill("")
    visit.page.locator("#history .hint", has_text=re.compile("^3 conversations$")).wait_for()
    visit.page.locator("#history .remove").first.press("Enter")
    visit.page.locator("#history .note", has_text="Deleted").wait_for()
    lists(visit, *questions[1::-1])
    visit.page.locator("#history").get_by_role("button", name="Undo").press("Enter")
    visit.page.get_by_text("It is back.").wait_for()
    lists(visit, *questions[::-1])


def test_an_earlier_conversation_is_opened_and_gone_on_with(visit: Visit, site: str) -> None:
    questions = visit.page.locator(".suggestion").all_text_contents()[:2]
    converse(visit, questions)
    lists(visit, *questions[::-1])
    visit.page.locator("#history .open").last.press("Enter")
    visit.page.locator("#turn-1 .question", has_text=questions[0]).wait_for()
    told = answered(site, questions[0])
    assert same(visit.page.locator("#turn-1 .statement").all_text_contents(), told)
    visit.ask("Who said so?", turn=2)
    followed = answered(site, "Who said so?", [(questions[0], told["answer"])])
    assert same(visit.page.locator("#turn-2 .statement").all_text_contents(), followed)


def test_all_conversations_are_saved_with_their_citations(visit: Visit, site: str) -> None:
    questions = visit.page.locator(".suggestion").all_text_contents()[:2]
    converse(visit, questions)
    lists(visit, *questions[::-1])
    with visit.page.expect_download() as saved:
        visit.page.locator("#history").get_by_role("link", name="Export all as JSON").press("Enter")
    told = json.loads(Path(saved.value.path()).read_text("utf-8"))["conversations"]
    answers = {one["exchanges"][0]["question"]: one["exchanges"][0]["answer"] for one in told}
    assert {one: answers[one]["citations"] for one in answers} == {
        one: answered(site, one)["citations"] for one in questions
    }


def test_what_readers_say_of_answers_becomes_cases(visit: Visit, folder: Path, archive: Archive, site: str) -> None:
    good, bad = several(archive, 2)
    wrong = answered(site, bad)
    visit.ask(good)
    visit.page.locator("#turn-1").get_by_role("button", name="Right").click()
    visit.page.get_by_text("You said that this is right.").wait_for()
    places.start_over(visit.page)
    visit.ask(bad)
    turn = visit.page.locator("#turn-1")
    turn.get_by_text("Wrong", exact=True).click()
    turn.locator("input[type=radio][value='0']").check()
    turn.get_by_role("button", name="Send").press("Enter")
    visit.page.wait_for_selector(".judged:has-text('wrong: sentence 1')")
    out = folder.parent / "said.jsonl"
    drafted = CliRunner().invoke(new_command, [str(folder), "--feedback", "--out", str(out)])
    assert drafted.exit_code == 0, drafted.stderr
    cases = {one.question: one for one in load_suite(out).cases}
    assert cases.keys() == {good, bad}
    assert {one.quote for one in cases[good].gold} == {one["quote"] for one in answered(site, good)["citations"]}
    assert cases[bad].forbidden == (wrong["statements"][0]["text"],)


def test_a_refusal_called_right_becomes_a_case_without_an_answer(visit: Visit, folder: Path) -> None:
    visit.ask(NOBODY)
    visit.page.locator("#turn-1").get_by_role("button", name="Right").click()
    visit.page.get_by_text("You said that this is right.").wait_for()
    out = folder.parent / "refused.jsonl"
    drafted = CliRunner().invoke(new_command, [str(folder), "--feedback", "--out", str(out)])
    assert drafted.exit_code == 0, drafted.stderr
    (case,) = [one for one in load_suite(out).cases if one.question == NOBODY]
    assert not case.answerable


def run_suite(visit: Visit) -> str:
    """The name of the run that came of it."""
    before = visit.page.locator("#run-progress").inner_text()
    # A click would meet what was there before the page scrolled to the report.
    visit.page.locator("#run-form").get_by_role("button", name="Run", exact=True).press("Enter")
    visit.page.wait_for_function(
        "(before) => { const said = document.querySelector('#run-progress').innerText;"
        " return said !== before && said.startsWith('Done, and kept as drawn-'); }",
        arg=before,
        timeout=LONG,
    )
    return visit.page.locator("#run-progress").inner_text().split()[-1].rstrip(".")


def test_a_suite_drawn_from_the_articles_is_run_and_two_runs_compared(visit: Visit, suites: Path) -> None:
    cases = len(load_suite(suites / "drawn.jsonl").cases)
    places.go_to(visit.page, "Evaluation")
    visit.page.evaluate(NOTE)
    first = run_suite(visit)
    heard = " | ".join(visit.page.evaluate("[...window.heard]"))
    assert set(map(int, re.findall(rf"(\d+) of {cases}\b", heard))) & set(range(1, cases))
    report = visit.page.frame_locator("#evaluation iframe")
    report.get_by_text(f"{cases} of {cases} cases shown").wait_for()
    assert report.locator("svg[role=img]").first.evaluate("(one) => one.getBoundingClientRect().width") > 100
    second = run_suite(visit)
    assert second != first
    visit.page.locator(f"#runs [data-against='{first}']").press("Enter")
    visit.page.wait_for_selector(f"#evaluation iframe[src='evaluations/{second}/against/{first}']")
    compared = visit.page.frame_locator("#evaluation iframe")
    compared.get_by_role("heading", name="Comparison").wait_for()
    compared.locator("table.metrics").first.wait_for()
    kept = {one.stem for one in (suites / "runs").glob("*.json")}
    assert {first, second} <= kept
