"""The words marked on the page equal the citation's quote: for every citation of every case of the shipped suite.

All are drawn by the page's own HTML, in a real Chromium under the page's own style and policy, and read back from
the document; and some go through the whole page: asked, answered, the number pressed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import places
import pytest
from browsing import Visit, visiting
from serving import serving

from eval.running.filling import filled
from eval.scores import Output
from eval.suite import load_suite, locate
from eval.systems import ours
from rag import Archive
from ui.html.cited import sources_html
from ui.html.sources import sources

if TYPE_CHECKING:
    from playwright.sync_api import Browser

AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
EVERY = 16
"""One question in so many goes through the whole page."""
# The words inside the marks of each number, in the order of the document.
READ = """() => {
  const marks = [...document.querySelectorAll("#panel mark")];
  const words = {};
  for (const mark of marks)
    for (const number of mark.dataset.numbers.split(" "))
      words[number] = (words[number] || "") + mark.textContent;
  return words;
}"""
DRAW = f"""(pieces) => pieces.map((html) => {{
  document.querySelector("#panel .sources").outerHTML = html;
  return ({READ})();
}})"""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The archive that the suite is put to."""
    with Archive.open(tmp_path_factory.mktemp("suite") / "archive", model="extractive") as archive:
        filled(archive, load_suite("seeds"))
        yield archive


@pytest.fixture(scope="module")
def outputs(shelf: Archive) -> Sequence[Output]:
    """What it says to each case."""
    cases = locate(load_suite("seeds"), shelf.articles()).cases
    return [ours.answer(shelf, case, model=None, as_of=AS_OF) for case in cases]


@pytest.fixture
def visit(browser: Browser, shelf: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    with serving(shelf, monkeypatch) as address, visiting(browser, address, {}) as visit:
        yield visit


def quotes(output: Output) -> Mapping[str, str]:
    return {str(one.number): one.quote for one in output.citations}


def test_all_words_marked_are_the_quotes(visit: Visit, shelf: Archive, outputs: Sequence[Output]) -> None:
    cited = [output for output in outputs if output.citations]
    drawn = visit.page.evaluate(DRAW, [sources_html(one, sources(shelf, one), turn=1) for one in cited])
    assert drawn == [quotes(output) for output in cited]
    assert sum(len(output.citations) for output in cited) > len(cited) > 100


def test_all_words_marked_are_in_their_article_at_that_place(outputs: Sequence[Output], shelf: Archive) -> None:
    for citation in (one for output in outputs for one in output.citations):
        text = shelf.article(citation.article_id, revision=citation.revision).text
        assert text[citation.start : citation.end] == citation.quote


def test_pressing_each_number_shows_its_quote(visit: Visit, shelf: Archive) -> None:
    asked = [case.question for case in load_suite("seeds").cases if not case.history and not case.summarize]
    pressed = 0
    for question in asked[::EVERY]:
        answer = shelf.ask(question)
        visit.ask(question)
        for number in places.numbers(visit.page, 1).all():
            number.click()
            visit.page.wait_for_selector(f"{places.MARK}.current[data-numbers~='{number.inner_text()}']")
            assert visit.marked() == quotes(answer)[number.inner_text()]
            pressed += 1
        assert visit.page.evaluate(READ) == quotes(answer)
        places.start_over(visit.page)
    assert pressed >= 8
