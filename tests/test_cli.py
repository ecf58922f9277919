"""The command as a user types it: results on stdout, messages on stderr, exit codes, and no traceback."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import Run

from rag import Archive

TEXT = "Harbour opens again\n\nThe strike had stopped 40 ships. Mayor Ada Finch said the town had lost $1.2bn."


@pytest.fixture
def harbour(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8")
    assert run("ingest", "harbour.txt").code == 0
    return run


def test_ingest_counts_what_it_did(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    assert (
        json.loads(run("ingest", "a.txt", "--json").out).items() >= {"added": 1, "updated": 0, "skipped": 0}.items()
    )
    assert json.loads(run("ingest", "a.txt", "--json").out)["skipped"] == 1


def test_ingest_goes_on_after_what_it_cannot_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.jsonl").write_text(
        '{"title": "A", "text": "One."}\n{broken\n{"title": "C", "text": "Three."}\n'
    )
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "binary.txt").write_bytes(b"\x00\x01\x02")
    ran = run("ingest", "good.jsonl", "empty.txt", "binary.txt", "--json")
    report = json.loads(ran.out)
    assert ran.code == 1
    assert report["added"] == 2
    assert [(Path(one["path"]).name, one["line"]) for one in report["failed"]] == [
        ("good.jsonl", 2),
        ("empty.txt", None),
        ("binary.txt", None),
    ]
    assert len(ran.err.splitlines()) == 3


def test_a_missing_file_is_one_line_and_the_rest_goes_in(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    ran = run("ingest", "nowhere.txt", "a.txt")
    assert ran.code == 1
    assert ran.out.startswith("1 added")
    assert ran.err == "nowhere.txt: No such file or folder. Check the path.\n"


def test_ask_json_is_the_documented_object(harbour: Run) -> None:
    ran = harbour("ask", "How many ships did the strike stop?", "--json")
    answer = json.loads(ran.out)
    assert list(answer) == [
        *["question", "answer", "model", "as_of", "newest", "refusal", "statements", "rejected"],
        *["citations", "hits", "usage", "seconds"],
    ]
    assert list(answer["statements"][0]) == ["text", "citations", "verdict", "problems"]
    assert list(answer["citations"][0]) == [
        *[
            "number",
            "article_id",
            "revision",
            "title",
            "url",
            "source",
            "published_at",
            "start",
            "end",
            "quote",
            "also",
        ]
    ]
    assert list(answer["hits"][0]) == ["article_id", "passage_id", "start", "end", "score"]
    assert list(answer["seconds"]) == ["retrieve", "answer", "verify", "total"]
    assert answer["model"] == "extractive"
    assert "40 ships" in answer["answer"]
    assert "[1]" in answer["answer"]


def test_citations_index_the_text_that_articles_show_prints(harbour: Run) -> None:
    citation = json.loads(harbour("ask", "How many ships did the strike stop?", "--json").out)["citations"][0]
    shown = json.loads(harbour("articles", "show", citation["article_id"], "--json").out)
    assert shown["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_refusal_is_an_answer(harbour: Run) -> None:
    ran = harbour("ask", "What did Xi Jinping say about penguins?", "--json")
    assert ran.code == 0
    refusal = json.loads(ran.out)["refusal"]
    assert list(refusal) == ["reason", "message", "nearest"]
    assert list(refusal["nearest"][0]) == ["article_id", "title", "published_at"]


def test_search_json_is_an_array_of_hits_with_text(harbour: Run) -> None:
    (hit,) = json.loads(harbour("search", "strike", "--json").out)
    assert list(hit) == ["article_id", "passage_id", "start", "end", "score", "text"]


def test_summarize_json_has_what_was_used(harbour: Run) -> None:
    summary = json.loads(harbour("summarize", "--sentences", "1", "--json").out)
    assert {"summary", "statements", "citations", "rejected", "used", "unused"} <= summary.keys()
    assert len(summary["statements"]) == 1


def test_articles_are_listed_without_text_and_removed(harbour: Run) -> None:
    (listed,) = json.loads(harbour("articles", "list", "--json").out)
    assert "text" not in listed
    assert harbour("articles", "remove", listed["id"]).code == 0
    assert json.loads(harbour("articles", "list", "--json").out) == []


def test_doctor_finds_nothing_wrong_with_a_sound_archive(harbour: Run) -> None:
    ran = harbour("doctor", "--json")
    assert ran.code == 0
    assert json.loads(ran.out) == {"articles": 1, "findings": []}


def test_the_answer_on_a_terminal_shows_sentence_quote_and_title(harbour: Run) -> None:
    ran = harbour("ask", "How many ships did the strike stop?")
    assert "The strike had stopped 40 ships. [1]" in ran.out
    assert "“The strike had stopped 40 ships.”" in ran.out
    assert "Harbour opens again" in ran.out


def test_chat_answers_line_by_line_and_follows_up(harbour: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("How many ships did the strike stop?\n\n"))
    ran = harbour("chat", "--json")
    assert [json.loads(line)["question"] for line in ran.out.splitlines()] == ["How many ships did the strike stop?"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["ask", ""], 2, "question is empty"),
        (["ask", "why " * 25_000], 2, "at most 4,000"),
        (["ask", "Who?", "-k", "0"], 2, "-k"),
        (["ask", "Who?", "--since", "soon"], 2, "since is 'soon'"),
        (["ask", "Who?", "--since", "2024-02-01", "--until", "2024-01-01"], 2, "before it starts"),
        (["ask", "Who?", "--model", "nosuch"], 1, "names no model"),
        (["ask", "Who?", "--model", "nosuch:model"], 1, "nosuch"),
        (["ask", "Who?", "--model", "openai:gpt-5-mini"], 1, "OPENAI_API_KEY"),
        (["articles", "show", "nobody"], 1, "nobody"),
        (["articles", "remove", "nobody"], 1, "nobody"),
        (["summarize", "nobody"], 1, "nobody"),
        (["summarize", "--sentences", "0"], 2, "sentences"),
        (["eval", "run", "nosuite"], 1, "nosuite"),
        (["frobnicate"], 2, "frobnicate"),
    ],
)
def test_bad_input_is_one_clear_line(harbour: Run, arguments: list[str], code: int, words: str) -> None:
    ran = harbour(*arguments)
    assert ran.code == code
    assert words in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert len(ran.err.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["ask", "search"])
def test_an_archive_that_is_not_there_is_said_with_what_to_do(run: Run, command: str) -> None:
    ran = run(command, "Who?")
    assert ran.code == 1
    assert "groundwire ingest" in ran.err


def test_a_folder_that_is_something_else_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("mine")
    ran = run("ingest", "letters", "--archive", "letters")
    assert ran.code == 1
    assert "no archive" in ran.err


def test_a_broken_catalogue_is_one_line(harbour: Run, tmp_path: Path) -> None:
    for extra in ("-wal", "-shm"):
        (tmp_path / f"archive/catalogue.sqlite3{extra}").unlink(missing_ok=True)
    (tmp_path / "archive/catalogue.sqlite3").write_bytes(b"this is not a database" * 500)
    ran = harbour("ask", "Who?")
    assert ran.code == 1
    assert "not a Groundwire catalogue" in ran.err


@pytest.mark.parametrize("arguments", [[], ["ingest"], ["ask"], ["articles"], ["serve"], ["eval", "run"]])
def test_every_command_explains_itself(arguments: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from ui.cli import main; main()", *arguments, "--help"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=True,
    )
    assert "Usage:" in ran.stdout
    assert "groundwire " in ran.stdout


def test_help_loads_no_slow_library() -> None:
    slow = "{'gradio', 'chromadb', 'onnxruntime', 'langchain_core', 'numpy', 'openai', 'tiktoken'}"
    code = f"import ui.cli, sys; print({slow} & set(sys.modules))"
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[1], check=True
    )
    assert ran.stdout.strip() == "set()"


def test_the_demo_is_an_archive_of_the_samples_that_goes_with_the_server(tmp_path: Path) -> None:
    from ui.commands.terminal import demo

    with demo(model=None) as archive:
        folder = archive.folder
        assert isinstance(archive, Archive)
        assert len(archive.articles()) >= 16
    assert not folder.exists()


def test_doctor_names_what_is_wrong_and_repairs_it(harbour: Run, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive") as archive:
        archive._store.vectors.delete(list(archive._store.vectors.ids()))
    ran = harbour("doctor")
    assert ran.code == 1
    assert ran.out == "1 passages have no vector; 'groundwire doctor --repair' mends that\n"
    assert json.loads(harbour("doctor", "--json").out)["articles"] == 1
    ran = harbour("doctor", "--repair")
    assert (ran.code, ran.out) == (0, "1 articles, nothing wrong\n")
    assert json.loads(harbour("search", "strike", "--json").out) != []


def test_reindexing_tells_how_many_articles_it_indexed(harbour: Run) -> None:
    assert harbour("reindex").out == "1 articles indexed anew\n"
    assert json.loads(harbour("reindex", "--json").out) == {"articles": 1}
    assert "40 ships" in harbour("ask", "How many ships did the strike stop?").out
