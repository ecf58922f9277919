"""What the page does when its reader wants a summary, and what it shows of one."""

from dataclasses import asdict, replace
from queue import SimpleQueue
from threading import Event

import pytest
from chat_servers import WAIT
from ui_records import GIFTS, PLANT, TOUR, Page, september
from ui_summaries import BULLETS, DIFFERENCES, DIGEST, PLAN, SUMMARY, TIMELINE, Desk

from rag.database import Database
from rag.errors import Stopped, UsageError
from rag.history import FILE, HISTORY
from rag.records import Refusal, Statement
from rag.summary import Coverage, Point, Progress, Section, Unused
from ui.admission import Admission
from ui.html.cited import EMPTY
from ui.html.summary import progress_html, summary_html
from ui.kept.conversations import Conversations
from ui.kept.summaries import HELD, Kept, KeptSummaries
from ui.page.summaries import GONE, STORIES, Form, Summaries

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</p></section></li><iframe src=//evil.example>",
    "${alert(1)} {{constructor.constructor('alert(1)')()}}",
]


READER = "a" * 32


def summaries_of(desk: Desk, model: str | None = None) -> Summaries:
    return Summaries(desk, KeptSummaries(desk.folder), Admission(), model=model)


def last(form: Form, desk: Desk | None = None):
    return list(summaries_of(desk or Desk()).summarise(form, READER))[-1]


def made(summary=SUMMARY):
    """Where a summary is kept, and its id."""
    summaries = summaries_of(Desk())
    summaries.kept.put(READER, "s1", Kept(asdict(Form()), summary))
    return summaries, "s1"


def test_a_summary_is_awaited_and_then_shown_with_its_sources():
    (at, awaited, none), (same, shown, panel) = summaries_of(Desk()).summarise(Form())
    assert (same, none) == (at, EMPTY)
    assert "Reading the articles" in awaited
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
    _, shown, panel = last(Form(amount=length))
    assert Page(shown).text.startswith(f"The length is '{length}'; write a number")
    assert panel == EMPTY


def test_an_error_is_one_line():
    _, shown, _ = last(Form(query="fail"))
    assert Page(shown).text == "The period ends before it starts. Swap them."


def test_a_fault_of_ours_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        last(Form(query="break"))


def test_what_a_model_is_asked_is_told_first_and_then_how_far_it_has_come():
    steps = [Page(shown).text for _, shown, _ in summaries_of(Desk(), "openai:small").summarise(Form())]
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
    summaries = summaries_of(desk)
    steps = summaries.summarise(Form(), READER)
    next(steps)
    at, _, _ = next(steps)
    assert summaries.stop(READER, at) == (None, None)
    _, shown, _ = next(steps)
    assert Page(shown).text == "Stopped before the summary was written."
    desk.go.set()
    assert desk.ended.get(timeout=WAIT) == "stopped"


def test_a_reader_who_leaves_stops_the_summary_too():
    desk = Slow()
    summaries = summaries_of(desk)
    steps = summaries.summarise(Form(), READER)
    next(steps)
    at, _, _ = next(steps)
    steps.close()
    desk.go.set()
    assert desk.ended.get(timeout=WAIT) == "stopped"
    assert "broken off" in summaries.open(READER, at)[1]


def test_stopping_what_is_made_no_longer_shows_what_became_of_it():
    summaries, at = made()
    shown, panel = summaries.stop(READER, at)
    assert PLANT in Page(shown).text
    assert Page(panel).quoted(1) == PLANT


def test_a_number_brings_back_its_sources():
    summaries, at = made()
    html = summaries.cited(READER, at, 3)
    assert 'data-turn="summary" data-current="3"' in html
    assert Page(html).quoted(3) == "Each gave a rifle."


@pytest.mark.parametrize("number", [None, "3", {"x": 1}, 99, 1.5])
def test_a_number_that_is_none_shows_the_first(number):
    summaries, at = made()
    assert 'data-current="1"' in summaries.cited(READER, at, number)
    assert summaries.cited(READER, "", number) == EMPTY


def test_after_a_restart_a_summary_is_found_as_it_was_with_what_was_filled_in():
    desk, form = Desk(), Form(query="strike", style="timeline", amount="4")
    at, shown, panel = last(form, desk)
    again = summaries_of(desk)
    assert again.open(READER, at) == (at, shown, form)
    assert again.cited(READER, at, None) == panel


def test_one_that_was_being_written_when_the_server_stopped_is_said_to_be_broken_off():
    desk = Slow()
    steps = summaries_of(desk).summarise(Form(query="strike"), READER)
    at, awaited, _ = next(steps)
    assert "awaited" in awaited
    _, shown, form = summaries_of(desk).open(READER, at)
    assert Page(shown).text == "This summary was broken off. Summarise again."
    assert form == Form(query="strike")


def test_one_that_is_being_written_still_is_awaited_and_not_looked_at_again():
    desk = Slow()
    summaries = summaries_of(desk)
    steps = summaries.summarise(Form(), READER)
    next(steps)
    at, _, _ = next(steps)
    assert "awaited" in summaries.open(READER, at)[1]
    assert summaries.looked_again(READER, at) == (None, None)
    steps.close()
    desk.go.set()


