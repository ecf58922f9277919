"""Summaries of the articles' own sentences: every form, its length, what it covers, and what makes no sense."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stories import OTHER, jsonl, march, story
from test_exactness import assert_exact

from benchmarks.summary_keys import STORIES
from rag import Archive, Article, Summary
from rag.alone import stands_alone
from rag.contract import summary_json
from rag.errors import UnknownArticle, UsageError
from rag.orders import gives_orders
from rag.summary import STYLES, Style
from ui.exports.exported import exported

AS_OF = "2026-01-01"
FLOOD = (
    "Nine people died in the flood at Lindmouth, the mayor said on Thursday. The river had burst its banks after a week"
    " of rain. Nine hundred homes stand under water in the old town of Lindmouth."
)
LATER = (
    "Eight people died in the flood at Lindmouth, the coroner said on Monday. One name had been counted twice by the"
    " mayor's office. Most of the homes in the old town are dry again."
)


def summarized(archive: Archive, tmp_path: Path, *articles: Article, style: Style = "paragraph") -> Summary:
    archive.ingest([jsonl(tmp_path / "articles.jsonl", *articles)])
    return archive.summarize(style=style)


@pytest.mark.parametrize("style", STYLES)
def test_every_sentence_of_every_form_cites_the_words_of_an_article(seeded: Archive, style: Style) -> None:
    summary = seeded.summarize(style=style, as_of=AS_OF)
    assert summary.statements
    assert not summary.rejected
    assert_exact(seeded, summary.citations, summary.statements)
    assert {one.verdict for one in summary.statements} == {"supported"}
    assert all(place in range(len(summary.statements)) for one in summary.sections for place in one.statements)


@pytest.mark.parametrize("story", STORIES)
def test_no_sentence_of_a_summary_points_back(seeded: Archive, story: str) -> None:
    for id in STORIES[story]:
        for one in seeded.summarize([id], sentences=6).statements:
            assert stands_alone(one.text), one.text


def test_a_summary_of_an_article_begins_with_its_lead(seeded: Archive) -> None:
    first = seeded.summarize(["harbour-deal"], sentences=2).statements[0]
    assert first.text == "The strike that closed Saltmere harbour for 16 days is over."


@pytest.mark.parametrize("words", [40, 60, 100, 150, 250])
def test_a_length_in_words_is_kept_within_a_tenth(seeded: Archive, words: int) -> None:
    for style in ("paragraph", "bullets"):
        extent = seeded.summarize(list(STORIES["dam"]), style=style, words=words).extent
        assert abs(extent.words - words) <= words / 10


@given(st.integers(1, 40))
def test_a_length_in_sentences_is_never_passed(seeded: Archive, sentences: int) -> None:
    summary = seeded.summarize(list(STORIES["harbour"]), sentences=sentences)
    assert summary.extent.sentences <= sentences
    assert summary.extent.asked.sentences == sentences


def test_a_length_that_cannot_be_kept_is_said(seeded: Archive) -> None:
    short = seeded.summarize(["harbour-deal"], words=3)
    long = seeded.summarize(["harbour-deal"], words=10_000)
    assert short.notes == (f"Asked for 3 words, this has {short.extent.words}: no whole sentence is shorter.",)
    assert long.notes == (f"Asked for 10,000 words, this has {long.extent.words}: there is no more to tell.",)


def test_bullets_are_lines(seeded: Archive) -> None:
    lines = seeded.summarize(["harbour-deal"], style="bullets", sentences=3).text.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("- ") for line in lines)


@pytest.mark.parametrize("id", sorted(frozenset().union(*STORIES.values())))
def test_a_headline_is_one_short_statement(seeded: Archive, id: str) -> None:
    summary = seeded.summarize([id], style="headline")
    assert summary.extent.words <= 26
    assert len(summary.citations) == 1


def test_a_headline_leaves_out_what_only_adds_and_not_who_says_it(archive: Archive, tmp_path: Path) -> None:
    adds = story(
        "adds", "The council of Lindmouth bought the old customs house, which has stood empty since the war ended."
    )
    summary = summarized(archive, tmp_path, adds, style="headline")
    assert archive.summarize(style="headline", words=9).statements[0].text == (
        "The council of Lindmouth bought the old customs house"
    )
    assert summary.citations[0].quote in adds.text
    says = story(
        "says", "The council of Lindmouth bought the customs house, as the mayor said on the radio this morning."
    )
    archive.remove("adds")
    archive.ingest([jsonl(tmp_path / "says.jsonl", says)])
    assert "the mayor said" in archive.summarize(style="headline", words=9).text


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "But the council of Lindmouth must pay for the bridge.",
            "The council of Lindmouth must pay for the bridge.",
        ),
        # With a capital the first word would be taken for another than the article's.
        (
            "But perhaps a bigger change is in the coverage of politics as a sport.",
            "perhaps a bigger change is in the coverage of politics as a sport.",
        ),
    ],
)
def test_a_linking_word_goes_and_the_sentence_still_holds(
    archive: Archive, tmp_path: Path, sentence: str, told: str
) -> None:
    text = f"The council of Lindmouth met on Monday in the hall. {sentence}"
    statement = summarized(archive, tmp_path, story("bridge", text)).statements[1]
    assert (statement.text, statement.verdict) == (told, "supported")


def test_a_later_report_takes_the_place_of_an_earlier_one(archive: Archive, tmp_path: Path) -> None:
    early = story("early", FLOOD, title="Flood at Lindmouth kills nine", source="Echo", published_at=march(7))
    late = story("late", LATER, title="Flood at Lindmouth killed eight", source="Echo", published_at=march(18))
    text = summarized(archive, tmp_path, early, late).text
    assert "Eight people died" in text
    assert "Nine people died" not in text
    told = archive.summarize(style="timeline").statements
    assert [one.superseded for one in told if one.text.startswith("Nine people")] == [True]


def test_outlets_that_differ_at_one_time_are_both_told(archive: Archive, tmp_path: Path) -> None:
    one = story("one", FLOOD, title="Flood at Lindmouth kills nine", source="Echo", published_at=march(7))
    other = story("other", LATER, title="Flood at Lindmouth killed eight", source="Post", published_at=march(8))
    told = summarized(archive, tmp_path, one, other).statements
    differing = [statement for statement in told if statement.conflict]
    assert sorted(statement.text[:12] for statement in differing) == ["Eight people", "Nine people "]
    (section,) = [one for one in archive.summarize(style="differences").sections if "differ" in one.heading]
    assert section.heading == "Outlets differ: Echo Nine, Post Eight"
    assert section.outlets == ("Echo", "Post")


def test_outlets_that_agree_are_cited_together(seeded: Archive) -> None:
    sections = seeded.summarize(list(STORIES["harbour"]), style="differences").sections
    agreed = [one for one in sections if one.heading.startswith("Outlets agree")]
    assert agreed
    assert all(len(one.outlets) > 1 for one in agreed)


def test_one_outlet_has_nothing_to_compare(archive: Archive, tmp_path: Path) -> None:
    articles = (story("a", source="Echo"), story("b", FLOOD, title="Flood", source="Echo"))
    refusal = summarized(archive, tmp_path, *articles, style="differences").refusal
    assert refusal is not None
    assert "one outlet" in refusal.message


def test_a_timeline_is_in_order_of_time_and_headed_by_its_days(seeded: Archive) -> None:
    sections = seeded.summarize(list(STORIES["harbour"]), style="timeline").sections
    days = [(one.first, one.last) for one in sections]
    assert days == sorted(days)
    assert ("5 February 2025", date(2025, 2, 5)) in [(one.heading, one.first) for one in sections]


def test_a_timeline_tells_each_sentence_once_unless_there_is_room_for_all(seeded: Archive) -> None:
    for ids in STORIES.values():
        usual, all_of_it = (seeded.summarize(list(ids), style="timeline", sentences=n) for n in (None, 200))
        assert len({one.text for one in usual.statements}) == len(usual.statements)
        assert len(all_of_it.statements) > len(usual.statements)


def test_articles_without_dates_have_no_timeline(archive: Archive, tmp_path: Path) -> None:
    refusal = summarized(
        archive, tmp_path, story("a", "Bread is baked of flour and water in the town."), style="timeline"
    ).refusal
    assert refusal is not None
    assert refusal.message == "The articles tell of no event that they date."


def test_a_digest_has_the_largest_story_first_and_every_article_in_its_own(seeded: Archive) -> None:
    sections = seeded.summarize(style="digest", as_of=AS_OF).sections
    sizes = [len(one.articles) for one in sections]
    assert sizes == sorted(sizes, reverse=True)
    assert all(any(set(one.articles) <= ids for ids in STORIES.values()) for one in sections)
    assert len(sections) == len(STORIES)


def test_unrelated_articles_asked_for_together_are_said_to_be_apart(seeded: Archive) -> None:
    assert seeded.summarize(["harbour-deal", "kim-gifts"]).notes == ("These 2 articles tell 2 separate stories.",)
    assert seeded.summarize(["harbour-deal", "harbour-strike-vote"]).notes == ()


def test_a_story_is_all_articles_that_tell_it(seeded: Archive) -> None:
    summary = seeded.summarize(story="harbour-deal", as_of=AS_OF)
    read = {*summary.used, *(one.article_id for one in summary.unused)}
    assert read == STORIES["harbour"]


def test_the_week_in_a_place_is_the_seven_days_before_the_moment_of_asking(seeded: Archive) -> None:
    summary = seeded.summarize(query="the week in Saltmere", as_of="2025-02-08")
    published = {citation.published_at.date() for citation in summary.citations if citation.published_at}
    assert published <= {date(2025, 2, day) for day in range(2, 9)}
    assert len(published) > 1


def test_of_a_query_no_more_articles_are_read_than_asked_for(seeded: Archive) -> None:
    summary = seeded.summarize(query="dock strike", k=2, as_of=AS_OF)
    assert summary.coverage is not None
    assert summary.coverage.articles == 2
    assert "2 others fit the query better" in {one.reason for one in summary.unused}


def test_what_a_summary_was_asked_to_be_about_is_told_with_it(seeded: Archive) -> None:
    summary = seeded.summarize(query="the week in Saltmere", as_of="2025-02-08")
    assert summary_json(summary)["subject"] == "the week in Saltmere"
    assert "# Summary: the week in Saltmere" in exported(summary, "markdown")


def test_words_of_time_in_a_query_limit_the_days(seeded: Archive) -> None:
    summary = seeded.summarize(query="the dam in May 2024", as_of=AS_OF)
    assert {(one.published_at.year, one.published_at.month) for one in summary.citations if one.published_at} == {
        (2024, 5)
    }


def test_days_without_articles_are_told_with_the_newest(seeded: Archive) -> None:
    refusal = seeded.summarize(query="last week", as_of="2026-02-01").refusal
    assert refusal is not None
    assert refusal.reason == "out_of_period"
    assert refusal.message.endswith("The newest article is of 13 October 2025.")


def test_an_empty_archive_is_told(archive: Archive) -> None:
    refusal = archive.summarize().refusal
    assert refusal is not None
    assert refusal.reason == "empty_archive"


def test_what_is_covered_and_what_is_not_is_told(seeded: Archive) -> None:
    ids = sorted(STORIES["tram"])
    brief, long = (seeded.summarize(ids, sentences=count).coverage for count in (1, 60))
    assert brief is not None
    assert long is not None
    assert brief.articles == long.articles == 5
    assert brief.covered < long.covered <= long.points
    assert 0 < brief.share < long.share <= 1
    for point in brief.missing:
        assert seeded.article(point.article_id, point.revision).text[point.start : point.end] == point.quote


def test_every_article_read_is_used_or_left_out_for_a_reason(seeded: Archive) -> None:
    for style in STYLES:
        summary = seeded.summarize(style=style, as_of=AS_OF)
        told = [*summary.used, *(one.article_id for one in summary.unused)]
        assert sorted(told) == sorted(article.id for article in seeded.articles())
        assert all(one.reason for one in summary.unused)


def test_of_carriers_the_original_is_read_and_the_others_are_listed(seeded: Archive) -> None:
    ids = [f"dam-collapse-wire-{outlet}" for outlet in ("tidewater", "northgate", "orlavia")]
    summary = seeded.summarize(ids)
    assert summary.used == ("dam-collapse-wire-orlavia",)
    assert set(summary.citations[0].also) == set(ids[:2])
    assert [one.reason for one in summary.unused] == ["carries the same report as 'dam-collapse-wire-orlavia'"] * 2


@pytest.mark.parametrize(
    "text",
    [
        "It rained.",
        "- Apples\n- Pears\n- Plums\n- Quinces",
        "Team | Won | Lost\nLindmouth | 4 | 1\nBrackwater | 2 | 3",
        "FINCH: We met on Tuesday.\n\nREED: Who was there?\n\nFINCH: The whole council of the town was there.",
        "Die Werft in Lindmouth hat am Dienstag geschlossen. Der Bürgermeister sprach von einem schweren Tag für die Stadt.",
        "林茅斯港口星期二重新开放。罢工使四十艘船停在海岸附近。市长表示城市损失了一大笔钱。",
        "He said so. She did not. They left.",
        "!!! ??? …",
        "See the full list of winners here, and the photos below.",
    ],
    ids=["one sentence", "list", "table", "transcript", "German", "Chinese", "pronouns", "marks", "teaser"],
)
def test_odd_articles_are_summarised_or_refused_in_one_line(archive: Archive, tmp_path: Path, text: str) -> None:
    archive.ingest([jsonl(tmp_path / "odd.jsonl", story("odd", text, published_at=march(5)))])
    for style in STYLES:
        for length in ({}, {"words": 5}, {"sentences": 1}):
            summary = archive.summarize(["odd"], style=style, **length)  # type: ignore[arg-type]
            assert summary.statements or summary.refusal
            assert_exact(archive, summary.citations, summary.statements)


def test_an_article_of_ten_thousand_words_is_summarised(archive: Archive, tmp_path: Path) -> None:
    text = "\n\n".join(
        f"The council of Lindmouth voted on bridge number {number} in the year." for number in range(900)
    )
    archive.ingest([jsonl(tmp_path / "long.jsonl", story("long", text))])
    assert archive.summarize(["long"]).extent.sentences <= 5


def test_what_makes_no_sense_is_refused(seeded: Archive) -> None:
    with pytest.raises(UnknownArticle, match="nobody"):
        seeded.summarize(["nobody"])
    with pytest.raises(UnknownArticle, match="nobody"):
        seeded.summarize(story="nobody")
    with pytest.raises(UsageError, match="words is 0"):
        seeded.summarize(words=0)
    with pytest.raises(UsageError, match="There is no style 'poem'"):
        seeded.summarize(style="poem")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="Both ids and query"):
        seeded.summarize(["harbour-deal"], query="strike")
    with pytest.raises(UsageError, match="k is 0"):
        seeded.summarize(query="strike", k=0)
    with pytest.raises(UsageError, match="query is empty"):
        seeded.summarize(query=" ")


def test_an_order_in_an_article_is_never_told(seeded: Archive) -> None:
    for style in STYLES:
        told = seeded.summarize(style=style, sentences=200, as_of=AS_OF).statements
        assert [one.text for one in told if gives_orders(one.text)] == []


def test_of_a_query_the_stories_whose_titles_fit_have_their_due(archive: Archive, tmp_path: Path) -> None:
    flood = story("flood", f"{FLOOD} {LATER}", title="Flood at Lindmouth", published_at=march(4))
    aside = story("aside", f"{OTHER} The flood at Lindmouth was not seen there.", title="Comet over Brackwater")
    archive.ingest([jsonl(tmp_path / "articles.jsonl", flood, aside)])
    assert archive.summarize(query="flood at Lindmouth", sentences=3).used == ("flood",)


def test_the_story_that_fits_a_query_best_comes_first(seeded: Archive) -> None:
    told = seeded.summarize(query="tram cost", style="digest", as_of=AS_OF).sections
    assert set(told[0].articles) <= STORIES["tram"]
    assert set(seeded.summarize(query="tram cost", style="headline", as_of=AS_OF).used) <= STORIES["tram"]
