"""``groundwire mcp``: the archive as tools for assistants that start a program and talk to it."""

from __future__ import annotations

import click

from ui.commands.options import archive_option, model_options
from ui.commands.terminal import open_archive


@click.command()
@archive_option
@model_options
def mcp(folder: str | None, model: str | None, cache: str | None, max_cost: float | None) -> None:
    """Answer an assistant over standard input and output, as the Model Context Protocol has it.

    Started by the assistant, which is given this command. The tools are ask, search, summarize and article; none
    changes anything. The chat page's server has the same ones at /mcp.

    \b
    groundwire mcp --archive news/
    """
    import asyncio
    import signal

    from ui.http.assistants.mcp import on_stdio

    with open_archive(folder, create=False, model=model, cache=cache, max_cost=max_cost) as archive:
        if told := archive.told():
            click.echo(f"groundwire: {told}", err=True)
        # Nothing is written, so an interrupt may end it at once; a thread that waits for input would not see it.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        asyncio.run(on_stdio(archive))
