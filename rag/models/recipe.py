"""What the two recipes share: fetching a pinned registry file, checking it, comparing the result with ours.

A recipe is for whoever wants to rebuild the bundled files; nothing imports it when Groundwire runs.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What the recipe was asked to do."""

    out: Path
    source: Path | None
    """The registry file, where it was fetched before."""
    check: bool


def options(module: str) -> Options:
    """The recipe's command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description="Rebuild the bundled files.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the files to")
    parser.add_argument("--source", type=Path, help="the registry file, fetched before; else it is fetched")
    parser.add_argument("--check", action="store_true", help="fail unless the result is what is shipped")
    given = parser.parse_args()
    return Options(out=given.out, source=given.source, check=given.check)


def fetch(command: list[str], *, name: str, folder: Path) -> Path:
    """Run a registry client in ``folder``, where it leaves the file ``name``."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603
    return folder / name


def expect(content: bytes, *, sha256: str, what: str) -> bytes:
    """``content``, if it has that hash; else the recipe ends."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        sys.exit(f"{what} has SHA-256 {found}, not {sha256}: this recipe was written for another file.")
    return content


def deliver(built: Mapping[str, bytes], *, shipped: Path, asked: Options) -> None:
    """Write what was built, print its hashes and, if asked, compare it with the files in ``shipped``."""
    asked.out.mkdir(parents=True, exist_ok=True)
    for name, content in built.items():
        (asked.out / name).write_bytes(content)
        print(hashlib.sha256(content).hexdigest(), asked.out / name)
    if not asked.check:
        return
    differing = [name for name, content in built.items() if (shipped / name).read_bytes() != content]
    if differing:
        sys.exit(f"Built files differ from the shipped ones: {', '.join(differing)}.")
    print("Byte for byte what is shipped.")
