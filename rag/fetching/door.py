"""The one door out: a request to an address that was checked to be public, answered by a deadline."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Any

import httpcore
import httpx

from rag.errors import InputError
from rag.fetching.threads import Cut, begun

CONNECT = 10.0
"""Seconds until a connection is there, at most."""


class Unreachable(InputError):
    """The host is none, may not be reached, or takes no connection."""


class Silent(InputError):
    """The connection ended before a byte came: to ask again may help."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answers, while its content still comes."""

    status: int
    headers: Mapping[str, str]
    """The first of each name, in lower case."""
    pieces: Iterator[bytes]
    private: bool
    """Whether the address that answers is not a public one."""


@contextmanager
def ask(
    address: httpx.URL, headers: Mapping[str, str], *, left: float, seconds: float, allow_private: bool, cut: Cut
) -> Iterator[Reply]:
    """A GET without cookies, proxies or credentials, whose answer may be read inside the ``with``.

    The host is resolved once, and what is connected to is the very address that was checked: a name that means
    another machine a moment later gains nothing. ``allow_private`` lifts that check. The answer ends in the seconds
    that are ``left`` of all.

    Raises:
        InputError: there is no answer, or none in time; in one line, naming the host.
    """
    door = _Door(deadline=time.monotonic() + left, allow_private=allow_private, cut=cut)
    target = httpcore.URL(
        scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
    )
    sent: dict[bytes | str, bytes | str] = {"Host": address.netloc, "Connection": "close"}
    sent.update(headers)
    answering = False
    try:
        tls = _tls() if address.scheme == "https" else None
        with (
            httpcore.ConnectionPool(network_backend=door, ssl_context=tls) as pool,
            pool.stream("GET", target, headers=sent) as response,
        ):
            answering = True
            yield Reply(response.status, _headers(response), response.iter_stream(), door.private)
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        cut.check()
        raise _refusal(error, host_of(address), seconds=seconds, heard=door.heard, answering=answering) from None


def host_of(address: httpx.URL) -> str:
    # As it travels: not every name that begins with "xn--" can be decoded, where httpx's own ``host`` fails.
    return address.raw_host.decode("ascii")


def line(error: Exception) -> str:
    """The error's words, in one line and without full stop."""
    return " ".join(str(error).split()).rstrip(".")[:300] or type(error).__name__


@cache
def _tls() -> ssl.SSLContext:
    """Read once, for it takes as long as a request; it trusts what the system and certifi do."""
    return httpcore.default_ssl_context()


def _headers(response: httpcore.Response) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in response.headers:
        headers.setdefault(name.decode("ascii", "replace").lower(), value.decode("utf-8", "replace"))
    return headers


def _refusal(error: Exception, host: str, *, seconds: float, heard: bool, answering: bool) -> InputError:
    if isinstance(error, httpcore.ConnectTimeout):
        return Unreachable(f"No connection to {host!r}: it does not answer in time. Check the address or try later.")
    if isinstance(error, httpcore.TimeoutException):
        return InputError(f"No whole answer from {host!r} in {seconds:.3g} seconds. Try later.")
    if isinstance(error, httpcore.ConnectError):
        return _unreachable(error, host)
    if not heard:
        return Silent(f"The host {host!r} ends the connection without an answer. Try later.")
    if answering:
        return InputError(f"The answer of {host!r} was cut short: {line(error)}. Try later.")
    if isinstance(error, httpcore.NetworkError):
        return InputError(f"The connection to {host!r} broke off: {line(error)}. Try later.")
    return InputError(f"What {host!r} answers is not HTTP: {line(error)}. Check the address.")


def _unreachable(error: httpcore.ConnectError, host: str) -> Unreachable:
    cause = error.args[0] if error.args else error  # httpcore puts it there, and drops it as the cause
    if isinstance(cause, ssl.SSLCertVerificationError):
        reason = cause.verify_message.rstrip(".")
        return Unreachable(f"The certificate of {host!r} proves nothing: {reason}. Check the address in a browser.")
    if isinstance(cause, ssl.SSLError):
        reason = (cause.reason or "no TLS").replace("_", " ").lower()
        return Unreachable(f"No connection to {host!r} that is secure: {reason}. Check the address.")
    return Unreachable(f"No connection to {host!r}: {line(error)}. Check the address.")


class _Door(httpcore.NetworkBackend):
    """Connections to public addresses only, all closed to traffic at one deadline."""

    def __init__(self, *, deadline: float, allow_private: bool, cut: Cut) -> None:
        self.deadline = deadline
        self.cut = cut
        self.private = False
        self.heard = False
        self._allow_private = allow_private

    def left(self) -> float:
        self.cut.check()
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the time is up")
        return left

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
                wait = min(CONNECT, self.left())
                stream = httpcore.SyncBackend().connect_tcp(address, port, timeout=wait)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self)
        raise failure or httpcore.ConnectError("it has no address")

    def _resolved(self, host: str, port: int) -> list[str]:
        """The addresses of a host; none if any is not public, lest which one is taken be up to the host."""
        # In a thread, for the system's own search for a name has no deadline.
        search = begun(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        try:
            found = search.result(self.left())
        except TimeoutError:
            raise httpcore.ConnectTimeout("its name is not found in time") from None
        except (OSError, UnicodeError):
            raise Unreachable(f"There is no host {host[:200]!r}. Check the address.") from None
        addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
        closed = [address for address in addresses if not is_public(address)]
        self.private = bool(closed)
        if closed and not self._allow_private:
            raise Unreachable(
                f"The host {host[:200]!r} is {closed[0]}, which is not a public address. "
                "To read pages of your own network, use --allow-private or set GROUNDWIRE_ALLOW_PRIVATE=1."
            )
        return addresses


class _Stream(httpcore.NetworkStream):
    """A connection whose every wait ends at the deadline: a server that sends a byte now and then gains no time."""

    def __init__(self, stream: httpcore.NetworkStream, door: _Door) -> None:
        self._stream = stream
        self._door = door
        self._socket: socket.socket = stream.get_extra_info("socket")
        door.cut.watch(self._socket)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        piece = self._stream.read(max_bytes, self._door.left())
        self._door.heard = self._door.heard or bool(piece)
        return piece

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._door.left())

    def close(self) -> None:
        self._door.cut.forget(self._socket)
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        wait = min(CONNECT, self._door.left())
        try:
            return _Stream(self._stream.start_tls(ssl_context, server_hostname, wait), self._door)
        finally:
            self._door.cut.forget(self._socket)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# Kept for protocols or documents by IANA's registries, which Python's own lists followed late and in part; and the
# address of Azure's own service for its virtual machines, which only they reach.
_NO_HOST_4 = tuple(IPv4Network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32"))
_NO_HOST_6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))


def is_public(address: str) -> bool:
    """Whether an address is one machine of the open internet, whatever it wraps.

    IPv6 has several ways to spell an IPv4 address. NAT64's is looked into; the others serve no public host today.
    """
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast and not any(ip in net for net in _NO_HOST_4)
    if ip in _NAT64:
        return is_public(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and ip in _GLOBAL_UNICAST and not any(ip in net for net in _NO_HOST_6)
