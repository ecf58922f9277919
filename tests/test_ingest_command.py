"""``groundwire ingest`` as a user types it: what is taken in and told, looked at again, and stopped."""

import io
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from commands import Run
from pytest_httpserver import HTTPServer
from stories import OTHER, REPORT, jsonl, letter, story

from rag import Archive
from rag.errors import UsageError
from ui.commands import ingest as ingest_command
from ui.commands.ingest import duration, interruptible

ROOT = Path(__file__).parents[1]
STOPPED = "groundwire: stopped; the rest was not read. The same command goes on from here.\n"


class Scripted:
    """A stop event: each wait plays the next act, the last of which stops."""

    def __init__(self, *acts: Callable[[], object]) -> None:
        self.acts = list(acts)
        self.waited: list[float] = []

    def is_set(self) -> bool:
        return not self.acts

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.acts.pop(0)()


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Scripted]:
    def play(*acts: Callable[[], object]) -> Scripted:
        stopped = Scripted(*acts)

        @contextmanager
        def scripted() -> Iterator[Scripted]:
            yield stopped

        monkeypatch.setattr(ingest_command, "interruptible", scripted)
        return stopped

    return play


def test_columns_are_named_by_a_mapping(run: Run, tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text("Kopf,Inhalt\nComet seen,A comet was seen on Sunday.\n")
    assert run("ingest", "export.csv").code == 1
    assert run("ingest", "export.csv", "--map", "title=Kopf", "--map", "text = Inhalt").out.startswith("1 added")
    (listed,) = json.loads(run("articles", "list", "--json").out)
    assert listed["title"] == "Comet seen"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--map", "title"], "--map is 'title'; write it as FIELD=NAME"),
        (["--map", "=Headline"], "write it as FIELD=NAME"),
        (["--map", "title="], "write it as FIELD=NAME"),
        (["--map", "heading=Headline"], "no field 'heading' to map. Fields are id, title"),
        (["--watch", "soon"], "--watch is 'soon'; write a time like 90s, 15m or 2h."),
        (["--watch", "15"], "write a time like"),
        (["--watch", "-5m"], "write a time like"),
        (["--watch", "9s"], "the shortest is 10s"),
        (["--watch", "0d"], "the shortest is 10s"),
        (["--watch", "1" * 400 + "d"], "write a time like"),
        (["--limit", "0"], "--limit"),
        (["--limit", "many"], "--limit"),
    ],
)
def test_an_option_that_makes_no_sense_is_one_line_and_nothing_goes_in(
    run: Run, tmp_path: Path, arguments: list[str], words: str
) -> None:
    letter(tmp_path / "auk.txt", "auk")
    ran = run("ingest", "auk.txt", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err
    assert len(ran.err.splitlines()) == 1
    assert "no archive" in run("articles", "list").err or json.loads(run("articles", "list", "--json").out) == []


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("15m", 900), (" 2 H ", 7_200), ("1d", 86_400), ("10s", 10)]
)
def test_a_time_is_read_in_its_unit(text: str, seconds: int) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "1.5h", "1h30m", "-1h"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--watch is"):
        duration(text)


def test_sync_tells_how_many_were_removed(run: Run, tmp_path: Path) -> None:
    paths = [letter(tmp_path / "news" / f"{name}.txt", name) for name in ("auk", "coot", "crane")]
    run("ingest", "news")
    paths[0].unlink()
    assert "removed" not in run("ingest", "news").out
    assert run("ingest", "--sync", "news").out.startswith("0 added, 0 updated, 2 unchanged, 1 removed, 0 failed")
    paths[1].unlink()
    assert json.loads(run("ingest", "--sync", "news", "--json").out)["removed"] == 1


def test_failures_and_notes_are_on_stderr_with_their_place(run: Run, tmp_path: Path) -> None:
    (tmp_path / "news.jsonl").write_text(
        '{"title": "A", "text": "A comet was seen.", "published_at": "2099-01-01"}\n{broken\n'
    )
    ran = run("ingest", "news.jsonl")
    assert ran.code == 1
    assert re.fullmatch(r"1 added, 0 updated, 0 unchanged, 1 failed, in \d+\.\d s\n", ran.out)
    failure, note = ran.err.splitlines()
    assert failure.startswith("news.jsonl:2: Broken JSON")
    assert note.startswith("news.jsonl:1: note: ")
    (noted,) = json.loads(run("ingest", "news.jsonl", "--json", "--archive", "other").out)["notes"]
    assert (noted["path"], noted["line"]) == ("news.jsonl", 1)


