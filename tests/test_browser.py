"""The chat page in a real Chromium, over a real archive: ask, press a number, read the quoted words.

Skipped where no Chromium is installed; with GROUNDWIRE_REQUIRE_BROWSER=1 that is a failure. Screenshots are left in
tests/screenshots.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from browsing import CONTRAST, IN_VIEW, PHONE, SIDEWAYS, Visit, served, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMED = "The plant is named after Yuri Gagarin, the first man in space."
PAINT = 'The graffiti read "<script>alert(1)</script> <img src=x onerror=alert(2)>" in red letters.'
JOURNEY = """\
Kim Jong Un went on from the cosmodrome by armoured train, which crossed the Amur before dawn.

Officials in Komsomolsk met him on the platform with bread and salt. Schoolchildren waved both countries' flags.

The city lies some 6,200 kilometres east of Moscow. Its streets were closed to traffic from six in the morning.

In the assembly hall he climbed into a cockpit and asked how far the aircraft could fly. An engineer gave the answer.

His defence minister and two marshals went with him. None of them spoke to reporters.

A test pilot then flew a short display above the runway. Kim watched from a stand and clapped.

Analysts doubted that any sale was agreed. They pointed to sanctions that Russia itself had voted for.

Lunch was served in the plant's canteen: dumplings, sturgeon and a soup of forest mushrooms.

The train left again in the afternoon. Its next stop was thought to be Vladivostok.
"""
ARTICLES = [
    {
        "id": "tour",
        "title": "Kim tours a fighter jet plant in Komsomolsk-on-Amur",
        "text": f"{JOURNEY}\n{NAMED} It has built fighter jets since 1936.",
        "source": "Amur Courier",
        "url": "https://courier.example/tour",
        "published_at": "2023-09-15T09:00:00Z",
    },
    {
        "id": "gifts",
        "title": "A rifle and a space glove",
        "text": "Putin gave Kim a rifle on Wednesday. Putin also gave Kim a glove from a space suit.",
        "source": "Pacific Wire",
        "url": "https://wire.example/gifts",
        "published_at": "2023-09-14T09:00:00Z",
    },
    {
        "id": "paint",
        "title": "Graffiti <b>sprayed</b> on the town hall ![x](http://outside.example/x.png)",
        "text": f"Nobody in Quillhaven slept that night. {PAINT} ${{alert(3)}} {{{{this}}}}",
        "source": "<i>Town</i> Paper",
        "url": "javascript:alert(4)",
        "published_at": "2023-09-16T09:00:00Z",
    },
]
SERVE = """
import sys
from rag import Archive
from ui.serving.server import serve
with Archive.open(sys.argv[1], model="extractive") as archive:
    report = archive.ingest([sys.argv[2]])
    assert report.added == 3 and not report.failed, report
    serve(archive, port=0, ready=lambda address: print(address, flush=True))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    articles = folder / "articles.jsonl"
    articles.write_text("\n".join(json.dumps(article) for article in ARTICLES), "utf-8")
    with served(SERVE, str(folder / "archive"), str(articles)) as printed:
        yield printed


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address, getattr(request, "param", {})) as visit:
        yield visit


def test_the_quoted_words_are_highlighted_beside_the_answer(visit):
    visit.ask("Who is the aviation plant named after?")
    first = visit.page.locator("#turn-1 .statement").first
    number = first.locator("a.cite").inner_text()
    # Without a model a sentence of the answer is the sentence it quotes.
    assert visit.page.locator(f"mark[data-numbers='{number}']").text_content() == NAMED
    assert first.inner_text().startswith(NAMED)
    assert "extractive: no language model" in visit.page.locator("#turn-1 .basis").inner_text()
    visit.shot("desktop")


def test_pressing_a_number_goes_to_its_words_in_the_whole_article(visit):
    visit.ask("Who is the aviation plant named after?")
    visit.page.locator(".article-text").first.evaluate("box => box.scrollTo(0, 0)")
    visit.press(NAMED)
    assert visit.marked() == NAMED
    assert visit.page.evaluate(IN_VIEW)
    assert visit.page.evaluate("document.activeElement.matches('mark.current')")
    assert visit.page.locator(".card[open] .article-text").text_content() == ARTICLES[0]["text"]


