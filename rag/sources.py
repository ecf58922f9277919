"""Files and folders -> articles: reads, cleans, normalises once, and says of every input what was wrong with it."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from pathlib import Path

from dateutil import parser as dates

from rag import pages
from rag.cleaning import clean, normalise
from rag.errors import InputError
from rag.records import Article, Failure

MARKDOWN = (".md", ".markdown")
PAGE = (".html", ".htm")
LINES = (".jsonl", ".ndjson")
SUPPORTED = (".txt", *MARKDOWN, *PAGE, *LINES)
LARGEST = 50_000_000
LONGEST_LINE = 64_000_000


def read(path: str | Path) -> Iterator[Article | Failure]:
    """Articles of a file or folder (recursively, sorted), and a Failure for each input that holds none.

    Reads as it goes, JSON Lines line by line. Raises InputError, at once, only where ``path`` does not exist.
    Symbolic links to folders inside a folder are not followed, hidden files and other kinds of files are ignored.
    """
    name = str(path)
    if name == "-" or re.match(r"[a-z][a-z0-9+.-]+://", name, re.IGNORECASE):
        return iter([Failure(name, None, "Only files and folders are read. Save the page and ingest the file.")])
    if not os.path.exists(name):
        raise InputError(f"No such file or folder: {name!r}. Check the path.")
    return _folder(Path(path)) if os.path.isdir(name) else _file(Path(path))


def _folder(folder: Path) -> Iterator[Article | Failure]:
    barren = True
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        if path.is_dir():
            try:
                inside = [path / entry.name for entry in os.scandir(path) if _wanted(entry)]
            except OSError as error:
                barren = False
                yield Failure(str(path), None, f"Cannot be read: {error.strerror}.")
                continue
            waiting.extend(sorted(inside, reverse=True))
        elif not _is_readme(path):
            barren = False
            yield from _file(path)
    if barren:
        yield Failure(str(folder), None, f"The folder holds no article. Known files are {_listed(SUPPORTED)}.")


def _wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    if entry.is_dir():
        return not entry.is_symlink()  # a link may lead back up
    return entry.name.lower().endswith(SUPPORTED)


def _is_readme(path: Path) -> bool:
    """A note about the folder, unless front matter says that it is an article."""
    if path.stem.lower() != "readme" or path.suffix.lower() not in MARKDOWN or not path.is_file():
        return False
    with path.open("rb") as file:
        return not file.read(10).removeprefix(codecs.BOM_UTF8).startswith(b"---")


def _file(path: Path) -> Iterator[Article | Failure]:
    try:
        if not path.is_file():
            raise InputError("Not a regular file. Name a file or folder.")
        kind = path.suffix.lower()
        if kind in LINES:
            yield from _lines(path)
        elif kind in SUPPORTED:
            yield _article(path, kind)
        else:
            raise InputError(f"Unknown kind of file. Known are {_listed(SUPPORTED)}.")
    except OSError as error:
        yield Failure(str(path), None, f"Cannot be read: {error.strerror}.")
    except InputError as error:
        yield Failure(str(path), None, str(error))


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + " and " + names[-1]


def _article(path: Path, kind: str) -> Article:
    data = _bytes(path)
    origin = str(path.absolute())
    if kind in PAGE:
        now = datetime.now(UTC)
        page = pages.from_html(data)
        return _record(page.fields, page.text, origin=origin, latest=now + timedelta(days=1))
    text = _decoded(data)
    if not normalise(text):
        raise InputError("The file is empty.")
    if kind in MARKDOWN:
        page = pages.from_markdown(text)
        return _record(page.fields, page.text, origin=origin)
    title, _, body = clean(text).partition("\n")
    return _record({"title": title}, body, origin=origin)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputError(f"The file is too large: over {LARGEST // 1_000_000} MB. Split it, or use JSON Lines.")
    if not data.strip():
        raise InputError("The file is empty.")
    if _is_binary(data):
        raise InputError("The file looks binary. Save its text as UTF-8.")
    return data


def _is_binary(data: bytes) -> bool:
    return b"\0" in data and not data.startswith(_UTF_16)


_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data.startswith(_UTF_16) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise InputError(f"Not {name} text (byte {error.start + 1}). Convert the file to UTF-8.") from None


def _lines(path: Path) -> Iterator[Article | Failure]:
    """One article a line; a bad line is reported and the rest goes on."""
    with path.open("rb") as file:
        start = file.read(8192)
        if not start or _is_binary(start):
            raise InputError("The file looks binary. Save its text as UTF-8." if start else "The file is empty.")
        if start.startswith(_UTF_16):
            raise InputError("Not UTF-8 text (byte 1). Convert the file to UTF-8.")
        file.seek(0)
        number = 0
        empty = True
        while raw := file.readline(LONGEST_LINE):
            number += 1
            long = not raw.endswith(b"\n") and len(raw) == LONGEST_LINE
            while long and not raw.endswith(b"\n") and raw:
                raw = file.readline(LONGEST_LINE)
            if not long and not raw.removeprefix(codecs.BOM_UTF8).strip():
                continue
            empty = False
            try:
                if long:
                    raise InputError(f"The line is too long: over {LONGEST_LINE // 1_000_000} MB. Shorten it.")
                yield _from_json(raw, origin=f"{path.absolute()}#L{number}")
            except InputError as error:
                yield Failure(str(path), number, str(error))
    if empty:
        raise InputError("The file is empty.")


def _from_json(raw: bytes, *, origin: str) -> Article:
    try:
        fields = json.loads(_decoded(raw))
    except json.JSONDecodeError as error:
        raise InputError(f"Broken JSON at character {error.pos + 1}: {error.msg}. Write one object a line.") from None
    except (ValueError, RecursionError):
        raise InputError("Broken JSON: a number too long or nested too deep. Write one flat object a line.") from None
    if not isinstance(fields, dict):
        raise InputError(f"Not an object but {type(fields).__name__}. Write one object a line.")
    text = _first(fields, "text")
    if text is None:
        raise InputError(f"The object lacks text. Name it {_listed(_ALIASES['text'])}.")
    if not isinstance(text, str):
        raise InputError(f"The text is not a string but {type(text).__name__}. Write it in quotation marks.")
    return _record(fields, text, origin=origin)


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


def _record(fields: Mapping[str, object], text: str, *, origin: str, latest: datetime | None = None) -> Article:
    """An article of stated fields; with ``latest``, dates before 1900 or after it are taken for mistakes."""
    body = clean(text)
    if not body:
        if normalise(text):
            raise InputError("The article has no text, only leftovers of a web page. Save it again with its text.")
        raise InputError("The article has no text. Add the text below its title.")
    title = _line(_first(fields, "title")) or _shortened(body.partition("\n")[0])
    url, source = _url(_first(fields, "url")), _line(_first(fields, "source"))
    times = [_time(_first(fields, name)) for name in ("published_at", "modified_at")]
    if latest is not None:
        times = [time if time and _EARLIEST <= time <= latest else None for time in times]
    language = re.fullmatch(r"([A-Za-z]{2})(?:[-_].*)?", _line(_first(fields, "language")) or "")
    return Article(
        id=_stated_id(_first(fields, "id")) or _content_id(title, body, url, source),
        title=title,
        text=body,
        url=url,
        source=source,
        authors=tuple(_authors(_first(fields, "authors"))),
        published_at=times[0],
        modified_at=times[1],
        language=language[1].lower() if language else None,
        description=_line(_first(fields, "description")),
        origin=normalise(origin),
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
