"""Near-copies: which articles carry the same report. The only file that knows rensa.

Candidates come from MinHash bands (Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, 3.4); a
candidate counts only if its shingles, compared exactly, agree.
"""

from __future__ import annotations

import struct

from rag.words import words

SHINGLE = 4
"""Words in a shingle."""
BANDS, ROWS = 32, 4
"""A pair with Jaccard similarity s becomes a candidate with probability 1 - (1 - s**ROWS)**BANDS: .99 at s = .6."""
CONTAINED = 0.75
"""Near-copies share at least this part of the shorter text's shingles: an outlet may have trimmed the report."""
_SEED = 7


def shingles(text: str) -> frozenset[str]:
    """Every run of ``SHINGLE`` words; a shorter text is one shingle."""
    folded = words(text)
    count = max(1, len(folded) - SHINGLE + 1)
    return frozenset(" ".join(folded[start : start + SHINGLE]) for start in range(count))


def bands(text: str) -> list[bytes]:
    """``BANDS`` keys; texts that share one may be near-copies."""
    from rensa import RMinHash

    minhash = RMinHash(num_perm=BANDS * ROWS, seed=_SEED)
    minhash.update(sorted(shingles(text)))
    digest = minhash.digest()
    return [struct.pack(f"<{ROWS}I", *digest[row : row + ROWS]) for row in range(0, BANDS * ROWS, ROWS)]


def near(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of shingles belong to near-copies."""
    shorter = min(len(one), len(other))
    longer = max(len(one), len(other))
    shared = len(one & other)
    return shared >= CONTAINED * shorter and 2 * shared >= longer * CONTAINED
