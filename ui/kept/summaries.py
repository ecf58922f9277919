"""The summaries that readers had written, kept in the archive's folder; each reader finds their own alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from rag.history import micros
from rag.summary import Summary
from ui.kept.file import KeptFile
from ui.kept.records import storable

HELD = 50
"""Summaries kept of a reader, the newest."""
BROKEN_OFF = "This summary was broken off. Summarise again."
_UNREADABLE = "This summary was kept in a form that cannot be read any more ({fault}). Summarise again."
_PUT = """
INSERT INTO summaries VALUES (:id, :reader, :asked, :form, :summary, :error, :writer)
ON CONFLICT (id) DO UPDATE SET summary = :summary, error = :error WHERE reader = :reader
"""
_PURGE = """
DELETE FROM summaries WHERE reader = :reader AND id NOT IN
    (SELECT id FROM summaries WHERE reader = :reader ORDER BY asked DESC, id LIMIT :held)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was asked for and what came of it: a summary, an error's line, or neither while it is awaited."""

    form: Mapping[str, object] = field(default_factory=dict)
    """The fields as they were filled in, by name."""
    summary: Summary | None = None
    error: str | None = None

    @property
    def awaited(self) -> bool:
        return self.summary is None and self.error is None


class KeptSummaries:
    """An archive's summaries. A reader of ``""``, a browser without cookies, finds one by its id, as others do.

    Every method raises ArchiveError where the file cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        """Of an archive's folder; the file is made when something is first looked for."""
        self._file = KeptFile(folder)
        self._writer = uuid4().hex

    def put(self, reader: str, id: str, kept: Kept) -> None:
        """Keep what was asked for under a new id, or what came of it."""
        row = {
            "id": id,
            "reader": reader,
            "asked": micros(datetime.now(UTC)),
            "form": storable(json.dumps(kept.form, ensure_ascii=False)),
            "summary": kept.summary and _record(kept.summary),
            "error": kept.error and storable(kept.error),
            "writer": self._writer,
        }
        with self._file.write() as database:
            database.write(_PUT, row)
            database.write(_PURGE, {"reader": reader, "held": HELD})

    def load(self, reader: str, id: str) -> Kept | None:
        """A reader's own; ``None`` for another's, and one that is kept no longer or never was.

        One that another process left awaited will never be written.
        """
        with self._file.read() as database:
            found = database.row(
                "SELECT form, summary, error, writer FROM summaries WHERE id = ? AND reader = ?", (id, reader)
            )
        if found is None:
            return None
        kept = _kept(*found[:3])
        return replace(kept, error=BROKEN_OFF) if kept.awaited and found[3] != self._writer else kept


def _record(summary: Summary) -> str:
    from rag.contract import summary_json

    return storable(json.dumps(summary_json(summary), ensure_ascii=False))


def _kept(form: str, summary: str | None, error: str | None) -> Kept:
    try:
        return Kept(json.loads(form), None if summary is None else _summary(json.loads(summary)), error)
    except ValueError as fault:
        return Kept(error=_UNREADABLE.format(fault=fault))


def _summary(record: object) -> Summary:
    from eval.running.outputs import of_kind

    if not isinstance(record, dict):
        raise ValueError("no record of one")
    return of_kind(Summary, record | {"extent": record.get("length")})
