"""The LangChain edge: a retriever, embeddings, the answer chain and chat models. Nothing else knows LangChain."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langsmith import tracing_context

from rag.citing import Reply
from rag.embedder import Embedder
from rag.errors import ModelError
from rag.records import Hit, Usage
from rag.settings import setting

TIMEOUT = 60
"""Seconds a model's server may take; the SDK's own default is ten minutes."""
RETRIES = 2
"""Done by the provider's SDK, which honours Retry-After; nothing above it retries."""


class NewsRetriever(BaseRetriever):
    """An archive's search as LangChain's retriever: one Document a passage, with what a citation needs."""

    search: Callable[[str, int], Sequence[tuple[Hit, dict[str, Any]]]]
    """(query, k) -> hits with the metadata of their articles."""
    k: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        return [
            Document(id=hit.passage_id, page_content=hit.text, metadata=metadata)
            for hit, metadata in self.search(query, self.k if k is None else k)
        ]


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


def in_a_row(steps: Sequence[tuple[str, Callable[[Any], Any]]]) -> Runnable[Any, Any]:
    """A chain of named steps, each taking what the one before returns."""
    (name, first), *rest = steps
    chain: Runnable[Any, Any] = RunnableLambda(first, name=name)
    for name, step in rest:
        chain = chain | RunnableLambda(step, name=name)
    return chain


@contextmanager
def private() -> Iterator[None]:
    """Keep LangSmith from sending articles away because a shell variable says so; GROUNDWIRE_TRACING=1 lets it."""
    with tracing_context(enabled=None if setting("GROUNDWIRE_TRACING") else False):
        yield


def open_model(name: str) -> Callable[[str, str], Reply]:
    """A chat model by LangChain's ``provider:name``, as a function of (system prompt, user prompt).

    Raises:
        ModelError: the provider is unknown, its package is missing, or it has no key.
    """
    provider, _, model = name.partition(":")
    if not model:
        raise ModelError(
            f"'{name}' names no model. Use 'extractive', or 'provider:name' such as 'openai:gpt-5-mini'."
        )
    return completing(_init(provider, model), name)


def completing(chat: BaseChatModel, name: str) -> Callable[[str, str], Reply]:
    """A chat model as a function from two prompts to a reply; its failures become ModelErrors."""

    def complete(system: str, user: str) -> Reply:
        try:
            message = chat.invoke([("system", system), ("user", user)])
        except Exception as error:  # every provider raises its own; none shares a base class
            raise ModelError(f"'{name}' did not answer: {_one_line(error)}") from error
        return Reply(message.text, _usage(message))

    return complete


def _init(provider: str, model: str) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"timeout": TIMEOUT, "max_retries": RETRIES}
    if provider == "openai":
        options |= _openai()
    try:
        chat: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except ImportError as error:
        package = f"langchain-{provider.replace('_', '-')}"
        raise ModelError(f"'{provider}' needs a package that is not installed. Run: pip install {package}") from error
    except ValueError as error:
        raise ModelError(f"'{provider}:{model}' cannot be used: {_one_line(error)}") from error
    except Exception as error:  # a provider's own class for a missing key, before any request
        raise ModelError(f"'{provider}:{model}' cannot be used: {_one_line(error)}") from error
    return chat


def _openai() -> dict[str, Any]:
    address = setting("OPENAI_BASE_URL") or setting("OPENAI_API_BASE")
    key = setting("OPENAI_API_KEY")
    if key is None and address is None:
        raise ModelError(
            "No key for 'openai'. Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server that needs none,"
            " or use --model extractive."
        )
    # A local server wants no key, but the SDK will not start without one.
    return {"api_key": key or "none", "base_url": address}


def _usage(message: AIMessage) -> Usage | None:
    used = message.usage_metadata
    return None if used is None else Usage(used["input_tokens"], used["output_tokens"])


def _one_line(error: Exception) -> str:
    """The first line of what a provider said, with any key in it blacked out."""
    line = next(iter(str(error).strip().splitlines()), type(error).__name__)[:300]
    for name in ("OPENAI_API_KEY",):
        key = setting(name)
        line = line.replace(key, "***") if key else line
    return line
