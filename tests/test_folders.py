"""Walking folders: order, what is left out, and folders that cannot be listed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.intake import folders
from rag.intake.readings import Finished, Reading
from rag.intake.sources import expected, read
from rag.records import Failure

TEXT = b"Harbour reopens\n\nNine ships came in.\n"


def test_files_come_sorted_folder_by_folder(tmp_path: Path) -> None:
    for name in ("b/2.txt", "a.txt", "c.csv.gz", ".hidden/x.txt", ".x.txt", "b/run.py", "b/1.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(TEXT)
    found = folders.walk(tmp_path, lambda name: not name.endswith(".py"))
    names = [str(path.relative_to(tmp_path)) for path in found if isinstance(path, Path)]
    assert names == ["a.txt", "b/1.txt", "b/2.txt", "c.csv.gz"]


def test_each_file_is_finished_by_its_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "b.txt").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    reads = list(read("../" + tmp_path.name))
    assert [item.place for item in reads if isinstance(item, Finished)] == [str(tmp_path / "a.txt")]
    assert [type(item) for item in reads] == [Reading, Finished, Failure]


def test_a_name_that_is_no_text_is_written_out(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    Path(os.fsdecode(path)).write_bytes(TEXT)
    (reading, finished) = read(tmp_path)
    assert isinstance(reading, Reading)
    assert isinstance(finished, Finished)
    assert reading.name == reading.place == finished.place == f"{tmp_path}/caf\\xe9.txt"
    assert reading.place.encode()


def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked").mkdir()
    (tmp_path / "z.txt").write_bytes(TEXT)
    listing = os.scandir

    def scandir(path: Path) -> Iterator[os.DirEntry[str]]:
        if path.name == "locked":  # as the system refuses it; whoever runs tests as root is refused nothing
            raise PermissionError(13, "Permission denied")
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    reads = list(read(tmp_path))
    assert reads[0] == Failure(str(tmp_path / "locked"), None, "Cannot be read: Permission denied.")
    assert [type(item) for item in reads[1:]] == [Reading, Finished]


def test_a_file_that_vanishes_after_it_was_listed_is_a_failure(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_bytes(TEXT)
    reads = read(tmp_path)
    next(reads)
    (tmp_path / "b.txt").unlink()
    failures = [item for item in reads if isinstance(item, Failure)]
    assert [(item.path, item.error) for item in failures] == [
        (str(tmp_path / "b.txt"), "Cannot be read: No such file or directory.")
    ]


def test_word_files_of_the_old_kind_are_not_left_out_in_silence(tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (failure,) = read(tmp_path)
    assert isinstance(failure, Failure)
    assert "Save it as .docx" in failure.error


def test_packed_lines_are_not_counted_ahead(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    (tmp_path / "b.csv").write_bytes(b'title,text\nA,"one\ntwo"\nB,three')
    assert expected(tmp_path) == 3
    (tmp_path / "c.jsonl.gz").write_bytes(b"")
    assert expected(tmp_path) is None