def test_every_number_of_an_answer_leads_to_the_words_it_stands_behind(visit):
    visit.ask("What did Putin give Kim?")
    statements = visit.page.locator("#turn-1 .statement").all()
    assert statements
    for statement in statements:
        statement.locator("a.cite").first.click()
        assert statement.text_content().startswith(visit.marked())


def test_a_number_can_be_pressed_and_left_with_the_keyboard(visit):
    visit.ask("Who is the aviation plant named after?")
    visit.page.locator("a.cite").first.focus()
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("document.activeElement.matches('mark.current')")
    visit.page.keyboard.press("Escape")
    assert visit.page.evaluate("document.activeElement.matches('a.cite')")


def test_an_earlier_answers_number_brings_its_sources_back(visit):
    visit.ask("Who is the aviation plant named after?")
    visit.ask("What did Putin give Kim?", turn=2)
    visit.page.wait_for_selector("#panel .sources[data-turn='2']")
    visit.press(NAMED, turn=1)
    assert visit.marked() == NAMED


def test_a_refusal_shows_the_nearest_articles_and_how_new_the_archive_is(visit):
    visit.ask("Who won the football final in Lisbon?")
    answer = visit.page.locator("#turn-1 .answer")
    assert answer.locator(".refusal").count() == 1
    assert "newest article 16 September 2023" in answer.inner_text()
    visit.shot("refusal")


def test_what_an_article_says_is_text_whatever_it_looks_like(visit):
    visit.ask("What did the graffiti read?")
    visit.press("graffiti read")
    assert visit.marked() == PAINT
    assert visit.page.locator("gradio-app :is(#panel, #conversation) :is(img, script, iframe, b, i)").count() == 0
    assert visit.page.locator(".card a[href]").count() == 0
    assert "${alert(3)} {{this}}" in visit.page.locator(".card[open] .article-text").inner_text()


def test_a_question_that_is_too_long_gets_one_line(visit):
    visit.ask("why " * 1_100)
    assert "the limit is 4,000" in visit.page.locator("#turn-1").inner_text()
    assert "Traceback" not in visit.page.locator("body").inner_text()


@pytest.mark.parametrize(
    "question", ["<img src=x onerror=alert(1)>", "${alert(1)} {{constructor}}", "W" * 3_000, "שלום 🛰️"]
)
def test_a_question_is_shown_as_it_was_typed(visit, question):
    visit.ask(question)
    assert visit.page.locator("#turn-1 .question").text_content() == question
    assert visit.page.evaluate(SIDEWAYS) <= 0


def test_a_suggested_question_is_asked_when_pressed(visit):
    suggested = visit.page.locator(".suggestion").first
    question = suggested.text_content()
    suggested.click()
    visit.page.wait_for_selector("#turn-1 .answer")
    assert visit.page.locator("#turn-1 .question").text_content() == question


def test_starting_over_leaves_an_empty_conversation(visit):
    visit.ask("Who is the aviation plant named after?")
    visit.page.get_by_role("button", name="Start over").click()
    visit.page.wait_for_selector(".suggestion")
    assert visit.page.locator(".exchange, mark").count() == 0


@pytest.mark.parametrize("visit", [{"size": PHONE}], indirect=True)
def test_on_a_phone_nothing_scrolls_sideways(visit):
    assert visit.page.evaluate(SIDEWAYS) <= 0
    visit.shot("phone-welcome")
    visit.ask("Who is the aviation plant named after?")
    assert visit.page.evaluate(SIDEWAYS) <= 0
    visit.shot("phone")
    visit.press(NAMED)
    assert visit.marked() == NAMED
    assert visit.page.evaluate(IN_VIEW)
    assert visit.page.evaluate(SIDEWAYS) <= 0
    visit.shot("phone-sources")


@pytest.mark.parametrize("visit", [{"scheme": "light"}, {"scheme": "dark"}], indirect=True, ids=["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(visit, request):
    assert visit.page.evaluate(CONTRAST) == []
    visit.ask("Who is the aviation plant named after?")
    visit.page.locator("a.cite").first.click()
    visit.marked()
    assert visit.page.evaluate(CONTRAST) == []
    visit.shot(request.node.callspec.id)
