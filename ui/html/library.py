"""The articles of an archive as HTML: where they are looked for and brought in, and the table of those found.

What was looked for stands in the form, in the browser; the rest of a look, its sort and its page, in the table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Self
from urllib.parse import quote

from rag.listing import Listed, Listing
from ui.html.markup import escape
from ui.text.coverage import count
from ui.text.render import day, headline

PAGE = 50
"""Articles of one page."""
LARGEST_FILE = 25_000_000
"""Bytes; a larger one is refused before it is sent."""
UNREAD = '<p class="hint">Reading the archive…</p>'
_COLUMNS = (("Title", ("title",)), ("Outlet", ("outlet",)), ("Date", ("newest", "oldest")), ("Language", ()))
_DESCENDING = "newest"
_NO_ARTICLES = (
    '<p class="lead">No articles yet.</p>'
    '<p class="hint">Add files, an address or a feed above; what is added can be asked about at once.</p>'
)
_NONE_FOUND = (
    '<p class="lead">No article fits.</p><p class="hint">Use fewer or shorter words, or take a limit '
    "away. Titles, outlets and ids are looked through; for what the articles say, ask.</p>"
    '<p><button type="button" data-act="clear">Show all articles</button></p>'
)


@dataclass(frozen=True, slots=True)
class Look:
    """Which articles are looked at; what is empty limits nothing."""

    query: str = ""
    outlet: str = ""
    language: str = ""
    since: str = ""
    """A day, as until."""
    until: str = ""
    sort: str = "newest"
    offset: int = 0

    @classmethod
    def of(cls, data: object) -> Self:
        """What a browser sent, which may be anything."""
        if not isinstance(data, Mapping):
            return cls()
        named = {one.name: data[one.name] for one in fields(cls) if isinstance(data.get(one.name), str)}
        offset = data.get("offset")
        named.pop("offset", None)
        return replace(cls(**named), offset=max(0, offset) if isinstance(offset, int) else 0)

    @property
    def is_limited(self) -> bool:
        """Whether anything is left out."""
        return any((self.query.strip(), self.outlet, self.language, self.since, self.until))


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form offers to choose from."""

    outlets: Sequence[str]
    languages: Sequence[str]


def form_html() -> str:
    """Where articles are brought in, and where they are looked for; drawn once, so that nothing typed is lost."""
    return f'{_adding()}{_finding()}<p class="unseen heard" role="status"></p>'


def listing_html(found: Listing, look: Look, offered: Offered) -> str:
    """One page of the articles found, with what leads to the others."""
    shown = _table(found, look) if found.articles else _nothing(look)
    return (
        f'<section class="listing" aria-label="Articles" data-sort="{escape(look.sort)}" data-offset="{look.offset}">'
        f"{shown}{_choices('outlet', offered.outlets)}{_choices('language', offered.languages)}</section>"
    )


def removed_html(titles: Sequence[str], key: str) -> str:
    """What was removed, and the button that undoes it."""
    what = f"“{headline(titles[0])}”" if len(titles) == 1 else count(len(titles), "article")
    return (
        f'<p class="told" role="status"><span dir="auto">Removed {escape(what)}.</span> '
        f'<button type="button" data-act="undo" data-key="{escape(key)}">Undo</button> '
        '<span class="hint">Possible for ten minutes.</span></p>'
    )


def restored_html(titles: Sequence[str]) -> str:
    """What was put back."""
    what = f"“{headline(titles[0])}” is" if len(titles) == 1 else f"{count(len(titles), 'article')} are"
    return f'<p class="told" role="status" dir="auto">{escape(what)} back, as before.</p>'


def _adding() -> str:
    return (
        f'<details class="adding" data-largest="{LARGEST_FILE}"><summary>Add articles</summary>'
        '<div class="drop"><p>Drop files or folders here, or '
        '<button type="button" data-act="files">choose files</button> or '
        '<button type="button" data-act="folder">a folder</button></p>'
        '<p class="hint">Text, Markdown, HTML, PDF, DOCX, JSON, CSV or feeds, also gzipped; '
        f"{LARGEST_FILE // 1_000_000} MB a file.</p>"
        '<input type="file" class="files" multiple hidden aria-label="Files to add">'
        '<input type="file" class="folder" webkitdirectory hidden aria-label="Folder to add"></div>'
        '<form class="address" novalidate><label>Address of a page, feed or sitemap'
        '<input type="url" name="address" placeholder="https://" autocomplete="off" dir="ltr" maxlength="2000">'
        '</label><button type="submit">Add</button></form>'
        '<section class="report" aria-label="What became of it" hidden><ol></ol><p class="sum" role="status"></p>'
        '<p><button type="button" data-act="cancel">Cancel</button> '
        '<button type="button" data-act="tidy">Clear this report</button></p></section></details>'
    )


