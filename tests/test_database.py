"""One SQLite file: transactions whole or not at all, seen by every thread, and no other file mistaken for it."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.database import Database
from rag.errors import ArchiveError
from rag.schema import CATALOGUE, VERSION


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "catalogue.sqlite3", CATALOGUE)
    yield database
    database.close()


def elsewhere(database: Database, key: str) -> str | None:
    """What another thread sees."""
    seen: list[str | None] = []

    def look() -> None:
        seen.append(database.meta(key))
        database.close_thread()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return seen[0]


def test_what_is_remembered_is_there_when_opened_again(tmp_path: Path) -> None:
    for value in ("one", "two"):
        database = Database(tmp_path / "catalogue.sqlite3", CATALOGUE)
        database.remember({"colour": value})
        database.close()
    again = Database(tmp_path / "catalogue.sqlite3", CATALOGUE)
    assert again.meta("colour") == "two"
    assert again.meta("size") is None
    again.close()


def test_a_transaction_shows_to_others_only_when_it_is_over(database: Database) -> None:
    with database.transaction():
        database.remember({"colour": "red"})
        assert database.meta("colour") == "red"
        assert elsewhere(database, "colour") is None
    assert elsewhere(database, "colour") == "red"


def test_a_transaction_that_fails_leaves_nothing_of_itself_or_of_those_inside(database: Database) -> None:
    def fail() -> None:
        with database.transaction():
            database.remember({"colour": "red"})
            with database.transaction():
                database.remember({"size": "large"})
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    assert (database.meta("colour"), database.meta("size")) == (None, None)
    database.remember({"colour": "blue"})
    assert database.meta("colour") == "blue"


def test_a_counter_grows_by_one_each_time(database: Database) -> None:
    assert [database.count_up("run") for _ in range(3)] == [1, 2, 3]
    assert database.count_up("other") == 1


def test_threads_count_without_losing_one(database: Database) -> None:
    def count() -> None:
        for _ in range(20):
            database.count_up("run")
        database.close_thread()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.meta("run") == "80"


def test_two_that_make_one_new_file_at_once_both_have_it(tmp_path: Path) -> None:
    opened: list[Database] = []
    together = threading.Barrier(4)

    def open_it() -> None:
        together.wait()
        opened.append(Database(tmp_path / "catalogue.sqlite3", CATALOGUE))

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [database.check() for database in opened] == [[]] * 4
    for database in opened:
        database.close()


def test_a_catalogue_from_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    newer = sqlite3.connect(tmp_path / "catalogue.sqlite3")
    newer.execute(f"PRAGMA user_version = {VERSION + 1}")
    newer.close()
    with pytest.raises(ArchiveError, match="newer Groundwire"):
        Database(tmp_path / "catalogue.sqlite3", CATALOGUE)


@pytest.mark.parametrize("content", [b"not a database at all, only text" * 40, b"\x00\x01\x02" * 999])
def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(content)
    with pytest.raises(ArchiveError, match="not a Groundwire catalogue"):
        Database(tmp_path / "catalogue.sqlite3", CATALOGUE)
    assert (tmp_path / "catalogue.sqlite3").read_bytes() == content


def test_a_database_of_something_else_gets_no_tables_of_ours(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "catalogue.sqlite3")
    other.execute("CREATE TABLE letters (text)")
    other.commit()
    other.close()
    with pytest.raises(ArchiveError, match="something else"):
        Database(tmp_path / "catalogue.sqlite3", CATALOGUE)
    other = sqlite3.connect(tmp_path / "catalogue.sqlite3")
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("letters",)]
    other.close()


def test_a_disk_that_is_full_is_one_line_and_what_was_there_stays(database: Database) -> None:
    database.remember({"colour": "red"})
    pages = database.row("PRAGMA page_count")
    assert pages is not None
    database.row(f"PRAGMA max_page_count = {pages[0]}")
    with pytest.raises(ArchiveError, match="space on its disk") as raised:
        database.remember({f"large {number}": "x" * 10_000 for number in range(99)})
    assert "\n" not in str(raised.value)
    assert database.meta("colour") == "red"
    assert database.meta("large 0") is None
    assert database.check() == []


def test_a_thread_that_ended_leaves_no_connection_open(database: Database) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        reading = threading.Thread(target=lambda: database.meta("index"))
        reading.start()
        reading.join()
    assert len(os.listdir("/proc/self/fd")) <= before + 4


def replace(file: Path, value: str) -> None:
    """Put another file of the same kind in its place."""
    other = Database(file.with_name("other.sqlite3"), CATALOGUE)
    other.remember({"colour": value})
    other.close()
    for left in file.parent.glob(f"{file.name}-*"):
        left.unlink()
    os.replace(file.with_name("other.sqlite3"), file)


def test_to_close_waits_for_what_another_thread_is_just_writing(tmp_path: Path) -> None:
    database, begun = Database(tmp_path / "catalogue.sqlite3", CATALOGUE), threading.Event()

    def settings() -> Iterator[tuple[str, str]]:
        begun.set()
        yield from ((f"setting {count}", "kept") for count in range(200))

    writing = threading.Thread(
        target=database.write_each, args=("INSERT OR REPLACE INTO meta VALUES (?, ?)", settings())
    )
    writing.start()
    begun.wait()
    database.close()
    writing.join()
    again = Database(tmp_path / "catalogue.sqlite3", CATALOGUE)
    assert again.row("SELECT count(*) FROM meta WHERE value = 'kept'") == (200,)
    again.close()


def test_another_file_in_its_place_is_read_from_then_on_by_every_thread(database: Database, tmp_path: Path) -> None:
    database.remember({"colour": "red"})
    before = database.place
    replace(tmp_path / "catalogue.sqlite3", "blue")
    assert database.meta("colour") == "blue"
    assert elsewhere(database, "colour") == "blue"
    assert database.place != before


def test_what_is_read_at_once_is_of_one_file(database: Database, tmp_path: Path) -> None:
    database.remember({"colour": "red"})
    with database.snapshot():
        assert database.meta("colour") == "red"
        replace(tmp_path / "catalogue.sqlite3", "blue")
        assert database.meta("colour") == "red"
    assert database.meta("colour") == "blue"


def test_a_file_that_was_taken_away_is_said_to_be_and_not_begun_anew(database: Database, tmp_path: Path) -> None:
    database.remember({"colour": "red"})
    file, away = tmp_path / "catalogue.sqlite3", tmp_path / "away.sqlite3"
    os.replace(file, away)
    for ask in (lambda: database.meta("colour"), lambda: database.remember({"colour": "blue"})):
        with pytest.raises(ArchiveError, match="not there any more"):
            ask()
    assert not file.exists()
    os.replace(away, file)
    assert database.meta("colour") == "red"


def test_another_file_of_a_newer_version_is_refused_as_often_as_it_is_asked(
    database: Database, tmp_path: Path
) -> None:
    replace(tmp_path / "catalogue.sqlite3", "blue")
    with sqlite3.connect(tmp_path / "catalogue.sqlite3") as other:
        other.execute(f"PRAGMA user_version = {VERSION + 1}")
    other.close()
    for _ in range(2):
        with pytest.raises(ArchiveError, match="newer Groundwire"):
            database.meta("colour")
