"""Archive: the one way in. Wires the parts together; nothing else does."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Self, Unpack

from rag import asking, mending, options, settings, undo, writing
from rag.embedder import Embedder, open_embedder
from rag.folder import check_folder
from rag.inquiry import Ask
from rag.library import Library
from rag.options import Asking, Limits, Summarizing, When
from rag.records import Answer, Article, Filters, Hit, IngestReport, Turn, Usage
from rag.shelf import shelf_of
from rag.stopping import Stop
from rag.store import Store
from rag.stream import AnswerStream, Event, Searching
from rag.summary import Summary
from rag.undo import Kept
from rag.writers import Writers

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from rag.chat_models.spending import Budget
    from rag.writers import Model

DEFAULT_K = 10


class Archive(Library):
    """A folder of articles that can be searched, asked and summarised. Safe to share between threads."""

    def __init__(
        self,
        folder: Path,
        *,
        model: Model | None,
        embedder: Embedder,
        cache: str | Path | None = None,
        max_cost: float | Budget | None = None,
    ) -> None:
        """Use ``Archive.open``."""
        self.folder = folder
        self._writers = Writers(model, cache=cache, max_cost=max_cost)
        self._store = Store(folder, embedder)
        self._store.check_embedder()
        self._chain: Runnable[Any, Any] | None = None
        # More at once would only be in each other's way, and the first be answered no sooner than the last.
        self._places = BoundedSemaphore(os.cpu_count() or 1)

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        model: Model | None = None,
        embeddings: str | None = None,
        create: bool = True,
        cache: str | Path | None = None,
        max_cost: float | Budget | None = None,
    ) -> Self:
        """Open the archive in a folder, or begin one there.

        ``model`` writes answers and summaries: ``"extractive"``, LangChain's ``"provider:name"``, or a chat model
        of LangChain. ``cache`` is a folder where its replies are kept and found again. ``max_cost`` is the most that
        its calls may cost together, in US dollars, or a budget shared with others: no call is made that may pass it.

        Raises:
            ArchiveError: the folder is not an archive, is from a newer version, cannot be written, or was built
                with another embedder.
        """
        folder = settings.archive_folder(path)
        check_folder(folder, create=create)
        embedder = open_embedder(settings.embedder_name(embeddings))
        return cls(folder, model=model, embedder=embedder, cache=cache, max_cost=max_cost)

    @staticmethod
    def reindex(path: str | Path | None = None, *, embeddings: str | None = None) -> int:
        """Build both indexes of an archive anew from its texts, also with another embedder; how many articles.

        Raises:
            ArchiveError: the folder is no archive.
        """
        folder = settings.archive_folder(path)
        check_folder(folder, create=False)
        store = Store(folder, open_embedder(settings.embedder_name(embeddings)))
        try:
            return mending.rebuild(store)
        finally:
            store.close()

    def close(self) -> None:
        """Release the folder."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Articles

    def ingest(
        self,
        paths: Iterable[str | Path],
        *,
        fields: Mapping[str, str] | None = None,
        sync: bool = False,
        limit: int | None = None,
        allow_private: bool | None = None,
        progress: Callable[[IngestReport], None] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> IngestReport:
        """Take in files, folders, addresses, feeds and standard input (``-``); skip what is known and unchanged.

        What cannot be read is in the report, and the rest goes on. ``fields`` names the fields of rows that our own
        are called otherwise in, such as ``{"title": "Headline"}``. With ``sync``, articles that vanished from the
        folders given are removed, and those whose page is gone for good. ``limit`` bounds the articles of one feed.
        ``allow_private`` admits addresses of one's own network. ``stop`` is asked now and then whether to end after
        the articles in hand.

        Raises:
            ArchiveBusy: another process has been writing for too long.
            UsageError: ``fields`` names none of ours, or ``limit`` is less than 1.
        """
        from rag.ingest import ingest

        chosen = options.reading(fields, limit, allow_private)
        return ingest(self._store, paths, options=chosen, sync=sync, progress=progress, stop=stop)

    def remove(self, *ids: str) -> None:
        """Forget articles and all their revisions, in search at once; none, if one of them is unknown.

        Raises:
            UnknownArticle: there is none.
            ArchiveBusy: another process has been writing for too long.
        """
        self._store.remove(list(dict.fromkeys(ids)))

    def take_out(self, *ids: str) -> tuple[Kept, ...]:
        """``remove``, and hand back what was removed: ``restore`` undoes it for as long as the caller holds that.

        Raises:
            UnknownArticle: there is none.
            ArchiveBusy: another process has been writing for too long.
        """
        return undo.take_out(self._store, list(dict.fromkeys(ids)))

    def restore(self, kept: Sequence[Kept]) -> None:
        """Put back what ``take_out`` removed: every revision, found again and cited again, all articles or none.

        Those that are there again as they were stay as they are.

        Raises:
            ArchiveError: one of them has come back meanwhile with other words, or under another id.
            ArchiveBusy: another process has been writing for too long.
        """
        undo.restore(self._store, kept)

    # Questions

    def ask(self, question: str, **chosen: Unpack[Asking]) -> Answer:
        """Answer a question from the articles, every sentence cited and checked, or refuse with the reason.

        Raises:
            UnknownArticle: ``article`` is or holds an unknown id.
            UsageError: an argument makes no sense.
            ModelError: the model cannot be used.
        """
        from rag.chain import private

        with private():
            answer: Answer = self._answer_chain().invoke(self._asked(question, **chosen))
        return answer

    def warm_up(self) -> None:
        """Load what a first question would: a second's work that its asker need not wait for.

        Raises:
            ModelError: the model cannot be used.
        """
        from rag.warming import WORDS, warm_up

        self._answer_chain()
        with self._looking():
            warm_up(shelf_of(self._store))
        self._asked(WORDS)

    def ask_stream(self, question: str, **chosen: Unpack[Asking]) -> AnswerStream:
        """``ask``, told as it comes about: each sentence once it is complete and checked, the whole answer last.

        Options and errors are those of ``ask``; closing the stream stops the model.
        """
        chosen.setdefault("repair", False)
        ask = replace(self._asked(question, **chosen), streaming=True)
        return AnswerStream(self._told(ask), ask.stop)

    def _told(self, ask: Ask) -> Iterator[Event]:
        from rag.chain import streamed

        yield Searching(ask.question)
        yield from streamed(self._chain_to(writing.stream), ask)

    async def aask(self, question: str, **chosen: Unpack[Asking]) -> Answer:
        """``ask``, awaited; the same options."""
        return await asyncio.to_thread(partial(self.ask, question, **chosen))

    def batch(self, questions: Sequence[str], **chosen: Unpack[Asking]) -> list[Answer]:
        """``ask`` for each of several questions, with the same options."""
        return [self.ask(question, **chosen) for question in questions]

    def search(
        self,
        query: str,
        *,
        k: int = DEFAULT_K,
        **limits: Unpack[Limits],
    ) -> list[Hit]:
        """The ``k`` passages that fit a query best.

        Raises:
            UnknownArticle: ``article`` is or holds an unknown id.
            UsageError: the query is empty or too long, or ``k`` is less than 1.
        """
        options.check_question(query, "query")
        options.check_k(k)
        return self._store.search(query, k, self._limited(**limits))

    def summarize(self, ids: Sequence[str] = (), **chosen: Unpack[Summarizing]) -> Summary:
        """Summarise whole articles: those named, about a query, of a story, or all that the filters admit.

        Raises:
            UnknownArticle: an id is unknown.
            UsageError: an option makes no sense, such as a length less than 1.
            ModelError: the model cannot be used.
        """
        from rag.summaries.summarizing import summarize

        request = options.summary(ids, self._limited, **chosen)
        writer = self._writers.summarizer(chosen.get("model"), repair=chosen.get("repair", True))
        return summarize(self._store, request, writer, chosen.get("progress"))

    @property
    def model(self) -> str:
        """The name of the model that writes where a call names none, or ``extractive``."""
        return self._writers.name

    @property
    def spent(self) -> Usage | None:
        """Tokens and cost of all that models wrote so far; ``None`` where none was called."""
        return self._writers.spent

    def described(self, model: Model | None = None) -> str:
        """The model that writes and the address that articles' words are sent to; ``extractive`` where there is none.

        Raises:
            ModelError: the model is unknown, or has no key.
        """
        return self._writers.described(model)

    def told(
        self,
        model: Model | None = None,
        does: str = "writes",
        sent: str = "the question and the passages found",
    ) -> str | None:
        """What is to be said before anything is sent: which model does what, and where; nothing where none is used.

        Raises:
            ModelError: the model is unknown, or has no key.
        """
        return self._writers.told(model, does, sent)

    # Other programs

    def as_retriever(
        self,
        k: int = DEFAULT_K,
        **limits: Unpack[Limits],
    ) -> BaseRetriever:
        """The archive's search as a LangChain retriever; options and errors are those of ``search``."""
        from rag.retriever import NewsRetriever

        chosen = self._limited(**limits)
        return NewsRetriever(search=partial(self._described, filters=chosen), k=k)

    def as_chain(self) -> Runnable[str, Answer]:
        """The chain that ``ask`` runs, taking a question."""
        from rag.chain import in_a_row

        return in_a_row([("question", self._asked)]) | self._answer_chain()

    def doctor(self, *, repair: bool = False) -> list[str]:
        """What is wrong with the archive, one line each; empty when nothing is. With ``repair``, what still is.

        Raises:
            ArchiveBusy: another process has been writing for too long.
            ArchiveError: it cannot be mended.
        """
        found = mending.findings(self._store)
        if found and repair:
            mending.repair(self._store)
            found = mending.findings(self._store)
        return found

    # Inside

    def _asked(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        as_of: When | None = None,
        k: int = DEFAULT_K,
        deep: bool = False,
        model: Model | None = None,
        verify: Model | None = None,
        repair: bool = True,
        fallback: str | None = None,
        **limits: Unpack[Limits],
    ) -> Ask:
        options.check_question(question, "question")
        options.check_k(k)
        moment = options.as_of(as_of)
        filters = replace(self._limited(**limits), known_at=moment if as_of else None)
        stop = Stop()
        answerer = self._writers.answerer(model, stop, verify=verify, repair=repair, fallback=fallback)
        return Ask(question.strip(), filters, moment, k, answerer, stop, options.remembered(history), deep)

    def _answer_chain(self) -> Runnable[Any, Any]:
        if self._chain is None:
            self._chain = self._chain_to(writing.write)
        return self._chain

    def _chain_to(self, last: Callable[..., Any]) -> Runnable[Any, Any]:
        """The steps of an answer, all that is read of the archive being of one moment."""
        from rag.chain import in_a_row, within

        shelf = shelf_of(self._store)
        reading = [
            ("retrieve", partial(asking.retrieve, shelf=shelf)),
            ("weigh", partial(asking.weigh, shelf=shelf)),
            ("gather", partial(asking.gather, shelf=shelf)),
        ]
        found = within(self._looking, in_a_row(reading), name="find")
        return (
            in_a_row([("understand", asking.understand)]) | found | in_a_row([("write", partial(last, shelf=shelf))])
        )

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """As many questions are looked up at a time as there are cores; all that each reads is of one moment."""
        with self._places, self._store.reading_at_once():
            yield

    def _described(self, query: str, k: int, *, filters: Filters) -> list[tuple[Hit, Article]]:
        options.check_question(query, "query")
        options.check_k(k)
        hits = self._store.search(query, k, filters)
        return [(hit, self._store.catalogue.article(hit.article_id, hit.revision)) for hit in hits]
