"""Rebuild the o200k_base ranks from the npm package js-tiktoken, in the layout tiktoken reads."""

from __future__ import annotations

import json
import tarfile
from io import BytesIO
from pathlib import Path

from rag.models.recipe import deliver, expect, fetch, options

PACKAGE = "js-tiktoken@1.0.21"
TARBALL = "js-tiktoken-1.0.21.tgz"
TARBALL_SHA256 = "3b1f24b185565ca9a8d8f51466dfc4f99d67f1f05bc009258710ddb7a8d810fa"
MEMBER = "package/dist/ranks/o200k_base.js"
NAME = "fb374d419588a4632f3f557e76b4b70aebbca790"


def main() -> None:
    asked = options("rag.models.o200k_base.build")
    command = ["npm", "pack", PACKAGE, "--silent"]
    source = asked.source or fetch(command, name=TARBALL, folder=asked.out)
    tarball = expect(source.read_bytes(), sha256=TARBALL_SHA256, what=str(source))
    deliver({NAME: ranks(script(tarball))}, shipped=Path(__file__).parent, asked=asked)


def script(tarball: bytes) -> str:
    """The JavaScript module that holds the ranks."""
    with tarfile.open(fileobj=BytesIO(tarball)) as archive:
        member = archive.extractfile(MEMBER)
        if member is None:
            raise SystemExit(f"{MEMBER} is no file of {TARBALL}.")
        return member.read().decode()


def ranks(javascript: str) -> bytes:
    """One ``token rank`` line a token, from runs written as ``! first-rank token token ...``."""
    data = json.loads(javascript[javascript.index("{") : javascript.rindex("}") + 1])
    lines: list[str] = []
    for run in data["bpe_ranks"].splitlines():
        _, first, *tokens = run.split(" ")
        lines += [f"{token} {rank}\n" for rank, token in enumerate(tokens, start=int(first))]
    return "".join(lines).encode()


if __name__ == "__main__":
    main()
