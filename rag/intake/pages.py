"""Web pages -> plain text and stated fields, with what of the page is left out; the file that knows trafilatura."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rag.errors import InputError
from rag.intake import captions, stubs
from rag.intake.blocks import blocks
from rag.intake.captions import folded
from rag.intake.charsets import decoded
from rag.intake.statements import stated
from rag.records import Removed

LARGEST = 10_000_000
_MOST_ELEMENTS = 20_000
"""Of a page on which the article is looked for; the time that takes grows with their square."""


@dataclass(frozen=True, slots=True)
class Page:
    """Paragraphs of a document, and its stated fields under the names JSON-LD and news-please give them."""

    text: str
    fields: Mapping[str, object]
    removed: tuple[Removed, ...] = ()
    """Visible words of it that are not in the text."""


def from_html(data: bytes, *, charset: str | None = None, address: str | None = None) -> Page:
    """The article of a web page; what the page states of itself is believed before any guess.

    ``charset`` is what the server said of it, ``address`` where it was fetched.
    """
    if len(data) > LARGEST:
        raise InputError(f"The page is too large: {len(data) / 1e6:.0f} MB, over 10 MB. Save only its article.")
    tree = _parsed(decoded(data, charset))
    fields = stated(tree, address=address)
    linked = fields.pop("articleBody", None)
    shown = list(islice(blocks(tree), _MOST_BLOCKS))
    told = _captions(tree)
    text, guessed = _extracted(_without_layout_tables(tree))
    fields = guessed | fields
    title = str(fields.get("title") or "")
    lines = _below_headline(_fuller(text, linked if isinstance(linked, str) else ""), title)
    if not lines:
        return _without_article(shown, fields, title)
    lines, wall = stubs.before_wall(lines)
    if stubs.is_walled([*lines, *wall], shown):
        fields["stub"] = "paywall"
    spare = captions.superfluous(lines, told)
    kept = [line for number, line in enumerate(lines) if number not in spare]
    removed = [Removed(lines[number], why) for number, why in sorted(spare.items())]
    removed += [Removed(line, "paywall") for line in wall]
    return Page(_joined(kept), fields, (*removed, *_outside(shown, [*lines, *wall], title)))


def _without_article(shown: Sequence[str], fields: Mapping[str, object], title: str) -> Page:
    """A page of which nothing reads like an article: kept where it is known what it stands in the place of one as."""
    if stubs.kind("\n".join(shown), title=title):
        return Page("\n\n".join(shown), fields)
    raise InputError("No article text found in the page. Save the page with its text, not only its frame.")


def text_of(markup: str) -> str:
    """The words of a fragment of HTML, such as a feed's; of plain text the text itself."""
    if not re.search(r"<[a-z/!?]", markup, re.IGNORECASE):
        return html.unescape(markup).strip()
    if len(markup) > LARGEST:
        raise InputError(f"The text is too long: {len(markup) / 1e6:.0f} MB of HTML, over 10 MB. Shorten it.")
    return _joined(list(blocks(_parsed(f"<html><body>{markup}</body></html>"))))


_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def _parsed(markup: str) -> Any:
    from trafilatura.utils import load_html

    tree = load_html(_XML_DECLARATION.sub("", markup.replace("\0", "")))
    if tree is None:
        raise InputError("No HTML page found. Save the page again as HTML.")
    return tree


def _extracted(tree: Any) -> tuple[str, dict[str, object]]:
    """The article's text as trafilatura finds it, and its guesses at what the page does not state.

    Of a huge page, what its markup calls the article, or everything.
    """
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    if any(True for _ in islice(tree.iter(), _MOST_ELEMENTS, None)):
        marked = tree.xpath("(//article | //main)[1]")
        return "\n".join(blocks(marked[0] if marked else tree)), {"title": tree.findtext(".//title")}
    found = bare_extraction(
        tree,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
        with_metadata=True,
        # A page of many links and little text is searched again with less care, and would yield the links.
        prune_xpath=["//nav", "//*[@role='navigation']", "//footer[not(.//article or .//h1)]"],
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(found, Document):
        return "", {}
    # Its date is left out: htmldate takes one from the prose where the page states none.
    guessed: dict[str, object] = {
        "title": found.title,
        "authors": found.author,
        "source": found.sitename,
        "description": found.description,
    }
    return found.text or "", guessed


def _fuller(text: str, linked: str) -> list[str]:
    """Lines of what was found in the page, or of JSON-LD's text where that holds much more."""
    found = [line.strip() for line in text.split("\n") if line.strip()]
    whole = [line.strip() for line in text_of(linked).split("\n") if line.strip()] if linked else []
    if sum(map(len, whole)) > _MUCH_MORE * sum(map(len, found)):
        return whole
    # Where the page shows nothing itself, trafilatura takes JSON-LD's text too, but without its paragraphs.
    return whole if len(whole) > len(found) and folded("".join(whole)) == folded("".join(found)) else found


_MUCH_MORE = 1.5


def _below_headline(lines: list[str], title: str) -> list[str]:
    """The lines without a headline on top and the few words, such as sections of the site, that stand above it."""
    wanted = folded(title)
    for number, line in enumerate(lines[:3]):
        if wanted and folded(line) == wanted and len(lines) > number + 1:
            return lines[number + 1 :]
        if len(line) > 80 or line.endswith((".", "!", "?")):
            break
    return lines


def _without_layout_tables(tree: Any) -> Any:
    """The page with tables that arrange it, rather than show figures, made plain divisions."""
    for table in tree.xpath("//table[.//table or .//h1 or .//td[count(.//p) > 1 or count(.//br) > 5]]"):
        for element in [table, *table.xpath(".//tbody | .//tr | .//td | .//th")]:
            inner = next(element.iterancestors("table"), table)
            if element is table or inner is table:
                element.tag = "div"
    return tree


def _joined(lines: Sequence[str]) -> str:
    """Blocks apart by a blank line, rows and list items by a line end."""
    return "".join(_parted(lines)).strip()


def _parted(lines: Sequence[str]) -> Iterator[str]:
    for above, line in zip(["", *lines], lines, strict=False):
        listed = line.startswith("- ") and above.startswith("- ")
        yield ("\n" if listed or (" | " in line and " | " in above) else "\n\n") + line


def _captions(tree: Any) -> list[str]:
    """What the page shows with its pictures."""
    told = [" ".join(element.itertext()) for element in tree.xpath("//figcaption")[:200]]
    return [" ".join(words.split()) for words in (*told, *map(str, tree.xpath("//img/@alt")[:200]))]


_MOST_BLOCKS = 5_000
_MOST_LINES = 200
_MOST_CHARACTERS = 20_000
_WHOLE_LINE = 25
"""Shorter words stand in any text by chance: only a line of its own counts."""


def _outside(shown: Iterable[str], lines: Sequence[str], title: object) -> Iterator[Removed]:
    """Visible blocks of which the text holds nothing, up to a bound."""
    single = {folded(line) for line in lines} | {folded(str(title or ""))}
    whole = folded(" ".join(lines))
    left = _MOST_CHARACTERS
    for block in islice((block for block in shown if not _holds(single, whole, folded(block))), _MOST_LINES):
        left -= len(block)
        if left < 0:
            return
        yield Removed(block, "outside the article")


def _holds(single: set[str], whole: str, words: str) -> bool:
    return not words or words in single or (len(words) >= _WHOLE_LINE and words in whole)
