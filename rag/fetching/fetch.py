"""Fetching pages: politely, in the terms of robots.txt, and safe against forged addresses and hostile servers."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Iterable
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import TypeVar

import httpx

from rag.errors import InputError
from rag.fetching import abreast, bodies
from rag.fetching.answers import (
    PERMANENT,
    REDIRECTING,
    GoneError,
    checked,
    conditions,
    next_address,
    refusal,
    validators_of,
    wanted_wait,
)
from rag.fetching.bodies import TYPES
from rag.fetching.door import Reply, Silent, ask, host_of
from rag.fetching.hosts import PATIENCE, AsksToWait, Hosts
from rag.fetching.robots import LARGEST as LARGEST_ROBOTS
from rag.fetching.robots import Robots
from rag.fetching.threads import Cut
from rag.fetching.validators import Validators

__all__ = ["PAUSE", "TYPES", "WHOLE", "Fetcher", "GoneError", "Page"]

PAUSE = 1.0
"""Seconds between two requests to one host, at least."""
WHOLE = 30.0
"""Seconds that the servers have for a page, redirects included; waiting for a turn does not count."""
REDIRECTS = 5
Found = TypeVar("Found")
Wanted = tuple[str, Validators | None]


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered."""

    url: str
    """Where the last redirect led, without its fragment."""
    content: bytes
    """Decompressed; empty where it is unchanged."""
    content_type: str
    """One of TYPES; empty where it is unchanged."""
    charset: str | None
    """The codec that the server named, if Python has it."""
    unchanged: bool = False
    """Whether the server says that it is still what the validators stand for."""
    validators: Validators = field(default_factory=Validators)
    moved: bool = False
    """Whether only permanent redirects led here: ``url`` has taken the place of what was asked for."""


@dataclass(slots=True)
class _Trip:
    """One search for a page, over its redirects."""

    headers: dict[str, str]
    left: float
    """Seconds that servers may still take."""
    cut: Cut


@dataclass(frozen=True, slots=True)
class _Redirect:
    to: httpx.URL
    permanent: bool


