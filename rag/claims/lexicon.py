"""Words that English writes small: how a capital at the start of a sentence is told from a name.

``common_words.txt`` holds the whole words of the bundled embedder's vocabulary that, as tokens of o200k_base, have a
smaller rank in small letters than with a capital or in capitals. Ranks grow as texts have less of a token, so these
are words that texts mostly write small. ``derive`` makes the list again.
"""

from __future__ import annotations

import base64
import json
import re
from functools import cache
from pathlib import Path

from rag.models import RANKS, TOKENIZER, bundled
from rag.words import STOPWORDS

FOLDER = Path(__file__).parent
_STARTERS = frozenset(
    """
    additionally afterwards alas all although amid among another anyone anything besides both but by earlier
    either elsewhere even every everyone everything finally furthermore hence here however hurricane including
    indeed instead last lastly later likewise meanwhile moreover more most nearly neither nevertheless next
    nobody none nonetheless nor nothing now often one others otherwise overall perhaps rather separately several
    similarly since so some someone something soon sometimes still such then there therefore these they thirdly
    this those though through throughout thus together true false typhoon unfortunately unless unlike upon we
    when whenever where whereas whether which while who whose why with within without would yes yet you
    """.split()
)


def common(word: str) -> bool:
    """Whether a word, in any case of letters, is one that texts mostly write small."""
    lower = word.lower()
    if lower in STOPWORDS or lower in _STARTERS or lower in _words():
        return True
    return len(lower) > 6 and lower.endswith("ly")


@cache
def _words() -> frozenset[str]:
    return frozenset((FOLDER / "common_words.txt").read_text("ascii").split())


def derive() -> list[str]:
    """The list of common words, in order, from the bundled ranks and vocabulary."""
    vocabulary = json.loads(bundled(TOKENIZER).read_text("utf-8"))["model"]["vocab"]
    lines = bundled(RANKS).read_bytes().splitlines()
    ranks = {base64.b64decode(token): int(rank) for token, rank in (line.split() for line in lines)}
    return sorted(word for word in vocabulary if re.fullmatch("[a-z]{3,}", word) and _mostly_small(word, ranks))


def _mostly_small(word: str, ranks: dict[bytes, int]) -> bool:
    rare = len(ranks)
    small, capital, capitals = (
        ranks.get(f" {form}".encode(), rare) for form in (word, word.capitalize(), word.upper())
    )
    return small < min(capital, capitals)
