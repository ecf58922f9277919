"""What a newsroom's archive meets: copies by the hundred, templates, twins, and inputs that take turns."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from stories import OTHER, REPORT, Letters, jsonl, march, story

from rag import Archive, copies
from rag.ingest import ingest
from rag.intake.readings import Options, Reading
from rag.records import Article, IngestReport
from rag.store import Store

A, B = (story(id, f"The {id} was seen at the quay and nowhere else.", title=f"About {id}") for id in "ab")
FIRST = story("first", published_at=march(5), source="Coast Courier", url="https://courier.example/harbour")
SECOND = story("second", "LINDMOUTH: " + REPORT, title="Ships sail", published_at=march(6), source="Inland Herald")
SWIM = story(
    "swim",
    "Swimmers in Lindmouth harbour must stay behind the buoys during the strike, the coast guard said.",
    title="Swimmers warned",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "store").mkdir()
    store = Store(tmp_path / "store", Letters())
    store.check_embedder()
    yield store
    store.close()


def take(store: Store, path: Path) -> IngestReport:
    return ingest(store, [path], options=Options())


def counts(report: IngestReport) -> tuple[int, int, int]:
    return report.added, report.updated, report.skipped


def test_two_lines_of_one_article_do_not_take_turns(store: Store, tmp_path: Path) -> None:
    old, new = A, replace(A, text="The a was seen inland after all.")
    take(store, jsonl(tmp_path / "n.jsonl", old, new))
    assert store.catalogue.article("a").text == new.text
    report = take(store, jsonl(tmp_path / "n.jsonl", old, new, B))
    assert store.catalogue.article("a").text == new.text
    assert counts(report) == (1, 0, 2)


def test_two_files_of_one_article_do_not_take_turns(store: Store, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    jsonl(tmp_path / "news" / "1.jsonl", A)
    jsonl(tmp_path / "news" / "2.jsonl", replace(A, text="The a was seen inland after all."))
    assert counts(take(store, tmp_path / "news")) == (1, 1, 0)
    for _ in range(3):
        assert counts(take(store, tmp_path / "news")) == (0, 0, 2)
        assert store.catalogue.article("a").revision == 2


def test_an_article_that_becomes_equal_to_another_is_not_left_with_its_old_text(store: Store, tmp_path: Path) -> None:
    twin = replace(A, id="b")
    take(store, jsonl(tmp_path / "n.jsonl", A, replace(twin, text="The b was seen inland.")))
    take(store, jsonl(tmp_path / "n.jsonl", A, twin))
    assert [store.catalogue.article(id).text for id in store.catalogue.ids()] in ([A.text], [A.text] * 2)


@pytest.mark.parametrize("options", [{"source": "Inland Herald"}, {"since": "2024-03-06"}])
def test_an_answer_within_filters_cites_an_article_within_them(
    archive: Archive, tmp_path: Path, options: dict[str, str]
) -> None:
    archive.ingest([jsonl(tmp_path / "n.jsonl", FIRST, SECOND)])
    answer = archive.ask("How many ships had the strike stopped?", **options)  # type: ignore[arg-type]
    assert [one.article_id for one in answer.citations] == ["second"]


def test_an_answer_as_of_a_day_cites_nothing_published_after_it(archive: Archive, tmp_path: Path) -> None:
    late = replace(FIRST, published_at=march(20))
    early = replace(SECOND, url="https://herald.example/ships", canonical=FIRST.url)
    archive.ingest([jsonl(tmp_path / "n.jsonl", late, early)])
    assert archive.cluster("second").original == "first"
    answer = archive.ask("How many ships had the strike stopped?", as_of="2024-03-10")
    assert [one.article_id for one in answer.citations] == ["second"]


@pytest.mark.parametrize("kind", ["byline", "figure"])
def test_copies_that_each_say_a_little_else_leave_room(archive: Archive, tmp_path: Path, kind: str) -> None:
    def text(number: int) -> str:
        if kind == "figure":
            return REPORT.replace("40 ships", f"{number + 100} ships")
        return f"By our correspondent Number{number} in Lindmouth. {REPORT}"

    every = [story(f"copy{number:03}", text(number), published_at=march(9)) for number in range(300)]
    archive.ingest([jsonl(tmp_path / "n.jsonl", *every, SWIM)])
    assert "swim" in {hit.article_id for hit in archive.search("Lindmouth harbour strike ships")}


@pytest.mark.parametrize("count", [10, 40, 300])
def test_the_copy_with_the_figure_asked_for_is_among_those_shown(
    archive: Archive, tmp_path: Path, count: int
) -> None:
    bylines = [
        story(f"copy{n:03}", f"By our correspondent Number{n} in Lindmouth. {REPORT}", published_at=march(9))
        for n in range(count)
    ]
    edited = story("edited", REPORT.replace("40 ships", "244 ships"), published_at=march(10), source="Gazette")
    archive.ingest([jsonl(tmp_path / "n.jsonl", *bylines, edited)])
    assert archive.cluster("edited").original == "copy000"
    assert "edited" in [hit.article_id for hit in archive.search("the strike had stopped 244 ships")]


def test_each_of_many_figures_can_be_found(archive: Archive, tmp_path: Path) -> None:
    every = [
        story(f"c{n:03}", REPORT.replace("40 ships", f"{n + 100} ships"), published_at=march(9)) for n in range(60)
    ]
    archive.ingest([jsonl(tmp_path / "n.jsonl", *every)])
    missed = [
        n
        for n in range(1, 60)
        if f"c{n:03}" not in [h.article_id for h in archive.search(f"the strike had stopped {n + 100} ships")]
    ]
    assert missed == []


def test_a_founder_removed_and_back_with_another_text_is_not_among_its_old_copies(store: Store) -> None:
    for one in (FIRST, SECOND):
        store.take(one)
    store.remove(["first"])
    store.take(replace(FIRST, text=OTHER))
    assert store.clusters.of("first").members == ("first",)
    assert store.clusters.of("second").members == ("second",)


def test_articles_of_one_template_are_compared_with_few(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    near = copies.near
    monkeypatch.setattr(copies, "near", lambda one, other: made.append(1) or near(one, other))
    fixed = " ".join(f"fixed{number}" for number in range(180))
    every: list[Article] = [
        story(f"t{at:03}", f"{fixed}. " + " ".join(f"w{at}x{number}" for number in range(120))) for at in range(100)
    ]
    prepared = [store.prepare(Reading(one, one.id, f"p:{one.id}", one.digest.encode())) for one in every]
    store.write(prepared, store.embed(prepared), run=1)
    assert store.clusters.shared() == []
    assert len(made) <= 20 * len(every)


def test_ctrl_c_while_standard_input_stays_open_ends_as_stated(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", "from ui.cli import main; main()", "ingest", "-", "--archive", tmp_path / "archive"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(
        '{"title": "One", "text": "A heron was seen."}\n{"title": "Two", "text": "A gull was seen."}\n'
    )
    process.stdin.flush()
    for _ in range(3_000):
        if _kept(tmp_path / "archive" / "catalogue.sqlite3"):
            break
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    assert process.stderr is not None
    assert "Fatal Python error" not in process.stderr.read()
    assert process.returncode == 1
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream:
            stream.close()


def _kept(path: Path) -> int:
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as db:
        try:
            return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
