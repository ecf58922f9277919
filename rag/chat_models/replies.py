"""Replies kept in a folder, one JSON file each, named by everything that made the model write them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from rag.errors import ModelError
from rag.records import Usage

VERSION = 1
"""Of the files; those of another version are not found."""


def key_of(*parts: str | None) -> str:
    """The name under which the reply to these is kept. Only a hash, so nothing of them is in the folder."""
    return hashlib.sha256(json.dumps([VERSION, *parts]).encode()).hexdigest()


class Replies:
    """A folder of replies. Processes may share it: a file is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> tuple[str, Usage] | None:
        """The text kept and the tokens it once took, at no cost; a file that cannot be read counts as absent."""
        try:
            kept = json.loads(self._file(key).read_text(encoding="utf-8"))
            text, usage = kept["text"], Usage(int(kept["input_tokens"]), int(kept["output_tokens"]), 0.0)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return (text, usage) if isinstance(text, str) and text else None

    def put(self, key: str, text: str, usage: Usage) -> None:
        """Keep a whole reply.

        Raises:
            ModelError: the folder cannot be written.
        """
        kept = {"text": text, "input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
        try:
            self._write(self._file(key), json.dumps(kept, ensure_ascii=True))
        except OSError as error:
            raise ModelError(
                f"The reply cannot be kept in {self._folder}: {error.strerror}. Name a folder that can be written."
            ) from error

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.json"

    def _write(self, file: Path, content: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as part:
                part.write(content)
            os.replace(name, file)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
