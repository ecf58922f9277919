"""The bundled networks: word pieces in, one array a text out. The only file that knows onnxruntime and tokenizers."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag import tokens
from rag.models import TOKENIZER, bundled

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Rows = NDArray[np.float32]

START, END = 101, 102
"""Ids of [CLS] and [SEP], which the networks expect around every text."""
_WORKERS = min(4, os.cpu_count() or 1)
"""Texts run side by side, each on one thread: a quarter faster than one at a time on all threads."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of a text."""

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    """Each piece's span of characters; starts and ends never fall."""


def pieces(text: str) -> Pieces:
    """All pieces of a text, without the marks around it."""
    encoded = _loaded_tokenizer().encode(tokens.encodable(text), add_special_tokens=False)
    return Pieces(tuple(encoded.ids), tuple(encoded.offsets))


class Network:
    """One bundled graph. Loads at first use; safe to share between threads.

    Each text is run alone: in a batch, what comes of it differs in the last digit with the batch's size, and so an
    answer could with what was asked before. Batches were no faster for passages, and a sixth for single sentences.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._lock = RLock()
        self._workers = ThreadPoolExecutor(max(1, _WORKERS - 1), thread_name_prefix="network")

    def run(self, texts: Sequence[Sequence[int]], second: Sequence[int] | None = None) -> list[Rows]:
        """What the graph makes of each row of ids, in the order given.

        ``second`` is the place in each row where its second part begins, for a graph that reads two.
        """
        # The longest first, so that none is still running when the others are done.
        waiting = deque(sorted(range(len(texts)), key=lambda place: -len(texts[place])))
        made: list[Rows] = [np.zeros(0, dtype=np.float32)] * len(texts)
        # The caller works too, so that a question need not wait until the workers are done with an ingest.
        count = min(_WORKERS, len(waiting)) - 1
        helpers = [self._workers.submit(self._drain, waiting, texts, second, made) for _ in range(count)]
        try:
            self._drain(waiting, texts, second, made)
        finally:
            _settle(helpers)
        return made

    def _drain(
        self,
        waiting: deque[int],
        texts: Sequence[Sequence[int]],
        second: Sequence[int] | None,
        made: list[Rows],
    ) -> None:
        try:
            while (place := _next(waiting)) is not None:
                made[place] = self.run_one(texts[place], None if second is None else second[place])
        finally:
            # Whoever fails or is interrupted fails the call, and so ends it for the others too.
            waiting.clear()

    def run_one(self, text: Sequence[int], second: int | None) -> Rows:
        """What the graph makes of one row of ids."""
        ids = np.array([text], dtype=np.int64)
        fed = {"input_ids": ids}
        if second is None:
            fed["attention_mask"] = np.ones_like(ids)
        else:
            fed["token_type_ids"] = (np.arange(ids.shape[1]) >= second).astype(np.int64)[np.newaxis]
        with self._lock:
            session = self._session
        rows: Rows = session.run(None, fed)[0]
        return np.asarray(rows[0])

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(str(bundled(self._file)), options, providers=["CPUExecutionProvider"])


_loading = RLock()


def _loaded_tokenizer() -> Tokenizer:
    with _loading:
        return _tokenizer()


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bundled(TOKENIZER)))
    # The file asks for padding to 128 and for cutting; callers cut where they must.
    tokenizer.no_padding()
    tokenizer.no_truncation()
    # "[SEP]" or "[PAD]" written in an article is text, not an order to the model.
    tokenizer.encode_special_tokens = True
    return tokenizer


def _next(waiting: deque[int]) -> int | None:
    try:
        return waiting.popleft()
    except IndexError:
        return None


def _settle(helpers: Sequence[Future[None]]) -> None:
    """Wait for those at work, whose failure is the caller's; those not begun have nothing left to do."""
    for helper in helpers:
        if not helper.cancel():
            helper.result()
