"""The library and the summaries in a real Chromium on a whole newsroom's articles, beside the archive's own answers.

Run as ``test_many_articles_browser.py`` is. Nothing is expected of particular articles.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import many_articles
import places
import pytest
from browsing import IN_VIEW, Visit, served, visiting
from many_articles import SERVE, answered, midst, same

from rag import Archive
from rag.contract import summary_json
from rag.summary import STYLES
from ui.html.library import PAGE
from ui.text.render import day

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = many_articles.needed

MOST_PAGES = 40
RECENT = 100
"""Articles that a summary of the newest is made of."""
LONG = 120_000
"""Milliseconds in which whatever reads all articles is done on a machine with other work."""
NEW = {
    "id": "brought-in",
    "title": "Snow closes the Marrowby pass",
    "text": "Snow closed the Marrowby pass for 23 days, its warden Ilse Quendry said on Tuesday. Sledges brought bread.",
    "source": "Marrowby Messenger",
    "language": "en",
}
CLOSED = "For how many days did snow close the Marrowby pass?"


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
def library(browser: Browser, site: str) -> Iterator[Visit]:
    with visiting(browser, site, {}) as visit:
        places.go_to(visit.page, "Library")
        visit.page.wait_for_selector("#library .title a")
        yield visit


@pytest.fixture
def summaries(browser: Browser, site: str) -> Iterator[Visit]:
    with visiting(browser, site, {}) as visit:
        places.go_to(visit.page, "Summaries")
        yield visit


def shows(visit: Visit, archive: Archive, *, offset: int = 0, **looked: Any) -> None:
    """Wait until the list is what the archive lists."""
    found = archive.listing(offset=offset, limit=PAGE, **looked)
    extent = f"{offset + 1:,}–{offset + len(found.articles):,} of {found.total:,}"
    visit.page.locator("#library .bar .extent", has_text=re.compile(f"^{extent}$")).wait_for()
    visit.page.wait_for_function(
        "(ids) => [...document.querySelectorAll('#library .title a')].map((one) => one.dataset.id).join() === ids",
        arg=",".join(one.id for one in found.articles),
    )


def search(visit: Visit, words: str) -> None:
    visit.page.get_by_label("Search titles").fill(words)


def bring_in(visit: Visit, name: str, content: bytes) -> str:
    """What became of a file that is chosen."""
    visit.page.locator("#shelving .adding").evaluate("(one) => { one.open = true; }")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    visit.page.locator("input.files").set_input_files([file])
    visit.page.locator("#shelving .report .sum", has_text="Finished").wait_for()
    return str(visit.page.locator("#shelving .report li .became").last.text_content())


def test_words_typed_find_all_articles_that_have_them(library: Visit, archive: Archive) -> None:
    title = archive.listing(offset=archive.overview().articles // 2, limit=1).articles[0].title
    word = max(re.findall(r"\w+", title), key=len)
    library.page.get_by_label("Search titles").press_sequentially(word, delay=20)
    shows(library, archive, query=word)
    search(library, f"{word} zzqx")
    library.page.locator("#library").get_by_text("No article fits.").wait_for()
    library.page.get_by_role("button", name="Show all articles").click()
    shows(library, archive)


def test_days_an_outlet_and_a_language_limit_the_list(library: Visit, archive: Archive) -> None:
    middle = f"{midst(archive):%Y-%m-%d}"
    for label, limit in (("From", "since"), ("To", "until")):
        field = library.page.get_by_label(label, exact=True)
        field.fill(middle)
        shows(library, archive, **{limit: middle})
        field.fill("")
        shows(library, archive)
    for name, limit, values in (
        ("outlet", "source", archive.outlets()),
        ("language", "language", archive.languages()),
    ):
        for value in {values[0], values[-1]}:
            library.page.locator(f".finding [name={name}]").select_option(value)
            shows(library, archive, **{limit: value})
        library.page.locator(f".finding [name={name}]").select_option("")


def test_heads_sort_the_whole_list(library: Visit, archive: Archive) -> None:
    for head, sort in (("Title", "title"), ("Outlet", "outlet"), ("Date", "newest"), ("Date", "oldest")):
        library.page.locator("th").get_by_role("button", name=head, exact=True).press("Enter")
        shows(library, archive, sort=sort)


def test_pages_lead_through_all_articles_and_back(library: Visit, archive: Archive) -> None:
    total = archive.listing(limit=1).total
    offsets = range(0, total, PAGE)[:MOST_PAGES]
    for offset in offsets[1:]:
        library.page.get_by_role("button", name="Next", exact=True).press("Enter")
        shows(library, archive, offset=offset)
    library.page.get_by_role("button", name="Previous", exact=True).press("Enter")
    shows(library, archive, offset=offsets[-2])


def test_an_article_is_read_whole_and_leads_to_an_answer_and_a_summary(
    library: Visit, archive: Archive, site: str
) -> None:
    one = archive.listing(offset=7, limit=1).articles[0]
    library.page.locator("#library .title a").nth(7).click()
    whole = library.page.locator("#library .whole")
    assert whole.locator(".article-text").text_content() == archive.article(one.id).text
    assert f"id {one.id}" in whole.locator(".facts").inner_text()
    library.page.reload()
    whole.get_by_role("button", name="Ask about this article").click()
    library.page.wait_for_function("document.querySelector('#question textarea')?.value")
    question = places.question(library.page).input_value()
    library.ask(question)
    assert same(library.page.locator("#turn-1 .statement").all_text_contents(), answered(site, question))
    places.go_to(library.page, "Library")
    whole.get_by_role("button", name="Summarise its story").click()
    library.page.wait_for_function(
        "![undefined, 'Any story'].includes(document.querySelector('#form [aria-label=\"Story of\"]')?.value)"
    )
    done(library)
    told = archive.summarize(story=one.id)
    assert same(library.page.locator("#summary .statement").all_text_contents(), summary_json(told))


def test_carriers_of_a_report_are_listed_with_it(library: Visit, archive: Archive) -> None:
    search(library, "quorlanby has its light")
    shows(library, archive, query="quorlanby has its light")
    assert "2 other carriers" in library.page.locator("#library .title").first.inner_text()
    library.page.locator("#library .title a").click()
    carriers = library.page.locator("#library .carriers")
    assert "3 carriers of this report" in str(carriers.text_content())
    assert carriers.locator("a").count() == 2


def test_what_is_there_already_is_passed_over(library: Visit, archive: Archive) -> None:
    assert many_articles.ARTICLES is not None
    content = many_articles.ARTICLES.read_bytes()
    plain = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    again = b"\n".join(line for line in plain.splitlines() if line.strip())
    few = b"\n".join(again.split(b"\n")[:40])
    before = archive.overview().articles
    assert bring_in(library, "again.jsonl.gz", gzip.compress(few)) == "40 unchanged"
    assert archive.overview().articles == before


def test_a_new_article_is_found_at_once_and_gone_once_removed_and_back_with_undo(
    library: Visit, archive: Archive, site: str
) -> None:
    row = NEW | {"published_at": f"{midst(archive):%Y-%m-%d}"}
    assert bring_in(library, "new.jsonl", json.dumps(row).encode()) == "1 added"
    search(library, NEW["title"])
    shows(library, archive, query=NEW["title"])
    assert quoted(library) == [NEW["id"]]
    library.page.get_by_label(f"Choose {NEW['title']}").check()
    library.page.get_by_role("button", name="Remove chosen (1)").click()
    library.page.locator("#library").get_by_text("No article fits.").wait_for()
    assert quoted(library) == []
    assert answered(site, CLOSED)["refusal"] is not None
    library.page.get_by_role("button", name="Undo").click()
    library.page.locator("#library-told", has_text="is back").wait_for()
    shows(library, archive, query=NEW["title"])
    assert quoted(library) == [NEW["id"]]
    archive.remove(NEW["id"])


def quoted(visit: Visit) -> list[str]:
    """The ids of those articles that the answer, asked for on the page, quotes of the new one."""
    places.go_to(visit.page, "Ask")
    if visit.page.locator(".exchange").count():
        places.start_over(visit.page)
    visit.ask(CLOSED)
    told = "".join(visit.page.locator("#turn-1 .statement").all_text_contents())
    places.go_to(visit.page, "Library")
    return [NEW["id"]] if "23 days" in told else []


def done(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Summarise", exact=True).click()
    visit.page.wait_for_selector("#summary :is(.summary, .error)", timeout=LONG)


def summarise(visit: Visit, form: str, about: str = "", **fields: str) -> None:
    visit.page.get_by_label("About").fill(about)
    for label, value in fields.items():
        visit.page.get_by_label(label, exact=True).fill(value)
    visit.page.locator("#form label", has_text=form.capitalize()).click()
    done(visit)


def recent(archive: Archive) -> str:
    """The day from which on there are so many articles."""
    found = archive.listing(offset=min(RECENT, archive.overview().articles - 1), limit=1).articles[0].published_at
    return f"{found or datetime(2020, 1, 1):%Y-%m-%d}"


def check_numbers(visit: Visit, told: dict[str, Any], most: int = 12) -> None:
    """Each number marks the very words it cites, and shows them."""
    for citation in told["citations"][:most]:
        number = citation["number"]
        visit.page.locator(f"#summary a.cite[data-number='{number}']").first.click()
        visit.page.wait_for_selector(f"#panel mark.current[data-numbers~='{number}']")
        assert visit.marked() == citation["quote"]
        assert visit.page.evaluate(IN_VIEW)


def statements(visit: Visit) -> list[str]:
    return visit.page.locator("#summary .statement").all_text_contents()


@pytest.mark.parametrize("form", [style for style in STYLES if style != "differences"])
def test_every_form_tells_the_newest_articles_and_each_number_leads_to_its_words(
    summaries: Visit, archive: Archive, form: str
) -> None:
    since = recent(archive)
    summary = archive.summarize(style=form, since=since)
    told = summary_json(summary)
    summarise(summaries, form, From=since)
    assert told["statements"]
    assert same(statements(summaries), told)
    assert summary.coverage is not None
    assert f"{summary.coverage.used:,} of {summary.coverage.articles:,} articles used" in (
        summaries.page.locator("#summary .coverage").inner_text()
    )
    check_numbers(summaries, told)


def test_where_outlets_differ_is_told_as_each_tells_it(summaries: Visit, archive: Archive) -> None:
    told = summary_json(archive.summarize(query="flood in Vexmouldham", style="differences"))
    summarise(summaries, "differences", "flood in Vexmouldham")
    assert len(told["statements"]) == 2
    assert same(statements(summaries), told)
    check_numbers(summaries, told)


@pytest.mark.parametrize(("unit", "amount"), [("sentences", 7), ("words", 90)])
def test_a_summary_is_as_long_as_is_asked_for(summaries: Visit, archive: Archive, unit: str, amount: int) -> None:
    since = recent(archive)
    told = archive.summarize(since=since, **{unit: amount})
    summaries.page.locator("#form label", has_text=unit).click()
    summarise(summaries, "paragraph", From=since, Length=str(amount))
    assert same(statements(summaries), summary_json(told))
    if unit == "sentences":
        assert len(statements(summaries)) == amount


def test_a_timeline_is_drawn_day_after_day(summaries: Visit, archive: Archive) -> None:
    since = recent(archive)
    told = archive.summarize(style="timeline", since=since)
    summarise(summaries, "timeline", From=since)
    parts = summaries.page.locator("#summary ol.timeline > li")
    assert 1 < parts.count() <= len(told.statements)
    days = [datetime.strptime(one, "%d %B %Y") for one in whole_days(parts.locator(".heading").all_inner_texts())]
    assert days == sorted(days)
    dots = parts.evaluate_all("(all) => all.map((one) => getComputedStyle(one, '::before').borderRadius)")
    assert set(dots) == {"50%"}


def whole_days(headings: Sequence[str]) -> list[str]:
    """The headings that name one day; others name a month or a span."""
    return [one for one in headings if re.fullmatch(r"\d{1,2} \w+ \d{4}", one)]


def test_a_digest_of_all_articles_comes_and_accounts_for_each(summaries: Visit, archive: Archive) -> None:
    there = archive.overview()
    summarise(summaries, "digest")
    parts = summaries.page.locator("#summary .part")
    assert parts.count() == parts.locator(".heading").count() > 1
    coverage = summaries.page.locator("#summary .coverage").inner_text()
    used, of = (int(one.replace(",", "")) for one in re.findall(r"([\d,]+) of ([\d,]+) articles used", coverage)[0])
    assert used <= of <= there.articles
    summaries.page.locator("#summary .left-out summary").click()
    assert summaries.page.locator("#summary .left-out li").count() > 0
    assert f"{there.articles - used:,} articles left out" in summaries.page.locator("#summary .left-out").inner_text()
    assert f"newest article {day(there.newest)}" in summaries.page.locator("#summary .basis").inner_text()
    first = summaries.page.locator("#summary a.cite").first
    first.click()
    assert summaries.page.locator("#summary .statement").first.text_content().startswith(summaries.marked())


def test_a_digest_of_all_articles_can_be_stopped_while_it_is_made(summaries: Visit) -> None:
    summaries.page.locator("#form label", has_text="Digest").click()
    summaries.page.get_by_role("button", name="Summarise", exact=True).click()
    summaries.page.locator("#summary .awaited").wait_for()
    summaries.page.locator("#form").get_by_role("button", name="Stop").click()
    summaries.page.get_by_text("Stopped before the summary was written.").wait_for()
    assert summaries.page.get_by_role("button", name="Summarise", exact=True).is_visible()


@pytest.mark.parametrize(("named", "suffix"), [("Markdown", ".md"), ("HTML", ".html"), ("JSON", ".json")])
def test_a_summary_is_kept_as_a_file_with_its_quotes(
    summaries: Visit, archive: Archive, named: str, suffix: str
) -> None:
    since = recent(archive)
    told = summary_json(archive.summarize(style="bullets", since=since))
    summarise(summaries, "bullets", From=since)
    with summaries.page.expect_download() as download:
        summaries.page.locator("#summary").get_by_role("button", name=named).click()
    assert download.value.suggested_filename.endswith(suffix)
    text = Path(download.value.path()).read_text("utf-8")
    if suffix == ".json":
        assert json.loads(text)["citations"] == told["citations"]
    else:
        quotes = [one["quote"].split()[-1] for one in told["citations"]]
        assert all(word.rstrip(".”\"'’") in text for word in quotes)
