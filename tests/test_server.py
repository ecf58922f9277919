"""Serving: the port, the address that is announced, and a clean end."""

import socket
import threading
import urllib.request

import pytest
from ui_records import Shelf

from rag.errors import UsageError
from ui import server


@pytest.fixture
def taken():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_another_interface_is_refused():
    with pytest.raises(UsageError, match=r"Cannot serve on '0\.0\.0\.0'"):
        server.serve(Shelf(), host="0.0.0.0", ready=print)


def test_a_named_port_that_is_taken_is_said_to_be(taken):
    with pytest.raises(UsageError, match=f"Port {taken} of 127.0.0.1 is taken. Choose another with --port"):
        server.serve(Shelf(), port=taken, ready=print)


def test_the_default_port_gives_way_to_the_next(taken, monkeypatch):
    monkeypatch.setattr(server, "DEFAULT_PORT", taken)
    with server._listen("127.0.0.1", taken) as listening:
        assert taken < listening.getsockname()[1] < taken + 40


def test_the_announced_address_answers(monkeypatch):
    made = []
    original = server._server
    monkeypatch.setattr(server, "_server", lambda app, ready: made.append(original(app, ready)) or made[0])
    answered = []

    def ready(address):
        def read():
            answered.append(urllib.request.urlopen(address).status)
            made[0].should_exit = True

        threading.Thread(target=read).start()

    server.serve(Shelf(), port=0, ready=ready)
    assert answered == [200]
