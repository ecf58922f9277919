"""Serves the application, on this machine unless told otherwise, until it is interrupted."""

from __future__ import annotations

import asyncio
import errno
import gc
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from rag.errors import GroundwireError, UsageError
from ui.page.evaluations import Evaluations
from ui.serving.access import Access, is_wildcard
from ui.serving.app import DEFAULT_PORT, build_app
from ui.serving.shell import Shell

if TYPE_CHECKING:
    import uvicorn

    from rag import Archive

_PORTS_TRIED = 40
_THREADS = 128
"""For who is answered and who waits in line; they wait for a model or for the two cores, and cost little."""


def serve(
    archive: Archive,
    *,
    host: str = "127.0.0.1",
    port: int = DEFAULT_PORT,
    model: str | None = None,
    questions: Sequence[str] = (),
    evaluations: Evaluations | None = None,
    access: Access | None = None,
    ready: Callable[[str], None],
) -> None:
    """Answer until Ctrl-C; ``ready`` gets the address once requests are accepted.

    ``evaluations`` says how suites are run from the page; without a cache or limit of cost, unless given. ``access``
    says who may read; raises UsageError for an interface that it does not suffice for.

    If the default port is taken, the next that is free; port 0 takes any that is free.
    """
    access = access or Access()
    access.check(host)
    listening = _listen(host, port)
    try:
        bound = listening.getsockname()[1]
        app = build_app(
            archive,
            host=host,
            port=bound,
            model=model,
            questions=questions,
            evaluations=evaluations,
            access=access,
        )
        _warm_up(archive)
        _server(app, lambda: ready(_address(host, bound))).run(sockets=[listening])
    except KeyboardInterrupt:
        return
    finally:
        gc.unfreeze()
        listening.close()


def _warm_up(archive: Archive) -> None:
    """Spare the first reader the wait; what is wrong with a model or an archive is told to whoever asks."""
    with suppress(GroundwireError):
        archive.warm_up()
    # What is loaded now stays. The collector would look through all of it again, a fifth of a second amid an answer.
    gc.freeze()


def _server(app: Shell, ready: Callable[[], None]) -> uvicorn.Server:
    import uvicorn
    from anyio.to_thread import current_default_thread_limiter

    from ui.serving.protocol import Bounded

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            # A question waits for its model in a thread; by default there are six of them on two cores.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "groundwire"))
            current_default_thread_limiter().total_tokens = _THREADS
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
            http=Bounded,
            proxy_headers=app.proxy is not None,
            forwarded_allow_ips=app.proxy or "",
        )
    )


def _address(host: str, port: int) -> str:
    """The address to open at this machine, also where all interfaces are listened on."""
    shown = ("::1" if ":" in host else "127.0.0.1") if is_wildcard(host) else host
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


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
