"""A text's words as names are compared: accents folded, possessives gone, a country's adjective as the country."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from rag.claims.aliases import BODIES, COUNTRIES, LONGEST, key, spelling
from rag.claims.lexicon import common
from rag.claims.name_words import FORMS, PARTICLES, RANKS
from rag.claims.nicknames import other_forms

_WORD = re.compile(r"(?<!\w)[A-Z](?:\.[A-Z])+(?!\w)\.?|[^\W_]+(?:(?<=[^\W\d_])['’][^\W\d_]+)*")
_SHOUTED = re.compile(r"[A-Z]{2}[A-Z'’]* [A-Z]{2}")
_QUARTERS = {"q1": "first|1st", "q2": "second|2nd", "q3": "third|3rd", "q4": "fourth|4th"}
_COVID = re.compile(r"\b(?:covid|coronavirus)\b", re.IGNORECASE)
_HYPHENS = re.compile("[-‐‑– ]")
_STOP = re.compile(r"[.,;:!?()\n\"“”«»„]")
_SMALL = PARTICLES | {"on", "upon", "for", "in", "sur", "am"}
"""What may stand inside a name that is looked up: "Komsomolsk-on-Amur"."""
NATIONS = COUNTRIES | {"US", "UK", "UN", "EU", "UAE"}
_NOT = "non"
"""The one prefix that makes another thing of a name: "non-GAAP"."""
_BODY_BEGINS = frozenset(keys[0] for keys in BODIES)
_SKIPPED = 2
"""Words with capitals that may stand between two words of a name: "Vladimir Vladimirovich Putin"."""


class _Token(NamedTuple):
    key: str
    capital: bool
    parted: bool
    """Whether more than a blank or hyphen parts it from the word before."""
    small: str = ""
    """Its key in small letters, where it stands among words in capitals and may be no initials: "LAMB OF GOD"."""


class _Sequence:
    """Words in order, made to look up some of them."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self.tokens = tokens
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, token in enumerate(tokens):
            self.places[token.key].append(place)
            if token.small:
                self.places[token.small].append(place)

    def together(self, sought: Sequence[str]) -> bool:
        """Whether the words stand together and in order, with nothing between that belongs to another name."""
        return any(self._follow(sought[1:], place) for place in self.places.get(sought[0], ()))

    def turned(self, sought: Sequence[str], *, of: bool) -> bool:
        """ "Ministry of Defence" for "Defence Ministry"; ``of`` tells that the sought name has the "of"."""
        first, last = sought
        for place in self.places.get(last, ()):
            between = 2 if self._key(place + 1) == "of" else 1
            if self._key(place + between) == first and (between == 2 or of):
                return True
        return False

    def _follow(self, sought: Sequence[str], place: int) -> bool:
        for word in sought:
            found = self._next(word, place)
            if found is None:
                return False
            place = found
        return True

    def _next(self, word: str, place: int) -> int | None:
        skipped = 0
        for at in range(place + 1, len(self.tokens)):
            token = self.tokens[at]
            if token.parted:
                return None
            if word in (token.key, token.small):
                return at
            if token.key in _SMALL or (token.key == "and" and at == place + 1):
                continue
            skipped += 1
            if not token.capital or skipped > _SKIPPED:
                return None
        return None

    def _key(self, place: int) -> str:
        return self.tokens[place].key if place < len(self.tokens) else ""


