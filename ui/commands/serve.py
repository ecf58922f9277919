"""``groundwire serve``: the chat page, and who may read it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rag.errors import UsageError
from ui.commands.options import archive_option, json_option, model_options
from ui.commands.terminal import demo, open_archive

if TYPE_CHECKING:
    from ui.serving.access import Access

DEMO_QUESTIONS = (
    "How many people died in the Hradnice dam collapse?",
    "Who is the aviation plant named after?",
    "How much will the Quillhaven tram cost?",
    "What do North Korea and Russia want from each other?",
)
"""Suggested on the sample articles."""
_LONGEST_SECRET = 1_000


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="Serve the sample articles instead of an archive.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Interface to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=7860, show_default=True, help="0 takes a free one.")
@click.option("--password-file", metavar="FILE", help="What readers log in with. [GROUNDWIRE_PASSWORD]")
@click.option("--token-file", metavar="FILE", help="What programs send as a bearer token. [GROUNDWIRE_TOKEN]")
@click.option("--open", "anyone", is_flag=True, help="Let anyone who reaches it read, add and remove articles.")
@click.option("--allow-host", "names", metavar="NAME", multiple=True, help="A further name to answer to; may repeat.")
@click.option("--proxy", metavar="ADDRESS", help="Believe this proxy's X-Forwarded-For and -Proto.")
@model_options
@archive_option
@json_option
def serve(
    with_demo: bool,
    host: str,
    port: int,
    folder: str | None,
    as_json: bool,
    model: str | None,
    cache: str | None,
    max_cost: float | None,
    **reading: Any,
) -> None:
    """Open the chat page; prints its address when it is ready.

    Only this machine reaches it. Another --host demands a password or token, of which none is given on the command
    line, or --open.

    \b
    groundwire serve --demo
    groundwire serve --host 0.0.0.0 --password-file secret.txt
    """
    from ui.page.evaluations import Evaluations
    from ui.serving.server import serve as run

    access = _access(**reading)
    access.check(host)
    models: dict[str, Any] = {"model": model, "cache": cache, "max_cost": max_cost}
    with demo(**models) if with_demo else open_archive(folder, **models) as archive:
        described = archive.described()
        run(
            archive,
            host=host,
            port=port,
            questions=DEMO_QUESTIONS if with_demo else (),
            evaluations=Evaluations(archive, cache=cache, max_cost=max_cost),
            access=access,
            ready=lambda address: _announce(
                address, archive.model, described, as_json, warning=_warning(host, access)
            ),
        )


def _access(
    *, password_file: str | None, token_file: str | None, anyone: bool, names: tuple[str, ...], proxy: str | None
) -> Access:
    """What is demanded of readers: by the files named, else by the environment or ``.env``."""
    from rag.settings import setting
    from ui.serving.access import Access

    return Access(
        password=_secret(password_file) or setting("GROUNDWIRE_PASSWORD"),
        token=_secret(token_file) or setting("GROUNDWIRE_TOKEN"),
        anyone=anyone,
        names=names,
        proxy=proxy,
    )


def _secret(file: str | None) -> str | None:
    """The first line of a file; raises UsageError where there is none."""
    if file is None:
        return None
    try:
        with Path(file).open(encoding="utf-8") as lines:
            secret = lines.readline(_LONGEST_SECRET).strip("\r\n")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise UsageError(f"Cannot read a secret from {file!r}: {why}.") from error
    if not secret:
        raise UsageError(f"{file!r} holds no secret. Write it on its first line.")
    return secret


def _warning(host: str, access: Access) -> str | None:
    """What whoever lets others in should know."""
    from ui.serving.access import is_loopback

    if is_loopback(host):
        return None
    if access.anyone:
        return "anyone who can reach this machine may read, add and remove articles (--open)"
    return "what is sent over HTTP can be read on the way; put an HTTPS proxy in front on a network you do not trust"


def _announce(address: str, model: str, described: str, as_json: bool, *, warning: str | None) -> None:
    if warning:
        click.echo(f"groundwire: {warning}", err=True)
    if as_json:
        click.echo(json.dumps({"address": address, "model": model}))
    else:
        click.echo(f"Groundwire is ready at {address} (model: {described}; Ctrl-C stops)")
    sys.stdout.flush()
