"""What the page does when its reader wants a summary, and what it shows of one."""

from dataclasses import replace
from queue import SimpleQueue
from threading import Event

import pytest
from chat_servers import WAIT
from ui_records import GIFTS, PLANT, TOUR, Page, september
from ui_summaries import BULLETS, DIFFERENCES, DIGEST, PLAN, SUMMARY, TIMELINE, Desk

from rag.errors import Stopped
from rag.records import Refusal, Statement
from rag.summary import Coverage, Point, Progress, Section, Unused
from ui.cited import EMPTY
from ui.summaries import STORIES, Form, Made, Summaries
from ui.summary_html import progress_html, summary_html

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</p></section></li><iframe src=//evil.example>",
    "${alert(1)} {{constructor.constructor('alert(1)')()}}",
]


def last(form: Form, desk: Desk | None = None, model: str | None = None):
    return list(Summaries(desk or Desk(), model).summarise(form))[-1]


def test_a_summary_is_awaited_and_then_shown_with_its_sources():
    (nothing, awaited, none), (made, shown, panel) = Summaries(Desk()).summarise(Form())
    assert (nothing.summary, none) == (None, EMPTY)
    assert "Reading the articles" in awaited
    assert made.summary is SUMMARY
    assert PLANT in Page(shown).text
    assert Page(panel).quoted(1) == PLANT


def test_what_was_left_empty_limits_nothing():
    desk = Desk()
    last(Form(" ", "", None, " ", "", "bullets", "", "words"), desk)
    assert desk.asked == [("bullets", ())]


def test_what_was_chosen_is_what_is_asked_for():
    desk = Desk()
    last(Form("strike\ud800 ", None, "Courier", "2025-02-01", "2025-02-28", "timeline", " 120 ", "words"), desk)
    wanted = {"query": "strike?", "source": "Courier", "since": "2025-02-01", "until": "2025-02-28", "words": 120}
    assert desk.asked == [("timeline", tuple(wanted.items()))]


@pytest.mark.parametrize("length", ["many", "-3", "1.5", "9" * 30, "²"])
def test_a_length_that_is_no_number_is_said_in_one_line(length):
    made, shown, panel = last(Form(amount=length))
    assert made == Made()
    assert Page(shown).text.startswith(f"The length is '{length}'; write a number")
    assert panel == EMPTY


def test_an_error_is_one_line():
    _, shown, _ = last(Form(query="fail"))
    assert Page(shown).text == "The period ends before it starts. Swap them."


def test_a_fault_of_ours_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        last(Form(query="break"))


def test_what_a_model_is_asked_is_told_first_and_then_how_far_it_has_come():
    steps = [Page(shown).text for _, shown, _ in Summaries(Desk(), "openai:small").summarise(Form())]
    plan = "3 articles in 2 calls, about 4,000 tokens read and 500 written, about $0.01"
    assert steps[1:3] == [f"{plan}: 0 of 2 calls made…", f"{plan}: 1 of 2 calls made…"]


def test_corrections_count_as_calls_once_they_are_made():
    assert "3 of 3 calls" in progress_html(Progress(PLAN, 3))


class Slow(Desk):
    """Waits in the middle of a summary, and remembers what became of it."""

    def __init__(self) -> None:
        super().__init__()
        self.go = Event()
        self.ended: SimpleQueue[str] = SimpleQueue()

    def summarize(self, *, progress, **asked):
        progress(Progress(PLAN, 0))
        assert self.go.wait(WAIT)
        try:
            progress(Progress(PLAN, 1))
        except Stopped:
            self.ended.put("stopped")
            raise
        self.ended.put("went on")
        return SUMMARY


def test_a_summary_that_is_stopped_asks_no_model_further_and_says_so_at_once():
    desk = Slow()
    summaries = Summaries(desk)
    steps = summaries.summarise(Form())
    next(steps)
    made, _, _ = next(steps)
    summaries.stop(made)
    made, shown, _ = next(steps)
    assert made == Made()
    assert Page(shown).text == "Stopped before the summary was written."
    desk.go.set()
    assert desk.ended.get(timeout=WAIT) == "stopped"


def test_a_reader_who_leaves_stops_the_summary_too():
    desk = Slow()
    steps = Summaries(desk).summarise(Form())
    next(steps)
    next(steps)
    steps.close()
    desk.go.set()
    assert desk.ended.get(timeout=WAIT) == "stopped"


def test_stopping_what_is_made_or_unknown_does_nothing():
    summaries = Summaries(Desk())
    summaries.stop(Made(SUMMARY))
    summaries.stop(Made(key="x"))
    assert last(Form())[0].summary is SUMMARY


def test_a_number_brings_back_its_sources():
    html = Summaries(Desk()).cited(Made(SUMMARY), 3)
    assert 'data-turn="summary" data-current="3"' in html
    assert Page(html).quoted(3) == "Each gave a rifle."


