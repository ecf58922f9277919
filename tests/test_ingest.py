"""An ingest on its way: what it reports is kept, and what stops it leaves the rest for the next one."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from numpy.typing import NDArray
from stories import OTHER, REPORT, Letters, jsonl, letter, march, story

from rag import ingest as ingesting
from rag.archive import Archive
from rag.errors import ArchiveBusy, ArchiveError, ModelError
from rag.ingest import ingest
from rag.intake import sources
from rag.intake.readings import Options
from rag.mending import findings
from rag.records import IngestReport
from rag.store import Event, Store, Taken
from rag.vectors import Vector

BIRDS = ("auk", "coot", "crane", "curlew", "dunlin", "eider", "gannet", "grebe", "heron", "kite", "knot", "loon")


class Offline(Letters):
    """A provider that does not answer from some text on."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if any("gannet" in text for text in texts):
            raise ModelError("The provider cannot be reached. Try again later.")
        return super().embed(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "archive").mkdir()
    return tmp_path / "archive"


@pytest.fixture
def store(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(ingesting, "GROUP", 4)
    store = Store(folder, Letters())
    store.check_embedder()
    yield store
    store.close()


@pytest.fixture
def birds(tmp_path: Path) -> Path:
    """Twelve articles, each a file and a passage."""
    for name in BIRDS:
        letter(tmp_path / "birds" / f"{name}.txt", name)
    return tmp_path / "birds"


def take(store: Store, *paths: Path, **options: object) -> IngestReport:
    return ingest(store, paths, options=Options(), **options)  # type: ignore[arg-type]


def titles(store: Store) -> list[str]:
    return sorted(store.catalogue.article(id).title.removeprefix("About ") for id in store.catalogue.ids())


def test_everything_goes_in_once_however_it_is_grouped(store: Store, birds: Path) -> None:
    report = take(store, birds)
    assert (report.added, report.failed) == (12, ())
    assert titles(store) == list(BIRDS)
    assert len(store.vectors) == 12
    assert findings(store) == []


def test_what_is_known_is_not_embedded_again(store: Store, birds: Path) -> None:
    take(store, birds)
    letter(birds / "smew.txt", "smew")
    assert take(store, birds).skipped == 12
    assert len(store.embedder.embedded) == len(set(store.embedder.embedded)) == 13


def test_progress_counts_up_to_what_is_reported(store: Store, birds: Path) -> None:
    told: list[IngestReport] = []
    report = take(store, birds, progress=told.append)
    added = [one.added for one in told]
    assert added == sorted(added)
    assert 0 < added[0] <= 8
    assert added[-1] == report.added == 12


def test_when_told_to_stop_what_is_reported_is_there_and_the_rest_comes_next_time(store: Store, birds: Path) -> None:
    told: list[IngestReport] = []
    first = take(store, birds, progress=told.append, stop=lambda: bool(told))
    assert 0 < first.added < 12
    assert titles(store) == list(BIRDS[: first.added])
    assert findings(store) == []
    second = take(store, birds)
    assert (second.added, second.skipped) == (12 - first.added, first.added)
    assert titles(store) == list(BIRDS)


def test_stopped_at_once_it_takes_nothing_and_leaves_no_thread(
    store: Store, birds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "AHEAD", 2)
    assert take(store, birds, stop=lambda: True).added == 0
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("groundwire")]


def test_a_stopped_ingest_removes_nothing(store: Store, birds: Path) -> None:
    take(store, birds)
    (birds / "auk.txt").unlink()
    assert take(store, birds, sync=True, stop=lambda: True).removed == 0
    assert take(store, birds, sync=True).removed == 1


