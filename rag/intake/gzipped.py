"""A gzip file as the stream of what is packed in it: no more of it in memory than is asked for."""

from __future__ import annotations

import io
import zlib
from typing import Any, BinaryIO, cast

from rag.errors import InputError

MAGIC = b"\x1f\x8b"
BOMB = 100
"""Times its own size that a file may unpack to, past FREE bytes: news unpacks to less than ten times."""
FREE = 1_000_000_000
_BLOCK = 1 << 16
_GZIP = 16 + zlib.MAX_WBITS


def unpacked(file: BinaryIO) -> BinaryIO:
    """What a gzip file holds, of all its members; reading raises InputError where it is broken or cut short."""
    return cast(BinaryIO, io.BufferedReader(_Unpacked(file), _BLOCK))


class _Unpacked(io.RawIOBase):
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._member: zlib._Decompress | None = None
        self._waiting = b""
        self._members = self._taken = self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        target = memoryview(buffer).cast("B")
        data = self._next(len(target))
        target[: len(data)] = data
        self._given += len(data)
        if self._given > max(FREE, BOMB * self._taken):
            raise InputError(f"It unpacks to over {BOMB} times its size. Unpack it and look at what it holds.")
        return len(data)

    def _next(self, most: int) -> bytes:
        """Up to so many of the next bytes; none at the end."""
        while member := self._member or self._begun():
            self._waiting = self._waiting or self._more()
            if data := self._inflated(member, most):
                return data
        return b""

    def _more(self) -> bytes:
        block = self._file.read(_BLOCK)
        self._taken += len(block)
        return block

    def _begun(self) -> zlib._Decompress | None:
        """The next member, if there is one; what follows the last one and is none is passed over, as gzip does."""
        while len(self._waiting) < len(MAGIC) and (block := self._more()):
            self._waiting += block
            if self._members:
                self._waiting = self._waiting.lstrip(b"\0")  # what tapes and disks pad with
        if not self._waiting.startswith(MAGIC):
            if self._waiting and not self._members:
                raise InputError("Not a gzip file, whatever its name says. Rename it after what it is.")
            return None
        self._member = zlib.decompressobj(_GZIP)
        self._members += 1
        return self._member

    def _inflated(self, member: zlib._Decompress, most: int) -> bytes:
        ended = not self._waiting
        try:
            # subtle: without input there may be output still, held back from a call that asked for less.
            data = member.decompress(self._waiting, most)
        except zlib.error as error:
            raise InputError(f"The gzip file is broken: {str(error).rpartition(': ')[2]}. Get it again.") from None
        if member.eof:
            self._waiting, self._member = member.unused_data.lstrip(b"\0"), None
        elif ended and not data:
            raise InputError("The gzip file is cut short: its end is missing. Get it again.")
        else:
            self._waiting = member.unconsumed_tail
        return data
