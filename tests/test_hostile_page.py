"""Two hundred hostile articles, questions and replies on the real page: nothing runs, is fetched, or moves the layout.

One archive holds an article for each of the texts, which stands in all its fields. What a question is answered is
told by the test, with each of the texts in every place of an answer; everything else is the real thing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import places
import pytest
from browsing import PHONE, SIDEWAYS, Visit, visiting
from hostile_texts import families
from serving import serving

from rag import Archive
from rag.records import Answer, Article, Citation, Nearest, Problem, Refusal, Statement
from rag.stopping import Stop
from rag.stream import AnswerStream, Done
from ui.text.render import headline

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

# Gradio sums up the times of its queue after some answers, with an option that pandas has given up.
pytestmark = pytest.mark.filterwarnings("ignore:.future.no_silent_downcasting:DeprecationWarning")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = tuple(dict.fromkeys(text for family in families().values() for text in family))
# What no text of anybody's may bring about. Gradio's own drawings are paths in an svg without a handler.
FAULTS = """() => {
  const faults = [];
  if (window.taken) faults.push("a script ran");
  if (document.title !== "Groundwire") faults.push(`the title is ${document.title}`);
  for (const node of document.querySelectorAll("gradio-app *")) {
    const name = node.localName;
    if (/^(img|iframe|object|embed|video|audio|base|meta|link|script|math|marquee|portal)$/.test(name) || node.matches("form[action]"))
      faults.push(node.outerHTML.slice(0, 200));
    for (const { name: key, value } of node.attributes)
      if (/^on/.test(key) || (/href|src|action|data$/.test(key) && /^\\s*(javascript|data|vbscript|blob):/i.test(value)))
        faults.push(`${name} ${key}=${value.slice(0, 100)}`);
  }
  for (const once of ["#panel", "#conversation", ".masthead", "#question"])
    if (document.querySelectorAll(once).length !== 1) faults.push(`${once} is there not once`);
  return faults;
}"""
HEAD = """() => {
  const { x, width, height } = document.querySelector(".masthead").getBoundingClientRect();
  return [x, width, height];
}"""
OPEN = "all => all.forEach((one) => { one.removeAttribute('name'); one.open = true; })"


@dataclass(frozen=True, slots=True)
class Told:
    """A real archive that answers what it is told to; a question it was told nothing of is refused."""

    archive: Archive
    answers: Mapping[str, Answer]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.archive, name)

    def ask_stream(self, question: str, **options: Any) -> AnswerStream:
        answer = self.answers.get(question, UNKNOWN)
        return AnswerStream(iter([Done(replace(answer, question=question))]), Stop())


ANSWERED, REFUSED = "What was said?", "What was not said?"
UNKNOWN = Answer("", "extractive", NOW, NOW, refusal=Refusal("off_topic", "No article is about it."))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Each text in every field of an article."""
    folder = tmp_path_factory.mktemp("hostile")
    with Archive.open(folder / "archive", model="extractive") as archive:
        report = archive.ingest([_written(folder)])
        assert report.added >= 200
        yield archive


def _written(folder: Path) -> Path:
    file = folder / "articles.jsonl"
    rows = [_row(place, text) for place, text in enumerate(TEXTS)]
    file.write_text("\n".join(json.dumps(row) for row in rows), "ascii")
    return file


def _row(place: int, text: str) -> dict[str, Any]:
    said = f"Report {place} of Quillhaven said on Monday: {text} and {place} people left the town."
    day = NOW - timedelta(days=place)
    fields = {"title": text, "source": text[:500], "authors": [text[:500]], "url": text, "description": text}
    return fields | {"id": f"report-{place}", "text": said, "published_at": day.isoformat()}


def an_answer(articles: Sequence[Article]) -> Answer:
    """Every text in every place of an answer; each article cited whole."""
    whole = [
        Citation(
            number, one.id, one.revision, one.title, one.url, one.source, one.published_at, 0, len(one.text), one.text
        )
        for number, one in enumerate(articles, 1)
    ]
    numbers = range(1, len(whole) + 1)
    said = [Statement(text, (1 + place % len(whole),), "supported") for place, text in enumerate(TEXTS)]
    weak = [
        Statement(text, (number,), "weak", (Problem("wording", text, text),))
        for number, text in zip(numbers, TEXTS[:40], strict=False)
    ]
    wrong = [Statement(text, (), "unsupported", (Problem("number", text, text),)) for text in TEXTS]
    return Answer(
        ANSWERED, "extractive", NOW, NOW, statements=(*said, *weak), rejected=tuple(wrong), citations=tuple(whole),
        unanswered=TEXTS, notes=TEXTS, incomplete=TEXTS[0],
    )  # fmt: skip


