"""The page's own server, run in a thread while a test lasts."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from chat_servers import WAIT

from rag import Archive
from ui.serving import server


@contextmanager
def serving(archive: Archive, monkeypatch: pytest.MonkeyPatch, *, questions: Sequence[str] = ()) -> Iterator[str]:
    """The address at which an archive's page is served; ``questions`` to start with."""
    made = []
    original = server._server
    monkeypatch.setattr(server, "_server", lambda app, ready: made.append(original(app, ready)) or made[0])
    told: list[str] = []
    up = threading.Event()
    run = threading.Thread(
        target=server.serve,
        args=(archive,),
        kwargs={"port": 0, "questions": questions, "ready": lambda address: (told.append(address), up.set())},
    )
    run.start()
    assert up.wait(WAIT)
    try:
        yield told[0]
    finally:
        made[0].should_exit = True
        run.join(WAIT)
