"""A process killed while it writes: what it had acknowledged is there, nothing is half there, and the next ingest mends."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from benchmarks.kill_drill import Articles, Drill, acknowledgements, hashed

CALLS = {
    "ingest": {"before the vectors": 2, "after the vectors": 1, "amid a transaction": 5, "after the commit": 2},
    "update": {"after the vectors": 2, "before the commit": 1, "after the commit": 1, "after old vectors went": 2},
    "delete": {"amid a removal": 2, "after the commit": 3},
}
MOMENTS = [(act, point, call) for act, points in CALLS.items() for point, call in points.items()]


@pytest.fixture(scope="module")
def drills(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Drill]:
    return {act: Drill(act, Articles(12), tmp_path_factory.mktemp(act), hashed) for act in CALLS}


@pytest.mark.parametrize(("act", "point", "call"), MOMENTS)
def test_a_kill_between_two_writes_loses_halves_and_doubles_nothing(
    drills: dict[str, Drill], act: str, point: str, call: int
) -> None:
    drill = drills[act]
    assert drill.kill_at(point, call), "the act was to be killed"
    assert drill.tally.told == []


def test_what_a_killed_process_acknowledged_is_counted(tmp_path: Path) -> None:
    drill = Drill("ingest", Articles(12), tmp_path, hashed)
    process, noted, _ = drill.started("after the commit", 2)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert 0 < len(acknowledgements(noted, "ingest")) < 12


def test_the_drill_tells_of_an_article_that_is_lost(tmp_path: Path) -> None:
    drill = Drill("ingest", Articles(4), tmp_path, hashed)
    with hashed(tmp_path / "archive") as archive:
        archive.ingest([drill.source])
        archive.remove("a2")
        drill.check(archive, {0, 1, 2, 3}, "now")
    assert "lost: now: a2 is in revision None" in drill.tally.told


def test_the_drill_tells_of_a_vector_that_is_missing(tmp_path: Path) -> None:
    drill = Drill("ingest", Articles(4), tmp_path, hashed)
    with hashed(tmp_path / "archive") as archive:
        archive.ingest([drill.source])
        archive._store.vectors.delete(list(archive._store.vectors.ids())[:1])
        drill.check(archive, {0, 1, 2, 3}, "now")
    assert drill.tally.faults["half"] == 1
