"""Serves the chat page on this machine until it is interrupted."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from rag.errors import UsageError
from ui import framed, streamed
from ui.evaluations import Evaluations
from ui.page import build_page, mount_page
from ui.shell import LOOPBACK, Shell

if TYPE_CHECKING:
    import uvicorn

    from rag import Archive

DEFAULT_PORT = 7860
_PORTS_TRIED = 40


def serve(
    archive: Archive,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    model: str | None = None,
    questions: Sequence[str] = (),
    evaluations: Evaluations | None = None,
    ready: Callable[[str], None],
) -> None:
    """Answer until Ctrl-C; ``ready`` gets the address once requests are accepted.

    ``evaluations`` says how suites are run from the page; without a cache or limit of cost, unless given.

    If the default port is taken, the next that is free; port 0 takes any that is free.
    """
    listening = _listen(_loopback(host), port)
    try:
        bound = listening.getsockname()[1]
        app = build_app(archive, port=bound, model=model, questions=questions, evaluations=evaluations)
        address = f"http://[{host}]:{bound}/" if ":" in host else f"http://{host}:{bound}/"
        _server(app, lambda: ready(address)).run(sockets=[listening])
    except KeyboardInterrupt:
        return
    finally:
        listening.close()


def build_app(
    archive: Archive,
    *,
    port: int = DEFAULT_PORT,
    model: str | None = None,
    questions: Sequence[str] = (),
    evaluations: Evaluations | None = None,
) -> Shell:
    """The page and its own files as one application, behind the shell."""
    from fastapi import FastAPI
    from starlette.staticfiles import StaticFiles

    evaluations = evaluations or Evaluations(archive, model=model)
    page = build_page(archive, model=model, questions=questions, evaluations=evaluations)
    app = FastAPI(title="Groundwire", docs_url=None, redoc_url=None, openapi_url=None)
    app.router.routes += [streamed.route(archive, model=model), *framed.routes(evaluations)]
    app.mount("/page", StaticFiles(directory=str(files("ui").joinpath("static"))))
    return Shell(mount_page(app, page, port=port))


def _server(app: Shell, ready: Callable[[], None]) -> uvicorn.Server:
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                ready()

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.close()
            await super().shutdown(sockets=sockets)

    # Ctrl-C does not wait for an answer that is still being written.
    return Announcing(
        uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
    )


def _loopback(host: str) -> str:
    if host not in LOOPBACK:
        raise UsageError(f"Cannot serve on {host!r}: only this machine itself may read. Use 127.0.0.1.")
    return host


def _listen(host: str, port: int) -> socket.socket:
    tried = range(port, port + _PORTS_TRIED) if port == DEFAULT_PORT else (port,)
    for candidate in tried:
        listening = _bound(host, candidate)
        if listening:
            return listening
    ports = f"Ports {tried[0]} to {tried[-1]} of {host} are all" if len(tried) > 1 else f"Port {port} of {host} is"
    raise UsageError(f"{ports} taken. Choose another with --port, or 0 for any that is free.")


def _bound(host: str, port: int) -> socket.socket | None:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    # A port left by a server that just ended would otherwise stay taken for a minute.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno != errno.EADDRINUSE:
            raise UsageError(f"Cannot listen on port {port} of {host}: {error.strerror}.") from error
        return None
    return listening