class Fetcher:
    """Fetches for many threads: what one learns of a host holds for all. Leaving it cuts off what is under way."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        pause: float = PAUSE,
        seconds: float = WHOLE,
        robots: bool = True,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        """``clock`` and ``sleep`` are those of the waits between requests; servers are timed by the true clock."""
        self._allow_private = allow_private
        self._pause = pause
        self._seconds = seconds
        self._hosts = Hosts(clock=clock, sleep=sleep)
        self._robots = Robots(self._read_robots, clock=clock) if robots else None
        self._agent = f"Groundwire/{_version()} (news reader{'; honours robots.txt' if robots else ''})"
        self._cut = Cut()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._cut.make()

    def fetch(self, address: str, *, validators: Validators | None = None, accept: Collection[str] = TYPES) -> Page:
        """The page at an address, fetched without cookies, proxies or credentials.

        With ``validators`` of an earlier time it need not be sent again; ``accept`` limits the types that are read.

        Raises:
            GoneError: the server says that it was there and is no more.
            InputError: there is no such page, it may not be fetched, or it is none to be read; in one line.
        """
        return self._page(address, validators, accept, self._cut)

    def fetch_each(
        self, wanted: Iterable[Wanted], *, accept: Collection[str] = TYPES
    ) -> Generator[tuple[str, Page | InputError], None, None]:
        """The page of each address, asked for with its validators, in the order in which they come.

        Several hosts are asked at once, each for one page at a time. Closing the iterator ends what is under way.
        """

        def do(item: Wanted, cut: Cut) -> Page:
            return self._page(*item, accept, cut)

        found = abreast.each(wanted, do, host=lambda item: _host(item[0]), ready=self._hosts.ready)
        try:
            for (address, _), page in found:
                yield address, page
        finally:
            found.close()

    def _page(self, url: str, validators: Validators | None, accept: Collection[str], cut: Cut) -> Page:
        headers = {
            "User-Agent": self._agent,
            "Accept": ", ".join(accept),
            "Accept-Encoding": "gzip",  # only: its expansion can be stopped anywhere, as that of others cannot
        }
        conditional = conditions(validators)

        def take(address: httpx.URL, reply: Reply) -> Page:
            if reply.status == 304 and conditional:
                known = validators_of(reply.headers, else_=validators)
                return Page(str(address), b"", "", None, unchanged=True, validators=known)
            if reply.status != 200:
                raise refusal(reply.status)
            body = bodies.read(reply, address.path, accept=accept)
            known = validators_of(reply.headers)
            return Page(str(address), body.content, body.content_type, body.charset, validators=known)

        trip = _Trip(headers | conditional, self._seconds, cut)
        page, moved = self._followed(checked(url), trip, take, robots=self._robots)
        return replace(page, moved=True) if moved else page

    def _followed(
        self,
        address: httpx.URL,
        trip: _Trip,
        take: Callable[[httpx.URL, Reply], Found],
        *,
        robots: Robots | None,
    ) -> tuple[Found, bool]:
        """What is taken from where the redirects end, and whether all of them, at least one, are permanent."""
        hops: list[_Redirect] = []
        seen = {address}
        while True:
            pause = self._allowed(address, robots, trip.cut)
            found = self._answered(address, trip, pause, take)
            if not isinstance(found, _Redirect):
                return found, bool(hops) and all(hop.permanent for hop in hops)
            hops.append(found)
            address = found.to
            if address in seen:
                raise InputError("It redirects in a circle. Check the address in a browser.")
            if len(hops) > REDIRECTS:
                raise InputError(f"It redirects more than {REDIRECTS} times. Check the address in a browser.")
            seen.add(address)

    def _allowed(self, address: httpx.URL, robots: Robots | None, cut: Cut) -> float:
        """Seconds that robots.txt asks for between requests to the host."""
        if robots is None:
            return 0.0
        path = address.raw_path.decode("ascii")
        return robots.pause(f"{address.scheme}://{address.netloc.decode()}", host_of(address), path, cut=cut)

    def _answered(
        self, address: httpx.URL, trip: _Trip, pause: float, take: Callable[[httpx.URL, Reply], Found]
    ) -> Found | _Redirect:
        """What is taken from the answer, asked for once more where that is all it needs."""
        try:
            return self._asked(address, trip, pause, take)
        except Silent:
            pass
        except AsksToWait as error:
            if error.seconds > min(PATIENCE, self._seconds):
                raise
        return self._asked(address, trip, pause, take)

    def _asked(
        self, address: httpx.URL, trip: _Trip, pause: float, take: Callable[[httpx.URL, Reply], Found]
    ) -> Found | _Redirect:
        with self._hosts.turn(host_of(address), pause=max(pause, self._pause), cut=trip.cut) as turn:
            began = time.monotonic()
            try:
                with ask(
                    address,
                    trip.headers,
                    left=trip.left,
                    seconds=self._seconds,
                    allow_private=self._allow_private,
                    cut=trip.cut,
                ) as reply:
                    turn.pause = pause if reply.private else turn.pause
                    turn.asked = wanted_wait(reply) or 0.0
                    if wanted_wait(reply) is not None:
                        raise AsksToWait(host_of(address), turn.asked)
                    if reply.status in REDIRECTING:
                        return _Redirect(next_address(address, reply), reply.status in PERMANENT)
                    return take(address, reply)
            finally:
                trip.left -= time.monotonic() - began

    def _read_robots(self, origin: str, cut: Cut) -> bytes:
        def take(address: httpx.URL, reply: Reply) -> bytes:
            if reply.status == 200:
                return bodies.beginning(reply, LARGEST_ROBOTS + 1)
            if 400 <= reply.status < 500 and reply.status != 429:
                return b""
            raise refusal(reply.status)

        headers = {"User-Agent": self._agent, "Accept": "text/plain, */*;q=0.5", "Accept-Encoding": "gzip"}
        trip = _Trip(headers, self._seconds, cut)
        return self._followed(checked(f"{origin}/robots.txt"), trip, take, robots=None)[0]


def _host(url: str) -> str:
    try:
        return host_of(checked(url))
    except InputError:
        return ""


def _version() -> str:
    try:
        return version("groundwire")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
