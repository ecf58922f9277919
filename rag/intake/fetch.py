"""The one door to the network for articles: safe against forged addresses and servers that stall or flood."""

from __future__ import annotations

import re
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx

from rag.errors import InputError
from rag.intake.charsets import codec

LARGEST = 10_000_000
CONNECT = 10.0
"""Seconds until a connection is there, at most."""
WHOLE = 30.0
"""Seconds until the page is there, redirects included."""
REDIRECTS = 5
TYPES = (
    *("text/html", "application/xhtml+xml", "text/plain", "text/markdown"),
    *("application/json", "application/jsonl", "application/x-ndjson", "application/ndjson"),
)


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answered."""

    url: str
    """Where the last redirect led, without its fragment."""
    content: bytes
    """Decompressed."""
    content_type: str
    """One of TYPES."""
    charset: str | None
    """The codec that the server named, if Python has it."""


def fetch(url: str, *, allow_private: bool = False, seconds: float = WHOLE) -> Page:
    """The page at an address, fetched without cookies, proxies or credentials.

    Every host is resolved once, and what is connected to is the very address that was checked: a name that means
    another machine a moment later gains nothing. ``allow_private`` lifts that check.

    Raises:
        InputError: there is no such page, or it is none to be read.
    """
    door = _Door(deadline=time.monotonic() + seconds, allow_private=allow_private)
    address = _checked(url)
    try:
        with httpcore.ConnectionPool(network_backend=door) as pool:
            for _ in range(REDIRECTS + 1):
                with _get(pool, address) as response:
                    if response.status not in _REDIRECTING:
                        return _page(address, response)
                    address = _next(address, response)
    except httpcore.TimeoutException:
        raise InputError(f"No whole answer from {_host(address)!r} in {seconds:g} seconds. Try later.") from None
    except httpcore.NetworkError as error:
        raise InputError(f"No connection to {_host(address)!r}: {_line(error)}. Check the address.") from None
    except httpcore.ProtocolError as error:
        raise InputError(f"What {_host(address)!r} answers is not HTTP: {_line(error)}. Check the address.") from None
    raise InputError(f"It redirects more than {REDIRECTS} times. Check the address in a browser.")


_REDIRECTING = {301, 302, 303, 307, 308}


def _checked(url: str | httpx.URL) -> httpx.URL:
    """The address of a web page, without its fragment."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InputError(f"Not a web address: {_line(error)}. Write it as https://host/page.") from None
    if address.scheme not in ("http", "https"):
        raise InputError(f"Only http and https addresses are fetched, not {address.scheme!r}. Save it as a file.")
    if address.userinfo:
        raise InputError("The address holds a user name or password. Take it out: none is sent.")
    if not address.raw_host or address.port not in (None, *range(1, 65536)):
        raise InputError("The address lacks a host or has no such port. Write it as https://host/page.")
    return address.copy_with(fragment=None)


def _host(address: httpx.URL) -> str:
    # As it travels: not every name that begins with "xn--" can be decoded, where httpx's own ``host`` fails.
    return address.raw_host.decode("ascii")


def _next(address: httpx.URL, response: httpcore.Response) -> httpx.URL:
    place = _header(response, b"location")
    if not place:
        raise InputError(f"Status {response.status} without a new address. Check the address in a browser.")
    try:
        return _checked(address.join(place))
    except (httpx.InvalidURL, ValueError):
        raise InputError(f"It redirects to {place[:200]!r}, which is no web address.") from None
    except InputError as error:
        raise InputError(f"It redirects to {place[:200]!r}. {error}") from None


def _get(pool: httpcore.ConnectionPool, address: httpx.URL) -> AbstractContextManager[httpcore.Response]:
    # gzip only, since its expansion can be stopped anywhere: a few bytes of another coding may become gigabytes.
    headers: dict[bytes | str, bytes | str] = {
        "Host": address.netloc,
        "User-Agent": f"Groundwire/{_version()} (+news reader)",
        "Accept": ", ".join(TYPES),
        "Accept-Encoding": "gzip",
    }
    target = httpcore.URL(
        scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
    )
    return pool.stream("GET", target, headers=headers)


def _version() -> str:
    try:
        return version("groundwire")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


def _page(address: httpx.URL, response: httpcore.Response) -> Page:
    if response.status != HTTPStatus.OK:
        raise InputError(f"Status {_named(response.status)} instead of a page. Check the address in a browser.")
    kind, _, parameters = _header(response, b"content-type").partition(";")
    kind = kind.strip().lower()
    if kind not in TYPES:
        raise InputError(f"Its type is {kind[:80]!r}. Read are {', '.join(TYPES)}.")
    return Page(str(address), _content(response), kind, _charset(parameters))


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def _content(response: httpcore.Response) -> bytes:
    coding = _header(response, b"content-encoding").strip().lower()
    if coding not in ("", "identity", "gzip", "x-gzip"):
        raise InputError(f"It is compressed as {coding[:80]!r}, unasked. Save it and ingest the file.")
    pieces: Iterable[bytes] = response.iter_stream()
    content = bytearray()
    for piece in _unzipped(pieces) if coding.endswith("gzip") else pieces:
        content += piece
        if len(content) > LARGEST:
            raise InputError(f"It is too large: over {LARGEST // 1_000_000} MB. Save it and ingest the file.")
    return bytes(content)


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


def _header(response: httpcore.Response, name: bytes) -> str:
    """The first header of that name, or nothing."""
    return next((value.decode("utf-8", "replace") for key, value in response.headers if key.lower() == name), "")


def _line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".") or type(error).__name__


class _Door(httpcore.NetworkBackend):
    """Connections to public addresses only, all closed to traffic at one deadline."""

    def __init__(self, *, deadline: float, allow_private: bool) -> None:
        self._deadline = deadline
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception | None = None
        for address in self._resolved(host, port):
            try:
                wait = min(CONNECT, _left(self._deadline))
                stream = httpcore.SyncBackend().connect_tcp(address, port, timeout=wait)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, deadline=self._deadline)
        raise failure or httpcore.ConnectError("it has no address")

    def _resolved(self, host: str, port: int) -> list[str]:
        """The addresses of a host; none if any is not public, lest which one is taken be up to the host."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise InputError(f"There is no host {host[:200]!r}. Check the address.") from None
        addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
        closed = [address for address in addresses if not self._allow_private and not is_public(address)]
        if closed:
            raise InputError(
                f"The host {host[:200]!r} is {closed[0]}, which is not a public address. "
                "To read pages of your own network, set GROUNDWIRE_ALLOW_PRIVATE=1."
            )
        return addresses


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline: a server that sends a byte now and then gains no time."""

    def __init__(self, stream: httpcore.NetworkStream, *, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = min(CONNECT, _left(self._deadline))
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, wait), deadline=self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left


_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# The address space of Azure's own service for its virtual machines, which only they reach.
_CLOUD_INSIDE = IPv4Network("168.63.129.16/32")


def is_public(address: str) -> bool:
    """Whether an address is one machine of the open internet, whatever it wraps.

    IPv6 has several ways to spell an IPv4 address. NAT64's is looked into; the others serve no public host today.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast and ip not in _CLOUD_INSIDE
    if ip in _NAT64:
        return is_public(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and ip in _GLOBAL_UNICAST and ip.sixtofour is None and ip.teredo is None
