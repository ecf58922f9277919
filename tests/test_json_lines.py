"""JSON Lines: what is read of a file, and that everything wrong with one is named by its line."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval import json_lines
from eval.foreign.scoring import score_file
from eval.injecting.attacks import load_attacks
from eval.judging.pairs import read_pairs
from eval.suite import load_suite
from rag.errors import InputError
from rag.intake import gzipped

READERS = [load_suite, read_pairs, score_file, load_attacks]


def written(folder: Path, data: bytes | str, name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.dictionaries(st.text(), _VALUES, max_size=3), max_size=4), st.booleans(), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read_back_with_its_lines(
    tmp_path: Path, records: list[dict[str, Any]], packed: bool, marked: bool
) -> None:
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    data = ("\ufeff" * marked + "\n\n".join(lines)).encode()
    path = written(tmp_path, gzip.compress(data) if packed else data)
    assert list(json_lines.read(path)) == [(2 * at + 1, record) for at, record in enumerate(records)]


def test_a_line_ends_at_a_newline_only(tmp_path: Path) -> None:
    path = written(tmp_path, '{"a": "x\u2028y\u0085z"}\r\n \r\n{"b": 1}\r\n')
    assert list(json_lines.read(path)) == [(1, {"a": "x\u2028y\u0085z"}), (3, {"b": 1})]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"a": ]', "broken JSON at column 7 (Expecting value); correct it."),
        ('{"a": 1} {"b": 2}', "broken JSON at column 10 (Extra data); correct it."),
        ('{"a": ' + "[" * 100_000, "broken JSON (nested too deep); write flat objects."),
        ('{"a": NaN}', "broken JSON (NaN is no finite number); write a number or null."),
        ('{"a": [-Infinity]}', "broken JSON (-Infinity is no finite number); write a number or null."),
        ('{"a": 1e999}', "broken JSON (1e999 is no finite number); write a number or null."),
        ('{"a": ' + "9" * 5000 + "}", "broken JSON (a number of too many digits); write it as text."),
        ('{"a": {"\\uDC00": 1}}', "holds half a character (\\ud800 to \\udfff alone); correct it."),
        ("[1]", "a list is not a JSON object; write one object a line."),
        ('"text"', "text is not a JSON object; write one object a line."),
        ("null", "null is not a JSON object; write one object a line."),
    ],
)
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str, told: str) -> None:
    path = written(tmp_path, '{"a": "\\ud83d\\ude00"}\n\n' + line)
    with pytest.raises(InputError) as raised:
        list(json_lines.read(path))
    assert str(raised.value) == f"{path}:3: {told}"


def test_what_is_to_be_looked_at_value_by_value_may_hold_what_json_may_not() -> None:
    found = json_lines.record(Path("x"), 1, '{"a": NaN, "b": "\\ud800"}', lenient=True)
    assert math.isnan(found["a"])
    assert found["b"] == "\ud800"


@pytest.mark.parametrize("load", READERS)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_that_is_no_utf_8_is_counted_alike_by_all(tmp_path: Path, load: Any, mark: bytes) -> None:
    path = written(tmp_path, mark + b'{"a": 1}\n{"b": "caf\xe9"}\n')
    with pytest.raises(InputError) as raised:
        load(path)
    assert str(raised.value) == f"{path}:2: not UTF-8 at byte {20 + len(mark)} of the file; save it as UTF-8."


@pytest.mark.parametrize("load", READERS)
def test_a_file_that_unpacks_without_end_is_refused_by_all(
    tmp_path: Path, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gzipped, "FREE", 1_000)
    path = written(tmp_path, gzip.compress(b" " * 1_000_000), "rows.jsonl.gz")
    with pytest.raises(InputError, match=r"rows\.jsonl\.gz: It unpacks to over 100 times its size"):
        load(path)


@pytest.mark.parametrize("load", READERS)
def test_a_line_nested_too_deep_is_told_by_its_place_by_all(tmp_path: Path, load: Any) -> None:
    path = written(tmp_path, '{"a": ' + "[" * 100_000)
    with pytest.raises(InputError, match=r"rows\.jsonl:1: broken JSON \(nested too deep\)"):
        load(path)


@pytest.mark.parametrize("load", [read_pairs, score_file, load_attacks])
def test_a_file_that_is_not_there_is_named_by_all(tmp_path: Path, load: Any) -> None:
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read \(No such file or directory\)"):
        load(tmp_path / "none.jsonl")
