"""Taking in articles over HTTP: files that are sent, or addresses, fetched as the command line fetches them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from rag.contract import ingest_json
from rag.errors import GroundwireError, InputError
from ui.admission import Busy
from ui.http.api import uploads
from ui.http.api.asked import Addresses
from ui.http.api.faults import JSON, fault, is_json, not_json, refused, wrong
from ui.http.api.uploads import Bounds, TooLarge, Upload
from ui.http.sent import Reply
from ui.http.waiting import wanted

if TYPE_CHECKING:
    from rag import Archive
    from rag.records import IngestReport

FILES = "multipart/form-data"
AT_ONCE = 8
"""Requests that write: each waits for the archive's one writer."""
AGAIN = 10
"""Seconds after which one who found no place may try again."""


def body(bounds: Bounds) -> dict[str, Any]:
    """What the OpenAPI page says of the request's body."""
    files = {
        "type": "array",
        "minItems": 1,
        "maxItems": bounds.files,
        "items": {"type": "string", "format": "binary"},
    }
    properties = {"files": files | {"description": "Under this or any other name, each with a filename."}}
    form = {"type": "object", "properties": properties, "required": ["files"]}
    content = {JSON: {"schema": Addresses.model_json_schema()}, FILES: {"schema": form}}
    return {"requestBody": {"required": True, "content": content}}


class Ingesting:
    """The way in: at most ``AT_ONCE`` requests at a time, each stopped when its caller goes away."""

    def __init__(self, archive: Archive, bounds: Bounds) -> None:
        self._archive = archive
        self._bounds = bounds
        self._at_work = 0

    async def reply(self, request: Request) -> Response:
        """What became of what a request holds.

        Raises:
            GroundwireError: it makes no sense, or cannot be written.
        """
        kind = request.headers.get("content-type", JSON)
        is_form = kind.partition(";")[0].strip().lower() == FILES
        if not (is_form or is_json(request)):
            return wrong(415, f"The body is '{kind}'. Send addresses as {JSON}, or files as {FILES}.")
        try:
            with self._place():
                return await (self._files(request, kind) if is_form else self._addresses(request))
        except TooLarge as error:
            return wrong(413, str(error))
        except ClientDisconnect:
            return refused(InputError("The request ends before its body does."))

    async def _files(self, request: Request, kind: str) -> Response:
        with uploads.receiving(kind, self._bounds) as upload:
            await _received(request, upload)
            sound, failed = await asyncio.to_thread(upload.sound)
            report = await self._ingested(request, [file.path for file in sound])
            return Reply(ingest_json(upload.told(report, failed)))

    async def _addresses(self, request: Request) -> Response:
        try:
            asked = Addresses.model_validate(await request.json())
        except ValidationError as error:
            return wrong(400, fault([{**one, "loc": ("body", *one["loc"])} for one in error.errors()], Addresses))
        except (ValueError, RecursionError) as error:
            return wrong(400, not_json(error))
        return Reply(ingest_json(await self._ingested(request, asked.addresses, limit=asked.limit)))

    async def _ingested(self, request: Request, paths: Iterable[Any], *, limit: int | None = None) -> IngestReport:
        over = Event()
        async with wanted(request) as stop:
            with stop.closing(over.set):
                return await asyncio.to_thread(self._archive.ingest, list(paths), limit=limit, stop=over.is_set)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._at_work >= AT_ONCE:
            raise Busy(
                f"Busy: {self._at_work} uploads are being taken in. Try again in {AGAIN} s.",
                seconds=AGAIN,
                status=503,
            )
        self._at_work += 1
        try:
            yield
        finally:
            self._at_work -= 1


async def _received(request: Request, upload: Upload) -> None:
    """Write what is sent to its end. What follows a fault is dropped: who still sends does not listen yet."""
    fault: GroundwireError | None = None
    async for piece in request.stream():
        if fault is None:
            try:
                await asyncio.to_thread(upload.write, piece)
            except (TooLarge, InputError) as error:
                fault = error
    if fault is not None:
        raise fault
    await asyncio.to_thread(upload.finish)
