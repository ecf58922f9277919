"""What tests share: a clean environment, an empty archive, and one of the sample articles."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser
from commands import Ran, Run
from hypothesis import settings

from rag import Archive
from ui.cli import main

__all__ = ["browser"]

# What is right does not depend on how busy the machine is.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")

SEEDS = Path(__file__).parents[1] / "seeds"
STEERING = ("GROUNDWIRE_", "OPENAI_", "LANGCHAIN_", "LANGSMITH_")
OURS = "GROUNDWIRE_REQUIRE_BROWSER"
"""Says that a skipped browser test is a failure: about the tests, not about what they test."""


@pytest.fixture(scope="session", autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No key, model or archive of the developer's own is seen: neither variables, nor ``.env``, nor data folder."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(STEERING) and name != OURS]:
            patch.delenv(name)
        patch.delenv("COLUMNS", raising=False)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.chdir(tmp_path_factory.mktemp("working"))
        yield


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive that answers without a model."""
    with Archive.open(tmp_path / "archive") as archive:
        yield archive


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive of the sample articles, for reading only."""
    with Archive.open(tmp_path_factory.mktemp("seeded") / "archive") as archive:
        archive.ingest([SEEDS])
        yield archive


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs ``groundwire`` with its arguments, in an empty folder with an archive of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GROUNDWIRE_ARCHIVE", str(tmp_path / "archive"))

    def run(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["groundwire", *arguments])
        capfd.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return run
