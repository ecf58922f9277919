"""Proper names of a text, and whether another text holds one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.claims import name_index
from rag.claims.aliases import COUNTRIES, key
from rag.claims.lexicon import common
from rag.claims.name_words import DATE_WORDS, MODIFIERS, PARTICLES, RANKS, TITLES, UNITS
from rag.words import STOPWORDS

Kind = Literal["name", "code"]

_CODE = r"(?:(?:[A-Z][A-Za-z]{0,14}|[a-z]{1,2}[A-Z]+|covid|sars)-?\d{1,4}(?:[A-Z]\w{0,5}|s)?(?:-\d+)?|\d[GD])"
_LETTERS = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_PIECE = rf"(?:[A-Z](?:\.[A-Z])+(?!\w)\.?|{_LETTERS}(?!['’]?\w))"
_TOKEN = re.compile(rf"(?<![\w@/.])(?<!\w['’])(?:{_CODE}(?!\w)|[A-Z]\.(?![A-Z](?:\.|\b))|{_PIECE}(?:[-‐‑]{_PIECE})*)")
_IS_CODE = re.compile(_CODE)
_DOERS = re.compile(r"([A-Z][a-z]{3,}?)(?:(?:l?[eo]r|ist|ian|e)?s|men)")
_BREAK = re.compile(r"[.!?:;\n•“\"«„]")


@dataclass(frozen=True, slots=True)
class Name:
    """``text[start:end]`` names someone or something; a code is letters and digits, "Su-35"."""

    start: int
    end: int
    words: str
    kind: Kind = "name"


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str
    opens: bool
    """Whether it may start a sentence, where any word has a capital."""
    joined: bool
    """Whether only a blank parts it from the word before."""

    capital: bool

    @property
    def code(self) -> bool:
        return any(map(str.isdecimal, self.text))

    @property
    def possessive(self) -> bool:
        return self.text.endswith(("'s", "’s"))


def find(text: str) -> list[Name]:
    """Every proper name in order, without titles; none where everything is in capitals and names cannot be told."""
    if _shouts(text):
        return []
    words = list(_words(text))
    telling = not _is_headline(words)
    return [name for run in _runs(words) if run for name in _named(run, text, telling)]


def _shouts(text: str) -> bool:
    capitals, small = sum(map(str.isupper, text)), sum(map(str.islower, text))
    return capitals + small > 12 and capitals > 0.6 * (capitals + small)


def _is_headline(words: list[_Word]) -> bool:
    """Whether it is a headline with a capital on every word that matters."""
    long = [word for word in words if len(word.text) > 3]
    return len(long) > 4 and sum(word.capital for word in long) > 0.8 * len(long)


def _words(text: str) -> Iterator[_Word]:
    before = 0
    previous = ""
    for match in _TOKEN.finditer(text):
        gap = text[before : match.start()]
        dotted = previous.endswith(".") or (gap.startswith(".") and previous.lower() in RANKS)
        breaks = gap != " " and _BREAK.search(gap.removeprefix(".") if dotted else gap) is not None
        opens = before == 0 or breaks
        joined = not opens and gap.removeprefix("." if dotted else "") in (" ", "\xa0", " & ")
        before, previous = match.end(), match.group()
        yield _Word(match.start(), before, previous, opens, joined, previous != previous.lower())


def _runs(words: list[_Word]) -> Iterator[list[_Word]]:
    """Words with capitals that stand together, with the particles between them."""
    run: list[_Word] = []
    for index, word in enumerate(words):
        carries = word.joined and bool(run) and not run[-1].possessive
        numbers = carries and word.text == "I" and [piece.text for piece in run[-2:]] == ["World", "War"]
        if numbers or (word.capital and word.text not in ("I", "A") and not word.text.startswith(("I'", "I’"))):
            if not carries:
                yield _trimmed(run)
                run = []
            run.append(word)
        elif not (carries and word.text in PARTICLES and _goes_on(words, index + 1)):
            yield _trimmed(run)
            run = []
        else:
            run.append(word)
    yield _trimmed(run)


def _goes_on(words: list[_Word], index: int) -> bool:
    while index < len(words) and words[index].joined and words[index].text in PARTICLES:
        index += 1
    return index < len(words) and words[index].joined and words[index].capital


def _trimmed(run: list[_Word]) -> list[_Word]:
    while run and not run[-1].capital:
        run = run[:-1]
    return run


def _named(run: list[_Word], text: str, telling: bool) -> Iterator[Name]:
    """The names in a run: cut at dates, codes and titles."""
    part: list[_Word] = []
    for index, word in enumerate(run):
        if word.code:
            yield from _name(part, text, telling)
            yield Name(word.start, word.end, word.text, "code")
            part = []
        elif _is_date(run, index) or _is_title(run, index):
            cut = part if _is_date(run, index) else _without_modifiers(part)
            yield from _name(cut, text, telling)
            part = []
        else:
            part.append(word)
    yield from _name(part, text, telling)


def _is_date(run: list[_Word], index: int) -> bool:
    """Whether a word is a month or weekday, and not the surname of "Theresa May"."""
    lower = run[index].text.lower().removesuffix("'s").removesuffix("’s")
    if lower not in DATE_WORDS:
        return lower in UNITS
    before = run[index - 1].text if index else ""
    surname = before and not common(before) and before.lower() not in DATE_WORDS
    return not surname or lower not in ("may", "march", "april", "june", "august")


def _is_title(run: list[_Word], index: int) -> bool:
    """Whether a word is a title: before a name, or the last of a phrase of titles."""
    lower = run[index].text.lower()
    if lower in TITLES:
        return True
    return lower in RANKS and index + 1 < len(run) and all(_modifies(word) for word in run[:index])


def _modifies(word: _Word) -> bool:
    return word.text.lower() in MODIFIERS or word.text.lower() in RANKS or key(word.text) in COUNTRIES


def _without_modifiers(part: list[_Word]) -> list[_Word]:
    while part and part[-1].text.lower() in MODIFIERS:
        part = part[:-1]
    return part


def _name(part: list[_Word], text: str, telling: bool) -> Iterator[Name]:
    part = _trimmed(part)
    while part and (not part[0].capital or (part[0].opens and _opener(part))):
        part = part[1:]
    if not part or (len(part) == 1 and len(part[0].text) == 1):
        return
    if all(common(word.text) and (not telling or _shouted(word.text)) for word in part):
        return
    start, end = part[0].start, part[-1].end
    words = re.sub(r"['’]s?$|(?<=\s[A-Z])\.$", "", text[start:end])
    yield Name(start, start + len(words), words)


def _shouted(word: str) -> bool:
    """ "READ", "HERE": no initials, for those are shorter or no words."""
    return len(word) > 3 and word.isupper()


def _opener(part: list[_Word]) -> bool:
    """Whether the first word of a sentence has its capital only for that: alone, or before what is surely a name."""
    first = re.sub(r"['’]\w*$", "", part[0].text)
    if len(first) > 1 and first.isupper():
        return False
    whole = all(common(piece) for piece in re.split(r"[-‐‑]", first) if piece[:1].isupper())
    if not whole:
        return False
    rest = [word for word in part[1:] if word.capital]
    return not rest or not all(common(word.text) for word in rest) or first.lower() in STOPWORDS


def matches(name: str, text: str) -> bool:
    """Whether the text holds the name: all its words that matter, together; "UN" is "United Nations"."""
    # Most texts that hold a name hold it as it stands: no index is made of those.
    if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
        return True
    index = name_index.of(text)
    return index.holds_code(name) if _IS_CODE.fullmatch(name) else index.holds(name)


def is_plural(name: str, text: str) -> bool:
    """Whether a sentence's first word is the plural of one the text writes small: "Councillors" beside "council"."""
    parts = _DOERS.fullmatch(name)
    return parts is not None and re.search(rf"\b{re.escape(parts[1].lower())}s?\b", text) is not None
