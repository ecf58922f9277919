"""What a server's status and headers say: go elsewhere, wait, unchanged, gone, or a failure in one line."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from rag.errors import InputError
from rag.fetching.door import Reply, line
from rag.fetching.validators import Validators

LONGEST_ADDRESS = 8000
LONGEST_VALIDATOR = 1000
REDIRECTING = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
WAITING = {429, 503}
_DAY = 86_400.0


class GoneError(InputError):
    """The address answers that it is gone for good."""


def checked(url: str | httpx.URL) -> httpx.URL:
    """The address of a web page, without its fragment.

    Raises:
        InputError: it is none, or not one to be fetched.
    """
    if len(str(url)) > LONGEST_ADDRESS:
        raise InputError(f"The address is over {LONGEST_ADDRESS} characters long. Shorten it.")
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InputError(f"Not a web address: {line(error)}. Write it as https://host/page.") from None
    if address.scheme not in ("http", "https"):
        raise InputError(f"Only http and https addresses are fetched, not {address.scheme!r}. Save it as a file.")
    if address.userinfo:
        raise InputError("The address holds a user name or password. Take it out: none is sent.")
    if not address.raw_host or address.port not in (None, *range(1, 65536)):
        raise InputError("The address lacks a host or has no such port. Write it as https://host/page.")
    return address.copy_with(fragment=None)


def next_address(address: httpx.URL, reply: Reply) -> httpx.URL:
    """Where a redirect leads."""
    place = reply.headers.get("location")
    if not place:
        raise InputError(f"Status {reply.status} without a new address. Check the address in a browser.")
    try:
        found = checked(address.join(place))
    except (httpx.InvalidURL, ValueError):
        raise InputError(f"It redirects to {place[:200]!r}, which is no web address.") from None
    except InputError as error:
        raise InputError(f"It redirects to {place[:200]!r}. {error}") from None
    if address.scheme == "https" and found.scheme == "http":
        raise InputError(f"It redirects from https to {place[:200]!r}, which is not secure. Save it as a file.")
    return found


def wanted_wait(reply: Reply) -> float | None:
    """Seconds that the server asks to be left alone, a day at most; ``None`` where it does not ask."""
    stated = reply.headers.get("retry-after", "").strip()
    if reply.status not in WAITING or not stated:
        return None
    if re.fullmatch(r"[0-9]+", stated):
        return _DAY if len(stated) > 5 else min(float(stated), _DAY)
    until = _moment(stated)
    if until is None:
        return None
    now = _moment(reply.headers.get("date", ""))  # the server's own clock, by which it reckons
    return min(max(0.0, until - (time.time() if now is None else now)), _DAY)


def _moment(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def refusal(status: int) -> InputError:
    """What another status than one with a page means, and what to do."""
    named = f"Status {_named(status)}"
    if status == HTTPStatus.GONE:
        return GoneError(f"{named}: it was taken away for good. Remove its article, or take it off the list.")
    if status in (401, 402, 407):
        return InputError(f"{named}: it wants a login, and none is sent. Save the page and ingest the file.")
    if status in (403, 451):
        return InputError(f"{named}: it may not be read from here. Save the page and ingest the file.")
    if status in (408, 425, 429):
        return InputError(f"{named}: the server wants to be asked less. Try later.")
    if status >= 500:
        return InputError(f"{named} instead of a page: the server failed. Try later.")
    return InputError(f"{named} instead of a page. Check the address in a browser.")


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def conditions(validators: Validators | None) -> dict[str, str]:
    """The headers that ask for a page only if it has changed."""
    stated = validators or Validators()
    headers = {"If-None-Match": _safe(stated.etag), "If-Modified-Since": _safe(stated.last_modified)}
    return {name: value for name, value in headers.items() if value}


def validators_of(headers: Mapping[str, str], *, else_: Validators | None = None) -> Validators:
    """What the server wants to be told next time; what it did not say anew holds on."""
    old = else_ or Validators()
    etag, modified = _safe(headers.get("etag")), _safe(headers.get("last-modified"))
    return Validators(etag or old.etag, modified or old.last_modified)


def _safe(value: str | None) -> str | None:
    """The value, if it can be sent as it stands: cut or mended it would match nothing."""
    value = (value or "").strip(" \t")
    return value if re.fullmatch(r"[\x20-\x7e]+", value) and len(value) <= LONGEST_VALIDATOR else None
