"""How far an ingest is: now and then a line with what was done, the rate and the time left."""

import io
import sys
from functools import partial
from pathlib import Path

import pytest
import tqdm
from stories import letter

from rag.records import Failure, IngestReport
from rag.summary import Plan, Progress
from ui.commands.progress import EVERY, Lines, done, line, progress, summary_progress
from ui.text.plan import planned


class Clock:
    """Tells the time it is set to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


SOME = IngestReport(added=1_200, updated=2, skipped=30, failed=(Failure("a", None, "x"),) * 3)


def test_a_line_counts_everything_and_tells_rate_and_time_left() -> None:
    assert done(SOME) == 1_235
    assert line(SOME, 2_470, 100.0) == (
        "1,235 of 2,470 articles: 1,200 added, 2 updated, 30 unchanged, 3 failed, 12.3/s, 100 s left"
    )


@pytest.mark.parametrize(
    ("report", "total", "seconds", "told"),
    [
        (SOME, None, 10.0, "1,235 articles: 1,200 added, 2 updated, 30 unchanged, 3 failed, 123.5/s"),
        (IngestReport(), 5, 10.0, "0 of 5 articles: 0 added, 0 updated, 0 unchanged, 0 failed, 0.0/s"),
        (IngestReport(added=1), 5, 0.0, "1 of 5 articles: 1 added, 0 updated, 0 unchanged, 0 failed, 0.0/s"),
        (
            IngestReport(added=9),
            5,
            3.0,
            "9 of 5 articles: 9 added, 0 updated, 0 unchanged, 0 failed, 3.0/s, 0 s left",
        ),
    ],
)
def test_what_is_not_known_is_not_told(report: IngestReport, total: int | None, seconds: float, told: str) -> None:
    assert line(report, total, seconds) == told


def test_what_is_done_sooner_than_the_first_line_is_told_by_none() -> None:
    clock, out = Clock(), io.StringIO()
    lines = Lines(10, out, clock)
    for clock.now in (100.0, 105.0, 100.0 + EVERY - 0.1):
        lines(IngestReport(added=1))
    assert out.getvalue() == ""


def test_lines_come_every_so_often() -> None:
    clock, out = Clock(), io.StringIO()
    lines = Lines(100, out, clock)
    for clock.now, added in ((110.0, 10), (115.0, 15), (119.9, 19), (120.0, 20), (121.0, 21)):
        lines(IngestReport(added=added))
    first, second = out.getvalue().splitlines()
    assert first == "10 of 100 articles: 10 added, 0 updated, 0 unchanged, 0 failed, 1.0/s, 90 s left"
    assert second == "20 of 100 articles: 20 added, 0 updated, 0 unchanged, 0 failed, 1.0/s, 80 s left"


def test_where_there_is_no_terminal_there_are_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    paths = [letter(tmp_path / f"{name}.txt", name) for name in ("auk", "coot")]
    with progress([str(path) for path in paths]) as show:
        show(IngestReport(added=2))
    assert isinstance(show, Lines)
    assert (show.total, out.getvalue()) == (2, "")


def test_how_many_there_will_be_is_unknown_where_one_of_the_paths_does_not_tell(tmp_path: Path) -> None:
    path = letter(tmp_path / "auk.txt", "auk")
    with progress([str(path), "https://courier.example/rss"]) as show:
        assert isinstance(show, Lines)
        assert show.total is None


def test_on_a_terminal_there_is_a_bar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setattr(tqdm, "tqdm", partial(tqdm.tqdm, mininterval=0))  # shows every step, however soon
    (tmp_path / "news.jsonl").write_text("{}\n" * 40)
    with progress([str(tmp_path / "news.jsonl")]) as show:
        show(IngestReport(added=10))
        show(IngestReport(added=20, skipped=12, failed=SOME.failed))
    assert "35/40" in out.getvalue()
    assert "20 added, 0 updated, 12 unchanged, 3 failed" in out.getvalue()


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (
            Plan(500, 39, 205_761, 3_597, 0.1234),
            "500 articles in 39 calls, about 206,000 tokens read and 3,600 written, about $0.12",
        ),
        (Plan(1, 1, 571, 98, 0.0001), "1 article in 1 call, about 571 tokens read and 98 written, less than $0.01"),
        (Plan(2, 1, 1_571, 98), "2 articles in 1 call, about 1,570 tokens read and 98 written"),
    ],
)
def test_what_a_summary_will_take_is_told_in_one_line(plan: Plan, told: str) -> None:
    assert planned(plan) == told


def test_a_summary_has_a_bar_on_a_terminal_that_grows_with_calls_not_planned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = Terminal()
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setattr(tqdm, "tqdm", partial(tqdm.tqdm, mininterval=0))
    plan = Plan(500, 39, 205_761, 3_597)
    with summary_progress() as watch:
        for done in range(41):
            watch(Progress(plan, done))
    assert out.getvalue().startswith(f"groundwire: {planned(plan)}\n")
    assert "20/39" in out.getvalue()
    assert "40/40" in out.getvalue()


def test_a_summary_has_only_the_line_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    plan = Plan(500, 39, 205_761, 3_597)
    with summary_progress() as watch:
        for done in range(40):
            watch(Progress(plan, done))
    assert out.getvalue() == f"groundwire: {planned(plan)}\n"
