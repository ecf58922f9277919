"""Serving: the port, the address that is announced, and a clean end."""

import gc
import socket
import threading
import urllib.request

import pytest
from ui_records import Shelf

from rag.errors import ModelError, UsageError
from ui.serving import server


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


def serve_once(monkeypatch, archive):
    """The status of the page at the address that is announced; then the server ends."""
    made, answered = [], []
    original = server._server
    monkeypatch.setattr(server, "_server", lambda app, ready: made.append(original(app, ready)) or made[0])

    def ready(address):
        def read():
            answered.append(urllib.request.urlopen(address).status)
            made[0].should_exit = True

        threading.Thread(target=read).start()

    server.serve(archive, port=0, ready=ready)
    return answered[0]


class Unusable(Shelf):
    """Its model cannot be used."""

    def warm_up(self):
        super().warm_up()
        raise ModelError("No key for 'openai'. Set OPENAI_API_KEY.")


@pytest.mark.parametrize("kind", [Shelf, Unusable])
def test_the_announced_address_answers_and_the_archive_is_warmed_up(monkeypatch, kind):
    archive = kind()
    assert serve_once(monkeypatch, archive) == 200
    assert archive.warm.is_set()


def test_what_is_loaded_is_left_out_of_the_search_for_garbage_while_it_serves(monkeypatch):
    done = []
    for name in ("freeze", "unfreeze"):
        monkeypatch.setattr(gc, name, lambda name=name: done.append(name))
    serve_once(monkeypatch, Shelf())
    assert done == ["freeze", "unfreeze"]