def a_refusal(articles: Sequence[Article]) -> Answer:
    nearest = tuple(Nearest(one.id, one.title, one.published_at) for one in articles)
    return Answer(REFUSED, "extractive", NOW, NOW, refusal=Refusal("not_answered", " ".join(TEXTS), nearest))


@pytest.fixture(scope="module")
def articles(archive: Archive) -> Sequence[Article]:
    return archive.articles()


@pytest.fixture(scope="module")
def address(archive: Archive, articles: Sequence[Article]) -> Iterator[str]:
    told = Told(archive, {ANSWERED: an_answer(articles), REFUSED: a_refusal(articles)})
    with pytest.MonkeyPatch.context() as patch, serving(told, patch, questions=TEXTS) as address:  # type: ignore[arg-type]
        yield address


@pytest.fixture
def visit(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address, getattr(request, "param", {})) as visit:
        visit.page.wait_for_selector(".suggestion")
        head = visit.page.evaluate(HEAD)
        yield visit
        assert_unharmed(visit)
        assert visit.page.evaluate(HEAD) == head


def assert_unharmed(visit: Visit) -> None:
    """Nothing ran, nothing of a text became part of the page, and nothing lies outside of the window."""
    assert visit.page.evaluate(FAULTS) == []
    assert visit.page.evaluate(SIDEWAYS) <= 0
    assert visit.wrong == []


def drawn(text: str) -> str:
    """A text as a document can hold it."""
    sent = text.encode("utf-8", "replace").decode()
    return sent.replace("\x00", "")


def texts(page: Page, selector: str) -> list[str]:
    return page.locator(selector).all_text_contents()


def test_there_are_two_hundred_of_many_kinds() -> None:
    assert len(TEXTS) >= 200
    assert len(families()) >= 14


def test_suggested_questions_are_shown_as_they_are(visit: Visit) -> None:
    assert texts(visit.page, ".suggestion") == [drawn(text) for text in TEXTS]


@pytest.mark.parametrize("visit", [{}, {"size": PHONE, "scheme": "dark"}], indirect=True, ids=["desktop", "phone"])
def test_an_answer_and_its_sources_are_shown_as_they_are(visit: Visit, articles: Sequence[Article]) -> None:
    visit.ask(ANSWERED)
    visit.page.locator("details").evaluate_all(OPEN)
    assert [
        said.startswith(drawn(text))
        for said, text in zip(texts(visit.page, "#turn-1 .statement"), TEXTS, strict=False)
    ] == [True] * len(TEXTS)
    assert texts(visit.page, "#panel .article-text") == [drawn(one.text) for one in articles]
    assert texts(visit.page, "#panel mark") == [drawn(one.text) for one in articles]
    assert texts(visit.page, "#panel summary .title") == [drawn(headline(one.title)) for one in articles]
    visit.shot(f"hostile-answer-{visit.page.viewport_size['width']}")


def test_a_refusal_and_its_nearest_articles_are_shown_as_they_are(visit: Visit, articles: Sequence[Article]) -> None:
    visit.ask(REFUSED)
    near = visit.page.locator("#turn-1 .open-article")
    assert near.all_text_contents() == [drawn(headline(one.title)) for one in articles]
    near.nth(3).click()
    visit.page.wait_for_selector("#panel .card.single")
    assert texts(visit.page, "#panel .article-text") == [drawn(articles[3].text)]


def test_questions_are_shown_as_they_were_typed(visit: Visit) -> None:
    # A box for text makes line feeds of carriage returns, and a browser has no half of a pair to send.
    joined = [" ".join(family)[:3_900].strip().replace("\r", "\n") for family in families().values()]
    typed = [one.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for one in joined]
    for number, question in enumerate(typed, 1):
        visit.ask(question, turn=number)
        assert places.turn(visit.page, number).locator(".question").text_content() == drawn(question)
    assert_unharmed(visit)
    visit.page.reload()
    visit.page.wait_for_selector(".masthead")


def test_every_view_shows_text_alone(visit: Visit) -> None:
    for tab in places.tabs(visit.page):
        places.go_to(visit.page, tab)
        for box in visit.page.get_by_role("combobox").filter(visible=True).all():
            box.click()
            assert_unharmed(visit)
            visit.page.keyboard.press("Escape")
        assert_unharmed(visit)


def test_a_summary_of_all_is_text_alone(visit: Visit) -> None:
    places.go_to(visit.page, "Summaries")
    visit.page.get_by_role("button", name="Summarise").click()
    visit.page.wait_for_selector("#summary :is(.statement, .error)")
