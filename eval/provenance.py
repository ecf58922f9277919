"""Where a report's numbers come from: the versions, the commit and whether the code differed from it."""

from __future__ import annotations

import hashlib
import platform
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

CODE = Path(__file__).resolve().parent.parent
"""The folder that holds the packages ``rag`` and ``eval``."""
PACKAGES = ("rag", "eval")
TRACKED = ("rag", "eval", "seeds", "pyproject.toml")
LIBRARIES = (
    "chromadb",
    "langchain-core",
    "langchain-openai",
    "numpy",
    "onnxruntime",
    "rensa",
    "sentencex",
    "snowballstemmer",
    "tokenizers",
)


@dataclass(frozen=True, slots=True)
class Provenance:
    """``None`` stands for what cannot be known, such as the commit outside a checkout."""

    groundwire: str | None
    commit: str | None
    dirty: bool | None
    """Whether code, seeds or suites differ from the commit."""
    code: str
    """SHA-256 over the program, its bundled models included: what ran, commit or none."""
    libraries: tuple[tuple[str, str | None], ...]


def provenance(folder: Path = CODE) -> Provenance:
    """What runs now; the commit only where ``folder`` itself is tracked, not where it is installed in a checkout."""
    tracked = _git(folder, "ls-files", "--", "eval/provenance.py")
    commit = _git(folder, "rev-parse", "--verify", "HEAD") if tracked else None
    changes = _git(folder, "status", "--porcelain", "--", *TRACKED) if commit else None
    return Provenance(
        groundwire=_version("groundwire"),
        commit=commit,
        dirty=None if changes is None else bool(changes),
        code=_code(),
        libraries=tuple(sorted(_libraries())),
    )


@cache
def _code() -> str:
    total = hashlib.sha256()
    for package in PACKAGES:
        folder = CODE / package
        files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".pyc")
        for file in files:
            total.update(f"{file.relative_to(CODE).as_posix()}\n{file.stat().st_size}\n".encode())
            total.update(file.read_bytes())
    return total.hexdigest()


def _libraries() -> Iterator[tuple[str, str | None]]:
    yield "python", platform.python_version()
    yield "sqlite", sqlite3.sqlite_version
    for name in LIBRARIES:
        yield name, _version(name)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git(folder: Path, *arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    command = [git, "-C", str(folder), *arguments]
    # Safe: no shell, and no argument comes from outside.
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else None
