"""What the library's view does with a real archive: looks, one article whole, removal and its undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui_records import Page

from rag import Archive
from ui.html.library import Look
from ui.page.articles import MOST_KEPT, UNDO_SECONDS, Articles, Removals

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}}"


def write(folder: Path, name: str, title: str, text: str, **fields: str) -> Path:
    head = "".join(f"{key}: {value}\n" for key, value in fields.items())
    path = folder / f"{name}.md"
    path.write_text(f"---\nid: {name}\ntitle: '{title}'\n{head}---\n{text}\n", "utf-8")
    return path


def rows(html: str) -> list[str]:
    return [attrs["data-choose"] or "" for _, attrs in Page(html).elements if "data-choose" in attrs]


@pytest.fixture
def many(archive: Archive, tmp_path: Path) -> Articles:
    """A hundred and twenty articles, a01 the oldest."""
    line = '{{"id": "a{0:03}", "title": "Story {0}", "text": "The {0} ferry sailed at dawn.", "source": "{1}"}}'
    lines = [line.format(number, "Courier" if number % 2 else "Post") for number in range(120)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), "utf-8")
    archive.ingest([tmp_path / "many.jsonl"])
    return Articles(archive)


def test_a_page_has_fifty_articles_and_says_which_of_how_many(many: Articles) -> None:
    shown = many.look({"sort": "title", "offset": 50})
    assert len(rows(shown)) == 50
    assert "51–100 of 120" in Page(shown).text


def test_a_page_past_the_end_is_the_last_one(many: Articles) -> None:
    assert "101–120 of 120" in Page(many.look({"offset": 5000})).text


def test_words_and_an_outlet_leave_what_has_both(many: Articles) -> None:
    assert rows(many.look({"query": "story 11", "outlet": "Courier"})) == [
        "a011",
        "a111",
        "a113",
        "a115",
        "a117",
        "a119",
    ]


def test_the_column_sorted_by_is_told(many: Articles) -> None:
    heads = [attrs.get("aria-sort") for tag, attrs in Page(many.look({"sort": "title"})).elements if tag == "th"]
    assert heads == [None, "ascending", None, None, None]


def test_nothing_found_says_what_to_do(many: Articles) -> None:
    assert "fewer or shorter words" in many.look({"query": "zeppelin"})


def test_an_empty_archive_says_what_to_do(archive: Archive) -> None:
    assert "Add files" in Articles(archive).look({})


@pytest.mark.parametrize("data", [None, [], {"offset": "x", "sort": 3}, {"offset": -4}, {"query": {"a": 1}}])
def test_whatever_a_browser_sends_is_a_look(data: object) -> None:
    assert Look.of(data) == Look()


@pytest.mark.parametrize(
    "data",
    [{"sort": "price"}, {"since": "soon"}, {"since": "2024-02-02", "until": "2024-01-01"}, {"query": "x" * 600}],
)
def test_what_makes_no_sense_is_said_in_a_line(many: Articles, data: object) -> None:
    assert many.look(data).startswith('<p class="error"')


def test_what_another_process_adds_is_seen_at_the_next_look(many: Articles, tmp_path: Path) -> None:
    many.look({})
    with Archive.open(many.archive.folder) as other:
        other.ingest([write(tmp_path, "late", "A late one", "The late ferry sailed at noon.")])
    assert rows(many.look({"query": "late"})) == ["late"]


def test_an_article_is_shown_whole_with_what_changed(archive: Archive, tmp_path: Path) -> None:
    archive.ingest(
        [write(tmp_path, "tour", "Tour", "The plant builds jets.\n\nThe train left at four.", source="Post")]
    )
    archive.ingest(
        [write(tmp_path, "tour", "Tour", "The plant builds jets.\n\nThe train left at five.", source="Post")]
    )
    shown = Articles(archive).article({"id": "tour", "revision": "2", "against": "1"})
    assert "<del" in shown
    assert "The train left at four.</del>" in shown
    assert "The train left at five.</ins>" in shown
    assert archive.article("tour").text.replace("\n", "") in Page(shown).text.replace("\n", "")


def test_carriers_of_a_report_and_its_original_are_told(archive: Archive, tmp_path: Path) -> None:
    text = "The harbour bridge reopened on Monday after two years of repairs, the city said in a long statement."
    archive.ingest([write(tmp_path, "first", "Bridge opens", text, source="Wire", published_at="2024-01-01")])
    archive.ingest([write(tmp_path, "second", "Bridge", text, source="Post", published_at="2024-01-02")])
    shown = Page(Articles(archive).article({"id": "second"})).text
    assert "2 carriers of this report" in shown
    assert "The original is first" in shown


def test_an_article_that_is_gone_is_said_and_leads_back(archive: Archive) -> None:
    shown = Articles(archive).article({"id": HOSTILE})
    assert 'data-act="back"' in shown
    assert "script" not in Page(shown).tags


def test_hostile_titles_stay_words(archive: Archive, tmp_path: Path) -> None:
    archive.ingest([write(tmp_path, "x", HOSTILE, "The ferry sailed at dawn.", source="A <b>Post</b>")])
    for shown in (Articles(archive).look({}), Articles(archive).article({"id": "x"})):
        assert HOSTILE in Page(shown).text
        assert not {"script", "img", "b"} & Page(shown).tags


def test_what_was_removed_comes_back(many: Articles) -> None:
    removed = many.remove({"ids": ["a001", "a002"], "query": "story 1"}, "ada")
    assert "Removed 2 articles." in Page(removed.told).text
    assert "a001" not in removed.articles
    key = next(attrs["data-key"] for _, attrs in Page(removed.told).elements if "data-key" in attrs)
    assert "can no longer" in many.undo({"key": key}, "eve").told
    assert "back" in many.undo({"key": key}, "ada").told
    assert many.archive.article("a001").title == "Story 1"


def test_after_a_restart_undo_says_that_it_is_gone(many: Articles) -> None:
    many.remove({"ids": ["a001"]}, "ada")
    assert "restart" in Articles(many.archive).undo({"key": "any"}, "ada").told


@pytest.mark.parametrize("ids", [[], "a001", None, [3]])
def test_a_removal_of_nothing_removes_nothing(many: Articles, ids: object) -> None:
    assert "No article is chosen" in many.remove({"ids": ids}).told
    assert many.archive.overview().articles == 120


def test_an_unknown_one_among_those_chosen_removes_none(many: Articles) -> None:
    assert 'class="error"' in many.remove({"ids": ["a001", "nobody"]}).told
    assert many.archive.overview().articles == 120


def test_removals_are_let_go_of_in_time_and_in_number(many: Articles) -> None:
    now = [0.0]
    removals = Removals(clock=lambda: now[0])
    kept = many.archive.take_out("a001")
    first = removals.hold("ada", kept)
    now[0] = UNDO_SECONDS - 1
    assert removals.take("ada", first) == kept
    removals.hold("ada", kept * MOST_KEPT)
    assert removals.take("ada", first) is None
    last = removals.hold("ada", kept)
    now[0] += UNDO_SECONDS
    assert removals.take("ada", last) is None