def _finding() -> str:
    return (
        '<form class="finding" role="search" aria-label="Find articles">'
        '<label class="query">Search titles, outlets and ids'
        '<input type="search" name="query" maxlength="500" autocomplete="off" spellcheck="false" dir="auto"></label>'
        '<label>Outlet<select name="outlet"><option value="">All</option></select></label>'
        '<label>Language<select name="language"><option value="">All</option></select></label>'
        '<label>From<input type="date" name="since"></label><label>To<input type="date" name="until"></label></form>'
    )


def _nothing(look: Look) -> str:
    return _NONE_FOUND if look.is_limited else _NO_ARTICLES


def _choices(name: str, values: Sequence[str]) -> str:
    """What a field of the form offers, from which the browser fills it."""
    options = "".join(f'<option value="{escape(one)}"></option>' for one in values)
    return f'<datalist data-for="{name}">{options}</datalist>'


def _table(found: Listing, look: Look) -> str:
    heads = "".join(_head(name, sorts, look.sort) for name, sorts in _COLUMNS)
    rows = "".join(_row(one) for one in found.articles)
    return (
        f'{_bar(found, look)}<table class="articles"><thead><tr>'
        '<th scope="col"><span class="unseen">Chosen</span></th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table>{_pages(found, look)}"
    )


def _head(name: str, sorts: Sequence[str], sort: str) -> str:
    if not sorts:
        return f'<th scope="col">{name}</th>'
    following = sorts[(sorts.index(sort) + 1) % len(sorts)] if sort in sorts else sorts[0]
    order = f' aria-sort="{"descending" if sort == _DESCENDING else "ascending"}"' if sort in sorts else ""
    return (
        f'<th scope="col"{order}><button type="button" data-act="sort" data-sort="{following}" '
        f'data-focus="sort-{name}">{name}</button></th>'
    )


def _row(one: Listed) -> str:
    title = escape(headline(one.title) or one.id)
    return (
        f'<tr><td class="choose"><input type="checkbox" data-choose="{escape(one.id)}" aria-label="Choose {title}">'
        f'</td><td class="title"><a href="?article={_quoted(one.id)}" data-act="article" data-id="{escape(one.id)}" '
        f'data-focus="article-{escape(one.id)}" dir="auto">{title}</a>{_marks(one)}</td>'
        f'<td class="outlet" dir="auto">{escape(one.source or "")}</td><td class="date">{day(one.published_at)}</td>'
        f'<td class="language">{escape(one.language or "")}</td></tr>'
    )


def _marks(one: Listed) -> str:
    marks = [f"{count(one.copies, 'other carrier')}"] if one.copies else []
    marks += [f"only a stub: {one.stub}"] if one.stub else []
    return "".join(f' <span class="mark">{escape(mark)}</span>' for mark in marks)


def _quoted(id: str) -> str:
    return escape(quote(id, safe="", errors="replace"))


def _bar(found: Listing, look: Look) -> str:
    return (
        f'<div class="bar">{_extent(found, look)}'
        '<button type="button" data-act="remove" data-focus="remove" disabled>Remove chosen</button></div>'
    )


def _extent(found: Listing, look: Look) -> str:
    last = look.offset + len(found.articles)
    return f'<p class="extent">{look.offset + 1:,}–{last:,} of {found.total:,}</p>'


def _pages(found: Listing, look: Look) -> str:
    if found.total <= PAGE:
        return ""
    before, after = look.offset - PAGE, look.offset + PAGE
    previous = _page("Previous", max(0, before), enabled=look.offset > 0)
    following = _page("Next", after, enabled=after < found.total)
    return f'<nav class="pages" aria-label="Pages">{previous}{_extent(found, look)}{following}</nav>'


def _page(name: str, offset: int, *, enabled: bool) -> str:
    # One that leads nowhere keeps the focus, which a disabled button would lose.
    off = "" if enabled else ' aria-disabled="true"'
    return (
        f'<button type="button" data-act="page" data-offset="{offset}" data-focus="page-{name}"{off}>{name}</button>'
    )
