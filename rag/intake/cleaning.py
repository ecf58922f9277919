"""Article text made clean, once: characters normalised, and what a web page left around the article removed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from operator import itemgetter

from rag.intake import captions, leftovers
from rag.records import Removed

_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Controls, soft hyphen, zero-width characters and bidi embeddings carry no words. ZWNJ and ZWJ (U+200C, U+200D)
# stay, since Persian, Indic scripts and emoji need them, and so do the plain direction marks (U+200E, U+200F).
# Tag characters can smuggle unseen orders; only the flags of England, Scotland and Wales are spelt with them.
_UNSEEN = re.compile(
    "(\U0001f3f4[\U000e0061-\U000e007a]{5}\U000e007f)"
    "|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WIDE = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_SPACES = re.compile(f"(?: ?[{_WIDE}]|  )[ {_WIDE}]*")  # never a lone plain space: there are too many
_PADDED_BREAK = re.compile(" ?\n ?")
_BLANK_LINES = re.compile("\n{3,}")


def normalise(text: str) -> str:
    """The same words in NFC with plain spaces and line ends, and nothing unseen; a second call changes nothing."""
    text = _BREAK.sub("\n", text)
    text = _UNSEEN.sub(r"\1", text)
    text = _SURROGATE.sub("\ufffd", text)
    text = _SPACES.sub(" ", text)
    text = unicodedata.normalize("NFC", text)
    text = _PADDED_BREAK.sub("\n", text)
    return _BLANK_LINES.sub("\n\n", text).strip()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """An article's own words, and the lines taken out of them in their order."""

    text: str
    removed: tuple[Removed, ...] = ()


def clean(text: str) -> str:
    """Normalised text without the leftovers of a web page."""
    return cleaned(text).text


def cleaned(text: str, *, title: str | None = None, shown: Collection[str] = ()) -> Cleaned:
    """Text without leftovers, with what was taken out.

    ``title`` is not repeated on top of the text. ``shown`` are texts known to stand with pictures.
    """
    lines = normalise(text).split("\n")
    removed: list[tuple[int, Removed]] = []
    numbers = list(range(len(lines)))
    for _ in range(_PASSES):
        reasons = _reasons([lines[number] for number in numbers], title=title, shown=shown)
        found = [(number, why) for number, why in zip(numbers, reasons, strict=True) if why]
        if not found:
            break
        removed += [(number, Removed(lines[number], why)) for number, why in found]
        numbers = [number for number, why in zip(numbers, reasons, strict=True) if not why]
    text = _BLANK_LINES.sub("\n\n", "\n".join(lines[number] for number in numbers)).strip()
    return Cleaned(
        text,
        tuple(gone for _, gone in sorted(removed, key=itemgetter(0))),
    )


_PASSES = 10
"""What is taken out can bring together what then reads as a share bar or a form; each pass looks once more."""
_PROSE = "prose"  # stands for a line too long to be a leftover


def _reasons(lines: Sequence[str], *, title: str | None, shown: Collection[str]) -> list[str | None]:
    """Of each line why it does not belong to the article; None for one that does."""
    keys = [leftovers.key(line) if len(line) <= leftovers.LONGEST else _PROSE for line in lines]
    bars = _share_bars(keys)
    pictures = captions.superfluous(lines, shown)
    headlines = _headlines(lines, title)
    links = _links_between(lines)
    reasons: list[str | None] = []
    in_form = False
    for number, key in enumerate(keys):
        if not key:
            reasons.append(None)
            continue
        in_form = bool(leftovers.FORM.fullmatch(key)) or (in_form and bool(leftovers.FIELD.fullmatch(key)))
        if number in headlines:
            reasons.append("repeated headline")
        elif in_form:
            reasons.append("comment form")
        elif number in bars:
            reasons.append("share buttons")
        elif leftovers.DATELINE.fullmatch(lines[number]):
            reasons.append("dateline")
        else:
            reasons.append(leftovers.reason(key) or pictures.get(number) or links.get(number))
    return reasons


def _links_between(lines: Sequence[str]) -> dict[int, str]:
    """Numbers of lines that are links to other reports: one or two of their form beside a paragraph of prose.

    In a longer run, or among short lines, the same form is a list: of results, of winners, of who said what.
    """
    numbers = [number for number, line in enumerate(lines) if line]
    found = [leftovers.KICKER.fullmatch(lines[number]) if ":" in lines[number] else None for number in numbers]
    links: dict[int, str] = {}
    for at, match in enumerate(found):
        if match is None or sum(map(bool, found[max(0, at - 2) : at + 3])) > 2:
            continue
        prose = sum(_is_prose(lines[numbers[beside]]) for beside in (at - 1, at + 1) if 0 <= beside < len(numbers))
        # A space after the colon is what a heading of the article has too, so that it needs to stand alone.
        if match["tight"] or prose == 2:
            links[numbers[at]] = "related links"
    return links


def _is_prose(line: str) -> bool:
    return len(line) >= 60 and line.rstrip("\"”'’)").endswith((".", "!", "?"))


def _headlines(lines: Sequence[str], title: str | None) -> set[int]:
    """The first line, where it is the title over again and not all there is."""
    wanted = captions.folded(title or "")
    first = next((number for number, line in enumerate(lines) if line), None)
    if not wanted or first is None or captions.folded(lines[first]) != wanted:
        return set()
    return {first} if any(lines[first + 1 :]) else set()


def _share_bars(keys: list[str]) -> set[int]:
    """Numbers of lines that are bars of share buttons, in one line or as a run of single names."""
    found = {
        number for number, key in enumerate(keys) if leftovers.BAR.fullmatch(key) and leftovers.NAMED.search(key)
    }
    run: list[int] = []
    for number, key in enumerate([*keys, "end"]):
        if key and leftovers.BUTTON.fullmatch(key):
            run.append(number)
        elif key:
            # A list of networks alone may be news ("the order names: Facebook, X, TikTok"): a bar also has a deed.
            if len(run) >= 3 and any(leftovers.ACTION.fullmatch(keys[at]) for at in run):
                found.update(run)
            run = []
    return found
