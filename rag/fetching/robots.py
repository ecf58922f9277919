"""What robots.txt allows, and at which pace (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from rag.errors import InputError
from rag.fetching.door import Unreachable
from rag.fetching.hosts import PATIENCE
from rag.fetching.threads import Cut, Stopped

if TYPE_CHECKING:
    from protego import Protego

NAME = "groundwire"
"""What robots.txt calls us, in any case of letters."""
LARGEST = 500 * 1024
"""Bytes that are read of it; the rest is passed over."""
ORIGINS = 1000
"""Origins whose rules are remembered,"""
CHARACTERS = 4_000_000
"""and characters of all their rules together."""
FRESH = 24 * 3600.0
"""Seconds that rules hold before they are read again,"""
FAILED = 300.0
"""and that a failure to read them does."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one origin for us."""

    host: str
    parsed: Protego
    size: int

    def pause(self, path: str) -> float:
        """Seconds to leave between requests, if the path may be fetched.

        Raises:
            InputError: it may not, or only at a pace too slow to wait for.
        """
        # Of no host: only the path counts, and one that begins with two slashes would be taken for a host.
        if not self.parsed.can_fetch("http://host" + path, NAME):
            raise InputError(f"robots.txt of {self.host!r} does not allow it. Save the page and ingest the file.")
        pause = self._pace()
        if pause > PATIENCE:
            raise InputError(
                f"robots.txt of {self.host!r} asks for {min(pause, 1e9):.0f} seconds between requests, over "
                f"{PATIENCE:.0f}. Save the page and ingest the file."
            )
        return pause

    def _pace(self) -> float:
        delay = self.parsed.crawl_delay(NAME) or 0.0
        rate = self.parsed.request_rate(NAME)
        if rate is None:
            return delay
        # As whole numbers first: they may be too large to divide.
        slow = rate.seconds > 10**6 * rate.requests
        return max(delay, 1e6 if slow else rate.seconds / rate.requests)


def parse(host: str, content: bytes) -> Rules:
    """The rules in the beginning of a robots.txt, whatever it holds."""
    from protego import Protego

    whole = content[:LARGEST]
    if len(content) > LARGEST:
        whole = whole[: max(whole.rfind(b"\n"), whole.rfind(b"\r")) + 1]  # half a rule is another rule
    lines = whole.decode("utf-8", "replace").removeprefix("\ufeff").splitlines()
    return Rules(host, Protego.parse("\n".join(map(_addressed, lines))), len(whole))


_AGENT = re.compile(r"user[ -]?agent(?![\w-])[ :]*([\w*-]*)", re.IGNORECASE)


def _addressed(line: str) -> str:
    """The line; one that names any crawler but us and all names the same other.

    Rules are kept once for each crawler that they name: thousands of names over thousands of rules would be
    millions. And Protego takes the beginning of a name for the name.
    """
    found = _AGENT.match(" ".join(line.split()))  # Protego too takes any white space for one space
    if not found:
        return line
    name = found[1].lower()
    if name == "*":
        return "User-agent: *"
    return f"User-agent: {NAME if name.replace('*', '') == NAME else 'another'}"


@dataclass(slots=True)
class _Known:
    """What is known of one origin."""

    lock: Lock = field(default_factory=Lock)
    rules: Rules | None = None
    failure: Callable[[], InputError] | None = None
    until: float = float("-inf")


class Robots:
    """The rules of every origin asked, read when first needed; shared between threads."""

    def __init__(self, read: Callable[[str, Cut], bytes], *, clock: Callable[[], float]) -> None:
        """``read`` fetches the robots.txt of an origin, such as ``https://post.example``; no bytes if it has none."""
        self._read = read
        self._clock = clock
        self._lock = Lock()
        self._known: dict[str, _Known] = {}

    def pause(self, origin: str, host: str, path: str, *, cut: Cut) -> float:
        """Seconds that the origin wants between requests, if it allows the path.

        Raises:
            InputError: it does not, or its rules cannot be read now.
        """
        known = self._entry(origin)
        while not known.lock.acquire(timeout=0.2):
            cut.check()
        try:
            if known.until <= self._clock():
                self._learn(known, origin, host, cut)
            rules, failure = known.rules, known.failure
        finally:
            known.lock.release()
        if failure:
            raise failure()
        return rules.pause(path) if rules else 0.0

    def _learn(self, known: _Known, origin: str, host: str, cut: Cut) -> None:
        known.rules = known.failure = None
        try:
            known.rules = parse(host, self._read(origin, cut))
            known.until = self._clock() + FRESH
        except Stopped:
            raise
        except InputError as error:
            known.failure = _failure(error, host)
            known.until = self._clock() + FAILED
        self._forget(keep=origin)

    def _entry(self, origin: str) -> _Known:
        with self._lock:
            known = self._known.pop(origin, None) or _Known()
            self._known[origin] = known  # the one used last comes last
            return known

    def _forget(self, *, keep: str) -> None:
        with self._lock:
            size = sum(known.rules.size for known in self._known.values() if known.rules)
            for origin in [origin for origin in self._known if origin != keep]:
                if len(self._known) <= ORIGINS and size <= CHARACTERS:
                    break
                rules = self._known.pop(origin).rules
                size -= rules.size if rules else 0


def _failure(error: InputError, host: str) -> Callable[[], InputError]:
    """Makes the error anew for everyone who asks."""
    words = str(error)
    if isinstance(error, Unreachable) and repr(host) in words:
        return lambda: Unreachable(words)  # the page itself could not be reached either
    return lambda: InputError(f"robots.txt of {host!r} cannot be read, so nothing there is fetched now: {words}")
