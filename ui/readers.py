"""Who is reading: a browser is known by a random name in a cookie, any other program by where it runs."""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Mapping
from typing import Any

COOKIE = "groundwire_reader"
_NAME = re.compile(r"[0-9a-f]{32}")


def new_reader() -> str:
    """A name that nobody can guess."""
    return secrets.token_hex(16)


def reader_of(cookies: Mapping[str, str]) -> str | None:
    """The reader that a request's cookies name; ``None`` where they name none, or something that is no name."""
    name = cookies.get(COOKIE, "")
    return name if _NAME.fullmatch(name) else None


def who(request: Any) -> str:
    """Whom a request counts for, of Starlette's or Gradio's; on standard input, where there is none, asks but one."""
    return "" if request is None else reader_of(request.cookies) or origin_of(request)


def origin_of(request: Any) -> str:
    """What a request counts for besides, whatever name it gives: where it comes from; ``""`` on standard input."""
    return "" if request is None else block(address_of(request))


def address_of(request: Any) -> str:
    """Where a request comes from: what the server found, who takes the word of the proxy it was told of alone."""
    return request.client.host if request.client else "unknown"


def block(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 one, of which a single line has 2^64 addresses."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if ip.version == 6 and ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
