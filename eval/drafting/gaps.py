"""The honest last resort: the sentence itself with a gap, where no question can be made that surely reads well."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.drafting.asked import DATES, FACTS, Asked, Bearer
from eval.drafting.people import is_person
from eval.drafting.times import iso_of
from rag.claims import dates, names, quantities

GAP = "…"
LONGEST = 26
"""Words of a sentence that is shown with a gap."""
_PLACED = re.compile(r"\b(?:on|in|since|until|by|from|before|after|during|of) (?:early |late |mid-)?$")
_HE_SAID = re.compile(r",? (?:he|she|they|it) (?:said|says|added|wrote|told)\b")
_PLAIN = frozenset({"number", "percent", "length", "area", "mass", "speed", "power", "volume"})
_SUMS = frozenset({"dollar", "USD", "EUR", "GBP", "JPY", "CNY", "AUD", "CAD", "INR", "RUB"})


def asked(bearer: Bearer) -> Iterator[Asked]:
    """A gap for each date with its month or year, each figure, each person's name."""
    if len(bearer.text.split()) > LONGEST or _HE_SAID.search(bearer.text):
        return
    dated = dates.find(bearer.text, published=bearer.published)
    for day in dated:
        if (day.year or day.month) and _PLACED.search(bearer.text[: day.start]) and (iso := iso_of(day)):
            yield _gap(bearer, day.start, day.end, "date", DATES, iso)
    for figure in quantities.find(bearer.text):
        inside = any(day.start <= figure.start < day.end for day in dated)
        if (
            figure.kind in _PLAIN | _SUMS
            and figure.pair is None
            and any(map(str.isdigit, figure.words))
            and not inside
        ):
            yield _gap(bearer, figure.start, figure.end, "number", FACTS)
    for name in names.find(bearer.text):
        if is_person(name.words, bearer.article.text):
            yield _gap(bearer, name.start, name.start + len(name.words), "name", FACTS)


def _gap(bearer: Bearer, start: int, end: int, what: str, tag: str, iso: str | None = None) -> Asked:
    shown = bearer.text[:start] + GAP + bearer.text[end:]
    return Asked(
        f'Which {what} is missing: "{shown}"',
        bearer.text[start:end],
        tag,
        f"leaves out a {what}",
        (),
        iso,
        cloze=True,
    )
