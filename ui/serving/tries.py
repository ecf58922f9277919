"""How often an address may be wrong about a secret before it has to wait."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from ui.readers import block

_FREE = 5
_FIRST_WAIT, _LONGEST_WAIT = 15.0, 900.0
_REMEMBERED = 3600.0
_MOST = 10_000


class Tries:
    """Wrong tries of each address: five are free, then each wait is twice the one before, up to 15 minutes.

    An hour after the last wrong try, or after a right one, all is forgotten.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, address: str) -> int:
        """Whole seconds that an address must wait before its next try; 0 where it need not."""
        count, last = self._of(block(address))
        if count < _FREE:
            return 0
        held = min(_FIRST_WAIT * 2.0 ** min(count - _FREE, 10), _LONGEST_WAIT)
        return max(0, math.ceil(last + held - self._clock()))

    def wrong(self, address: str) -> None:
        """Count a wrong try."""
        origin = block(address)
        self._wrong[origin] = (self._of(origin)[0] + 1, self._clock())
        self._wrong.move_to_end(origin)
        if len(self._wrong) > _MOST:
            self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        """Forget the wrong tries of an address."""
        self._wrong.pop(block(address), None)

    def _of(self, origin: str) -> tuple[int, float]:
        count, last = self._wrong.get(origin, (0, 0.0))
        return (0, 0.0) if self._clock() - last >= _REMEMBERED else (count, last)
