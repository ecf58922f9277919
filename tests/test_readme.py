"""What the README shows is what happens: its commands are run, its Python is run, and the map names every module."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from ui.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
VARIES = re.compile(r"\d+\.\d+ s|as of \d+ \w+ \d{4}")
"""Times and the day of asking."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def shown() -> list[tuple[str, str]]:
    """Commands of the console blocks that need no key, each with the output printed below it."""
    commands = [part for block in blocks("console") for part in re.split(r"^\$ ", block, flags=re.MULTILINE) if part]
    pairs = [part.partition("\n")[::2] for part in commands]
    return [
        (command, output)
        for command, output in pairs
        if command.startswith("groundwire") and "--model" not in command
    ]


def test_the_commands_print_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GROUNDWIRE_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)
    assert len(shown()) >= 3
    for command, expected in shown():
        monkeypatch.setattr(sys, "argv", shlex.split(command))
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 0
        assert VARIES.sub("…", capfd.readouterr().out) == VARIES.sub("…", expected)


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks("python")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    exec(compile(code, "README.md", "exec"), {})


def test_the_map_names_every_module_of_the_library() -> None:
    mapped = set(
        re.findall(r"\w+", README[README.index("rag/      the library") : README.index("## How good it is")])
    )
    modules = {path.stem for path in (ROOT / "rag").glob("*.py")} - {"__init__"}
    assert modules - mapped == set()
