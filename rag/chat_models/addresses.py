"""Where a chat model's requests go, fit to be shown: no name, password or key is left in it."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from rag.errors import ModelError

OPENAI = "api.openai.com"


def shown(address: str) -> str:
    """The address without what could be secret in it: user, password, query, fragment."""
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))


def host(address: str | None) -> str:
    """The name or number of its host, in small letters; empty where there is none."""
    return (urlsplit(address).hostname or "") if address else ""


def checked(address: str, setting: str) -> str:
    """The address, if it is one of the web.

    Raises:
        ModelError: it is not, or it has a query, behind which no path can be put; names the setting it came from.
    """
    try:
        parts = urlsplit(address)
        if parts.query or parts.fragment:
            raise ModelError(f"{setting} has a query. Write it without, as http://HOST:PORT/v1.")
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return address
    except ValueError:  # brackets that do not close, a port that is no number
        pass
    raise ModelError(f"{setting} is no web address. Write it as http://HOST:PORT/v1.") from None
