"""``--export``: the result beside a file of it, and what is said where it cannot be written."""

import json
from pathlib import Path

import pytest
from commands import Run
from ui_records import ANSWER

from rag.errors import GroundwireError
from ui.exports import files

TEXT = "Harbour opens again\n\nThe strike had stopped 40 ships. Mayor Ada Finch said the town had lost $1.2bn."
STOPPED = "The strike had stopped 40 ships."
ASK = ("ask", "How many ships did the strike stop?")


@pytest.fixture
def harbour(run: Run, tmp_path: Path) -> Run:
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8")
    assert run("ingest", "harbour.txt").code == 0
    return run


@pytest.mark.parametrize("command", [ASK, ("summarize",)], ids=["ask", "summarize"])
@pytest.mark.parametrize("name", ["a.md", "a.MARKDOWN", "a.html", "a.htm"])
def test_the_file_has_the_quote_and_stdout_what_it_always_has(harbour: Run, tmp_path: Path, command, name) -> None:
    ran = harbour(*command, "--export", name)
    assert ran.code == 0
    assert STOPPED in ran.out
    assert ran.err == f"groundwire: written to {name}\n"
    written = (tmp_path / name).read_text("utf-8")
    assert STOPPED in written
    assert written.startswith("<!doctype html>" if "htm" in name else "# ")


def test_a_json_file_is_what_json_prints(harbour: Run, tmp_path: Path) -> None:
    ran = harbour(*ASK, "--json", "--export", "a.json")
    assert (tmp_path / "a.json").read_text("utf-8") == ran.out
    assert json.loads(ran.out)["citations"][0]["quote"] == STOPPED


@pytest.mark.parametrize("name", ["a.pdf", "answer", ".md", "-"])
def test_a_file_of_no_known_form_is_refused_before_anything_is_computed(run: Run, name: str) -> None:
    # There is no archive either: that would be said, were the question read first.
    ran = run(*ASK, "--export", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"groundwire: Cannot tell the form of an export from '{name}'. "
        "End its name in .md, .markdown, .html, .htm, .json.\n"
    )


@pytest.mark.parametrize(("name", "why"), [("nowhere/a.md", "no folder 'nowhere'"), ("folder.md", "is a folder")])
def test_a_file_that_has_no_place_is_said_at_once(run: Run, tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "folder.md").mkdir()
    ran = run(*ASK, "--export", name)
    assert (ran.code, ran.out) == (1, "")
    assert why in ran.err
    assert len(ran.err.splitlines()) == 1


def test_an_answer_is_printed_even_where_its_file_cannot_be_written(harbour: Run) -> None:
    ran = harbour(*ASK, "--export", f"{'n' * 300}.md")
    assert ran.code == 1
    assert STOPPED in ran.out
    assert ran.err.startswith("groundwire: Cannot write 'nnn")
    assert len(ran.err.splitlines()) == 1


def test_an_existing_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("old" * 10_000)
    files.export(ANSWER, str(file))
    assert file.read_text("utf-8").startswith("# Who is the plant")
    assert [one.name for one in tmp_path.iterdir()] == ["a.md"]


def test_a_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    files.export(ANSWER, str(tmp_path / "link.md"))
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_text("utf-8").startswith("# Who")


def test_a_failure_leaves_what_was_there_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.md"
    file.write_text("old")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(GroundwireError, match="No space left on device"):
        files.export(ANSWER, str(file))
    assert file.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.md"]
