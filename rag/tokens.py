"""Counts tokens as OpenAI's current models do (o200k_base), offline; the only module that knows tiktoken."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from rag.errors import BundleError
from rag.models import RANKS, bundled

if TYPE_CHECKING:
    from tiktoken import Encoding

SLICE = 100_000
"""tiktoken's pattern overflows its stack on a million blanks; longer texts are cut here, a token or two too many."""

PIECE = 50_000
"""What each further token of a word adds to its rank."""
_SURROGATES = re.compile("[\ud800-\udfff]")
_lock = Lock()


def count(text: str) -> int:
    """Tokens of the text. What looks like a control token in it is text like any other."""
    encoding = _loaded()
    return sum(len(encoding.encode(part, disallowed_special=())) for part in _parts(text))


def offsets(text: str) -> list[tuple[int, int]]:
    """Each token's span of characters, in order. Tokens that share a character repeat it."""
    encoding = _loaded()
    spans: list[tuple[int, int]] = []
    start = 0
    for part in _parts(text):
        for token in encoding.encode(part, disallowed_special=()):
            raw = encoding.decode_single_token_bytes(token)
            # A byte of the form 10xxxxxx continues a character that began in this token or before it.
            begun = sum(byte & 0xC0 != 0x80 for byte in raw)
            continues = raw[0] & 0xC0 == 0x80
            spans.append((start - continues, start + begun))
            start += begun
    return spans


@lru_cache(maxsize=65_536)
def rank(word: str) -> int:
    """The place of a word among all tokens, which were merged the commonest first; one of several is behind them all.

    In any language, the larger the rarer. A word with a capital first counts as the same word.
    """
    encoding = _loaded()
    spelled = (
        encoding.encode(f" {form}", disallowed_special=()) for form in (encodable(word), encodable(word).capitalize())
    )
    return min(tokens[0] if len(tokens) == 1 else encoding.n_vocab + PIECE * (len(tokens) - 1) for tokens in spelled)


def encodable(text: str) -> str:
    """The text with lone surrogates, which no tokenizer reads, replaced one for one, so that offsets stay."""
    return _SURROGATES.sub("\ufffd", text)


def _parts(text: str) -> Iterator[str]:
    whole = encodable(text)
    return (whole[start : start + SLICE] for start in range(0, len(whole), SLICE))


def _loaded() -> Encoding:
    with _lock:
        return _encoding()


@cache
def _encoding() -> Encoding:
    # Checked first: tiktoken deletes a file whose hash is wrong, and downloads it.
    folder = bundled(RANKS).parent
    import tiktoken

    before = os.environ.get("TIKTOKEN_CACHE_DIR")
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    try:
        return tiktoken.get_encoding("o200k_base")
    except OSError as error:
        raise BundleError(
            f"tiktoken {tiktoken.__version__} does not read {folder}. Install the version Groundwire was tested with."
        ) from error
    finally:
        if before is None:
            del os.environ["TIKTOKEN_CACHE_DIR"]
        else:
            os.environ["TIKTOKEN_CACHE_DIR"] = before
