"""Vectors of texts that are asked for again and again, such as the sentences of an archive's best articles."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from threading import Lock

import numpy as np

from rag.embedder import Embedder, Vectors, bundled_embedder

MOST = 16_384
"""Vectors kept, of 1.5 kB each; the one longest unused is forgotten first."""


class Remembered:
    """An embedder's vectors, each made once while it is kept. Safe to share between threads.

    Right only for an embedder whose vector of a text does not depend on the texts beside it.
    """

    def __init__(self, embedder: Embedder, *, most: int = MOST) -> None:
        self._embedder = embedder
        self._most = most
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A vector of length 1 for each text (n, dimensions)."""
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        unknown = [text for text in dict.fromkeys(texts) if text not in known]
        made = dict(zip(unknown, self._embedder.embed(unknown), strict=True))
        with self._lock:
            for text in texts:
                self._vectors[text] = known[text] if text in known else made[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._most:
                self._vectors.popitem(last=False)
        return np.stack([known[text] if text in known else made[text] for text in texts])


@cache
def bundled_sentences() -> Remembered:
    """The bundled embedder's vectors of sentences, kept once a process."""
    return Remembered(bundled_embedder())