@pytest.mark.parametrize(("reader", "at"), [("b" * 32, "s1"), ("", "s1"), (READER, "s2"), (READER, "\0' OR 1=1")])
def test_anothers_summary_and_one_that_never_was_are_gone(reader, at):
    summaries, _ = made()
    assert Page(summaries.open(reader, at)[1]).text == GONE
    assert Page(summaries.cited(reader, at, 1)).text == GONE
    with pytest.raises(UsageError, match="not here any more"):
        summaries.exported(reader, at, "html")


def test_of_one_reader_the_newest_are_kept_and_those_of_others_stay():
    summaries, at = made()
    for place in range(HELD + 1):
        summaries.kept.put("b" * 32, f"b{place}", Kept(asdict(Form()), SUMMARY))
    held = [summaries.kept.load("b" * 32, f"b{place}") is not None for place in range(HELD + 1)]
    assert held == [False] + [True] * HELD
    assert summaries.kept.load(READER, at).summary == SUMMARY


@pytest.mark.parametrize("summary", [SUMMARY, BULLETS, TIMELINE, DIGEST, DIFFERENCES])
def test_every_form_is_read_back_as_it_was_written(summary):
    summaries, at = made(summary)
    assert summaries.kept.load(READER, at).summary == summary


@pytest.mark.parametrize("record", ['{"x": 1}', "[]", "{", "null", '{"length": 3}'])
def test_a_record_that_cannot_be_read_any_more_is_said_to_be(record):
    summaries, at = made()
    database = Database(summaries.archive.folder / FILE, HISTORY)
    with database.transaction():
        database.write("UPDATE summaries SET summary = ?", (record,))
    assert "cannot be read any more" in Page(summaries.open(READER, at)[1]).text


def test_what_a_browser_sends_in_place_of_text_is_as_if_left_empty():
    assert Form.of(None, ["x"], {"y": 1}, 3, "2025-02-01") == Form(until="2025-02-01")
    assert "counted in" in Page(last(Form(unit="__class__"))[1]).text


def test_a_summary_can_be_kept_as_a_file_with_its_quotes():
    summaries, at = made(DIGEST)
    page = Page(summaries.exported(READER, at, "markdown"))
    ((tag, attributes),) = page.elements
    assert (tag, attributes["data-name"], attributes["data-type"]) == ("div", "digest.md", "text/markdown")
    assert f"> “{PLANT}”" in page.text


def test_the_same_file_asked_for_again_is_sent_again():
    summaries, at = made()
    assert summaries.exported(READER, at, "html") != summaries.exported(READER, at, "html")


@pytest.mark.parametrize("form", [None, "pdf", ["html"], {"x": 1}, 3])
def test_a_form_there_is_not_makes_no_file(form):
    summaries, at = made()
    assert summaries.exported(READER, at, form) == ""


def test_stories_are_offered_by_the_articles_an_archive_gives_first():
    many = [replace(GIFTS, id=f"a{n}", title=f"T{n}", published_at=september(20)) for n in range(300)]
    undated = replace(TOUR, published_at=None)
    stories = summaries_of(Desk(*many, undated)).stories()
    assert stories[:2] == [("Any story", ""), ("T0 (20 September 2023)", "a0")]
    assert len(stories) == STORIES + 1
    assert summaries_of(Desk(many[0], undated)).stories()[-1] == ("Kim tours a plant (no date)", "tour")


def test_outlets_are_offered_each_once():
    assert summaries_of(Desk()).outlets()[:2] == [("All outlets", ""), ("Amur Courier", "Amur Courier")]


def test_a_timeline_is_an_ordered_list_of_days():
    page = Page(summary_html(TIMELINE))
    tags = [tag for tag, _ in page.elements]
    assert tags.count("ol") == 1
    assert page.text.index("14 September 2023") < page.text.index("Both gave") < page.text.index("15 September 2023")
    assert "Amur Courier, 15 September" not in page.text


def test_a_digest_has_a_heading_and_the_outlets_for_each_story():
    html = summary_html(DIGEST)
    assert (
        '<h2 class="heading" dir="auto">Kim tours a plant</h2><p class="outlets" dir="auto">Amur Courier, N' in html
    )
    assert html.index("A rifle and a glove</h2>") < html.index("Both gave")


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
    summaries, at = made(summary)
    page = Page(summary_html(summary) + summaries.cited(READER, at, 1))
    assert page.tags.isdisjoint({"script", "img", "iframe", "b"})
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert page.text.count(text) >= 8


def test_a_listing_of_a_great_many_articles_left_out_stays_short():
    unused = tuple(Unused(f"a{n}", f"T{n}", "no room in the length asked for") for n in range(1_500))
    assert len(summary_html(replace(SUMMARY, unused=unused))) < 8_000
    assert "1,500 articles: no room in the length asked for" in summary_html(replace(SUMMARY, unused=unused))


def test_whoever_deletes_all_deletes_their_summaries_too_and_nobody_elses():
    summaries, at = made()
    summaries.kept.put("b" * 32, "b1", Kept(asdict(Form()), SUMMARY))
    Conversations(summaries.archive.folder).delete_all(READER)
    assert summaries.kept.load(READER, at) is None
    assert summaries.kept.load("b" * 32, "b1") is not None


def test_a_file_of_before_summaries_were_kept_is_brought_up(tmp_path):
    before = replace(HISTORY, version=1, made=HISTORY.made.removesuffix(HISTORY.upgrades[1]), upgrades={})
    Database(tmp_path / FILE, before).close()
    kept = KeptSummaries(tmp_path)
    kept.put(READER, "s1", Kept(asdict(Form()), SUMMARY))
    assert kept.load(READER, "s1").summary == SUMMARY