@pytest.mark.parametrize("number", [None, "3", {"x": 1}, 99, 1.5])
def test_a_number_that_is_none_shows_the_first(number):
    assert 'data-current="1"' in Summaries(Desk()).cited(Made(SUMMARY), number)
    assert Summaries(Desk()).cited(Made(), number) == EMPTY


def test_a_summary_can_be_kept_as_a_file_with_its_quotes():
    page = Page(Summaries(Desk()).exported(Made(DIGEST), "markdown"))
    ((tag, attributes),) = page.elements
    assert (tag, attributes["data-name"], attributes["data-type"]) == ("div", "digest.md", "text/markdown")
    assert f"> “{PLANT}”" in page.text


def test_the_same_file_asked_for_again_is_sent_again():
    summaries = Summaries(Desk())
    assert summaries.exported(Made(SUMMARY), "html") != summaries.exported(Made(SUMMARY), "html")


@pytest.mark.parametrize("form", [None, "pdf", ["html"], {"x": 1}, 3])
def test_a_form_there_is_not_makes_no_file(form):
    assert Summaries(Desk()).exported(Made(SUMMARY), form) == ""
    assert Summaries(Desk()).exported(Made(), "html") == ""


def test_stories_are_offered_by_the_articles_an_archive_gives_first():
    many = [replace(GIFTS, id=f"a{n}", title=f"T{n}", published_at=september(20)) for n in range(300)]
    undated = replace(TOUR, published_at=None)
    stories = Summaries(Desk(*many, undated)).stories()
    assert stories[:2] == [("Any story", ""), ("T0 (20 September 2023)", "a0")]
    assert len(stories) == STORIES + 1
    assert Summaries(Desk(many[0], undated)).stories()[-1] == ("Kim tours a plant (no date)", "tour")


def test_outlets_are_offered_each_once():
    assert Summaries(Desk()).outlets()[:2] == [("All outlets", ""), ("Amur Courier", "Amur Courier")]


def test_a_timeline_is_an_ordered_list_of_days():
    page = Page(summary_html(TIMELINE))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("ol") == 1
    assert page.text.index("14 September 2023") < page.text.index("Both gave") < page.text.index("15 September 2023")
    assert "Amur Courier, 15 September" not in page.text


def test_a_digest_has_a_heading_and_the_outlets_for_each_story():
    html = summary_html(DIGEST)
    assert (
        '<h3 class="heading" dir="auto">Kim tours a plant</h3><p class="outlets" dir="auto">Amur Courier, N' in html
    )
    assert html.index("A rifle and a glove</h3>") < html.index("Both gave")


@pytest.mark.parametrize(("summary", "items"), [(SUMMARY, 0), (BULLETS, 3), (DIFFERENCES, 3)])
def test_bullets_and_differences_are_lists(summary, items):
    assert summary_html(summary).count('<li dir="auto"><span class="statement">') == items


def test_length_and_coverage_are_shown_and_what_is_left_out_one_click_away():
    page = Page(summary_html(SUMMARY))
    for words in (
        "3 sentences, 15 words (asked for 15 words)",
        "3 of 4 main points told (81% by weight)",
        "2 of 2 articles used",
        "1 main point not told",
        "It builds jets.",
        "1 article left out",
        "Plant has a guest: carries the same report as 'tour'",
        "1 sentence set aside",
    ):
        assert words in page.text
    assert not any("open" in attributes for tag, attributes in page.elements if tag == "details")


def test_a_summary_of_unknown_coverage_and_a_refused_one_are_shown_too():
    assert "main point" not in summary_html(replace(SUMMARY, coverage=None))
    refused = replace(SUMMARY, statements=(), refusal=Refusal("off_topic", "Nothing on Xi."))
    assert "Nothing on Xi." in summary_html(refused)
    assert "sentences," not in summary_html(refused)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("base", [BULLETS, TIMELINE, DIGEST, DIFFERENCES])
def test_hostile_words_are_shown_and_are_never_markup(text, base):
    summary = replace(
        base,
        statements=(Statement(text, (1,), "weak"), Statement(text, (2,), "supported")),
        rejected=(Statement(text, (), "unsupported"),),
        citations=tuple(replace(one, title=text, source=text, quote=text) for one in base.citations),
        sections=(Section(text, (0, 1), outlets=(text,)),),
        coverage=Coverage(1, 1, 2, 1, 0.5, (Point("x", 1, text, 0, 1, text),)),
        unused=tuple(Unused("x", text, text) for _ in range(9)),
        notes=(text,),
        incomplete=text,
        model=text,
    )
    page = Page(summary_html(summary) + Summaries(Desk()).cited(Made(summary), 1))
    assert page.tags.isdisjoint({"script", "img", "iframe", "b"})
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert page.text.count(text) >= 8


def test_a_listing_of_a_great_many_articles_left_out_stays_short():
    unused = tuple(Unused(f"a{n}", f"T{n}", "no room in the length asked for") for n in range(1_500))
    assert len(summary_html(replace(SUMMARY, unused=unused))) < 8_000
    assert "1,500 articles: no room in the length asked for" in summary_html(replace(SUMMARY, unused=unused))
