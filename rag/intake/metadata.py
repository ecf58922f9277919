"""Stated fields -> one Article: the names outlets and crawlers give them, and what each value is taken to mean."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from rag.errors import InputError
from rag.intake import addresses, stubs, times
from rag.intake.cleaning import Cleaned, cleaned, normalise
from rag.intake.languages import language
from rag.records import Article, Removed

_ALIASES = {
    "id": ("id",),
    "title": ("title", "headline"),
    "text": ("text", "maintext", "articleBody", "body", "content"),
    "url": ("url", "link"),
    "canonical": ("canonical", "canonical_url", "mainEntityOfPage"),
    "source": ("source", "source_domain", "outlet", "publisher"),
    "authors": ("authors", "author", "byline"),
    "published_at": ("published_at", "date_publish", "datePublished", "date", "published"),
    "modified_at": ("modified_at", "date_modify", "dateModified"),
    "language": ("language", "inLanguage"),
    "description": ("description", "abstract", "summary"),
    "free": ("isAccessibleForFree",),
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
    removed: Sequence[Removed] = (),
    now: datetime | None = None,
) -> Described:
    """An article of stated fields, with what cleaning removed and what was set aside.

    ``address`` is where it was fetched, if it was: it can then take the place of no article of another host.
    ``removed`` is what was left out of its page. ``latest`` marks the fields as those of a web page, on which times
    before 1900 are mistakes; times after ``now`` are everywhere.
    """
    stated_title = _line(_first(fields, "title"))
    url, canonical = _addresses(fields, address)
    body = cleaned(text, title=stated_title)
    gone = (*body.removed, *removed)
    stub = _stated_stub(fields) or stubs.kind(body.text, title=stated_title, removed=gone, free=_is_free(fields))
    words = body.text
    if not words:
        words, stub = _leftovers(body, named=bool(stated_title or url)), stub or stubs.LEFTOVERS
    title = stated_title or _shortened(words.partition("\n")[0])
    when = times.sane(
        _first(fields, "published_at"),
        _first(fields, "modified_at"),
        now=now or datetime.now(UTC),
        earliest=times.FIRST_NEWSPAPER if latest is None else times.FIRST_ON_PAGES,
        guess=times.in_address(url),
    )
    source = _line(_first(fields, "source"))
    # An id names an article of the archive; a stranger's page could name any of them.
    stated_id = None if address else _stated_id(_first(fields, "id"))
    article = Article(
        id=stated_id or _content_id(title, words, url, source),
        title=title,
        text=words,
        url=url,
        source=source,
        authors=tuple(_authors(_first(fields, "authors"))),
        published_at=when.published,
        modified_at=when.modified,
        language=language(_line(_first(fields, "language")), words),
        description=_line(_first(fields, "description")),
        # Who says who it is must not be taken for whatever stood in the same place before.
        origin=normalise(origin) if origin and not stated_id else None,
        canonical=canonical,
        stub=stub,
    )
    return Described(article, gone, when.notes)


def article(
    fields: Mapping[str, object],
    text: str,
    *,
    origin: str | None = None,
    address: str | None = None,
    latest: datetime | None = None,
) -> Article:
    """The article alone."""
    return describe(fields, text, origin=origin, address=address, latest=latest).article


def _leftovers(body: Cleaned, *, named: bool) -> str:
    """The text of an article of which cleaning left nothing: what there was, if it can be told what that is of."""
    if not body.removed:
        raise InputError("The article has no text. Add the text below its title.")
    if not named:
        raise InputError("The article has no text, only leftovers of a web page. Save it again with its text.")
    return "\n\n".join(line.text for line in body.removed)


def _stated_stub(fields: Mapping[str, object]) -> str | None:
    stated = fields.get("stub")
    return stated if isinstance(stated, str) and stated in stubs.KINDS else None


def _is_free(fields: Mapping[str, object]) -> bool | None:
    """JSON-LD's ``isAccessibleForFree``, which outlets write as a boolean or a word."""
    stated = str(_first(fields, "free")).strip().rpartition("/")[2].lower()
    return {"true": True, "false": False, "no": False, "yes": True}.get(stated)


def _stated_id(value: object) -> str | None:
    if value is None:
        return None
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    if not plain or not re.fullmatch(r"[A-Za-z0-9._-]{1,80}", str(value)):
        raise InputError(f"Bad id {str(value)[:90]!r}. Use 1 to 80 letters, digits, dots, hyphens and underscores.")
    return str(value)


def _content_id(*seen: str | None) -> str:
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]


def _line(value: object, *, depth: int = 0) -> str | None:
    """A name or phrase on one line: of a string, a number, JSON-LD's {"name": ...} or the first of a list."""
    if depth > 5:
        return None
    if isinstance(value, dict):
        return _line(value.get("name") or value.get("@value"), depth=depth + 1)
    if isinstance(value, list):
        return next((line for item in value if (line := _line(item, depth=depth + 1))), None)
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
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return addresses.canonical(_line(value))


def _addresses(fields: Mapping[str, object], address: str | None) -> tuple[str | None, str | None]:
    """The article's own address, and the original's where the page names one of another outlet.

    What is stated of an article that was fetched is its own only where it is of the same or a kin host.
    """
    stated, named = _url(_first(fields, "url")), _url(_first(fields, "canonical"))
    own = address or stated
    if named and urlsplit(named).path == "/":
        named = None  # the front page, which careless templates name on every page
    if own is None:
        return named, None
    if named and not addresses.are_kin(named, own):
        return _kin(stated, own), named
    return _kin(named, own) if named else _kin(stated, own), None


def _kin(stated: str | None, own: str) -> str:
    """The stated address, believed where it is of the host that the article has, else the article's own."""
    if stated and addresses.are_kin(stated, own):
        return stated
    # A line of a fetched file keeps its number, by which it differs from the other lines.
    base, mark, line = own.partition("#L")
    return (addresses.canonical(base) or base) + (mark + line if line.isdigit() else "")
