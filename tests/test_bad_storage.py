"""Disks that fill, folders that cannot be written, files that are damaged: one line says so, and nothing is half in."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from benchmarks.kill_drill import Articles, hashed
from rag import Archive, store
from rag.errors import ArchiveBusy, ArchiveError
from rag.mending import rebuild

ROOT = Path(__file__).parents[1]
ARTICLES = Articles(120)
INGEST = """
import sys
from benchmarks.kill_drill import hashed
from rag import ingest
from rag.errors import GroundwireError
ingest.GROUP = 24
try:
    with hashed(__import__("pathlib").Path(sys.argv[1])) as archive:
        report = archive.ingest([sys.argv[2]])
    print(report.added, len(report.failed), *sorted({one.error for one in report.failed}), sep="\\n")
except GroundwireError as error:
    print(0, 0, error, sep="\\n")
"""
NOBODY = 65534


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive to be copied and harmed, of enough passages that Chroma has written its graph."""
    folder = tmp_path_factory.mktemp("whole")
    with hashed(folder / "archive") as archive:
        text = "\n\n".join(
            f"The visitors of pier {number} were told that {' and '.join(f'berth {number + berth}' for berth in range(40))} are shut."
            for number in range(1100)
        )
        (folder / "long.txt").write_text(f"Piers and berths\n\n{text}", encoding="utf-8")
        archive.ingest([folder / "long.txt"])
    return folder / "archive"


