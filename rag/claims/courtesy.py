"""Mr, Mrs, Ms and Miss before a surname: "Mrs. Hart" is not borne out where the source has only "Mr. Hart"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

_TITLED = re.compile(r"\b(?P<title>Mr|Mrs|Ms|Miss)\.? (?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)")


def exchanged(sentence: str, texts: tuple[str, ...]) -> Iterator[str]:
    """Each "Mrs. Hart" of the sentence where the texts have that surname only as a man's, and the other way round."""
    for match in _TITLED.finditer(sentence):
        said = _titles(texts).get(_surname(match["name"]), frozenset())
        if said and (match["title"] == "Mr") not in said:
            yield re.sub(r"['’]s?$", "", match.group())


@lru_cache(maxsize=512)
def _titles(texts: tuple[str, ...]) -> dict[str, frozenset[bool]]:
    """Whether each surname is a man's, a woman's, or both."""
    found: dict[str, set[bool]] = defaultdict(set)
    for text in texts:
        for match in _TITLED.finditer(text):
            found[_surname(match["name"])].add(match["title"] == "Mr")
    return {surname: frozenset(men) for surname, men in found.items()}


def _surname(name: str) -> str:
    return re.sub(r"['’]s?$", "", name.split()[-1])
