"""Stated times -> moments in UTC that can be true, with a note on each that cannot; the file that knows dateutil."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from urllib.parse import urlsplit

from dateutil import parser as dates

FIRST_NEWSPAPER = datetime(1605, 1, 1, tzinfo=UTC)
FIRST_ON_PAGES = datetime(1900, 1, 1, tzinfo=UTC)
"""What web pages date earlier is a mistake of theirs."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FURTHEST_ZONE = timedelta(hours=14)
_WRONG_CLOCK = timedelta(minutes=15)
"""By how much a server's clock may be ahead of ours."""


@dataclass(frozen=True, slots=True)
class Times:
    """When an article was published and changed, and what was set aside."""

    published: datetime | None
    modified: datetime | None
    notes: tuple[str, ...] = ()


def sane(
    published: object,
    modified: object,
    *,
    now: datetime,
    earliest: datetime = FIRST_NEWSPAPER,
    guess: datetime | None = None,
) -> Times:
    """The times of two stated values; ``guess`` dates what states none that can be true.

    A change before publication is dropped, not swapped with it: outlets stamp publication anew when a draft goes out,
    and a reader is told when a report was published, not when it was typed.
    """
    notes: list[str] = []
    first = _possible(published, "published", now, earliest, notes)
    last = _possible(modified, "modified", now, earliest, notes)
    if first is None and guess and earliest <= guess <= now:
        first = guess
    if first and last and last < first:
        notes.append(f"modified {_shown(last)} is before published {_shown(first)}; taken in without it")
        last = None
    return Times(first, last, tuple(notes))


def _possible(value: object, name: str, now: datetime, earliest: datetime, notes: list[str]) -> datetime | None:
    """The moment that the value states, if an article can have it; else why not is noted."""
    stated = _read(value)
    if stated is None:
        return None
    try:
        moment = (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if moment == _EPOCH or _is_local_epoch(stated):
        wrong = "is what computers write for no time at all"
    elif moment < earliest:
        wrong = f"is before {earliest.year}"
    elif moment > now:
        moment = _not_ahead(moment, now, zoned=stated.tzinfo is not None) or moment
        wrong = "lies in the future" if moment > now else ""
    else:
        wrong = ""
    if wrong:
        notes.append(f"{name} {_shown(stated)} {wrong}; taken in without {'a date' if name == 'published' else 'it'}")
        return None
    return moment


def _not_ahead(moment: datetime, now: datetime, *, zoned: bool) -> datetime | None:
    """A moment just ahead of now, which a fast clock or an unstated zone explains, moved to one that has been."""
    if zoned:
        return now.replace(second=0, microsecond=0) if moment - now <= _WRONG_CLOCK else None
    if moment - now > _FURTHEST_ZONE:
        return None
    return min(_midnight(moment), _midnight(now))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _is_local_epoch(stated: datetime) -> bool:
    """Epoch zero as clocks west or east of Greenwich show it, without the zone."""
    if stated.tzinfo is not None or stated.time() == time.min:
        return False
    ahead = stated.replace(tzinfo=UTC) - _EPOCH
    return abs(ahead) <= _FURTHEST_ZONE and ahead % timedelta(minutes=15) == timedelta(0)


def _shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}" if moment.time() == time.min else f"{moment:%Y-%m-%d %H:%M}"


_IN_PATH = re.compile(
    r"(?<![\d/-])[/-](?P<year>(?:19|20)\d\d)(?P<mark>[/-])(?P<month>0?[1-9]|1[0-2])(?P=mark)"
    r"(?P<day>0?[1-9]|[12]\d|3[01])(?![\d])"
)


def in_address(url: str | None) -> datetime | None:
    """The day that the path of an address names, as in ``/2024/03/05/harbour``; none where it names two."""
    try:
        path = urlsplit(url or "").path
        days = {
            datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=UTC)
            for found in _IN_PATH.finditer(path)
        }
    except ValueError:
        return None
    return days.pop() if len(days) == 1 else None


def moment(value: object) -> datetime | None:
    """A stated time in UTC, which a time without a zone is taken to be in; None where it names no whole date."""
    stated = _read(value)
    try:
        return stated and (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_LONGEST = 200
"""No stated time is longer, and dateutil reads every word of what it is given."""


def _read(value: object) -> datetime | None:
    """A stated time as written; None where it names no whole date."""
    try:
        return _parsed(value)
    except (ValueError, OverflowError, OSError, TypeError, ArithmeticError):
        return None


def _parsed(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if isinstance(value, bool):
        return None
    if isinstance(value, list | dict):
        return next((found for found in map(_read, _values(value)) if found), None)
    line = " ".join(str(value).split())
    if isinstance(value, int | float) or re.fullmatch(r"\d{10}(?:\d{3})?", line):
        seconds = float(line)
        return datetime.fromtimestamp(seconds / 1000 if abs(seconds) > 1e11 else seconds, UTC)
    if not isinstance(value, str) or len(line) > _LONGEST:
        return None
    try:
        return datetime.fromisoformat(line)
    except ValueError:
        return _free_form(line)


def _values(value: list[object] | dict[str, object]) -> Iterator[object]:
    """The times in JSON-LD's lists and ``{"@value": ...}``."""
    yield from value[:20] if isinstance(value, list) else [value.get("@value")]


def _free_form(line: str) -> datetime | None:
    """What a written date says under every reading: "3/4/2023" and "September 2023" name no certain day."""
    slashed = re.match(r"\d{1,2}[/.-]\d{1,2}[/.-]", line) is not None
    readings = {
        dates.parse(line, default=default, dayfirst=dayfirst, tzinfos=_zone)
        for default in (datetime(2000, 1, 1), datetime(2001, 2, 2))  # what is missing differs between the two
        for dayfirst in ((False, True) if slashed else (False,))
    }
    return readings.pop() if len(readings) == 1 else None


_AMERICAN = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_HOURS = _AMERICAN | {"BST": 1, "CET": 1, "CEST": 2, "MSK": 3}


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    return timezone(timedelta(hours=_HOURS[name])) if name in _HOURS else None
