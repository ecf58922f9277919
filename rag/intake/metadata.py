"""Stated fields -> one Article: the names outlets and crawlers give them, and what each value is taken to mean."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from urllib.parse import urlsplit

from dateutil import parser as dates

from rag.errors import InputError
from rag.intake.cleaning import clean, normalise
from rag.records import Article, Removed

_ALIASES = {
    "id": ("id",),
    "title": ("title", "headline"),
    "text": ("text", "maintext", "articleBody", "body", "content"),
    "url": ("url", "link"),
    "source": ("source", "source_domain", "outlet", "publisher"),
    "authors": ("authors", "author", "byline"),
    "published_at": ("published_at", "date_publish", "datePublished", "date", "published"),
    "modified_at": ("modified_at", "date_modify", "dateModified"),
    "language": ("language", "inLanguage"),
    "description": ("description", "abstract", "summary"),
}


def _first(fields: Mapping[str, object], name: str) -> object:
    """The first value stated under any of a field's names; blank ones count as absent."""
    stated = (fields.get(alias) for alias in _ALIASES[name])
    return next((value for value in stated if value not in (None, [], {}) and str(value).strip()), None)


def stated_text(fields: Mapping[str, object]) -> str:
    """The words of an article that is nothing but fields."""
    text = _first(fields, "text")
    if text is None:
        raise InputError(f"The object lacks text. Name it {', '.join(_ALIASES['text'])}.")
    if not isinstance(text, str):
        raise InputError(f"The text is not a string but {type(text).__name__}. Write it in quotation marks.")
    return text


@dataclass(frozen=True, slots=True)
class Described:
    """An article made of fields, and what did not become part of it."""

    article: Article
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()


def describe(
    fields: Mapping[str, object],
    text: str,
    *,
    origin: str | None = None,
    address: str | None = None,
    latest: datetime | None = None,
) -> Described:
    """An article of stated fields, with what cleaning removed and what was set aside."""
    return Described(article(fields, text, origin=origin, address=address, latest=latest))


def article(
    fields: Mapping[str, object],
    text: str,
    *,
    origin: str | None = None,
    address: str | None = None,
    latest: datetime | None = None,
) -> Article:
    """An article of stated fields.

    ``address`` is where it was fetched, if it was: it can then take the place of no article of another host.
    With ``latest``, dates before 1900 or after it are taken for mistakes.
    """
    body = clean(text)
    if not body:
        if normalise(text):
            raise InputError("The article has no text, only leftovers of a web page. Save it again with its text.")
        raise InputError("The article has no text. Add the text below its title.")
    title = _line(_first(fields, "title")) or _shortened(body.partition("\n")[0])
    url, source = _own_url(_url(_first(fields, "url")), address), _line(_first(fields, "source"))
    times = [_time(_first(fields, name)) for name in ("published_at", "modified_at")]
    if latest is not None:
        times = [time if time and _EARLIEST <= time <= latest else None for time in times]
    language = re.fullmatch(r"([A-Za-z]{2})(?:[-_].*)?", _line(_first(fields, "language")) or "")
    # An id names an article of the archive; a stranger's page could name any of them.
    stated_id = None if address else _stated_id(_first(fields, "id"))
    return Article(
        id=stated_id or _content_id(title, body, url, source),
        title=title,
        text=body,
        url=url,
        source=source,
        authors=tuple(_authors(_first(fields, "authors"))),
        published_at=times[0],
        modified_at=times[1],
        language=language[1].lower() if language else None,
        description=_line(_first(fields, "description")),
        # Who says who it is must not be taken for whatever stood in the same place before.
        origin=normalise(origin) if origin and not stated_id else None,
    )


def _stated_id(value: object) -> str | None:
    if value is None:
        return None
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    if not plain or not re.fullmatch(r"[A-Za-z0-9._-]{1,80}", str(value)):
        raise InputError(f"Bad id {str(value)[:90]!r}. Use 1 to 80 letters, digits, dots, hyphens and underscores.")
    return str(value)


def _content_id(*seen: str | None) -> str:
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def _line(value: object) -> str | None:
    """A name or phrase on one line: of a string, a number, JSON-LD's {"name": ...} or the first of a list."""
    if isinstance(value, dict):
        return _line(value.get("name"))
    if isinstance(value, list):
        return next((line for line in map(_line, value) if line), None)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(normalise(str(value)).split()) or None


def _shortened(line: str) -> str:
    """A title for an article without one: its first line, cut between words to at most 100 characters."""
    return line if len(line) <= 100 else line[:99].rsplit(" ", 1)[0] + "…"


def _authors(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        for name in (_line(item) or "").split(";"):
            if name := re.sub(r"^by ", "", name.strip(), flags=re.IGNORECASE).strip():
                yield name


def _url(value: object) -> str | None:
    """A web address; any other scheme could run code when clicked."""
    line = _line(value)
    return line if line and re.fullmatch(r"https?://[^\s<>\"]+", line, re.IGNORECASE) else None


def _own_url(stated: str | None, address: str | None) -> str | None:
    """What the article says of its address, believed of one fetched only where both have the same or a kin host."""
    if address is None:
        return stated
    return stated if stated and _are_kin(_host(stated), _host(address)) else address


def _host(url: str) -> str:
    """The host, or nothing where programs may disagree on which it is: browsers end it at a backslash."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return "" if re.search(r"[@\\]", parts.netloc) else (parts.hostname or "").rstrip(".")


def _are_kin(one: str, other: str) -> bool:
    """Whether the hosts are one, or either is a part of the other: ``www.post.example`` and ``post.example``."""
    return bool(one) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))


_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_AMERICAN = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_HOURS = _AMERICAN | {"BST": 1, "CET": 1, "CEST": 2}


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else None


def _time(value: object) -> datetime | None:
    """A stated time in UTC, which a time without a zone is taken to be in; None where it names no whole date."""
    try:
        found = _parsed(value)
        return found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError, ArithmeticError):
        return None


def _parsed(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if isinstance(value, bool):
        return None
    line = _line(value) or ""
    if isinstance(value, int | float) or re.fullmatch(r"\d{10}(?:\d{3})?", line):
        seconds = float(line)
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) > 1e11 else seconds, UTC)
    try:
        return datetime.fromisoformat(line)
    except ValueError:
        return _free_form(line)


def _free_form(line: str) -> datetime | None:
    """What a written date says under every reading: "3/4/2023" and "September 2023" name no certain day."""
    slashed = re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]", line) is not None
    readings = {
        dates.parse(line, default=default, dayfirst=dayfirst, tzinfos=_zone)
        for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))  # what is missing differs between the two
        for dayfirst in ((False, True) if slashed else (False,))
    }
    return readings.pop() if len(readings) == 1 else None
