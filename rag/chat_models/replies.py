"""Replies kept on disk and found again, by everything that determines them; plain JSON, one file a reply."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import InputError
from rag.records import Usage

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Reply:
    """What a language model wrote."""

    text: str
    usage: Usage | None


class Replies:
    """A folder of replies. Safe to share between threads and processes: a file is written whole, or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, determined_by: Mapping[str, object]) -> Reply | None:
        """The reply kept, at no cost; a file that cannot be read counts as absent."""
        try:
            kept = json.loads(self._file(determined_by).read_text(encoding="utf-8"))
            return Reply(str(kept["text"]), Usage(int(kept["input_tokens"]), int(kept["output_tokens"]), 0.0))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def keep(self, determined_by: Mapping[str, object], reply: Reply) -> None:
        """Keep a whole reply. Raises InputError where the folder cannot be written."""
        usage = reply.usage or Usage(0, 0)
        kept = {"text": reply.text, "input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens}
        file = self._file(determined_by)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as written:
                    json.dump(kept, written, ensure_ascii=False)
                os.replace(name, file)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(name)
                raise
        except OSError as error:
            raise InputError(f"{self._folder}: replies cannot be kept there ({error.strerror}).") from None

    def _file(self, determined_by: Mapping[str, object]) -> Path:
        whole = json.dumps({"format": FORMAT, **determined_by}, sort_keys=True)
        digest = hashlib.sha256(whole.encode()).hexdigest()
        return self._folder / digest[:2] / f"{digest}.json"
