"""Several processes on one archive: each sees the others' work at its next question, and all that they write is kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kill_drill import Articles, hashed
from rag import Archive
from rag.catalogue import Catalogue
from rag.errors import ArchiveError
from rag.store import Store
from rag.word_index import WordIndex

ROOT = Path(__file__).parents[1]
HARBOUR = {
    "id": "harbour",
    "title": "Harbour",
    "text": "The strike had stopped 40 ships at the harbour of Lindmouth.",
}
QUESTION = "How many ships had the strike stopped?"
READER = """
import sys
from benchmarks.kill_drill import Articles, hashed
from pathlib import Path
articles, asked = Articles(int(sys.argv[2])), 0
texts = {articles.fields(number, 1)["text"] for number in range(articles.count)}
with hashed(Path(sys.argv[1])) as archive:
    archive.search("visitors")
    print("ready", flush=True)
    while not Path(sys.argv[3]).exists():
        number = asked % articles.count
        whole = archive.articles()
        assert {article.text for article in whole} <= texts, "an article is half there"
        hits = archive.search(articles.fields(number, 1)["text"][:80], source=f"Outlet {number % 5}")
        hits += archive.search(f"the {articles.word(number, 1)} commission")
        assert all(archive.article(hit.article_id).text[hit.start:hit.end] == hit.text for hit in hits)
        answer = archive.ask(f"How many ships did the {articles.word(number, 1)} commission count?")
        assert answer.refusal or answer.citations
        asked += 1
    assert {article.text for article in archive.articles()} == texts
print("asked", asked)
"""
WRITER = """
import sys
from pathlib import Path
from benchmarks.kill_drill import hashed
from rag import ingest
ingest.GROUP = 12
with hashed(Path(sys.argv[1])) as archive:
    print(archive.ingest([sys.argv[2]]).added)
"""


TOGETHER = """
import sys
from pathlib import Path
import chromadb
from benchmarks.kill_drill import hashed
print("ready", flush=True)
sys.stdin.readline()
with hashed(Path(sys.argv[1])) as archive:
    archive.search("visitors")
    archive.ingest(sys.argv[2:])
    print(len(archive.articles()))
"""


def started(*command: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDWIRE_")}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )


def groundwire(*arguments: object) -> subprocess.Popen[str]:
    return started("-c", "from ui.cli import main; main()", *map(str, arguments))


def ended(process: subprocess.Popen[str]) -> str:
    """What it printed, once it ended well."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    return out


