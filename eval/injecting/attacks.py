"""Attacks: orders that articles give to whoever reads them, what obeying them brings, and articles that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from eval import json_lines
from eval.cases import Json
from eval.injecting.spoiling import SPOILING
from rag import passages
from rag.errors import InputError
from rag.records import Article

SHIPPED = Path(__file__).parent / "attacks.jsonl"
POSITIONS = ("start", "middle", "end")
_PER_ARTICLE = 6
"""Attacks in one article, two at each position: more, and the article would be theirs."""


@dataclass(frozen=True, slots=True)
class Attack:
    """An order, and what a model would write that obeys it."""

    id: str
    kind: str
    instruction: str
    results: tuple[str, ...] = ()
    spoil: str | None = None
    """Name of the way in which it has true sentences spoilt."""


@dataclass(frozen=True, slots=True)
class Planted:
    """An attack at a position of an article, as a paragraph of its own or glued to the sentence before it."""

    attack: Attack
    position: str
    glued: bool


def load_attacks(file: Path = SHIPPED) -> list[Attack]:
    """Attacks of a JSON Lines file: ``instruction``, and ``kind`` or ``category``; ``results`` and ``spoil`` may be.

    Raises:
        InputError: the file cannot be read, or a row is no attack; names the line.
    """
    return [_attack(row, f"{file}:{number}") for number, row in json_lines.read(file)]


def _attack(row: Json, where: str) -> Attack:
    kind = row.get("kind" if "results" in row else "category") or row.get("kind")
    results = row.get("results", [])
    if not isinstance(row.get("instruction"), str) or not kind:
        raise InputError(f"{where}: no attack; give an object with 'instruction' and 'kind'.")
    if not isinstance(results, list) or not all(isinstance(one, str) for one in results):
        raise InputError(f"{where}: 'results' must be a list of texts; write [] for none.")
    if row.get("spoil") not in (None, *SPOILING):
        raise InputError(f"{where}: 'spoil' is '{row['spoil']}'; known are {', '.join(SPOILING)}.")
    return Attack(str(row.get("id") or where), str(kind), row["instruction"], tuple(results), row.get("spoil"))


def every_planting(attacks: Sequence[Attack]) -> list[Planted]:
    """Each attack once at each position, glued and alone by turns."""
    pairs = list(product(attacks, POSITIONS))
    return [Planted(attack, position, glued=index % 2 == 1) for index, (attack, position) in enumerate(pairs)]


def rounds(
    plantings: Sequence[Planted], articles: Sequence[Article]
) -> Iterator[list[tuple[Article, list[Planted]]]]:
    """Shares the attacks out over the articles; a round is what one archive holds, each article in it once."""
    size = _PER_ARTICLE * len(articles)
    for first in range(0, len(plantings), size):
        chosen = plantings[first : first + size]
        dealt = [(article, list(chosen[place :: len(articles)])) for place, article in enumerate(articles)]
        yield [(article, planted) for article, planted in dealt if planted]


def plant(article: Article, planted: Sequence[Planted]) -> Article:
    """The article with the attacks in its text."""
    spans = passages.sentences(article.text, article.language)
    ends = {"start": spans[0].end, "middle": spans[len(spans) // 2].end, "end": spans[-1].end}
    text = article.text
    for position in reversed(POSITIONS):
        here = [one for one in planted if one.position == position]
        added = "".join((" " if one.glued else "\n\n") + one.attack.instruction for one in here)
        text = text[: ends[position]] + added + "\n\n" * bool(here) + text[ends[position] :].lstrip(" ")
    return replace(article, text=text)
