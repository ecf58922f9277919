"""Claims that people have held against a source: JSON Lines, one pair a line, gzipped or not.

``{"id": "7", "claim": "Forty ships lay idle.", "source": "The strike had stopped 40 ships.", "supported": true}``;
``source`` may be a list of texts; ``document`` names what pairs are resampled by, ``published_at`` the day of the
source. What is wrong is named as ``path:line``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from eval import json_lines
from eval.cases import Json, check_keys, text
from rag.errors import InputError
from rag.verify import Source

REQUIRED = frozenset({"id", "claim", "source", "supported"})
OPTIONAL = frozenset({"document", "published_at"})


@dataclass(frozen=True, slots=True)
class Pair:
    """A claim, its sources, and whether people found that they support it."""

    id: str
    claim: str
    sources: tuple[Source, ...]
    supported: bool
    document: str
    """Pairs on one document are not independent and are resampled together; its sources where none is named."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """All pairs of a file."""

    pairs: tuple[Pair, ...]
    digest: str
    """SHA-256 of the file's bytes."""


def read_pairs(path: str | Path) -> Pairs:
    """The pairs of a file.

    Raises:
        InputError: the file cannot be read, or a line is no pair or repeats an id; names the line.
    """
    path = Path(path)
    data = json_lines.raw(path)
    lines: dict[str, int] = {}
    pairs = []
    for number, line in json_lines.lines(json_lines.decoded(path, data)):
        pair = _pair(path, number, json_lines.record(path, number, line))
        if earlier := lines.get(pair.id):
            raise InputError(f"{path}:{number}: id '{pair.id}' is already that of line {earlier}; change one.")
        lines[pair.id] = number
        pairs.append(pair)
    if not pairs:
        raise InputError(f"{path}: holds no pairs; write one JSON object a line.")
    return Pairs(tuple(pairs), hashlib.sha256(data).hexdigest())


def _pair(path: Path, number: int, record: Json) -> Pair:
    try:
        return _checked(record)
    except ValueError as error:
        raise InputError(f"{path}:{number}: {error}.") from None


def _checked(record: Json) -> Pair:
    check_keys(record, REQUIRED, OPTIONAL)
    if not isinstance(record["supported"], bool):
        raise ValueError("'supported' must be true or false")
    day = _day(record)
    written = record["source"] if isinstance(record["source"], list) else [record["source"]]
    if not written or not all(isinstance(one, str) and one.strip() for one in written):
        raise ValueError("'source' must be text or a list of texts; write strings that are not blank")
    document = hashlib.sha256("\n".join(written).encode()).hexdigest()
    return Pair(
        id=text(record, "id"),
        claim=text(record, "claim"),
        sources=tuple(Source(one, day) for one in written),
        supported=record["supported"],
        document=document if record.get("document") is None else text(record, "document"),
    )


def _day(record: Json) -> datetime | None:
    if record.get("published_at") is None:
        return None
    written = text(record, "published_at")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"'published_at' is '{written}', not an ISO date; write it like 2023-09-17") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
