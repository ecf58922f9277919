"""Settings from the environment and a ``.env`` file; options given by the caller come before both."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from dotenv import dotenv_values

DEFAULT_MODEL = "openai:gpt-5-mini"
"""Used where nothing names a model and there is a key for OpenAI."""


def setting(name: str) -> str | None:
    """The environment's value of ``name``, else that of ``.env`` in the working folder; empty counts as absent."""
    return os.environ.get(name) or _dotenv(Path.cwd()).get(name) or None


def secrets() -> set[str]:
    """The values of all settings that hold a key, token or password by their name; no message may show one."""
    stated = (*os.environ.items(), *_dotenv(Path.cwd()).items())
    return {value for name, value in stated if value and name.upper().endswith(("_KEY", "_TOKEN", "_PASSWORD"))}


def model_name(chosen: str | None) -> str:
    """The model to answer with: the one chosen, else GROUNDWIRE_MODEL, else OpenAI's with a key, else none."""
    fallback = DEFAULT_MODEL if setting("OPENAI_API_KEY") else "extractive"
    return chosen or setting("GROUNDWIRE_MODEL") or fallback


def embedder_name(chosen: str | None) -> str | None:
    """The embedder chosen, else GROUNDWIRE_EMBEDDINGS, else ``None`` for the bundled one."""
    return chosen or setting("GROUNDWIRE_EMBEDDINGS")


def archive_folder(chosen: str | Path | None) -> Path:
    """The archive chosen, else GROUNDWIRE_ARCHIVE, else the platform's data folder."""
    named = chosen or setting("GROUNDWIRE_ARCHIVE")
    if named:
        return Path(named).expanduser()
    return _data_folder() / "archive"


def runs_folder(chosen: str | Path | None) -> Path:
    """Where runs of suites are kept: the folder chosen, else GROUNDWIRE_RUNS, else in the platform's data folder."""
    named = chosen or setting("GROUNDWIRE_RUNS")
    return Path(named).expanduser() if named else _data_folder() / "runs"


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("groundwire", appauthor=False)


@lru_cache(maxsize=8)
def _dotenv(folder: Path) -> dict[str, str | None]:
    return dotenv_values(folder / ".env")