class Index:
    """The words of one text, made to look up names in."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = _Sequence(_tokens(text))

    @cached_property
    def _short(self) -> _Sequence:
        """The words with every known body by its initials."""
        return _Sequence(_bodies(self._words.tokens))

    @cached_property
    def _squeezed(self) -> str:
        return _HYPHENS.sub("", self._text).lower()

    def holds(self, name: str) -> bool:
        """Whether every word of the name that matters stands in the text, together and in order; or its initials."""
        sought = _significant(name)
        if not sought or self._together(sought) or self._together(_shortened(name)):
            return True
        if len(sought) == 1:
            return self._spelled(sought[0])
        if len(sought) > 2 and key("".join(word[0] for word in sought).upper()) in self._words.places:
            return True
        if len(sought) == 2 and self._words.turned(sought, of=" of " in name):
            return True
        if "".join(sought) in self._words.places or any(
            self._together(_significant(form)) for form in other_forms(name)
        ):
            return True
        return self._in_parts(name, sought)

    def holds_code(self, code: str) -> bool:
        """Whether letters and digits stand together in the text, with or without the hyphen."""
        pieces = re.findall(r"[^\W\d_]+|\d+", code.removesuffix("s"))
        if "".join(pieces).lower() == "covid19" and _COVID.search(self._text):
            return True
        if code.lower() not in _QUARTERS and "".join(pieces).lower() not in self._squeezed:
            return False
        pattern = rf"(?<![^\W_]){'[-‐‑– ]?'.join(pieces)}(?!\d)"
        if re.search(pattern, self._text, re.IGNORECASE):
            return True
        quarter = _QUARTERS.get(code.lower())
        return (
            quarter is not None and re.search(rf"\b(?:{quarter})[ -]quarter", self._text, re.IGNORECASE) is not None
        )

    def _together(self, sought: Sequence[str]) -> bool:
        return self._words.together(sought) or self._short.together(sought)

    def _in_parts(self, name: str, sought: Sequence[str]) -> bool:
        """Whether it holds "British" and "Labour Party" apart, or "Ann Lee" and the "Ministry" she is of."""
        if sought[0] in NATIONS:
            return self._together(sought[:1]) and self.holds(_tail(name))
        short = _shortened(name)
        if short[0] in NATIONS and len(short) > 1:
            return self._together(short[:1]) and self._together(short[1:])
        person, of, body = name.partition(" of ")
        if of and " " in person:
            return self.holds(person) and self.holds(body)
        # "Astrophysicist Amy Mainzer" opens a sentence; the text writes the word small, so it is no part of the name.
        small = [word for word in sought if word != _NOT and self._only_small(word)]
        return 0 < len(small) < len(sought) and self._together([word for word in sought if word not in small])

    def _only_small(self, word: str) -> bool:
        places = self._words.places.get(word, ())
        return bool(places) and not any(self._words.tokens[place].capital for place in places)

    def _spelled(self, letters: str) -> bool:
        """Whether initials stand for words of the text, FEFU for Far Eastern Federal University, or are small."""
        small = letters.lower()
        if small != letters and not common(small) and small in self._words.places:
            return True
        return 3 <= len(letters) <= 6 and small in _initials(tuple(self._words.tokens))


@lru_cache(maxsize=512)
def of(text: str) -> Index:
    """The index of a text; kept, since one source is asked for many names."""
    return Index(text)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    before = 0
    for match in _WORD.finditer(text):
        gap = text[before : match.start()]
        short = gap.startswith(".") and bool(tokens) and (len(tokens[-1].key) == 1 or tokens[-1].key in RANKS)
        parted = gap not in (" ", "-") and _STOP.search(gap.removeprefix(".") if short else gap) is not None
        word = match.group()
        small = (
            spelling(word)
            if word.isupper() and _SHOUTED.search(text, max(0, match.start() - 12), match.end() + 12)
            else ""
        )
        tokens.append(_Token(key(word), word != word.lower(), parted, small))
        before = match.end()
    return tokens


def _bodies(tokens: Sequence[_Token]) -> list[_Token]:
    """Tokens with every full name of a known body put as its initials."""
    result: list[_Token] = []
    place = 0
    while place < len(tokens):
        length = _body(tokens, place)
        token = tokens[place]
        if length:
            keys = tuple(token.key for token in tokens[place : place + length])
            token = _Token(BODIES[keys], True, token.parted)
        result.append(token)
        place += max(1, length)
    return result


def _body(tokens: Sequence[_Token], place: int) -> int:
    if not tokens[place].capital or tokens[place].key not in _BODY_BEGINS:
        return 0
    for length in range(min(LONGEST, len(tokens) - place), 0, -1):
        if tuple(token.key for token in tokens[place : place + length]) in BODIES:
            return length
    return 0


@lru_cache(maxsize=4096)
def _kept(name: str) -> tuple[_Token, ...]:
    """A name's words but for particles, initials and what only qualifies it: "Russian-made" is Russian."""
    words = re.sub(r"(?<![\w.])[A-Z]\.(?=\s)|(?i:\b(?:ex|anti|pro|pre|post|mid)-)", "", name)
    tokens = [token for token in _tokens(words) if token.key not in PARTICLES]
    if len(tokens) > 1 and tokens[-1].key in FORMS:
        tokens.pop()
    return tuple(token for token in tokens if token.capital or token.key == _NOT or not common(token.key))


def _significant(name: str) -> tuple[str, ...]:
    return tuple(token.key for token in _kept(name))


def _shortened(name: str) -> tuple[str, ...]:
    """The same with every known body by its initials."""
    return tuple(token.key for token in _bodies(_tokens(name)) if token.key not in PARTICLES) or _significant(name)


def _tail(name: str) -> str:
    """A name without its first word."""
    return re.sub(r"^\S+\s*", "", name) if " " in name else ""


@lru_cache(maxsize=256)
def _initials(tokens: tuple[_Token, ...]) -> frozenset[str]:
    """First letters of every 3 to 6 words with capitals that stand together, small words passed over."""
    found: set[str] = set()
    run = ""
    for token in tokens:
        if token.parted:
            run = ""
        if token.capital:
            run += token.key[:1].lower()
            found |= {run[-length:] for length in range(3, 7) if len(run) >= length}
    return frozenset(found)
