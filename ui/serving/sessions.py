"""Who is logged in: each browser by a random name in a cookie, of which the server keeps a digest, in memory alone.

A restart logs everyone out; what a reader has kept goes by another cookie and stays. See ``ui.readers``.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

IDLE = 12 * 3600
"""Seconds without a request after which a session is over."""
LONGEST = 7 * 24 * 3600
"""Seconds after which any is."""
_MOST = 1_000


class Sessions:
    """The sessions of one server; with more than a thousand, the one idle for longest is over."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def begin(self) -> str:
        """The name of a new session, to be sent to its browser and kept nowhere."""
        name, now = secrets.token_hex(32), self._clock()
        self._begun[_digest(name)] = (now, now)
        if len(self._begun) > _MOST:
            self._begun.popitem(last=False)
        return name

    def holds(self, name: str) -> bool:
        """Whether a session is on; if so, it is in use as of now."""
        key, now = _digest(name), self._clock()
        begun, used = self._begun.get(key, (now - LONGEST, now))
        if now - begun >= LONGEST or now - used >= IDLE:
            self._begun.pop(key, None)
            return False
        self._begun[key] = (begun, now)
        self._begun.move_to_end(key)
        return True

    def end(self, name: str) -> None:
        """End a session, if it is one."""
        self._begun.pop(_digest(name), None)


def _digest(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "replace")).digest()