def written(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


# A served page


@pytest.fixture
def page(tmp_path: Path) -> Iterator[str]:
    """The address of the page that serves the archive."""
    with groundwire("serve", "--archive", tmp_path / "a", "--model", "extractive", "--port", 0, "--json") as server:
        assert server.stdout is not None
        yield json.loads(server.stdout.readline())["address"]
        server.terminate()
        server.communicate(timeout=30)


def asked(page: str, question: str) -> str:
    """The conversation that the page shows after a question, as its own script asks for it."""
    config = json.loads(_got(f"{page}config"))
    box = next(one["id"] for one in config["components"] if one["props"].get("elem_id") == "question")
    put = next(one for one in config["dependencies"] if [box, "submit"] in one["targets"])
    return str(_run(page, put["id"], uuid.uuid4().hex, [question, "", ""])[1])


def _run(page: str, number: int, session: str, data: list[Any]) -> list[Any]:
    body = json.dumps({"data": data, "fn_index": number, "session_hash": session}).encode()
    joining = urllib.request.Request(f"{page}gradio_api/queue/join", body, {"Content-Type": "application/json"})
    _got(joining)
    said = _got(f"{page}gradio_api/queue/data?session_hash={session}").decode().splitlines()
    told = [json.loads(line.removeprefix("data:")) for line in said if line.startswith("data:")]
    output: list[Any] = next(one for one in told if one["msg"] == "process_completed")["output"]["data"]
    return output


def _got(address: str | urllib.request.Request) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as response:
        body: bytes = response.read()
    return body


def test_the_served_page_sees_what_other_processes_take_in_and_remove(page: str, tmp_path: Path) -> None:
    assert "holds no articles" in asked(page, QUESTION)
    ended(groundwire("ingest", written(tmp_path / "harbour.jsonl", [HARBOUR]), "--archive", tmp_path / "a"))
    assert "stopped 40 ships" in asked(page, QUESTION)
    changed = HARBOUR | {"text": HARBOUR["text"].replace("40", "44")}
    ended(groundwire("ingest", written(tmp_path / "harbour.jsonl", [changed]), "--archive", tmp_path / "a"))
    assert "stopped 44 ships" in asked(page, QUESTION)
    ended(groundwire("articles", "remove", "harbour", "--archive", tmp_path / "a"))
    assert "holds no articles" in asked(page, QUESTION)


# Two writers


@pytest.mark.parametrize("others", [range(8, 16), range(4, 12)], ids=["different", "overlapping"])
def test_two_ingests_at_once_both_end_with_everything_in_once(tmp_path: Path, others: range) -> None:
    articles = Articles(16)
    inputs = [
        written(tmp_path / f"{at}.jsonl", [articles.fields(number, 1) for number in numbers])
        for at, numbers in enumerate((range(8), others))
    ]
    both = [groundwire("ingest", each, "--archive", tmp_path / "a", "--json") for each in inputs]
    reports = [json.loads(ended(process)) for process in both]
    wanted = {f"a{number}" for number in {*range(8), *others}}
    assert sum(report["added"] for report in reports) == len(wanted)
    with Archive.open(tmp_path / "a", create=False) as archive:
        assert sorted(article.id for article in archive.articles()) == sorted(wanted)
        assert archive.doctor() == []


# A reader beside a writer


@contextmanager
def meanwhile(owner: type, name: str, act: Callable[[], object], *, after: bool = False) -> Iterator[list[object]]:
    """At the next call of a method, or when it is done, something else happens first: as two processes may meet."""
    original, done = getattr(owner, name), []

    def interrupted(*given: Any, **named: Any) -> Any:
        setattr(owner, name, original)
        if not after:
            done.append(act())
        result = original(*given, **named)
        if after:
            done.append(act())
        return result

    setattr(owner, name, interrupted)
    try:
        yield done
    finally:
        setattr(owner, name, original)


def test_a_reader_asking_during_an_ingest_never_fails_and_sees_no_half_article(tmp_path: Path) -> None:
    articles = Articles(60)
    source, stop = articles.write(tmp_path / "articles.jsonl", 1), tmp_path / "stop"
    with hashed(tmp_path / "a"):
        pass
    reader = started("-c", READER, str(tmp_path / "a"), str(articles.count), str(stop))
    assert reader.stdout is not None
    reader.stdout.readline()
    added = ended(started("-c", WRITER, str(tmp_path / "a"), str(source)))
    stop.touch()
    assert "asked" in ended(reader)
    assert int(added) == articles.count


def test_several_processes_may_begin_one_archive_at_the_same_moment(tmp_path: Path) -> None:
    articles = Articles(4)
    inputs = [written(tmp_path / f"{at}.jsonl", [articles.fields(at, 1)]) for at in range(4)]
    together = [started("-c", TOGETHER, str(tmp_path / "a"), *(str(each) for each in inputs[:2])) for at in range(4)]
    for process in together:
        assert process.stdout is not None
        process.stdout.readline()
    for process in together:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [ended(process).strip() for process in together] == ["2"] * 4


def test_a_question_between_the_vectors_and_the_commit_of_another_process_is_answered(tmp_path: Path) -> None:
    source = Articles(4).write(tmp_path / "articles.jsonl", 1)
    with hashed(tmp_path / "a") as reader, hashed(tmp_path / "a") as writer:
        assert reader.search("visitors") == []
        with meanwhile(Catalogue, "put", lambda: reader.search("visitors")) as found:
            assert writer.ingest([source]).failed == ()
        assert found == [[]]
        assert reader.search("visitors") != []


def test_a_filtered_question_is_answered_though_more_is_committed_under_it(tmp_path: Path) -> None:
    articles = Articles(6)
    with hashed(tmp_path / "a") as reader, hashed(tmp_path / "a") as writer:
        writer.ingest([written(tmp_path / "1.jsonl", [articles.fields(0, 1)])])
        assert reader.search("visitors", source="Outlet 0") != []
        more = written(tmp_path / "2.jsonl", [articles.fields(5, 1)])
        with meanwhile(WordIndex, "keys", lambda: writer.ingest([more])):
            assert reader.search("visitors", source="Outlet 0") != []


def summarized(archive: Archive, about: str) -> object:
    return archive.summarize(query=about)


@pytest.mark.parametrize("ask", [Archive.search, Archive.ask, summarized])
def test_a_question_is_answered_though_its_article_is_removed_under_it(
    tmp_path: Path, ask: Callable[[Archive, str], object]
) -> None:
    articles = Articles(4)
    with hashed(tmp_path / "a") as reader, hashed(tmp_path / "a") as writer:
        source = articles.write(tmp_path / "articles.jsonl", 1)
        # Two and three are copies, of which the original goes.
        for moment in ((WordIndex, "hits"), (WordIndex, "admits"), (Store, "search")):
            writer.ingest([source])
            with meanwhile(*moment, lambda: writer.remove(writer.cluster("a3").original), after=True):
                ask(reader, f"How many visitors did pier 2 take, says the {articles.word(3, 1)} commission?")


def test_an_archive_put_in_the_place_of_another_answers_from_then_on(tmp_path: Path) -> None:
    made = {name: archive_of(tmp_path / name, name) for name in ("Lindmouth", "Aberwick")}
    with Archive.open(made["Lindmouth"]) as archive:
        assert "Lindmouth" in archive.ask(QUESTION).text
        made["Lindmouth"].rename(tmp_path / "away")
        with pytest.raises(ArchiveError, match="not there any more"):
            archive.ask(QUESTION)
        made["Aberwick"].rename(made["Lindmouth"])
        assert "Aberwick" in archive.ask(QUESTION).text
        assert [one.title for one in archive.articles()] == ["Aberwick"]


def archive_of(folder: Path, town: str) -> Path:
    """An archive of one article, written as often as any other such."""
    (folder.parent / f"{town}.jsonl").write_text(
        json.dumps(HARBOUR | {"title": town, "text": f"The strike had stopped 40 ships at the harbour of {town}."})
    )
    with Archive.open(folder) as archive:
        archive.ingest([folder.parent / f"{town}.jsonl"])
    return folder
