"""What was read where: unchanged inputs are not parsed again, and what vanished from a folder is taken out, only that."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stories import Letters, jsonl, letter, story

from rag.ingest import ingest
from rag.intake import formats, rows
from rag.intake.readings import Fetched, Options, Validators
from rag.records import IngestReport
from rag.store import Store

A, B, C = (story(id, f"The {id} was seen at the quay and nowhere else.", title=f"About {id}") for id in "abc")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    folder = tmp_path / "archive"
    folder.mkdir()
    store = Store(folder, Letters())
    store.check_embedder()
    yield store
    store.close()


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def take(store: Store, *paths: Path, sync: bool = False) -> IngestReport:
    return ingest(store, paths, options=Options(), sync=sync)


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.skipped, report.removed


def test_an_unchanged_file_is_skipped_without_a_look_into_it(
    store: Store, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [jsonl(news / "ab.jsonl", A, B), letter(news / "heron.txt", "heron")]
    assert counts(take(store, *paths)) == (3, 0, 0, 0)

    def never(*arguments: object, **options: object) -> None:
        raise AssertionError("it was parsed")

    monkeypatch.setattr(formats, "readings", never)
    assert counts(take(store, *paths)) == (0, 0, 3, 0)


def test_only_the_line_that_was_edited_is_parsed_again(
    store: Store, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = jsonl(news / "abc.jsonl", A, B, C)
    take(store, path)
    jsonl(path, A, replace(B, text="The b was seen inland."), C)
    parsed: list[bytes] = []
    whole = rows.parsed
    monkeypatch.setattr(rows, "parsed", lambda raw: parsed.append(raw) or whole(raw))
    assert counts(take(store, path)) == (0, 1, 2, 0)
    assert [b"inland" in raw for raw in parsed] == [True]


def test_lines_that_only_moved_are_known(store: Store, news: Path) -> None:
    path = jsonl(news / "abc.jsonl", A, B, C)
    take(store, path)
    assert counts(take(store, jsonl(path, C, A, B), sync=True)) == (0, 0, 3, 0)


@pytest.mark.parametrize("others", [(), (B, C)])
def test_a_removed_article_comes_back_with_the_next_ingest(store: Store, news: Path, others: tuple) -> None:
    path = jsonl(news / "some.jsonl", A, *others)
    take(store, path)
    store.remove(["a"])
    assert counts(take(store, path)) == (1, 0, len(others), 0)
    assert counts(take(store, path)) == (0, 0, 1 + len(others), 0)


def test_a_file_that_had_a_failure_is_read_again_but_not_what_is_known(store: Store, news: Path) -> None:
    path = jsonl(news / "ab.jsonl", A, B)
    path.write_text(path.read_text() + "{broken\n")
    for expected in ((2, 0, 0, 0), (0, 0, 2, 0)):
        report = take(store, path)
        assert counts(report) == expected
        assert [failure.line for failure in report.failed] == [3]


def test_other_fields_have_a_file_read_anew(store: Store, news: Path) -> None:
    path = news / "table.csv"
    path.write_text("Headline,Other,text\nOne,Two,The heron was seen at the quay.\n")
    ingest(store, [path], options=Options({"title": "Headline"}))
    assert ingest(store, [path], options=Options({"title": "Other"})).skipped == 0
    assert "Two" in {store.catalogue.article(id).title for id in store.catalogue.ids()}


def test_sync_removes_files_that_vanished_and_nothing_else(store: Store, news: Path, tmp_path: Path) -> None:
    for name in ("heron", "gull", "tern"):
        letter(news / f"{name}.txt", name)
    beside = [letter(tmp_path / "news-old" / "crane.txt", "crane"), jsonl(tmp_path / "a.jsonl", A)]
    take(store, news, *beside)
    (news / "gull.txt").unlink()
    beside[0].unlink()
    assert counts(take(store, news)) == (0, 0, 2, 0)
    assert counts(take(store, news, sync=True)) == (0, 0, 2, 1)
    assert {one.title for one in map(store.catalogue.article, store.catalogue.ids())} == {
        *("About heron", "About tern", "About crane", "About a")
    }
    assert len(store.vectors) == store.words.count() == 4


def test_sync_removes_lines_that_vanished(store: Store, news: Path) -> None:
    path = jsonl(news / "abc.jsonl", A, B, C)
    take(store, news)
    jsonl(path, A, C)
    assert counts(take(store, news, sync=True)) == (0, 0, 2, 1)
    assert store.catalogue.ids() == ["a", "c"]


def test_sync_finds_what_vanished_before_an_ingest_without_it(store: Store, news: Path) -> None:
    path = jsonl(news / "abc.jsonl", A, B, C)
    take(store, news)
    jsonl(path, A, C)
    assert counts(take(store, news)) == (0, 0, 2, 0)
    assert counts(take(store, news, sync=True)) == (0, 0, 2, 1)


def test_an_article_that_is_in_another_place_too_stays(store: Store, news: Path, tmp_path: Path) -> None:
    jsonl(news / "ab.jsonl", A, B)
    elsewhere = jsonl(tmp_path / "a.jsonl", A)
    take(store, news, elsewhere)
    jsonl(news / "ab.jsonl", C)
    assert counts(take(store, news, sync=True)) == (1, 0, 0, 1)
    assert store.catalogue.ids() == ["a", "c"]


def test_an_article_that_moved_to_another_file_stays(store: Store, news: Path) -> None:
    path = jsonl(news / "ab.jsonl", A, B)
    take(store, news)
    path.rename(news / "renamed.jsonl")
    assert counts(take(store, news, sync=True)) == (0, 0, 2, 0)
    assert store.catalogue.ids() == ["a", "b"]
    (news / "renamed.jsonl").unlink()
    jsonl(news / "c.jsonl", C)
    assert counts(take(store, news, sync=True)) == (1, 0, 0, 2)


def test_a_file_that_cannot_be_read_any_more_keeps_its_articles(store: Store, news: Path) -> None:
    paths = [letter(news / "heron.txt", "heron"), jsonl(news / "ab.jsonl", A, B), letter(news / "gull.txt", "gull")]
    take(store, news)
    paths[0].write_bytes(b"\x00\x01\x02")
    paths[1].unlink()
    paths[1].symlink_to(news / "unmounted.jsonl")
    report = take(store, news, sync=True)
    assert counts(report) == (0, 0, 1, 0)
    assert {Path(failure.path).name for failure in report.failed} == {"heron.txt", "ab.jsonl"}
    assert store.catalogue.count() == 4


def test_a_line_that_cannot_be_read_keeps_all_that_the_file_had(store: Store, news: Path) -> None:
    path = jsonl(news / "abc.jsonl", A, B, C)
    take(store, news)
    first, *_ = path.read_text().splitlines()
    path.write_text(f"{first}\n{{broken\n")
    assert counts(take(store, news, sync=True)) == (0, 0, 1, 0)
    assert store.catalogue.ids() == ["a", "b", "c"]
    path.write_text(f"{first}\n")
    assert counts(take(store, news, sync=True)) == (0, 0, 1, 2)


@pytest.mark.parametrize("how", ["emptied", "missing", "only hidden files left"])
def test_a_folder_that_may_only_be_unmounted_loses_nothing(store: Store, news: Path, how: str) -> None:
    letter(news / "heron.txt", "heron")
    take(store, news)
    shutil.rmtree(news)
    if how != "missing":
        news.mkdir()
    if how.startswith("only"):
        letter(news / ".heron.txt", "heron")
    report = take(store, news, sync=True)
    assert (report.removed, len(report.failed)) == (0, 1)
    assert store.catalogue.count() == 1


def test_a_file_given_by_itself_is_not_kept_in_step(store: Store, news: Path) -> None:
    path = jsonl(news / "ab.jsonl", A, B)
    take(store, path)
    assert counts(take(store, jsonl(path, A), sync=True)) == (0, 0, 1, 0)
    assert store.catalogue.ids() == ["a", "b"]


def test_what_a_server_sent_counts_only_read_alike_and_while_its_articles_are_there(store: Store) -> None:
    address, register = "https://courier.example/", store.register
    sent = Validators('"v1"', "Tue, 05 Mar 2024 08:00:00 GMT")
    store.take(A)
    with store.database.transaction():
        register.read(address, "a", b"key", run=1)
        register.fetched(Fetched(address, sent, b"salt"))
    assert register.validators(address, b"salt") == sent
    assert register.validators(address, b"other") is None
    assert register.validators("https://herald.example/", b"salt") is None
    store.remove(["a"])
    assert register.validators(address, b"salt") is None


def test_two_lines_of_one_article_do_not_take_turns(store: Store, news: Path) -> None:
    old, new = A, replace(A, text="The a was seen inland after all.")
    path = jsonl(news / "some.jsonl", old, new)
    assert counts(take(store, path)) == (1, 1, 0, 0)
    assert counts(take(store, jsonl(path, old, new, B))) == (1, 0, 2, 0)
    assert store.catalogue.article("a").text == new.text


def test_two_files_of_one_article_do_not_take_turns(store: Store, news: Path) -> None:
    jsonl(news / "1.jsonl", A)
    jsonl(news / "2.jsonl", replace(A, text="The a was seen inland after all."))
    assert counts(take(store, news)) == (1, 1, 0, 0)
    for _ in range(3):
        assert counts(take(store, news, sync=True)) == (0, 0, 2, 0)
    assert store.catalogue.article("a").revision == 2


def test_a_text_that_goes_back_to_what_it_was_is_read_again(store: Store, news: Path) -> None:
    path, later = jsonl(news / "some.jsonl", A, B), replace(A, text="The a was seen inland after all.")
    take(store, path)
    assert counts(take(store, jsonl(path, later, B))) == (0, 1, 1, 0)
    assert counts(take(store, jsonl(path, A, B))) == (0, 1, 1, 0)
    assert store.catalogue.article("a").text == A.text
