"""Text to vectors of length 1: the bundled network, or any embeddings LangChain can open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rag import networks, tokens
from rag.errors import ModelError
from rag.models import HASHES, MODEL
from rag.networks import END, START, Network
from rag.settings import setting

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
"""Texts to one vector of length 1 each (n, dimensions)."""

_PROVIDER_BATCH = 128
"""With texts of ``LangChainEmbedder.limit`` tokens, well under what providers take in one request."""
_TIMEOUT = 60
"""Seconds a provider has to answer."""


class Embedder(Protocol):
    """What an archive needs of an embedder."""

    @property
    def name(self) -> str:
        """Remembered by the archive; another name means other vectors."""

    @property
    def dimensions(self) -> int: ...

    @property
    def limit(self) -> int:
        """Pieces of a text it reads; what is longer is cut off."""

    def count(self, text: str) -> int:
        """Pieces of the text, all of it."""

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Each piece's span of characters; starts and ends never fall. Cut a long text at the start of a piece."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 a text, in the order given."""


class BundledEmbedder:
    """all-MiniLM-L6-v2 with 8-bit weights, as shipped. Loads its parts at first use; safe to share between threads.

    The vector of a text does not depend on the texts embedded with it. Texts of several articles at once are
    embedded faster than an article at a time.
    """

    name = f"minilm-l6-v2-int8@{HASHES[MODEL][:8]}"
    dimensions = 384
    limit = 254

    def __init__(self, network: Network | None = None) -> None:
        self._network = network or Network(MODEL)

    def count(self, text: str) -> int:
        return len(networks.pieces(text).ids)

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return list(networks.pieces(text).offsets)

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        ids = [(START, *networks.pieces(text).ids[: self.limit], END) for text in places]
        rows = self._network.run(ids)
        embedded: Vectors = np.stack([rows[places[text]] for text in texts])
        return embedded


class LangChainEmbedder:
    """Any LangChain ``Embeddings``; counts in the tokens of OpenAI's models, whatever the model's own are."""

    limit = 500
    """Models read 512 tokens or more; a passage longer than that finds worse, whatever the model reads."""

    def __init__(self, embeddings: Embeddings, *, name: str) -> None:
        self.name = name
        self._embeddings = embeddings

    @cached_property
    def dimensions(self) -> int:
        """Learned by asking: no provider states it."""
        return int(self.embed(["length"]).shape[1])

    def count(self, text: str) -> int:
        return tokens.count(text)

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return tokens.offsets(text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        starts = range(0, len(texts), _PROVIDER_BATCH)
        rows = [row for start in starts for row in self._ask(texts[start : start + _PROVIDER_BATCH])]
        return self._unit(rows, expected=len(texts))

    def _ask(self, batch: Sequence[str]) -> list[list[float]]:
        readable = [self._cut(text) for text in batch]
        try:
            return self._embeddings.embed_documents(readable)
        except Exception as error:  # every provider raises its own; none shares a base class
            raise ModelError(f"Embeddings '{self.name}' failed: {_one_line(error)}") from error

    def _cut(self, text: str) -> str:
        # Many servers refuse an empty input.
        readable = tokens.encodable(text) or " "
        spans = tokens.offsets(readable)
        return readable if len(spans) <= self.limit else readable[: spans[self.limit][0]]

    def _unit(self, rows: list[list[float]], *, expected: int) -> Vectors:
        lengths = sorted({len(row) for row in rows})
        if len(rows) != expected or len(lengths) != 1:
            raise ModelError(
                f"Embeddings '{self.name}' sent {len(rows)} vectors of lengths {lengths} for {expected} texts."
            )
        matrix = np.asarray(rows, dtype=np.float32)
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        if not (np.isfinite(norms) & (norms > 0)).all():
            raise ModelError(f"Embeddings '{self.name}' sent a vector of zeros or of no numbers.")
        unit: Vectors = matrix / norms
        return unit


@cache
def bundled_embedder() -> BundledEmbedder:
    """The bundled embedder, loaded once a process."""
    return BundledEmbedder()


def open_embedder(name: str | None = None) -> Embedder:
    """The bundled embedder, or ``provider:model`` as LangChain names them.

    Raises:
        ModelError: the provider is unknown, its package is missing, or it has no key.
    """
    if name in (None, "bundled", BundledEmbedder.name):
        return bundled_embedder()
    provider, _, model = str(name).partition(":")
    if not (provider and model):
        raise ModelError(
            f"'{name}' names no embeddings. Use 'bundled', or 'provider:model' such as"
            " 'openai:text-embedding-3-small'."
        )
    return LangChainEmbedder(_init(provider, model), name=f"{provider}:{model}")


def _init(provider: str, model: str) -> Embeddings:
    from langchain.embeddings import init_embeddings

    options = _openai() if provider == "openai" else {}
    try:
        return init_embeddings(model, provider=provider, **options)
    except ImportError as error:
        raise ModelError(f"'{provider}:{model}' needs a package: {_one_line(error)}") from error
    except Exception as error:  # a provider's own class for a missing key, before any request
        raise ModelError(f"'{provider}:{model}' cannot be used: {_one_line(error)}") from error


def _openai() -> dict[str, Any]:
    key, address = setting("OPENAI_API_KEY"), setting("OPENAI_BASE_URL") or setting("OPENAI_API_BASE")
    if not (key or address):
        raise ModelError(
            "No key for embeddings of 'openai'. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs none, "
            "or use the bundled embeddings."
        )
    return {
        # The client does not start without a key, even where the server wants none.
        "api_key": key or "none",
        "base_url": address,
        "timeout": _TIMEOUT,
        # Else langchain-openai downloads a tokenizer and sends token ids, which compatible servers do not read.
        "check_embedding_ctx_length": False,
    }


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
