"""Captions and credits of pictures: which lines are one, and which of them say again what the text says."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rag.intake import leftovers


def superfluous(lines: Sequence[str], known: Collection[str] = ()) -> dict[int, str]:
    """Numbers of lines that only credit a picture, or are captions that stand twice or repeat the text; and why.

    ``known`` are texts that the page shows with pictures. A line that does not look like a caption is never among
    those found, however often it stands: speeches and songs repeat themselves.
    """
    found = {number: "photo credit" for number, line in enumerate(lines) if is_credit(line)}
    found |= {number: "picture gallery" for number, line in enumerate(lines) if is_gallery(line)}
    marks = {folded(caption) for caption in known}
    captions = [
        number for number, line in enumerate(lines)
        if number not in found and line and (is_caption(line) or folded(line) in marks)
    ][:_MOST]  # fmt: skip
    if not captions:
        return found
    body = folded(" ".join(line for number, line in enumerate(lines) if number not in captions))
    seen: set[str] = set()
    for number in captions:
        words = folded(_uncredited(lines[number]))
        if words in seen or (len(words) >= _SHORTEST and words in body):
            found[number] = "repeated caption"
        seen.add(words)
    return found


_MOST = 200
_SHORTEST = 25
"""Of letters and digits that a caption must share with the text to repeat it."""


def is_credit(line: str) -> bool:
    """Whether the line names who took a picture, and nothing else."""
    key = leftovers.key(line)
    return len(key) <= _LONGEST_CREDIT and bool(_CREDIT_HINT.search(key)) and bool(_CREDIT.fullmatch(key))


def is_caption(line: str) -> bool:
    """Whether the line looks like a caption: words that end in a credit, or begin as agencies begin theirs."""
    if len(line) > _LONGEST_CAPTION or not (line[-1:] in ")]" or any(hint in line for hint in _HINTS)):
        return False
    return bool(_CAPTION.search(line))


def is_gallery(line: str) -> bool:
    """Whether the line is the captions of several pictures, run together."""
    if line.count("/") < _GALLERY_FROM and "ide " not in line:
        return False
    return len(_ONE_OF_SEVERAL.findall(line)) >= _GALLERY_FROM


_GALLERY_FROM = 3
"""Pictures; prose names no agency's photographer so often in one paragraph."""


def _uncredited(line: str) -> str:
    return _CAPTION.sub("", line) or line


def folded(text: str) -> str:
    """Letters and digits only, so that dashes and quotation marks make no difference."""
    return _NO_LETTER.sub("", text.casefold())


_NO_LETTER = re.compile(r"[\W_]+")
_LONGEST_CAPTION = 600
_HINTS = (
    *("hoto", "HOTO", "mage", "MAGE", "redit", "REDIT", "icture", "ideo", "IDEO", "Getty", "GETTY", "REUTERS"),
    *("Shutterstock", "Alamy", "FILE", "File", "/"),
)
"""What every caption that is known by its look holds; looked for first, since the look itself costs more."""
# Agencies are written with their capitals: "ap" and "reuters" in small letters are something else.
_LONGEST_CREDIT = 120
_AGENCY = (
    r"(?:AP(?: Photo| Images)?|A\.P\.|Associated Press|The Associated Press|AFP|Agence France-Presse|Reuters|REUTERS|"
    r"Getty(?: Images)?(?: [A-Z][a-z]+)?|GETTY IMAGES|iStock(?:photo)?|Shutterstock|Alamy(?: Stock Photo)?|EPA|"
    r"PA Wire|PA(?: Media| Images)?|dpa|DPA|ANI|PTI|Bloomberg|Xinhua|USA TODAY Sports|Imagn Images|Unsplash|"
    r"Pexels|Pixabay|"
    r"Wikimedia Commons|Handout|Courtesy|File|FILE|NurPhoto|Anadolu(?: Agency)?|ZUMA(?: Press)?|SOPA Images|"
    r"LightRocket|WireImage|FilmMagic|Icon Sportswire|TASS|Kyodo(?: News)?|Yonhap|CP|Canadian Press|AAP|Newscom)"
)
_PERSON = r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|de|van|von|der|al|bin|la|el)){0,4}"
_PHOTO = (
    r"(?:[Pp]hoto(?:graph|s|grapher)?|PHOTO|[Ii]mage|IMAGE|[Pp]icture|[Ff]ile [Pp]hoto|[Cc]redit|CREDIT|[Vv]ideo)"
)
_SOURCES = rf"{_AGENCY}(?: ?(?:/|\||,|-|via) ?(?:{_AGENCY}|{_PERSON}))*"
_BYLINE = rf"{_PERSON}(?: ?(?:/|\||,|for|via) ?(?:the |The )?(?:{_AGENCY}|{_PERSON}))*"
_CREDIT = re.compile(
    rf"\(?(?:{_PHOTO}(?: [Cc]redits?| [Cc]ourtesy)? ?(?:[:|/©]|[Bb]y:?|[Cc]ourtesy(?: of)?:?) ?(?:©|by|via)? ?"
    rf"(?:{_SOURCES}|{_BYLINE})|(?:AP Photo|REUTERS|Reuters|AFP|Getty Images|AP) ?/ ?{_BYLINE}|"
    rf"{_PERSON} ?(?:/|\||via) ?{_SOURCES}|(?:Getty Images|GETTY IMAGES|AP Photo|Shutterstock|iStock(?:photo)?|"
    rf"Alamy Stock Photo|AFP via Getty Images|Reuters Photo|File photo|FILE PHOTO|Handout photo)"
    rf"(?: ?/ ?{_BYLINE})?)[.)]*"
)
_ONE_OF_SEVERAL = re.compile(
    rf"\b{_PERSON}/(?:[\w ]{{2,30}}/)?{_AGENCY}\b|\b[Hh]ide [Cc]aption \d+ of \d+ [Pp]hotos\b"
)
_CREDIT_HINT = re.compile(rf"{_PHOTO}|/|\||via|Getty|GETTY|AP Photo|Shutterstock|iStock|Alamy|AFP|Reuters")
_CAPTION = re.compile(
    rf"^(?:FILE|File)(?: PHOTO| photo)? ?[-–—:] |"
    rf"[(\[](?:{_SOURCES}|(?:[Ff]ile )?{_PHOTO}\b[^()]{{0,80}}|{_PERSON}/[^()]{{2,60}})[)\].]+$|"
    rf"\b{_PHOTO}(?: [Cc]redits?)? ?(?:[:|/©]|by|[Cc]ourtesy) ?[^.:]{{2,60}}\.?$|"
    rf"(?<=[.!?”\"] )[A-Z][^.!?/]{{2,60}}/[A-Z][^.!?]{{1,60}}$|"
    rf"\b(?:Getty Images|AP Photo|REUTERS|Shutterstock|Alamy)(?:/[^.]{{2,50}})?\.?$"
)
