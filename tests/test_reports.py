"""A search tells a report once, by its original, and an edited copy only for what it says otherwise."""

from dataclasses import replace
from pathlib import Path

import pytest
from stories import OTHER, REPORT, jsonl, march, story

from rag import Archive
from rag.records import Article
from rag.reports import VARIANTS

FIRST = story("first", published_at=march(5), source="Coast Courier", url="https://courier.example/harbour")
SECOND = story("second", "LINDMOUTH: " + REPORT, title="Ships sail", published_at=march(6), source="Inland Herald")
THIRD = story(
    "third", REPORT[: REPORT.rindex(" The first ferry")], title="Strike ends", published_at=march(7), source="Gazette"
)
COMET = story("comet", OTHER, title="Comet seen", published_at=march(4), source="Inland Herald")
EDITED = story(
    "edited",
    REPORT.replace("40 ships", "44 ships"),
    title="Harbour reopens",
    published_at=march(8),
    source="Hill Gazette",
)
CORRECTED = story(
    "corrected",
    REPORT + " Correction: the mayor of Lindmouth is Ada Finch, not Eva Fisk.",
    title="Harbour reopens",
    published_at=march(8),
    source="Hill Gazette",
)


@pytest.fixture
def filled(archive: Archive, tmp_path: Path):  # type: ignore[no-untyped-def]
    def fill(*articles: Article) -> Archive:
        report = archive.ingest([jsonl(tmp_path / "news.jsonl", *articles)])
        assert report.failed == ()
        return archive

    return fill


def found(archive: Archive, query: str, **options: str) -> list[str]:
    return [hit.article_id for hit in archive.search(query, **options)]


@pytest.mark.parametrize("order", [(FIRST, SECOND, THIRD, COMET), (COMET, THIRD, SECOND, FIRST)])
def test_carriers_of_one_report_are_one_hit_of_the_original(filled, order: tuple[Article, ...]) -> None:
    archive = filled(*order)
    assert found(archive, "Lindmouth harbour strike ships") == ["first", "comet"]


def test_many_equal_copies_leave_room_for_other_articles(filled) -> None:
    copies = [story(f"copy{number:02}", source=f"Outlet {number}", published_at=march(9)) for number in range(80)]
    archive = filled(FIRST, *copies, COMET)
    assert found(archive, "Lindmouth harbour strike ships") == ["first", "comet"]
    assert found(archive, "Lindmouth harbour strike ships", source="Outlet 7") == ["copy07"]


def test_many_copies_under_titles_of_their_own_leave_room_for_other_articles(filled) -> None:
    copies = [
        story(f"copy{number:02}", title=f"Harbour strike of ships, part {number}", published_at=march(9))
        for number in range(80)
    ]
    archive = filled(FIRST, *copies, COMET)
    assert found(archive, "Lindmouth harbour strike ships") == ["first", "comet"]


def test_a_citation_names_the_original_and_lists_the_carriers(filled) -> None:
    (citation,) = filled(SECOND, COMET, THIRD, FIRST).ask("How many ships had the strike stopped?").citations
    assert (citation.article_id, citation.also) == ("first", ("second", "third"))
    assert citation.quote == "The strike had stopped 40 ships off the coast."


def test_a_copy_that_changed_the_words_quoted_is_not_listed_with_them(filled) -> None:
    answer = filled(FIRST, SECOND, EDITED).ask("How many ships had the strike stopped?")
    also = {one.article_id: one.also for one in answer.citations}
    assert also["first"] == ("second",)
    assert also.get("edited", ()) == ()


def test_a_figure_that_only_a_copy_has_is_found_and_can_be_cited(filled) -> None:
    archive = filled(FIRST, SECOND, EDITED, COMET)
    assert archive.cluster("edited").original == "first"
    assert set(found(archive, "44 ships stopped by the strike")) == {"first", "edited", "comet"}
    cited = {one.article_id: one.quote for one in archive.ask("How many ships had the strike stopped?").citations}
    assert "44 ships" in cited["edited"]


def test_a_correction_that_a_copy_added_is_found_and_can_be_cited(filled) -> None:
    archive = filled(FIRST, SECOND, CORRECTED, COMET)
    assert archive.cluster("corrected").original == "first"
    assert "corrected" in found(archive, "correction of the mayor's name")
    (citation, *_) = archive.ask("Who is not Eva Fisk?").citations
    assert (citation.article_id, citation.also) == ("corrected", ())
    assert "not Eva Fisk" in citation.quote


def test_a_filter_by_a_carriers_outlet_finds_the_carriers_own_article(filled) -> None:
    archive = filled(FIRST, SECOND, THIRD, COMET)
    assert found(archive, "Lindmouth harbour strike", source="inland herald") == ["second", "comet"]
    assert found(archive, "Lindmouth harbour strike", since="2024-03-06", until="2024-03-06") == ["second"]


def test_when_the_original_goes_the_next_carrier_is_found_at_once(filled) -> None:
    archive = filled(FIRST, SECOND, THIRD, COMET)
    archive.remove("first")
    assert found(archive, "Lindmouth harbour strike ships") == ["second", "comet"]
    (citation,) = archive.ask("How many ships had the strike stopped?").citations
    assert (citation.article_id, citation.also) == ("second", ("third",))


def test_a_rewritten_original_is_found_beside_the_report_it_once_was(filled) -> None:
    archive = filled(FIRST, SECOND, COMET)
    filled(replace(FIRST, text="Lindmouth harbour dues rise by a tenth in June, the council decided."))
    assert set(found(archive, "Lindmouth harbour")) == {"first", "second", "comet"}
    assert found(archive, "strike stopped ships")[0] == "second"


def test_a_summary_reads_a_report_once_and_says_what_it_left_out(filled) -> None:
    summary = filled(FIRST, SECOND, COMET).summarize()
    assert {one.article_id for one in summary.citations} <= {"first", "second", "comet"}
    (unused,) = [one for one in summary.unused if "same report" in one.reason]
    assert unused.article_id in ("first", "second")


@pytest.mark.parametrize("options", [{"source": "Inland Herald"}, {"since": "2024-03-06"}])
def test_an_answer_within_filters_cites_no_article_without_them(filled, options: dict[str, str]) -> None:
    answer = filled(FIRST, SECOND).ask("How many ships had the strike stopped?", **options)
    assert [(one.article_id, one.also) for one in answer.citations] == [("second", ())]


def test_an_answer_as_of_a_day_cites_nothing_published_after_it(filled) -> None:
    late = replace(FIRST, published_at=march(20))
    archive = filled(late, replace(SECOND, url="https://herald.example/ships", canonical=FIRST.url))
    assert archive.cluster("second").original == "first"
    answer = archive.ask("How many ships had the strike stopped?", as_of="2024-03-10")
    assert [one.article_id for one in answer.citations] == ["second"]


@pytest.mark.parametrize("kind", ["byline", "figure"])
def test_many_copies_that_each_say_a_little_else_leave_room_for_other_articles(filled, kind: str) -> None:
    def text(number: int) -> str:
        if kind == "figure":
            return REPORT.replace("40 ships", f"{number + 100} ships")
        return f"By our correspondent Number{number} in Lindmouth. {REPORT}"

    copies = [story(f"copy{number:03}", text(number), published_at=march(9)) for number in range(300)]
    archive = filled(FIRST, *copies, COMET)
    hits = found(archive, "Lindmouth harbour strike ships")
    assert {"first", "comet"} < set(hits)
    assert len(hits) <= 2 + VARIANTS
