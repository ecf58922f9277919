"""Servers that say what a test wants, names that mean what it wants, and a clock that only waiting moves."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

import pytest


class Talker:
    """A server that says one thing a connection, in pieces a little apart, whatever it hears."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.heard: list[bytes] = []
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=lambda: None)

    def say(self, *pieces: bytes) -> str:
        """The address where it will say so, once."""
        return self.say_each(pieces)

    def say_each(self, *talks: Iterable[bytes]) -> str:
        """The address where it will say the one to the first that comes, the next to the second, and so on."""
        self._thread = threading.Thread(target=self._talk, args=(talks,), daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self.port}/"

    def _talk(self, talks: Iterable[Iterable[bytes]]) -> None:
        for pieces in talks:
            with suppress(OSError):
                connection, _ = self._listener.accept()
                with connection, suppress(OSError), self._secured(connection) as stream:
                    self.heard.append(stream.recv(65536))
                    for piece in pieces:
                        stream.sendall(piece)
                        time.sleep(0.01)

    def _secured(self, connection: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection

    @property
    def talking(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        if self._thread.is_alive():
            self._thread.join(5)
        self._listener.close()


class Clock:
    """Stands still but for sleeping, which takes no time."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def give_names(monkeypatch: pytest.MonkeyPatch, **answers: list[list[str]]) -> list[str]:
    """Gives names under ``.example`` addresses, one answer after another; returns the names as they are asked for.

    The last answer holds on.
    """
    real = socket.getaddrinfo
    asked: list[str] = []

    def resolve(host: str, port: int, *rest: int, **more: int) -> list[object]:
        if not host.endswith(".example"):
            return list(real(host, port, *rest, **more))
        asked.append(host)
        stated = answers[host.removesuffix(".example")]
        found = stated[min(asked.count(host), len(stated)) - 1]
        return [place for address in found for place in real(address, port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked
