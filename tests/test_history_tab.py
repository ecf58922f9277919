"""The History tab in a real Chromium: what was asked is found again, exported, deleted and had back.

Skipped where no Chromium is installed; with GROUNDWIRE_REQUIRE_BROWSER=1 that is a failure. Screenshots are left in
tests/screenshots.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import CONTRAST, PHONE, SIDEWAYS, Visit, served, visiting
from click.testing import CliRunner
from ui_records import ANSWER, AS_OF, REFUSED

from eval.commands.new import new_command
from eval.feedback import judged
from eval.suite import load_suite
from rag.contract import answer_json
from ui.kept.conversations import Conversations
from ui.kept.exchange import Exchange
from ui.readers import COOKIE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SERVE = """
import sys
from rag import Archive
from ui.serving.server import serve
with Archive.open(sys.argv[1], model="extractive") as archive:
    archive.ingest([sys.argv[2]])
    serve(archive, port=0, ready=lambda address: print(address, flush=True))
"""
HOSTILE = '<img src=x onerror="document.title=1"> ![x](https://evil.example/x.png) ' + "x" * 300
ARTICLE = {"id": "dam", "title": "Halvik Dam is done", "text": "The Halvik Dam was completed on 3 May 2019."}
OLD = ["Who is the plant named after?", "كم عدد السفن في الميناء؟", HOSTILE]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    (folder / "articles.jsonl").write_text(json.dumps(ARTICLE), "utf-8")
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    with served(SERVE, str(folder / "archive"), str(folder / "articles.jsonl")) as address:
        yield address


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, site: str, folder: Path) -> Iterator[Visit]:
    """A reader who had three conversations, with the History tab open."""
    with visiting(browser, site, getattr(request, "param", {})) as visit:
        (reader,) = [one["value"] for one in visit.page.context.cookies() if one["name"] == COOKIE]
        kept = Conversations(folder / "archive")
        for question in reversed(OLD):
            id = kept.begin()
            kept.put(reader, id, Exchange(question, replace(ANSWER, question=question), key="1", asked_at=AS_OF))
            kept.put(reader, id, Exchange("And Xi?", REFUSED, key="2"))
        kept.close()
        show(visit)
        yield visit


def show(visit: Visit) -> None:
    visit.page.get_by_role("tab", name="History").click()
    visit.page.wait_for_selector("#history :is(.conversations, .lead)")


def titles(visit: Visit) -> list[str]:
    return visit.page.locator("#history .open").all_inner_texts()


def press(visit: Visit, name: str) -> None:
    visit.page.locator("#history").get_by_role("button", name=name).press("Enter")


def test_conversations_are_listed_newest_first_and_what_they_hold_is_text(visit):
    assert [title[:20] for title in titles(visit)] == [question[:20] for question in OLD]
    assert visit.page.locator("#history .about").first.inner_text().endswith("· 2 questions")
    assert visit.page.locator("gradio-app #history :is(img, script)").count() == 0
    assert not visit.page.locator("#panel").is_visible()
    visit.shot("history")


def test_what_is_asked_now_is_in_the_list_and_after_a_reload_still(visit):
    visit.page.get_by_role("tab", name="Ask").click()
    visit.ask("When was the Halvik Dam completed?")
    show(visit)
    visit.page.locator("#history .open", has_text="Halvik").wait_for()
    visit.page.reload()
    visit.page.wait_for_selector(".masthead")
    show(visit)
    assert titles(visit)[0] == "When was the Halvik Dam completed?"


def test_one_is_opened_with_its_exact_quotes_and_after_a_reload_again(visit):
    visit.page.locator("#history .open", has_text=OLD[0]).press("Enter")
    visit.page.wait_for_selector("#turn-2")
    for _ in range(2):
        assert visit.page.locator("#turn-1 .question").inner_text() == OLD[0]
        told = visit.page.locator("#turn-1 .statement").all_inner_texts()
        assert [text[: len(one.text)] for text, one in zip(told, ANSWER.statements, strict=True)] == [
            one.text for one in ANSWER.statements
        ]
        visit.page.reload()
        visit.page.wait_for_selector("#turn-2")


def test_what_a_reader_says_of_an_answer_becomes_a_case(visit, folder):
    visit.page.get_by_role("tab", name="Ask").click()
    visit.ask("When was the Halvik Dam completed?")
    visit.page.locator("#turn-1").get_by_role("button", name="Right").click()
    visit.page.get_by_text("You said that this is right.").wait_for()
    (said,) = judged(folder / "archive")
    assert (said.question, said.feedback.right) == ("When was the Halvik Dam completed?", True)
    drafted = CliRunner().invoke(
        new_command, [str(folder / "archive"), "--feedback", "--out", str(folder / "said.jsonl")]
    )
    assert drafted.exit_code == 0, drafted.stderr
    (case,) = load_suite(folder / "said.jsonl").cases
    assert (case.answers, case.gold[0].quote) == (("3 May 2019",), ARTICLE["text"])


def test_a_search_looks_into_answers_and_keeps_the_keyboard(visit):
    search = visit.page.get_by_label("Search in questions and answers")
    search.fill("gagarin نامة")
    visit.page.get_by_text("No conversation has all of these words.").wait_for()
    search.fill("GAGARIN السفن")
    visit.page.get_by_text("1 conversation found").wait_for()
    assert titles(visit) == [OLD[1]]
    assert search.evaluate("(box) => box === document.activeElement")
    search.fill("")
    visit.page.get_by_text("3 conversations").wait_for()


def test_one_is_deleted_and_had_back_by_the_keyboard_alone(visit):
    press(visit, f"Delete “{OLD[0]}”")
    visit.page.locator("#history .note", has_text="Deleted").wait_for()
    assert len(titles(visit)) == 2
    visit.page.wait_for_function("document.activeElement.dataset.act === 'restore'")
    visit.shot("history-deleted")
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text("It is back.").wait_for()
    assert titles(visit)[0] == OLD[0]


def test_all_are_deleted_when_asked_twice_and_stay_away(visit):
    press(visit, "Delete all…")
    visit.page.wait_for_function("document.activeElement.dataset.act === 'keep'")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_function("!document.querySelector('#history [data-act=keep]')")
    assert len(titles(visit)) == 3
    press(visit, "Delete all…")
    press(visit, "Delete all for good")
    visit.page.get_by_text("No conversation is kept yet.").wait_for()
    visit.page.reload()
    visit.page.wait_for_selector(".masthead")
    show(visit)
    assert titles(visit) == []


@pytest.mark.parametrize(("named", "suffix"), [("Markdown", "md"), ("HTML", "html"), ("JSON", "json")])
def test_one_is_saved_as_a_file_with_the_exact_quotes(visit, named, suffix):
    with visit.page.expect_download() as saved:
        press(visit, f"Export “{OLD[0]}” as {named}")
    assert saved.value.suggested_filename == f"who-is-the-plant-named-after.{suffix}"
    text = Path(saved.value.path()).read_text("utf-8")
    assert all(citation.quote in text for citation in ANSWER.citations)
    if suffix == "json":
        assert json.loads(text)["exchanges"][1]["answer"] == answer_json(REFUSED)


def test_all_are_saved_as_one_file(visit):
    with visit.page.expect_download() as saved:
        visit.page.locator("#history").get_by_role("link", name="Export all as JSON").press("Enter")
    assert saved.value.suggested_filename == "conversations.json"
    told = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert [one["exchanges"][0]["question"] for one in told["conversations"]] == OLD


def test_another_browser_sees_none_of_it(visit, browser, site):
    with visiting(browser, site, {}) as other:
        show(other)
        assert titles(other) == []
    assert len(titles(visit)) == 3


@pytest.mark.parametrize("visit", [{"size": PHONE}], indirect=True)
def test_on_a_phone_nothing_scrolls_sideways(visit):
    assert visit.page.evaluate(SIDEWAYS) <= 0
    heights = visit.page.locator("#history button").evaluate_all("(all) => all.map((one) => one.offsetHeight)")
    assert min(heights) >= 24
    visit.shot("phone-history")


@pytest.mark.parametrize("visit", [{"scheme": "light"}, {"scheme": "dark"}], indirect=True, ids=["light", "dark"])
def test_all_text_stands_out_and_axe_finds_nothing_serious(visit, request):
    press(visit, "Delete all…")
    visit.page.wait_for_selector("#history [data-act=keep]")
    assert visit.page.evaluate(CONTRAST) == []
    found = Axe().run(visit.page, context="#remembering").response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    visit.shot(f"history-{request.node.callspec.id}")
