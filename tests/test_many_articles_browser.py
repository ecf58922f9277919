"""Asking in a real Chromium on a whole newsroom's articles: the page beside what programs are answered.

    GROUNDWIRE_ARTICLES=news.jsonl.gz [GROUNDWIRE_ARCHIVE=FOLDER] pytest tests/test_many_articles*_browser.py

Nothing is expected of particular articles. Taking in some thousands lasts minutes, once where the folder is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import many_articles
import places
import pytest
from browsing import CONTRAST, IN_VIEW, PHONE, SIDEWAYS, Visit, served, visiting
from chat_servers import chunks, sse, streamed
from many_articles import DROWNED, LIT, NOBODY, SERVE, answered, same, several
from pytest_httpserver import HTTPServer
from stepping import Stepping, copied
from werkzeug import Request, Response

from rag import Archive
from ui.text.render import day, headline

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = many_articles.needed

PAID = "640,000"
FORGED = "The editors paid 987,654 crowns for it [1]."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return many_articles.copied(tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="module")
def archive(folder: Path) -> Iterator[Archive]:
    """What the page shows, for reading only."""
    with Archive.open(folder, model="extractive") as archive:
        yield archive


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    with served(SERVE, str(folder), "0", "extractive", "") as address:
        yield address


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visit]:
    with visiting(browser, site, getattr(request, "param", {})) as visit:
        visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        visit.page.wait_for_selector(".suggestion")
        yield visit


@pytest.fixture
def modelled(browser: Browser, folder: Path, make_httpserver: HTTPServer) -> Iterator[Visit]:
    """A page whose answers a scripted model writes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", make_httpserver.url_for("/v1"))
        with served(SERVE, str(folder), "0", "openai:m", "") as address, visiting(browser, address, {}) as visit:
            visit.page.wait_for_selector(".suggestion")
            yield visit


def statements(visit: Visit, turn: int = 1) -> list[str]:
    return places.turn(visit.page, turn).locator(places.STATEMENT).all_text_contents()


def press(visit: Visit, number: int) -> str:
    """What is marked once a number of the answer is pressed."""
    places.turn(visit.page, 1).locator(f"a.cite[data-number='{number}']").first.click()
    visit.page.wait_for_selector(f"#panel mark.current[data-numbers~='{number}']")
    return visit.marked()


def suggested(visit: Visit) -> list[str]:
    return visit.page.locator(".suggestion").all_text_contents()


def begin(visit: Visit, question: str) -> None:
    places.question(visit.page).fill(question)
    visit.page.keyboard.press("Enter")


def test_the_masthead_says_how_much_there_is_and_how_new(visit: Visit, archive: Archive) -> None:
    there = archive.overview()
    facts = visit.page.locator(".masthead .facts").inner_text()
    assert f"{there.articles:,} articles" in facts
    assert f"newest {day(there.newest)}" in facts


def test_every_suggested_question_leads_to_a_supported_answer(visit: Visit, site: str) -> None:
    for place, question in enumerate(suggested(visit)):
        visit.page.locator(".suggestion").nth(place).click()
        visit.page.wait_for_selector("#turn-1 .answer")
        answer = answered(site, question)
        assert same(statements(visit), answer)
        assert {one["verdict"] for one in answer["statements"]} == {"supported"}
        places.start_over(visit.page)


def test_a_follow_up_is_understood_by_what_was_said_before(visit: Visit, site: str) -> None:
    first, second = "Who paid for the repair of the lighthouse of Quorlanby?", "Where did a third of it come from?"
    before = answered(site, first)
    assert not any(PAID in one["text"] for one in answered(site, second)["statements"])
    visit.ask(first)
    visit.ask(second, turn=2)
    assert PAID in statements(visit, 2)[0]
    assert same(statements(visit, 2), answered(site, second, [(first, before["answer"])]))


def test_every_number_pressed_marks_the_very_words_cited_and_shows_them(
    visit: Visit, site: str, archive: Archive
) -> None:
    for question in several(archive, 4):
        answer = answered(site, question)
        visit.ask(question)
        assert same(statements(visit), answer)
        for citation in answer["citations"]:
            assert press(visit, citation["number"]) == citation["quote"]
            assert visit.page.evaluate(IN_VIEW)
            whole = visit.page.locator(".card[open] .article-text").text_content()
            assert whole == archive.article(citation["article_id"], citation["revision"]).text
        places.start_over(visit.page)


def test_keys_go_through_all_quotes_and_back(visit: Visit, site: str, archive: Archive) -> None:
    (question,) = several(archive, 1)
    quotes = [one["quote"] for one in answered(site, question)["citations"]]
    visit.ask(question)
    places.numbers(visit.page, 1).first.focus()
    seen = [visit.marked()]
    for key in ["n"] * (len(quotes) - 1) + ["p"] * (len(quotes) - 1):
        visit.page.keyboard.press(key)
        assert visit.page.evaluate(IN_VIEW)
        seen.append(visit.marked())
    assert seen == quotes + quotes[-2::-1]


