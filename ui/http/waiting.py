"""Work in a thread of its own, awaited: who stops waiting stops the work, and the server's end waits for none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from threading import Thread
from typing import TypeVar

from starlette.requests import Request

from rag.stopping import Stop
from ui.admission import Admission
from ui.readers import origin_of, who

Made = TypeVar("Made")


async def answered(admission: Admission, request: Request, work: Callable[[Stop], Made]) -> Made:
    """What a question or summary comes to, once there is a place for whoever asks. Their leaving stops it.

    Raises:
        Busy: no place came free in time, or this caller asked too often.
        GroundwireError: as the work does; Stopped where it was stopped.
    """
    async with admission.of(origin_of(request)).admitted_soon(who(request)), wanted(request) as stop:
        return await awaited(lambda: work(stop), stop)


@asynccontextmanager
async def wanted(request: Request) -> AsyncIterator[Stop]:
    """A stop that is set when whoever asked, or the server, goes away. The request's body was read before."""
    stop = Stop()

    async def watch() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        stop.set()

    watching = asyncio.create_task(watch())
    try:
        yield stop
    finally:
        watching.cancel()


async def awaited(work: Callable[[], Made], stop: Stop | None = None) -> Made:
    """What ``work`` makes, or the error it raises; ``stop`` is set once nobody waits for it."""
    loop = asyncio.get_running_loop()
    made: asyncio.Future[Made] = loop.create_future()
    # An executor's threads are few, and waited for when the program ends; a model may take minutes to reply.
    Thread(target=_work, args=(work, made, loop), daemon=True).start()
    try:
        return await made
    finally:
        if stop:
            stop.set()


def _work(work: Callable[[], Made], made: asyncio.Future[Made], loop: asyncio.AbstractEventLoop) -> None:
    try:
        result = work()
    except Exception as error:  # raised again where it is awaited
        _tell(loop, made, made.set_exception, error)
    else:
        _tell(loop, made, made.set_result, result)


def _tell(
    loop: asyncio.AbstractEventLoop, made: asyncio.Future[Made], tell: Callable[..., None], value: object
) -> None:
    def told() -> None:
        if not made.done():
            tell(value)

    # The server has ended meanwhile: nobody is left to be told.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(told)
