"""Files that another program sends: written as they come into a private folder, under names of ours, and bounded."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from rag.errors import GroundwireError, InputError
from rag.intake import gzipped, kinds
from rag.records import Failure, IngestReport, Note
from ui.html.library import LARGEST_FILE

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

_OLD_WORD = ".doc"
_LONGEST_NAME = 200
_LONGEST_HEADER = 32_000
_BLOCK = 1 << 16
# It logs what is wrong with a body, which is for the sender to know and not for whoever runs the server.
logging.getLogger("python_multipart").addHandler(logging.NullHandler())


class TooLarge(GroundwireError):
    """More was sent than is taken in."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that one upload may hold."""

    file: int = LARGEST_FILE
    """Bytes of one file,"""
    files: int = 50
    whole: int = 100_000_000
    """bytes of all together, with what stands between them,"""
    unpacked: int = 250_000_000
    """and bytes that a gzip file unpacks to."""


@dataclass(slots=True)
class File:
    """One file that came, under the name its sender gave and the one it has here."""

    name: str
    path: Path
    size: int = 0


@contextmanager
def receiving(content_type: str, bounds: Bounds) -> Iterator[Upload]:
    """What writes an upload into a folder that nobody else may read; it is gone at the end.

    Raises:
        InputError: the type has no boundary.
    """
    with tempfile.TemporaryDirectory(prefix="groundwire-upload-") as folder:
        upload = Upload(content_type, Path(folder), bounds)
        try:
            yield upload
        finally:
            upload.close()


class Upload:
    """A multipart body on its way to files; ``write`` takes it piece by piece."""

    def __init__(self, content_type: str, folder: Path, bounds: Bounds) -> None:
        """Its parts stand between the boundary that its type names, and are written into a folder.

        Raises:
            InputError: the type names no boundary that can be used.
        """
        self.files: list[File] = []
        self._folder = folder
        self._bounds = bounds
        self._received = 0
        self._header, self._value, self._disposition = b"", b"", b""
        self._open: BinaryIO | None = None
        self._ended = False
        boundary = parse_options_header(content_type)[1].get(b"boundary")
        if not boundary:
            raise InputError("The content type of the body names no boundary. A client that sends files sets it.")
        try:
            self._parser = MultipartParser(boundary, self._callbacks(), max_header_size=_LONGEST_HEADER)
        except FormParserError as error:
            raise InputError(f"The body's boundary cannot be used: {error}.") from error

    def write(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            TooLarge: it goes beyond the bounds; the line names the file.
            InputError: it is no multipart body, has a part that is no file, or more files than are taken.
        """
        self._received += len(piece)
        if self._received > self._bounds.whole:
            raise TooLarge(
                f"The files are larger than {_megabytes(self._bounds.whole)} together. Send them in parts."
            )
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise InputError(f"The body is not multipart/form-data as it says: {error}.") from error

    def finish(self) -> None:
        """Say that no more comes.

        Raises:
            InputError: it was cut short, or held no file.
        """
        self.close()
        if not self._ended:
            raise InputError("The body ends before its last boundary. Send it again.")
        if not self.files:
            raise InputError(
                "No file was sent. Send one or more as parts of multipart/form-data, each with a filename."
            )

    def close(self) -> None:
        """Close the file that is being written, if any."""
        if self._open:
            self._open.close()
            self._open = None

    def sound(self) -> tuple[list[File], list[Failure]]:
        """The files, and a failure for each that unpacks to more than is taken in."""
        failed = {file.path: fault for file in self.files if (fault := _bomb(file, self._bounds.unpacked))}
        return [file for file in self.files if file.path not in failed], list(failed.values())

    def told(self, report: IngestReport, failed: list[Failure]) -> IngestReport:
        """A report on the files under the names their sender gave, with what failed before."""
        names = {str(file.path): file.name for file in self.files}
        return replace(
            report,
            failed=(*failed, *(Failure(names.get(one.path, one.path), one.line, one.error) for one in report.failed)),
            notes=tuple(Note(names.get(one.path, one.path), one.line, one.text) for one in report.notes),
        )

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_named,
            "on_header_value": self._header_valued,
            "on_header_end": self._header_end,
            "on_headers_finished": self._open_file,
            "on_part_data": self._data,
            "on_part_end": self.close,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition = b""

    def _header_named(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_valued(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header, self._value = b"", b""

    def _open_file(self) -> None:
        options = parse_options_header(self._disposition)[1]
        if b"filename" not in options:
            part = shown(options.get(b"name", b"").decode("utf-8", "replace"))
            raise InputError(f"The part '{part}' is no file. Send files alone, each with a filename.")
        given = options[b"filename"].decode("utf-8", "replace")
        if not given:
            return  # what a browser sends where no file was chosen
        name = shown(given)
        if len(self.files) == self._bounds.files:
            raise InputError(f"'{name}' is one file too many: at most {self._bounds.files} are taken in at once.")
        # subtle: the sender's name is shown and never used; only its ending, one of a fixed few, is.
        file = File(name, self._folder / f"{len(self.files) + 1}{ending(given)}")
        self.files.append(file)
        self._open = file.path.open("xb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._open is None:
            if end > start:
                raise InputError("A part with words has no filename. Name each file that is sent.")
            return
        file = self.files[-1]
        file.size += end - start
        if file.size > self._bounds.file:
            raise TooLarge(f"'{file.name}' is larger than {_megabytes(self._bounds.file)}. Split it.")
        self._open.write(memoryview(data)[start:end])

    def _end(self) -> None:
        self._ended = True


def shown(name: str) -> str:
    """A sender's name for a file as it is told again: printable, on one line, and cut where it is very long."""
    line = "".join(char if char.isprintable() else "\ufffd" for char in " ".join(name.split()))
    return line if len(line) <= _LONGEST_NAME else line[: _LONGEST_NAME - 1] + "…"


def ending(name: str) -> str:
    """The ending of a name that tells its kind; none for a kind that is not known."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return kinds.kind_of_name(last) or (_OLD_WORD if last.lower().endswith(_OLD_WORD) else "")


def _bomb(file: File, most: int) -> Failure | None:
    if file.path.suffix != kinds.PACKED:
        return None
    left = most
    try:
        with file.path.open("rb") as packed:
            unpacked = gzipped.unpacked(packed)
            while left >= 0 and (block := unpacked.read(_BLOCK)):
                left -= len(block)
    except InputError:
        return None  # whoever reads it says why
    return Failure(file.name, None, f"It unpacks to over {_megabytes(most)}. Split it.") if left < 0 else None


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:g} MB"
