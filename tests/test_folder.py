"""The folder of an archive: nothing that is something else is touched, and none is made by asking."""

from pathlib import Path

import pytest

from rag.errors import ArchiveError
from rag.folder import check_folder


def test_a_new_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b", create=True)
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["write.lock"]


def test_an_empty_folder_becomes_an_archive(tmp_path: Path) -> None:
    check_folder(tmp_path, create=True)
    assert (tmp_path / "write.lock").exists()


def test_an_archive_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(b"whatever")
    for create in (True, False):
        check_folder(tmp_path, create=create)
    assert [path.name for path in tmp_path.iterdir()] == ["catalogue.sqlite3"]


@pytest.mark.parametrize("held", [None, "catalogue.sqlite3"])
def test_where_there_is_no_archive_asking_says_how_to_make_one(tmp_path: Path, held: str | None) -> None:
    folder = tmp_path / "news"
    if held:
        folder.mkdir()
        (folder / held).touch()
    with pytest.raises(ArchiveError, match=r"There is no archive in .*groundwire ingest PATH --archive"):
        check_folder(folder, create=False)


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(ArchiveError, match="holds other files"):
        check_folder(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "news").write_text("mine")
    with pytest.raises(ArchiveError, match="is a file"):
        check_folder(tmp_path / "news", create=True)


def test_a_folder_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "news").write_text("mine")
    with pytest.raises(ArchiveError, match=r"cannot be written \(Not a directory\)") as raised:
        check_folder(tmp_path / "news" / "inside", create=True)
    assert "\n" not in str(raised.value)


def test_a_folder_in_which_another_process_is_just_beginning_an_archive_becomes_one(tmp_path: Path) -> None:
    (tmp_path / "write.lock").touch()
    check_folder(tmp_path, create=True)
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(ArchiveError, match="other files"):
        check_folder(tmp_path, create=True)
