"""The Library tab in a real Chromium: find, sort, turn pages, read one whole, bring in, remove and undo.

Skipped where no Chromium is installed; with GROUNDWIRE_REQUIRE_BROWSER=1 that is a failure. Screenshots are left in
tests/screenshots. Faults of an upload are scripted, at the edge of the network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from browsing import CONTRAST, PHONE, SIDEWAYS, Visit, served, visiting

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

HOSTILE = "<script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>"
SERVE = """
import json, sys
from pathlib import Path
from rag import Archive
from ui.serving.server import serve
folder, hostile = Path(sys.argv[1]), sys.argv[2]
with Archive.open(folder / "archive") as archive:
    day = lambda n: f"2024-0{1 + n % 9}-{1 + n % 28:02}"
    made = [{"id": f"a{n:03}", "title": f"Ferry story {n}", "text": f"The {n} ferry sailed at dawn.",
             "source": ["Amur Courier", "Post"][n % 2], "published_at": day(n), "language": "en"} for n in range(120)]
    made.append({"id": "rtl", "title": "قصة العبارة", "text": "أبحرت العبارة عند الفجر.", "language": "ar"})
    made.append({"id": "bad", "title": hostile, "text": f"Words. {hostile}", "source": hostile, "language": "de"})
    made.append({"id": "tour", "title": "A tour", "text": "It builds jets. The train left at four.", "source": "Post"})
    for n, articles in enumerate([made, [made[-1] | {"text": "It builds jets. The train left at five."}]]):
        (folder / f"{n}.jsonl").write_text("\\n".join(map(json.dumps, articles)), "utf-8")
        archive.ingest([folder / f"{n}.jsonl"])
    serve(archive, port=0, ready=lambda address: print(address, flush=True))
"""
DROP = """([names, size]) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File(["x".repeat(size)], name));
  const target = document.querySelector("#shelving .drop") ?? document.querySelector("#shelving");
  for (const kind of ["dragover", "drop"]) {
    target.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
  }
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(SERVE, str(tmp_path_factory.mktemp("library")), HOSTILE) as address:
        yield address


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, site: str) -> Iterator[Visit]:
    with visiting(browser, site, getattr(request, "param", {})) as visit:
        visit.page.get_by_role("tab", name="Library").click()
        visit.page.wait_for_selector("#library .articles")
        yield visit


def finds(visit: Visit, extent: str) -> None:
    visit.page.locator("#library .bar .extent", has_text=extent).wait_for()


def first(visit: Visit) -> str | None:
    return visit.page.locator("#library .title a").first.text_content()


