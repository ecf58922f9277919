"""Claims that people have judged, read from a file; what is wrong with one is said with its line."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from eval.judging.measuring import verified
from eval.judging.pairs import read_pairs
from rag.errors import InputError
from rag.verify import Source

GOOD: dict[str, Any] = {"id": "1", "claim": "Forty ships.", "source": "40 ships.", "supported": True}


def written(tmp_path: Path, *records: object, name: str = "pairs.jsonl") -> Path:
    lines = "\n".join(record if isinstance(record, str) else json.dumps(record) for record in records)
    path = tmp_path / name
    path.write_bytes(gzip.compress(lines.encode()) if name.endswith(".gz") else lines.encode())
    return path


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.jsonl.gz"])
def test_pairs_are_read_plain_and_gzipped(tmp_path: Path, name: str) -> None:
    dated = GOOD | {"id": "2", "source": ["A\u2028b.", "C."], "published_at": "2024-05-02", "document": "d"}
    path = written(
        tmp_path, json.dumps(GOOD), "", json.dumps(dated | {"supported": False}, ensure_ascii=False), name=name
    )
    first, second = read_pairs(path).pairs
    assert (first.id, first.claim, first.sources, first.supported) == (
        "1",
        "Forty ships.",
        (Source("40 ships."),),
        True,
    )
    day = datetime(2024, 5, 2, tzinfo=UTC)
    assert second.sources == (Source("A\u2028b.", day), Source("C.", day))
    assert (second.document, second.supported) == ("d", False)


def test_pairs_of_one_source_are_of_one_document_unless_told(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD, GOOD | {"id": "2"}, GOOD | {"id": "3", "source": "41 ships."})
    first, second, third = read_pairs(path).pairs
    assert first.document == second.document != third.document


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{broken", "broken JSON at column 2"),
        ("[1]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        (GOOD | {"supported": "yes"}, "'supported' must be true or false"),
        (GOOD | {"supported": 1}, "'supported' must be true or false"),
        (GOOD | {"claim": " "}, "'claim' must be text"),
        (GOOD | {"source": []}, "'source' must be text or a list of texts"),
        (GOOD | {"source": ["a", 2]}, "'source' must be text or a list of texts"),
        (GOOD | {"id": 7}, "'id' must be text"),
        (GOOD | {"label": True}, "unknown key 'label'"),
        ({"id": "1"}, "'claim' is missing"),
        (GOOD | {"published_at": "May"}, "'published_at' is 'May', not an ISO date"),
        (GOOD | {"claim": "\ud800"}, "half a character"),
        (GOOD, "id '1' is already that of line 1"),
    ],
)
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, line: object, told: str) -> None:
    path = written(tmp_path, GOOD, line if line is GOOD or not isinstance(line, dict) else {"id": "x"} | line)
    with pytest.raises(InputError) as raised:
        read_pairs(path)
    assert str(raised.value).startswith(f"{path}:2: ")
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "holds no pairs"),
        (b"\xff\xfe", "not UTF-8 at byte 1 of the file"),
        (gzip.compress(b"x" * 99, mtime=0)[:-12], "cut short|broken|ends"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(data)
    with pytest.raises(InputError, match=told) as raised:
        read_pairs(path)
    assert str(path) in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.jsonl: cannot be read"):
        read_pairs(tmp_path / "nowhere.jsonl")


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("The strike had stopped 40 ships.", "supported"),
        ("The strike had stopped 40 ships. The strike had stopped 41 ships.", "unsupported"),
        ("# The strike", "supported"),
    ],
)
def test_a_claim_is_worth_its_worst_sentence(tmp_path: Path, claim: str, verdict: str) -> None:
    (pair,) = read_pairs(
        written(tmp_path, GOOD | {"claim": claim, "source": "The strike had stopped 40 ships."})
    ).pairs
    assert verified(pair) == verdict