def test_standard_input_is_taken_in(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Comet seen\n\nA comet was seen on Sunday.\n")))
    assert run("ingest", "-").out.startswith("1 added")
    assert "comet was seen" in run("search", "comet").out


def test_only_the_newest_of_a_feed_are_taken(run: Run, httpserver: HTTPServer) -> None:
    items = "".join(
        f"<item><title>Comet {day}</title><link>{httpserver.url_for(f'/{day}')}</link>"
        f"<pubDate>Tue, 0{day} Mar 2024 08:00:00 GMT</pubDate><description>{OTHER} {day}</description></item>"
        for day in (5, 6, 7)
    )
    feed = f'<rss version="2.0"><channel><title>Sky</title>{items}</channel></rss>'
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    httpserver.expect_request("/rss").respond_with_data(feed, content_type="application/rss+xml")
    for day in (5, 6, 7):
        page = f"<html><head><title>Comet {day}</title></head><body><article><p>{OTHER}</p><p>{day} of them.</p></article></body></html>"
        httpserver.expect_request(f"/{day}").respond_with_data(page, content_type="text/html")
    run("ingest", httpserver.url_for("/rss"), "--allow-private", "--limit", "2")
    listed = json.loads(run("articles", "list", "--json").out)
    assert [one["title"] for one in listed] == ["Comet 7", "Comet 6"]


def test_a_private_address_is_refused_without_the_option(run: Run, httpserver: HTTPServer) -> None:
    ran = run("ingest", httpserver.url_for("/rss"))
    assert ran.code == 1
    assert "not a public address" in ran.err
    assert len(ran.err.splitlines()) == 1
    assert httpserver.log == []


def test_watching_looks_again_until_it_is_stopped(run: Run, tmp_path: Path, play: Callable[..., Scripted]) -> None:
    path = jsonl(tmp_path / "news.jsonl", story("a"))
    stopped = play(
        lambda: jsonl(path, story("a"), story("b", OTHER)),
        lambda: jsonl(path, story("b", REPORT + OTHER)),
        lambda: None,
    )
    ran = run("ingest", "news.jsonl", "--watch", "15m", "--json")
    assert stopped.waited == [900, 900, 900]
    reports = [json.loads(line) for line in ran.out.splitlines()]
    assert [(one["added"], one["updated"], one["skipped"]) for one in reports] == [(1, 0, 0), (1, 0, 1), (0, 1, 0)]
    assert ran.code == 0


def test_watching_goes_on_after_a_look_that_failed(run: Run, tmp_path: Path, play: Callable[..., Scripted]) -> None:
    play(lambda: letter(tmp_path / "auk.txt", "auk"), lambda: None)
    ran = run("ingest", "auk.txt", "--watch", "90s")
    assert [line.partition(", in")[0] for line in ran.out.splitlines()] == [
        "0 added, 0 updated, 0 unchanged, 1 failed",
        "1 added, 0 updated, 0 unchanged, 0 failed",
    ]
    assert len(ran.err.splitlines()) == 1


def test_stopped_it_says_how_to_go_on_and_fails(run: Run, tmp_path: Path, play: Callable[..., Scripted]) -> None:
    letter(tmp_path / "auk.txt", "auk")
    play()
    ran = run("ingest", "auk.txt")
    assert (ran.code, ran.err) == (1, STOPPED)
    assert ran.out.startswith("0 added")


def test_the_first_interrupt_asks_to_stop_and_the_second_stops(capfd: pytest.CaptureFixture[str]) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with interruptible() as stopped:
            assert not stopped.is_set()
            signal.raise_signal(signal.SIGINT)
            assert stopped.is_set()
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert capfd.readouterr().err == (
        "groundwire: stopping when the articles in hand are kept; Ctrl-C again stops at once\n"
    )


def test_an_ingest_that_is_over_leaves_the_interrupt_as_it_was(run: Run, tmp_path: Path) -> None:
    letter(tmp_path / "auk.txt", "auk")
    before = signal.getsignal(signal.SIGINT)
    run("ingest", "auk.txt")
    assert signal.getsignal(signal.SIGINT) is before


def kept(folder: Path) -> int:
    """Articles that another process can see."""
    if not (folder / "catalogue.sqlite3").exists():
        return 0
    with closing(sqlite3.connect(folder / "catalogue.sqlite3", timeout=30)) as db:
        try:
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
        except sqlite3.OperationalError:  # not yet made
            return 0


def begun(process: subprocess.Popen[str], folder: Path) -> bool:
    """Whether it has kept something before it ended; looks every now and then."""
    for _ in range(6_000):
        if kept(folder):
            return True
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
        return False
    return False


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_ends_a_real_ingest_with_all_it_counted_kept(tmp_path: Path) -> None:
    every = [story(f"n{number}", f"Heron {number} was seen at quay {number}. " * 6) for number in range(9_000)]
    jsonl(tmp_path / "news.jsonl", *every)
    process = subprocess.Popen(
        [sys.executable, "-c", "from ui.cli import main; main()", "ingest", tmp_path / "news.jsonl", "--archive", tmp_path / "archive"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert begun(process, tmp_path / "archive")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err.splitlines(keepends=True)[-1]) == (1, STOPPED)
    assert "Traceback" not in err
    added = int(out.partition(" added")[0])
    with Archive.open(tmp_path / "archive", create=False) as archive:
        assert 0 < len(archive.articles()) == added < len(every)
        assert archive.doctor() == []