def replying(visit: Visit, reply: dict[str, Any], status: int = 200) -> list[bytes]:
    """What is sent to be taken in, each answered so."""
    sent: list[bytes] = []

    def answer(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        route.fulfill(status=status, content_type="application/json", body=json.dumps(reply))

    visit.page.route("**/api/ingest", answer)
    return sent


def became(visit: Visit, count: int) -> list[str]:
    visit.page.locator("#shelving .report .sum", has_text="Finished").wait_for()
    visit.page.wait_for_function(f"document.querySelectorAll('#shelving .report li').length === {count}")
    return visit.page.locator("#shelving .report .became").all_text_contents()


def test_typing_narrows_the_list_and_keeps_the_caret(visit: Visit) -> None:
    finds(visit, "1–50 of 123")
    visit.shot("library-desktop")
    visit.page.get_by_label("Search titles").press_sequentially("ferry story 11", delay=20)
    finds(visit, "1–11 of 11")
    assert visit.page.evaluate("document.activeElement.name") == "query"
    visit.page.keyboard.type("9")
    finds(visit, "1–1 of 1")
    assert visit.page.get_by_label("Search titles").input_value() == "ferry story 119"


def test_an_outlet_a_language_and_days_limit_the_list(visit: Visit) -> None:
    visit.page.locator("[name=outlet]").select_option("Amur Courier")
    finds(visit, "1–50 of 60")
    visit.page.get_by_label("From", exact=True).fill("2024-09-01")
    visit.page.get_by_label("From", exact=True).dispatch_event("change")
    finds(visit, "1–7 of 7")
    visit.page.locator("[name=language]").select_option("ar")
    visit.page.get_by_role("button", name="Show all articles").click()
    finds(visit, "1–50 of 123")


def test_a_head_sorts_by_key_and_keeps_the_focus(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Date").focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("th[aria-sort='ascending'] >> text=Date")
    assert visit.page.evaluate("document.activeElement.textContent") == "Date"
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("th[aria-sort='descending'] >> text=Date")


def test_pages_turn_and_outlast_a_look_at_another_view(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Next").press("Enter")
    finds(visit, "51–100 of 123")
    visit.page.get_by_role("tab", name="Ask").click()
    visit.page.get_by_role("tab", name="Library").click()
    finds(visit, "51–100 of 123")
    visit.page.get_by_role("button", name="Next").press("Enter")
    finds(visit, "101–123 of 123")
    assert visit.page.evaluate("document.activeElement.textContent") == "Next"


def test_an_article_has_an_address_and_its_revisions(visit: Visit) -> None:
    visit.page.get_by_label("Search titles").fill("a tour")
    visit.page.get_by_role("link", name="A tour").click()
    visit.page.get_by_label("Compared with").select_option("1")
    visit.page.locator("#library ins", has_text="at five").wait_for()
    visit.shot("library-article")
    assert "article=tour" in visit.page.url
    visit.page.reload()
    visit.page.wait_for_selector("#library .whole h2")
    visit.page.get_by_role("button", name="Back to the list").click()
    finds(visit, "1–50 of 123")
    visit.page.go_back()
    visit.page.wait_for_selector("#library .whole h2")


def test_what_is_removed_comes_back_with_undo(visit: Visit) -> None:
    visit.page.get_by_label("Search titles").fill("ferry story 10")
    finds(visit, "1–12 of 12")
    for title in ("Ferry story 100", "Ferry story 101"):
        visit.page.get_by_label(f"Choose {title}").check()
    visit.page.get_by_role("button", name="Remove chosen (2)").click()
    finds(visit, "1–10 of 10")
    visit.shot("library-removed")
    visit.page.get_by_role("button", name="Undo").click()
    finds(visit, "1–12 of 12")


def test_files_dropped_are_sent_one_by_one_and_reported(visit: Visit) -> None:
    failed = [{"path": "a.txt", "line": 3, "error": "no text"}]
    sent = replying(visit, {"added": 2, "updated": 1, "skipped": 0, "failed": failed, "seconds": 1})
    visit.page.evaluate(DROP, [["a.txt", HOSTILE + ".txt"], 20])
    assert became(visit, 2) == ["2 added; 1 updated; failed: line 3: no text"] * 2
    assert len(sent) == 2
    assert b'name="files"; filename="a.txt"' in sent[0]
    assert visit.page.locator("#shelving .report :is(script, img)").count() == 0
    visit.shot("library-report")


def test_files_chosen_are_taken_in_for_good(visit: Visit) -> None:
    text = b"---\nid: harbour\ntitle: The harbour opens\n---\nThe harbour opened on Monday after two years of work.\n"
    kinds = (("harbour.md", text), ("../../" + HOSTILE.replace("/", "_") + ".md", text), ("picture.png", b"\x89PNG"))
    files: list[Any] = [{"name": name, "mimeType": "text/plain", "buffer": held} for name, held in kinds]
    visit.page.get_by_text("Add articles").click()
    visit.page.locator("input.files").set_input_files(files)
    added, unchanged, wrong = became(visit, 3)
    assert (added, unchanged) == ("1 added", "1 unchanged")
    assert wrong.startswith("failed: ")
    visit.page.get_by_label("Search titles").fill("harbour")
    finds(visit, "1–1 of 1")
    visit.page.get_by_label("Choose The harbour opens").check()
    visit.page.get_by_role("button", name="Remove chosen (1)").click()
    visit.page.locator("#library").get_by_text("No article fits.").wait_for()


def test_an_empty_and_a_huge_file_are_refused_before_they_are_sent(visit: Visit) -> None:
    sent = replying(visit, {})
    visit.page.evaluate(DROP, [["empty.txt"], 0])
    visit.page.evaluate(DROP, [["huge.txt"], 25_000_001])
    assert became(visit, 2) == [
        "failed: the file is empty.",
        "failed: larger than 25 MB. Split it, or pack it as .gz.",
    ]
    assert sent == []


@pytest.mark.parametrize(
    ("status", "line"), [(401, "your session has expired"), (503, "Busy."), (413, "Busy."), (429, "Busy.")]
)
def test_a_refusal_is_told_with_its_file(visit: Visit, status: int, line: str) -> None:
    replying(visit, {"error": "Busy."}, status)
    visit.page.evaluate(DROP, [["a.txt"], 5])
    assert line in became(visit, 1)[0]
    # The browser itself notes such a status among its errors.
    visit.wrong[:] = [one for one in visit.wrong if f"status of {status}" not in one]


def test_a_lost_connection_ends_one_file_and_the_rest_goes_on(visit: Visit) -> None:
    replying(visit, {"added": 1, "failed": []})
    visit.page.route("**/api/ingest", lambda route: route.abort(), times=1)
    visit.page.evaluate(DROP, [["a.txt", "b.txt"], 5])
    assert became(visit, 2) == ["failed: the connection was lost. Add it again.", "1 added"]
    visit.wrong[:] = [one for one in visit.wrong if "ERR_FAILED" not in one]


def test_what_is_sent_can_be_cancelled(visit: Visit) -> None:
    visit.page.route("**/api/ingest", lambda route: None)
    visit.page.evaluate(DROP, [["a.txt", "b.txt"], 5])
    visit.page.get_by_role("button", name="Cancel").click()
    assert became(visit, 2) == ["cancelled", "cancelled"]


def test_an_address_is_sent_and_reported(visit: Visit) -> None:
    sent = replying(visit, {"added": 0, "updated": 0, "skipped": 4, "failed": []})
    visit.page.get_by_text("Add articles").click()
    visit.page.get_by_label("Address of a page").fill("https://courier.example/rss")
    visit.page.keyboard.press("Enter")
    assert became(visit, 1) == ["4 unchanged"]
    assert json.loads(sent[0]) == {"addresses": ["https://courier.example/rss"]}


def test_an_address_that_is_none_is_told_in_the_words_that_programs_get(visit: Visit) -> None:
    visit.page.get_by_text("Add articles").click()
    visit.page.get_by_label("Address of a page").fill("xyz")
    visit.page.keyboard.press("Enter")
    assert became(visit, 1) == ["failed: Address 'xyz' is none: it must begin with http:// or https://."]
    visit.wrong[:] = [one for one in visit.wrong if "status of 400" not in one]


def test_hostile_titles_stay_words(visit: Visit) -> None:
    visit.page.get_by_label("Search titles").fill("alert")
    finds(visit, "1–1 of 1")
    assert first(visit) == HOSTILE
    visit.page.locator("#library .title a").click()
    visit.page.wait_for_selector("#library .whole h2")
    assert visit.page.locator("#library :is(script, img)").count() == 0


@pytest.mark.parametrize(
    "visit", [{"size": PHONE}, {"size": PHONE, "scheme": "dark"}, {"scheme": "dark"}], indirect=True
)
def test_every_width_and_scheme_can_be_read(visit: Visit, request: pytest.FixtureRequest) -> None:
    visit.page.get_by_text("Add articles").click()
    assert visit.page.evaluate(SIDEWAYS) <= 0
    assert visit.page.evaluate(CONTRAST) == []
    visit.shot(f"library-{request.node.callspec.id}")
    visit.page.locator("#library .title a").first.click()
    visit.page.wait_for_selector("#library .whole h2")
    assert visit.page.evaluate(SIDEWAYS) <= 0
    assert visit.page.evaluate(CONTRAST) == []
