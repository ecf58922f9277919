"""One SQLite file: transactions whole or not at all, seen by every thread, and no other file mistaken for it."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.database import Database
from rag.errors import ArchiveError
from rag.schema import VERSION


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "catalogue.sqlite3")
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
        database = Database(tmp_path / "catalogue.sqlite3")
        database.remember({"colour": value})
        database.close()
    again = Database(tmp_path / "catalogue.sqlite3")
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
        opened.append(Database(tmp_path / "catalogue.sqlite3"))

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
        Database(tmp_path / "catalogue.sqlite3")


@pytest.mark.parametrize("content", [b"not a database at all, only text" * 40, b"\x00\x01\x02" * 999])
def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "catalogue.sqlite3").write_bytes(content)
    with pytest.raises(ArchiveError, match="not a Groundwire catalogue"):
        Database(tmp_path / "catalogue.sqlite3")
    assert (tmp_path / "catalogue.sqlite3").read_bytes() == content


def test_a_database_of_something_else_gets_no_tables_of_ours(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "catalogue.sqlite3")
    other.execute("CREATE TABLE letters (text)")
    other.commit()
    other.close()
    with pytest.raises(ArchiveError, match="something else"):
        Database(tmp_path / "catalogue.sqlite3")
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
