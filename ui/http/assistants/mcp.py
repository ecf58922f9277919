"""The tools for assistants, as the Model Context Protocol has them: at ``/mcp`` of the page's server, or on stdio."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from rag.errors import GroundwireError, UsageError
from rag.stopping import Stop
from rag.summary import Progress
from ui import calls
from ui.admission import Admission
from ui.http.assistants.tools import INSTRUCTIONS, TOOLS, Caller, Told, Tool, tool
from ui.http.sent import Reply
from ui.http.waiting import awaited
from ui.readers import origin_of, who
from ui.text.render import clean

if TYPE_CHECKING:
    from mcp import types
    from mcp.server import Server, ServerRequestContext
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from rag import Archive

PATH = "/mcp"
_FAILED = "Something went wrong here. The terminal of the program that serves this has the details."
_POST_ONLY = "Only POST is answered here: the address is for programs that speak the Model Context Protocol."
_log = logging.getLogger(__name__)


class Endpoint:
    """``/mcp`` as an application. It keeps no sessions: every request stands alone."""

    def __init__(self, archive: Archive, *, admission: Admission, model: str | None = None) -> None:
        self._server = server(archive, admission=admission, model=model)
        self._manager: StreamableHTTPSessionManager | None = None

    def routes(self) -> list[Route]:
        """Where it is found, with and without a stroke at the end."""
        return [Route(PATH, self), Route(f"{PATH}/", self)]

    @asynccontextmanager
    async def lifespan(self, _app: object) -> AsyncIterator[None]:
        """The server's life: requests are answered within it."""
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
        from mcp.server.transport_security import TransportSecuritySettings

        # The shell before us has decided which hosts and origins may ask, for every path alike.
        security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        self._manager = StreamableHTTPSessionManager(self._server, stateless=True, security_settings=security)
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST" or self._manager is None:
            # Without sessions there is nothing to listen to, nor to delete.
            refused = Reply({"error": _POST_ONLY}, status_code=405, headers={"Allow": "POST"})
            await refused(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)


def server(archive: Archive, *, admission: Admission, model: str | None = None) -> Server[Any]:
    """The tools on an archive. Which model writes is the server's choice, never the caller's."""
    from mcp import MCPError, types
    from mcp.server import Server

    async def listed(_context: object, _page: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(one) for one in TOOLS.values()])

    async def called(context: ServerRequestContext[Any], call: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            wanted = tool(call.name)
        except UsageError as error:
            raise MCPError(types.INVALID_PARAMS, str(error)) from error
        place = admission.of(origin_of(context.request)).admitted_soon(who(context.request))
        return await _result(place, wanted, call.arguments or {}, _caller(archive, model, context))

    return Server(
        "groundwire",
        title="Groundwire",
        version=version("groundwire"),
        instructions=INSTRUCTIONS,
        on_list_tools=listed,
        on_call_tool=called,
    )


async def on_stdio(archive: Archive, *, model: str | None = None) -> None:
    """Answer what comes on standard input until it ends; nothing but replies goes to standard output."""
    from mcp.server.stdio import stdio_server

    serving = server(archive, admission=Admission(), model=model)
    async with stdio_server() as (asked, told):
        await serving.run(asked, told, serving.create_initialization_options())


async def _result(
    place: AbstractAsyncContextManager[None], wanted: Tool, options: dict[str, Any], caller: Caller
) -> types.CallToolResult:
    """What the tool tells, once there is a place; an error as its one line, for the assistant to do better."""
    try:
        async with place:
            told = await awaited(partial(wanted.told, caller, options), caller.stop)
    except GroundwireError as error:
        return _failed(clean(calls.line(error)))
    except Exception:
        _log.exception("The tool %s failed", wanted.name)
        return _failed(_FAILED)
    return _sent(told)


def _sent(told: Told) -> types.CallToolResult:
    from mcp import types

    return types.CallToolResult(content=[types.TextContent(text=told.text)], structured_content=told.data)


def _failed(line: str) -> types.CallToolResult:
    from mcp import types

    return types.CallToolResult(content=[types.TextContent(text=line)], is_error=True)


def _described(one: Tool) -> types.Tool:
    from mcp import types

    return types.Tool(
        name=one.name,
        title=one.title,
        description=one.description,
        input_schema=one.takes,
        output_schema=one.gives,
        annotations=types.ToolAnnotations(
            title=one.title,
            read_only_hint=True,
            destructive_hint=False,
            idempotent_hint=True,
            open_world_hint=False,
        ),
    )


def _caller(archive: Archive, model: str | None, context: ServerRequestContext[Any]) -> Caller:
    return Caller(archive, model, Stop(), _watch(context, asyncio.get_running_loop()))


def _watch(context: ServerRequestContext[Any], loop: asyncio.AbstractEventLoop) -> Callable[[Progress], None]:
    """Tells the caller, from the thread that works, how far a summary has come; callers that did not ask are not."""

    def watch(progress: Progress) -> None:
        calls = max(progress.plan.calls, progress.done)  # corrections are not planned
        told = context.session.report_progress(progress.done, calls, f"{progress.done} of {calls} model calls")
        asyncio.run_coroutine_threadsafe(told, loop)

    return watch
