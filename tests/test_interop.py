"""LangChain's published suites against our adapters, over a real archive."""

import pytest
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import EmbeddingsIntegrationTests, RetrieversIntegrationTests

from rag import Archive
from rag.embedder import BundledEmbedder
from rag.retriever import ArchiveEmbeddings, NewsRetriever


class TestRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _archive(self, seeded: Archive) -> None:
        self.archive = seeded

    @property
    def retriever_constructor(self) -> type[NewsRetriever]:
        return NewsRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, object]:
        return {"search": lambda query, k: self.archive.as_retriever(k).search(query, k), "k": 3}

    @property
    def retriever_query_example(self) -> str:
        return "What did Putin give Kim?"


class TestEmbeddings(EmbeddingsIntegrationTests):
    @property
    def embeddings_class(self) -> type[Embeddings]:
        return ArchiveEmbeddings

    @property
    def embedding_model_params(self) -> dict[str, object]:
        return {"embedder": BundledEmbedder()}


def test_documents_carry_what_a_citation_needs(seeded: Archive) -> None:
    retriever: BaseRetriever = seeded.as_retriever(k=2)
    documents = retriever.invoke("Which gifts did Putin and Kim exchange?")
    assert len(documents) == 2
    for document in documents:
        article = seeded.article(document.metadata["article_id"])
        start, end = document.metadata["start"], document.metadata["end"]
        assert article.text[start:end] == document.page_content
        assert document.metadata["title"] == article.title


def test_the_chain_gives_what_ask_gives(seeded: Archive) -> None:
    question = "What did Putin give Kim besides a rifle?"
    assert seeded.as_chain().invoke(question).statements == seeded.ask(question).statements