def test_a_disk_that_fills_up_is_told_of_each_article_and_what_was_kept_stays(
    store: Store, birds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = Store.write, []

    def fails_from_the_second_on(
        self: Store, events: Sequence[Event], vectors: Mapping[str, Vector], *, run: int
    ) -> list[Taken]:
        calls.append(events)
        if len(calls) > 1:
            raise ArchiveError("No space on the disk. Make some.")
        return write(self, events, vectors, run=run)

    monkeypatch.setattr(Store, "write", fails_from_the_second_on)
    report = take(store, birds)
    assert 0 < report.added < 12
    assert titles(store) == list(BIRDS[: report.added])
    failed = [Path(failure.path).stem for failure in report.failed]
    assert failed == list(BIRDS[report.added : report.added + len(failed)])
    assert report.failed[0].error == "No space on the disk. Make some."
    monkeypatch.undo()
    assert take(store, birds).added == 12 - report.added
    assert findings(store) == []


def test_an_embedder_that_fails_is_told_of_each_article_and_what_was_kept_stays(
    folder: Path, birds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "GROUP", 4)
    store = Store(folder, Offline())
    store.check_embedder()
    report = take(store, birds)
    assert titles(store) == list(BIRDS[: report.added])
    assert "gannet" in {Path(failure.path).stem for failure in report.failed}
    assert {failure.error for failure in report.failed} == {"The provider cannot be reached. Try again later."}
    assert findings(store) == []
    store.close()


def test_a_fault_of_the_reader_reaches_the_caller_and_what_was_read_before_is_sound(
    store: Store, birds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = sources.read

    def breaks(path: Path, **options: object) -> Iterator[object]:
        yield from read(path, **options)  # type: ignore[arg-type]
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(sources, "read", breaks)
    with pytest.raises(ZeroDivisionError, match="a fault"):
        take(store, birds)
    assert findings(store) == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("groundwire")]


def test_an_archive_that_another_process_writes_to_for_too_long_is_busy(
    folder: Path, birds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.WAIT", 0.05)
    store = Store(folder, Letters())
    with FileLock(folder / "write.lock"), pytest.raises(ArchiveBusy, match="Another process"):
        take(store, birds)
    assert take(store, birds).added == 12
    store.close()


def test_each_article_of_one_ingest_counts_as_what_became_of_it(store: Store, tmp_path: Path) -> None:
    one = story("one", OTHER)
    path = jsonl(tmp_path / "news.jsonl", one, replace(one, text=REPORT), story("two", "Short."))
    with path.open("a") as file:
        file.write('{"title": "No text"}\n')
    report = take(store, path, tmp_path / "nowhere")
    assert (report.added, report.updated, report.skipped) == (2, 1, 0)
    assert [failure.line for failure in report.failed] == [4, None]
    assert store.catalogue.article("one").text == REPORT
    assert findings(store) == []


def test_notes_of_what_was_set_aside_name_the_line(store: Store, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "news.jsonl", story("one"), story("two", OTHER, published_at=march(5).replace(year=2099)))
    report = take(store, path)
    (note,) = report.notes
    assert (note.line, report.added) == (2, 2)
    assert "2099" in note.text


def test_a_stub_is_kept_and_listed_but_no_answer_comes_from_it(archive: Archive, tmp_path: Path) -> None:
    jsonl(
        tmp_path / "news.jsonl",
        story("whole", OTHER, title="Comet seen"),
        story("stub", "The strike had stopped 40 ships. Subscribe to read on.", stub="paywall"),
    )
    archive.ingest([tmp_path / "news.jsonl"])
    assert {article.id: article.stub for article in archive.articles()} == {"whole": None, "stub": "paywall"}
    assert {hit.article_id for hit in archive.search("strike ships")} == {"whole"}
    assert archive.ask("How many ships had the strike stopped?").refusal is not None
    summary = archive.summarize()
    assert summary.used == ("whole",)
    assert [(one.article_id, one.reason) for one in summary.unused] == [
        ("stub", "only a stub of the article: paywall")
    ]
    assert archive.doctor() == []


def test_a_stub_that_becomes_the_article_is_found(archive: Archive, tmp_path: Path) -> None:
    path = jsonl(tmp_path / "news.jsonl", story("one", "Subscribe to read on.", stub="paywall"))
    archive.ingest([path])
    assert archive.ingest([jsonl(path, story("one"))]).updated == 1
    assert [hit.passage_id for hit in archive.search("strike ships")] == ["one#2.0"]
    assert archive.ingest([jsonl(path, story("one", "Subscribe to read on.", stub="paywall"))]).updated == 1
    assert archive.search("strike ships") == []
    assert archive.doctor() == []
