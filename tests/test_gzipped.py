"""Gzip files: every member, in bounded memory, and what is broken or hostile about them."""

import gzip
import io
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.intake import formats, gzipped
from rag.intake.readings import Finished, Read, Reading
from rag.intake.sources import read
from rag.records import Failure

LINES = b"".join(
    b'{"text": "Ship %d came in with its own cargo of %d crates."}\n' % (n, n * 7919) for n in range(500)
)


def reads(folder: Path, name: str, content: bytes) -> list[Read]:
    (folder / name).write_bytes(content)
    return list(read(folder / name))


def failure(folder: Path, name: str, content: bytes) -> str:
    (found,) = (item for item in reads(folder, name, content) if isinstance(item, Failure))
    return found.error


@given(st.lists(st.binary(max_size=2000), min_size=1, max_size=4), st.integers(1, 700))
def test_members_follow_each_other_whatever_is_asked_for_at_once(members: list[bytes], most: int) -> None:
    file = gzipped.unpacked(io.BytesIO(b"".join(map(gzip.compress, members))))
    assert b"".join(iter(lambda: file.read(most), b"")) == b"".join(members)


@pytest.mark.parametrize("rest", [b"", b"\0" * 999, b"\0", b"rubbish", b"\x1f"])
def test_padding_and_rubbish_behind_the_last_member_are_passed_over(rest: bytes) -> None:
    assert gzipped.unpacked(io.BytesIO(gzip.compress(b"ships") + rest)).read() == b"ships"


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_whole_lines_before_a_cut_are_read_and_the_cut_is_told(tmp_path: Path, kept: float) -> None:
    packed = gzip.compress(LINES)
    *before, last = reads(tmp_path, "a.jsonl.gz", packed[: int(kept * len(packed))])
    assert len(before) > 20 * kept
    assert all(isinstance(item, Reading) for item in before)
    assert isinstance(last, Failure)
    assert "cut short" in last.error


def test_an_article_cut_short_is_not_read(tmp_path: Path) -> None:
    assert "cut short" in failure(tmp_path, "a.txt.gz", gzip.compress(b"Ships\n\nNine came in.")[:-9])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "It is empty"),
        (gzip.compress(b"", mtime=0), "It is empty"),
        (b"Ships\n\nNine came in.", "Not a gzip file"),
        (b"\x1f\x8b" + b"\xff" * 40, "The gzip file is broken"),
        (
            gzip.compress(b"Ships\n\nNine came in.", mtime=0)[:-8] + b"12345678",
            "The gzip file is broken: incorrect data check",
        ),
    ],
)
def test_what_is_no_whole_gzip_is_one_failure(tmp_path: Path, content: bytes, message: str) -> None:
    assert message in failure(tmp_path, "a.txt.gz", content)


def test_a_packed_file_is_finished_and_its_lines_are_counted(tmp_path: Path) -> None:
    found = reads(tmp_path, "a.JSONL.gz", gzip.compress(LINES))
    assert [item.line for item in found if isinstance(item, Reading)] == list(range(1, 501))
    assert isinstance(found[-1], Finished)


def test_a_bomb_is_stopped_at_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "LARGEST", 100_000)
    assert "too large" in failure(tmp_path, "a.txt.gz", gzip.compress(b"x" * 10_000_000))


def test_an_endless_line_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzipped, "FREE", 1_000_000)
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(b"x" * 1_000_000) for _ in range(50)) + packer.flush()
    assert "unpacks to over 100 times" in failure(tmp_path, "a.jsonl.gz", bomb)


def test_bytes_of_a_broken_file_raise_nothing_but_our_own(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LINES))
    for at in range(0, len(packed), 211):
        broken = bytes(packed[:at] + bytes([packed[at] ^ 0x55]) + packed[at + 1 :])
        with suppress(InputError):
            gzipped.unpacked(io.BytesIO(broken)).read()
