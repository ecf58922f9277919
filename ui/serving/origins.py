"""Whom the page answers: under which names, and to requests from which pages."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from ui.serving.access import Access, is_loopback

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_FOREIGN = "A request from another site's page is refused."
_READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Names:
    """The names a page answers to, without port.

    Another name that resolves to this machine is how a foreign page would read an archive that asks for no password;
    to one that does, it brings no session.
    """

    known: frozenset[str] = frozenset(LOOPBACK)
    any_address: bool = False
    anything: bool = False

    @classmethod
    def of(cls, host: str, access: Access) -> Names:
        """Those of a server that listens on an interface."""
        own = {*LOOPBACK, host.lower(), *(name.lower() for name in access.names)}
        if is_loopback(host):
            return cls(frozenset(own))
        machine = socket.gethostname().lower()
        return cls(frozenset({*own, machine, f"{machine}.local"}), any_address=True, anything=access.demanded)

    def refusal(self, headers: Headers) -> tuple[int, str] | None:
        """Why a request under this name is refused, if it is."""
        name = _name(f"//{headers.get('host', '')}")
        if name and (self.anything or name in self.known or (self.any_address and _is_address(name))):
            return None
        if self.any_address or self.known != frozenset(LOOPBACK):
            return 421, "This page does not answer to that name. Whoever serves it can add it with --allow-host."
        return 421, "This page answers to 127.0.0.1 and localhost only."


def foreign(method: str, headers: Headers) -> tuple[int, str] | None:
    """Why a request is refused that another site's page has the browser send; following a link here is none."""
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    # A form of a page that sends no referrer has "null" for its origin, as a foreign one can: only the site tells.
    own = origin is None or _netloc(origin) == headers.get("host", "").lower()
    if not own and not (origin == "null" and site == "same-origin"):
        return 403, _FOREIGN
    # Another port of this machine is the same site, but another's page.
    if site in (None, "none", "same-origin") or is_arrival(method, headers):
        return None
    return 403, _FOREIGN


def is_arrival(method: str, headers: Headers) -> bool:
    """Whether a reader comes from another site's page by a link: such a request brings none of our cookies."""
    return (
        method in _READING
        and headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        and headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
    )


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return None


def _name(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        return None if parts.path or parts.query or parts.fragment or "@" in parts.netloc else parts.hostname
    except ValueError:
        return None


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