def test_a_refusal_helps_with_the_nearest_articles_and_the_newest_day(
    visit: Visit, site: str, archive: Archive
) -> None:
    refused = answered(site, NOBODY)
    visit.ask(NOBODY)
    answer = visit.page.locator("#turn-1 .answer")
    assert refused["refusal"]["message"] in answer.locator(".refusal").inner_text()
    assert f"newest article {day(archive.overview().newest)}" in answer.inner_text()
    near = answer.locator(".nearest .open-article")
    assert near.all_text_contents() == [headline(one["title"]) for one in refused["refusal"]["nearest"]]
    near.first.click()
    opened = visit.page.locator("#panel .single .article-text")
    assert opened.text_content() == archive.article(refused["refusal"]["nearest"][0]["article_id"]).text


def test_other_carriers_of_a_report_are_named_and_opened(visit: Visit, archive: Archive) -> None:
    visit.ask(LIT)
    carriers = visit.page.locator("#panel .carriers .open-article")
    (cited,) = archive.ask(LIT).citations
    assert carriers.all_text_contents() == [archive.article(id).source for id in cited.also]
    carriers.first.click()
    opened = visit.page.locator("#panel .single")
    opened.locator(".title", has_text=archive.article(cited.also[0]).title).wait_for()
    assert opened.locator(".article-text").text_content() == archive.article(cited.also[0]).text


def test_what_another_outlet_says_otherwise_stands_beside_a_source(visit: Visit, archive: Archive) -> None:
    visit.ask(DROWNED)
    told = [one.text for one in archive.ask(DROWNED).statements]
    assert len(told) == 2
    for number, other in ((1, told[1]), (2, told[0])):
        press(visit, number)
        assert other in visit.page.locator(".card[open] .differs").inner_text()


def test_an_answer_is_copied_with_every_quote(visit: Visit, site: str, archive: Archive) -> None:
    (question,) = several(archive, 1)
    visit.ask(question)
    visit.page.get_by_role("button", name="Copy with sources").click()
    visit.page.wait_for_selector("#said:has-text('Copied')")
    copy = visit.page.evaluate("navigator.clipboard.readText()")
    assert all(f"“{one['quote']}”" in copy for one in answered(site, question)["citations"])


def test_a_question_is_changed_and_asked_again(visit: Visit, site: str) -> None:
    first, second = suggested(visit)[:2]
    visit.ask(first)
    visit.page.get_by_role("button", name="Change the question").click()
    visit.page.wait_for_selector(".changing")
    assert places.question(visit.page).input_value() == first
    begin(visit, second)
    visit.page.locator("#turn-1 .question", has_text=second).wait_for()
    visit.page.wait_for_selector("#turn-1 .answer")
    changed = visit.page.url
    visit.page.get_by_role("button", name="Ask again").click()
    visit.page.wait_for_url(lambda url: url != changed)
    visit.page.wait_for_selector("#turn-1 .answer")
    assert visit.page.locator(".exchange .question").all_text_contents() == [second]
    assert same(statements(visit), answered(site, second))


@pytest.mark.parametrize("visit", [{}, {"scheme": "dark"}, {"size": PHONE}], indirect=True, ids=str)
def test_every_view_can_be_read_at_every_width_and_scheme(visit: Visit, archive: Archive) -> None:
    visit.ask(several(archive, 1)[0])
    for tab in places.tabs(visit.page):
        places.go_to(visit.page, tab)
        visit.page.wait_for_timeout(300)
        assert visit.page.evaluate(SIDEWAYS) <= 0, tab
        assert visit.page.evaluate(CONTRAST) == [], tab


def test_sentences_are_shown_as_they_are_written_until_stop(modelled: Visit, httpserver: HTTPServer) -> None:
    model = Stepping(httpserver)
    begin(modelled, LIT)
    model.step(3)
    modelled.page.wait_for_selector("#turn-1 .written .statement")
    kept = statements(modelled)
    assert modelled.marked() in "".join(copied(httpserver.log[-1][0]))
    modelled.page.get_by_role("button", name="Stop").click()
    modelled.page.wait_for_selector("#turn-1 .answer")
    assert statements(modelled)[: len(kept)] == kept
    assert "This answer is incomplete: The answer was stopped." in modelled.page.locator("#turn-1").inner_text()


def test_what_a_model_made_up_is_set_aside_with_the_reason(modelled: Visit, httpserver: HTTPServer) -> None:
    def answer(request: Request) -> Response:
        return streamed(sse(chunks("".join([*copied(request)[:2], FORGED]))))

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(answer)
    modelled.ask(suggested(modelled)[0])
    assert not any("987,654" in one for one in statements(modelled))
    turn = modelled.page.locator("#turn-1")
    assert not turn.get_by_text("987,654").first.is_visible()
    turn.locator("details.rejected summary").click()
    aside = turn.locator("details.rejected li", has_text="987,654")
    assert "987,654" in aside.locator(".why").inner_text()
    assert "tokens read" in turn.locator(".basis").inner_text()
    assert "openai:m at " in modelled.page.locator(".masthead").inner_text()
