"""The content of an answer: of a type that can be read, decompressed, and never larger than its type may be."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

from rag.errors import InputError
from rag.fetching.door import Reply
from rag.intake.charsets import codec

LARGEST = 10_000_000
"""Bytes of a page, decompressed."""
LARGEST_FILE = 52_428_800
"""Bytes of a document or dump: what the sitemap protocol lets a sitemap have."""
PDF = "application/pdf"
GZIP = "application/gzip"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGES = (
    *("text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/json"),
    *("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"),
)
FILES = (
    *("application/xml", "text/xml", PDF, DOCX, GZIP, "text/csv"),
    *("application/jsonl", "application/x-ndjson", "application/ndjson"),
)
TYPES = (*PAGES, *FILES)
_SAME = {"application/x-gzip": GZIP, "application/csv": "text/csv", "application/x-pdf": PDF}
_NO_TYPE = {"", "application/octet-stream", "binary/octet-stream", "application/x-octet-stream"}
_ENDINGS = {
    **{".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".md": "text/markdown"},
    **{".markdown": "text/markdown", ".json": "application/json", ".jsonl": "application/jsonl"},
    **{".ndjson": "application/ndjson", ".csv": "text/csv", ".xml": "application/xml", ".rss": "application/rss+xml"},
    **{".atom": "application/atom+xml", ".pdf": PDF, ".docx": DOCX, ".gz": GZIP},
}


@dataclass(frozen=True, slots=True)
class Body:
    """What was read."""

    content: bytes
    content_type: str
    """One of TYPES."""
    charset: str | None


def read(reply: Reply, path: str, *, accept: Collection[str] = TYPES) -> Body:
    """The whole content of an answer.

    Raises:
        InputError: it is of another type, too large, cut short, or its compression is broken.
    """
    stated, _, parameters = reply.headers.get("content-type", "").partition(";")
    stated = stated.strip().lower()
    kind = _ending(path) if stated in _NO_TYPE else _SAME.get(stated, stated)
    if kind or stated:  # what has neither type nor ending is known by its beginning
        _check(kind or stated, accept)
    content = _whole(reply, kind)
    kind = _unpacked(kind, path, content) if kind else _sniffed(content)
    _check(kind, accept)
    return Body(content, kind, _charset(parameters))


def beginning(reply: Reply, size: int) -> bytes:
    """At most about so many bytes of the content; the rest is not waited for."""
    content = bytearray()
    for piece in _decoded(reply):
        content += piece
        if len(content) >= size:
            break
    return bytes(content)


def _check(kind: str, accept: Collection[str]) -> None:
    if kind not in accept or kind not in TYPES:
        raise InputError(f"Its type is {kind[:80]!r}. Read are pages, feeds, PDF, DOCX, CSV, JSON and plain text.")


def _ending(path: str) -> str:
    return _ENDINGS.get(PurePosixPath(unquote(path)).suffix.lower(), "")


def _unpacked(kind: str, path: str, content: bytes) -> str:
    """The type; where a server has called a file's own gzip a compression of the answer, that of what is in it."""
    if kind != GZIP or content.startswith(b"\x1f\x8b"):
        return kind
    return _ending(str(PurePosixPath(unquote(path)).with_suffix(""))) or _sniffed(content)


def _sniffed(content: bytes) -> str:
    """The type of what came without one. Text is told apart further on, as that of a file is."""
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x1f\x8b"):
        return GZIP
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ""
    return "text/plain"


def _whole(reply: Reply, kind: str) -> bytes:
    most = LARGEST_FILE if kind in FILES else LARGEST
    stated = reply.headers.get("content-length", "").strip()
    if re.fullmatch(r"[0-9]{1,18}", stated) and int(stated) > most:
        raise _too_large(most, kind)
    content = bytearray()
    for piece in _decoded(reply):
        content += piece
        if len(content) > most:
            raise _too_large(most, kind)
    return bytes(content)


def _too_large(most: int, kind: str) -> InputError:
    what = kind or "what has no type"
    return InputError(f"It is too large: over {most // 1_000_000} MB, the most for {what}. Save it as a file.")


def _decoded(reply: Reply) -> Iterable[bytes]:
    coding = reply.headers.get("content-encoding", "").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise InputError(f"It is compressed as {coding[:80]!r}, unasked. Save it and ingest the file.")
    return _unzipped(reply.pieces) if coding.endswith("gzip") else reply.pieces


def _unzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Small pieces, however much a byte stands for."""
    unzip = zlib.decompressobj(_GZIP)
    try:
        for piece in pieces:
            while piece:
                if unzip.eof:
                    unzip = zlib.decompressobj(_GZIP)  # gzip files may follow one another
                yield unzip.decompress(piece, 65536)
                piece = unzip.unused_data or unzip.unconsumed_tail
        yield unzip.flush()
    except zlib.error:
        raise InputError("Its compression is broken. Try again later.") from None
    if not unzip.eof:
        raise InputError("It was cut short. Try again later.")


_GZIP = 16 + zlib.MAX_WBITS
_CHARSET = re.compile(r"\bcharset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def _charset(parameters: str) -> str | None:
    label = _CHARSET.search(parameters)
    return codec(label[1]) if label else None
