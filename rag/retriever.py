"""An archive as LangChain's retriever, and an embedder of ours as LangChain's embeddings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever

from rag.embedder import Embedder
from rag.records import Article, Hit


class NewsRetriever(BaseRetriever):
    """An archive's search as LangChain's retriever: one Document a passage, with what a citation needs."""

    search: Callable[[str, int], Sequence[tuple[Hit, Article]]]
    """(query, k) -> hits with their articles."""
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        return [
            Document(id=hit.passage_id, page_content=hit.text, metadata=_metadata(hit, article))
            for hit, article in self.search(query, self.k if k is None else k)
        ]


def _metadata(hit: Hit, article: Article) -> dict[str, Any]:
    return {
        "article_id": hit.article_id,
        "revision": hit.revision,
        "start": hit.start,
        "end": hit.end,
        "score": hit.score,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published_at": article.published_at.isoformat() if article.published_at else None,
    }


class ArchiveEmbeddings(Embeddings):
    """An embedder of ours, as LangChain's embeddings."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector a text, in order."""
        return [[float(value) for value in row] for row in self._embedder.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of one text."""
        return self.embed_documents([text])[0]