@pytest.fixture
def harmed(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "archive"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return ARTICLES.write(tmp_path / "articles.jsonl", 1)


def ingested(archive: Path, source: Path, **bounds: Callable[[], None]) -> tuple[int, list[str]]:
    """Articles that went in in a process of its own, and the lines it told of the others."""
    run = subprocess.run(
        [sys.executable, "-c", INGEST, str(archive), str(source)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        **bounds,
    )
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    added, _, *errors = run.stdout.splitlines()
    assert len(errors) <= 2, errors
    assert bool(errors) == (int(added) < ARTICLES.count)
    return int(added), errors


def is_sound(archive: Path, source: Path, *, whole: bool) -> None:
    """All that is there is whole and found; when the source was ingested again, that is everything."""
    with hashed(archive) as opened:
        if whole:
            assert opened.ingest([source]).failed == ()
            assert opened.doctor() == []
            assert len(opened.articles()) == ARTICLES.count
        assert opened._store.words.check() + opened._store.clusters.check() == []
        texts = {ARTICLES.fields(number, 1)["text"]: number for number in range(ARTICLES.count)}
        for article in opened.articles():
            word = ARTICLES.word(texts[article.text], 1)
            assert [hit.article_id for hit in opened.search(word) if word in hit.text] == [article.id]


# No space


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1400k", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_is_told_and_what_was_written_is_whole(small_disk: Path, source: Path) -> None:
    added, errors = ingested(small_disk / "archive", source)
    assert added < ARTICLES.count
    assert any("space on its disk" in error or "disk is full" in error for error in errors)
    subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    is_sound(small_disk / "archive", source, whole=False)
    is_sound(small_disk / "archive", source, whole=True)


@pytest.mark.parametrize("largest", [60_000, 250_000, 450_000, 700_000])
def test_a_file_that_may_not_grow_is_told_and_what_was_written_is_whole(
    tmp_path: Path, source: Path, largest: int
) -> None:
    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    added, _ = ingested(tmp_path / "archive", source, preexec_fn=bound)
    assert added < ARTICLES.count
    if added:
        is_sound(tmp_path / "archive", source, whole=False)
    is_sound(tmp_path / "archive", source, whole=True)


# No permission

READ_ONLY = """
import os, sys
from pathlib import Path
from benchmarks.kill_drill import hashed
from rag import ingest
from rag.errors import GroundwireError
archive, source, scratch, user = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), int(sys.argv[4])
ingest.GROUP = 24
with hashed(scratch) as one:  # all that is imported on the way must be before the rights are gone
    one.ingest([source])
    one.ask("How many ships?")
if os.getuid() == 0:
    os.setuid(user)

def turn(report):
    for path in (archive, *archive.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)

def told(act):
    try:
        report = act()
        print(report.added, len(report.failed), *sorted({one.error for one in report.failed}))
    except GroundwireError as error:
        print("0 0", error)

with hashed(archive) as one:
    told(lambda: one.ingest([source], progress=turn))
try:
    with hashed(archive) as one:
        told(lambda: one.ingest([sys.argv[5]]))
except GroundwireError as error:
    print("0 0", error)
"""


def test_a_folder_turned_read_only_is_told_and_what_was_written_is_whole(tmp_path: Path, source: Path) -> None:
    room = Path("/tmp") / f"groundwire-read-only-{os.getpid()}"
    room.mkdir()
    try:
        room.chmod(0o777)
        first, more = ARTICLES.write(room / "articles.jsonl", 1), Articles(121).write(room / "more.jsonl", 1)
        command = [sys.executable, "-c", READ_ONLY, str(room / "archive"), str(first), str(room / "scratch")]
        run = subprocess.run(
            [*command, str(NOBODY), str(more)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        assert "Traceback" not in run.stderr
        during, later = run.stdout.splitlines()
        assert during.startswith(f"{ARTICLES.count} 0") or "cannot be" in during
        assert later.startswith("0 ")
        assert "cannot be" in later
        for path in (room / "archive", *(room / "archive").rglob("*")):
            path.chmod(0o755)
        is_sound(room / "archive", first, whole=True)
    finally:
        shutil.rmtree(room)


# Others in the way


def test_a_catalogue_that_another_program_holds_is_told(
    harmed: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **options: connect(path, **options | {"timeout": 0.1}))
    holder = connect(harmed / "catalogue.sqlite3", isolation_level=None)
    with hashed(harmed) as archive:
        holder.execute("BEGIN IMMEDIATE")
        assert archive.search("visitors") != []
        with pytest.raises(ArchiveError, match=r"catalogue\.sqlite3.*locked"):
            archive.remove(archive.articles()[0].id)
        holder.execute("ROLLBACK")
        archive.remove(archive.articles()[0].id)
        assert archive.doctor() == []
    holder.close()


def test_a_writer_that_does_not_end_is_told(harmed: Path, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WAIT", 0.1)
    with FileLock(harmed / "write.lock"), hashed(harmed) as archive:
        assert archive.search("visitors") != []
        with pytest.raises(ArchiveBusy, match="Another process has been writing"):
            archive.ingest([source])


# Damage


def segment(archive: Path) -> Path:
    return next(path for path in (archive / "vectors").iterdir() if path.is_dir())


def spoil(path: Path) -> None:
    path.write_bytes(b"spoilt " * (path.stat().st_size // 7 + 1))


DAMAGE: dict[str, Callable[[Path], object]] = {
    "the vectors' folder is gone": lambda archive: shutil.rmtree(archive / "vectors"),
    "the vectors' database is something else": lambda archive: spoil(archive / "vectors" / "chroma.sqlite3"),
    "the vectors' database is cut": lambda archive: os.truncate(archive / "vectors" / "chroma.sqlite3", 20_000),
    "the vectors' graph is gone": lambda archive: shutil.rmtree(segment(archive)),
    "the vectors' graph is something else": lambda archive: [spoil(path) for path in segment(archive).iterdir()],
    "the vectors' graph is cut": lambda archive: [os.truncate(path, 9) for path in segment(archive).iterdir()],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_vectors_are_told_and_built_anew(harmed: Path, damage: str) -> None:
    DAMAGE[damage](harmed)
    with hashed(harmed) as archive:
        assert findings(archive) != []
    with hashed(harmed) as archive:
        assert rebuild(archive._store) == 1
        assert archive.doctor() == []
        assert archive.search("visitors") != []


def findings(archive: Archive) -> list[str]:
    """What ``doctor`` says, also where it can say no more than that it cannot look."""
    try:
        return archive.doctor()
    except ArchiveError as error:
        return [str(error)] if "groundwire reindex" in str(error) else []


@pytest.mark.parametrize("left", [0, 100, 30_000])
def test_a_catalogue_that_was_cut_is_told_and_not_begun_anew(harmed: Path, left: int) -> None:
    os.truncate(harmed / "catalogue.sqlite3", left)
    with pytest.raises(ArchiveError, match=r"catalogue\.sqlite3") as raised, hashed(harmed) as archive:
        archive.articles()
    assert "\n" not in str(raised.value)
