"""``groundwire articles`` as a user types it: lists, one whole, its revisions and copies, what cleaning removed."""

import json
from pathlib import Path

import pytest
from commands import Run
from stories import OTHER, REPORT, jsonl, letter, march, story

FIRST = story("first", published_at=march(5), source="Coast Courier")
SECOND = story("second", "LINDMOUTH: " + REPORT, title="Ships sail", published_at=march(6), source="Inland Herald")
COMET = story("comet", OTHER, title="Comet seen", published_at=march(4))
REASON = "it was published first, on 2024-03-05 08:00 UTC"


@pytest.fixture
def filled(run: Run, tmp_path: Path) -> Run:
    jsonl(tmp_path / "news.jsonl", SECOND, FIRST, COMET, story("stub", "Subscribe.", title="Dues", stub="paywall"))
    assert run("ingest", "news.jsonl").code == 0
    return run


def test_articles_are_listed_newest_first_and_stubs_marked(filled: Run) -> None:
    assert filled("articles", "list").out.splitlines() == [
        "second  2024-03-06  Inland Herald: Ships sail",
        "first   2024-03-05  Coast Courier: Harbour opens again",
        "comet   2024-03-04  Comet seen",
        "stub    no date     [paywall] Dues",
    ]
    assert filled("articles", "list", "--source", "coast courier").out.startswith("first ")


def test_reports_that_several_carry_are_listed_with_their_original(filled: Run) -> None:
    assert filled("articles", "list", "--copies").out == (
        f"Harbour opens again\nfirst is the original of 2 carriers: {REASON}\n- second: Inland Herald, 6 March 2024\n"
    )
    (cluster,) = json.loads(filled("articles", "list", "--copies", "--json").out)
    assert cluster["original"] == "first"
    assert cluster["reason"] == REASON


def test_where_no_report_is_carried_twice_it_says_so(filled: Run) -> None:
    filled("articles", "remove", "second")
    assert filled("articles", "list", "--copies").out == "No report is carried by more than one article.\n"
    assert json.loads(filled("articles", "list", "--copies", "--json").out) == []


def test_an_article_is_shown_with_the_report_it_carries(filled: Run) -> None:
    shown = filled("articles", "show", "second").out
    assert "id second, revision 1" in shown
    assert shown.endswith(f"first is the original of 2 carriers: {REASON}\n- second: Inland Herald, 6 March 2024\n")
    assert "original" not in filled("articles", "show", "comet").out


def test_revisions_show_what_changed_and_the_old_one_can_be_read(filled: Run, tmp_path: Path) -> None:
    jsonl(tmp_path / "news.jsonl", story("comet", OTHER.replace("nine hundred", "eight hundred"), title="Comet seen"))
    assert filled("ingest", "news.jsonl").out.startswith("0 added, 1 updated")
    first, second = filled("articles", "show", "comet", "--revisions").out.split("\n\n")
    assert first == "revision 1, 4 March 2024: Comet seen"
    assert "\n- It will not return for nine hundred years" in second
    assert "\n+ It will not return for eight hundred years" in second
    revisions = json.loads(filled("articles", "show", "comet", "--revisions", "--json").out)
    assert [one["revision"] for one in revisions] == [1, 2]
    assert "nine hundred" in filled("articles", "show", "comet", "--revision", "1").out


def test_what_cleaning_took_out_is_shown_with_what_it_was_taken_for(run: Run, tmp_path: Path) -> None:
    letter(tmp_path / "auk.txt", "auk", f"{OTHER}\n\nSign up to our newsletter\n\n{OTHER} And so it ends.")
    run("ingest", "auk.txt")
    (listed,) = json.loads(run("articles", "list", "--json").out)
    removed = json.loads(run("articles", "show", listed["id"], "--removed", "--json").out)
    assert [one["text"] for one in removed] == ["Sign up to our newsletter"]
    assert run("articles", "show", listed["id"], "--removed").out == (
        f"{removed[0]['reason']}: Sign up to our newsletter\n"
    )


def test_where_cleaning_took_nothing_out_it_says_so(filled: Run) -> None:
    assert filled("articles", "show", "comet", "--removed").out == "Nothing was removed.\n"
    assert json.loads(filled("articles", "show", "comet", "--removed", "--json").out) == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["list", "--copies", "--source", "Courier"], 2, "--copies lists the whole archive"),
        (["show", "comet", "--revisions", "--removed"], 2, "choose one"),
        (["show", "comet", "--revision", "0"], 2, "--revision"),
        (["show", "comet", "--revision", "9"], 1, "No article 'comet' in revision 9"),
        (["show", "comet", "--revision", "9", "--removed"], 1, "in revision 9"),
        (["show", "nobody", "--revisions"], 1, "No article 'nobody'"),
        (["remove", "comet", "nobody"], 1, "No article 'nobody'"),
        (["remove"], 2, "ID..."),
    ],
)
def test_what_cannot_be_done_is_one_line(filled: Run, arguments: list[str], code: int, words: str) -> None:
    ran = filled("articles", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert len(json.loads(filled("articles", "list", "--json").out)) == 4


def test_a_removed_article_is_said_to_be_removed_and_the_day(filled: Run) -> None:
    assert filled("articles", "remove", "comet", "stub", "comet").code == 0
    ran = filled("articles", "show", "comet")
    assert ran.code == 1
    assert "'comet' was removed on 20" in ran.err
    assert filled("doctor").out == "2 articles, nothing wrong\n"
