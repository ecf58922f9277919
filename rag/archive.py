"""Archive: the one way in. Wires the parts together; nothing else does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rag import asking, evidence, mending, options, outlets, settings, summarizing
from rag.answer import EXTRACTIVE, Answerer, ExtractiveAnswerer, ModelAnswerer
from rag.asking import Ask, Shelf
from rag.clusters import Cluster
from rag.embedder import BundledEmbedder, Embedder, bundled_embedder, open_embedder
from rag.folder import check_folder
from rag.options import When
from rag.reader import open_reader
from rag.records import Answer, Article, Citation, Filters, Hit, IngestReport, Removed, Standing, Summary, Turn
from rag.store import Store
from rag.summary import ExtractiveSummarizer, ModelSummarizer, Summarizer

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

DEFAULT_K = 10


class Archive:
    """A folder of articles that can be searched, asked and summarised. Safe to share between threads."""

    def __init__(self, folder: Path, *, model: str | None, embedder: Embedder) -> None:
        """Use ``Archive.open``."""
        self.folder = folder
        self.model = settings.model_name(model)
        self._store = Store(folder, embedder)
        self._store.check_embedder()
        self._models: dict[str, Callable[..., Any]] = {}
        self._chain: Runnable[Any, Any] | None = None

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        model: str | None = None,
        embeddings: str | None = None,
        create: bool = True,
    ) -> Self:
        """Open the archive in a folder, or begin one there.

        Raises:
            ArchiveError: the folder is not an archive, is from a newer version, cannot be written, or was built
                with another embedder.
        """
        folder = settings.archive_folder(path)
        check_folder(folder, create=create)
        return cls(folder, model=model, embedder=open_embedder(settings.embedder_name(embeddings)))

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

    def articles(
        self,
        *,
        since: When | None = None,
        until: When | None = None,
        source: str | None = None,
        language: str | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Article]:
        """Current articles, newest first; options and errors are those of ``search``."""
        chosen = self._known(options.filters(since, until, source, language, article))
        return list(self._store.catalogue.articles(chosen))

    def outlets(self) -> list[str]:
        """Outlets of the articles, in order."""
        return self._store.catalogue.sources()

    def article(self, id: str, revision: int | None = None) -> Article:
        """An article's current revision, or the one asked for.

        Raises:
            UnknownArticle: there is none.
        """
        return self._store.catalogue.article(id, revision)

    def revisions(self, id: str) -> list[Article]:
        """Every revision of an article, the first one first.

        Raises:
            UnknownArticle: there is none.
        """
        return self._store.catalogue.revisions(id)

    def removed(self, id: str, revision: int | None = None) -> list[Removed]:
        """What cleaning took out of an article, and why.

        Raises:
            UnknownArticle: there is none.
        """
        return self._store.catalogue.removed(id, revision)

    def cluster(self, id: str) -> Cluster:
        """The articles that carry the same report as one, which of them is the original, and why.

        Raises:
            UnknownArticle: there is none.
        """
        self._store.catalogue.article(id)
        return self._store.clusters.of(id)

    def clusters(self) -> list[Cluster]:
        """Reports that several articles carry, those with the most carriers first."""
        return self._store.clusters.shared()

    def standing(self, citation: Citation) -> Standing:
        """What became of an article since it was cited."""
        return self._store.catalogue.standing(citation)

    def remove(self, *ids: str) -> None:
        """Forget articles and all their revisions, in search at once; none, if one of them is unknown.

        Raises:
            UnknownArticle: there is none.
            ArchiveBusy: another process has been writing for too long.
        """
        self._store.remove(list(dict.fromkeys(ids)))

    # Questions

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        since: When | None = None,
        until: When | None = None,
        source: str | None = None,
        language: str | None = None,
        article: str | Sequence[str] | None = None,
        as_of: When | None = None,
        k: int = DEFAULT_K,
        model: str | None = None,
    ) -> Answer:
        """Answer a question from the articles, every sentence cited and checked, or refuse with the reason.

        Raises:
            UnknownArticle: ``article`` is or holds an unknown id.
            UsageError: an argument makes no sense.
            ModelError: the model cannot be used.
        """
        from rag.chain import private

        chosen = self._known(options.filters(since, until, source, language, article))
        ask = self._asked(question, history, chosen, as_of, k, model)
        with private(), self._store.reading_at_once():
            answer: Answer = self._answer_chain().invoke(ask)
        return answer

    async def aask(self, question: str, **chosen: Any) -> Answer:
        """``ask``, awaited; the same options."""
        return await asyncio.to_thread(partial(self.ask, question, **chosen))

    def batch(self, questions: Sequence[str], **chosen: Any) -> list[Answer]:
        """``ask`` for each of several questions, with the same options."""
        return [self.ask(question, **chosen) for question in questions]

    def search(
        self,
        query: str,
        *,
        k: int = DEFAULT_K,
        since: When | None = None,
        until: When | None = None,
        source: str | None = None,
        language: str | None = None,
        article: str | Sequence[str] | None = None,
    ) -> list[Hit]:
        """The ``k`` passages that fit a query best.

        Raises:
            UnknownArticle: ``article`` is or holds an unknown id.
            UsageError: the query is empty or too long, or ``k`` is less than 1.
        """
        options.check_question(query, "query")
        options.check_k(k)
        return self._store.search(query, k, self._known(options.filters(since, until, source, language, article)))

    def summarize(
        self,
        ids: Sequence[str] = (),
        *,
        query: str | None = None,
        since: When | None = None,
        until: When | None = None,
        source: str | None = None,
        language: str | None = None,
        article: str | Sequence[str] | None = None,
        sentences: int | None = None,
        words: int | None = None,
        as_of: When | None = None,
        model: str | None = None,
    ) -> Summary:
        """Summarise whole articles: those named, those that fit a query, or those that the filters admit.

        Raises:
            UnknownArticle: an id is unknown.
            UsageError: an option makes no sense, such as a length less than 1.
        """
        began = time.perf_counter()
        moment = options.as_of(as_of)
        length = options.length(sentences, words)
        chosen = self._known(options.filters(since, until, source, language, article))
        filters = replace(chosen, known_at=moment if as_of else None)
        with self._store.reading_at_once():
            articles, unused = summarizing.choose(self._store, ids, query, filters)
        return summarizing.summarize(
            articles,
            unused,
            writer=self._summarizer(model),
            length=length,
            subject=query,
            missing=None if articles or source is None else outlets.missing(source, self.outlets()),
            as_of=moment,
            began=began,
        )

    def check_model(self) -> None:
        """Refuse a model that cannot be used before anything is asked of it.

        Raises:
            ModelError: the model is unknown, or has no key.
        """
        self._answerer(None)

    # Other programs

    def as_retriever(
        self,
        k: int = DEFAULT_K,
        *,
        since: When | None = None,
        until: When | None = None,
        source: str | None = None,
        language: str | None = None,
        article: str | Sequence[str] | None = None,
    ) -> BaseRetriever:
        """The archive's search as a LangChain retriever; options and errors are those of ``search``."""
        from rag.retriever import NewsRetriever

        chosen = self._known(options.filters(since, until, source, language, article))
        return NewsRetriever(search=partial(self._described, filters=chosen), k=k)

    def as_chain(self) -> Runnable[str, Answer]:
        """The chain that ``ask`` runs, taking a question."""
        from rag.chain import in_a_row

        return in_a_row([("question", self._plain)]) | self._answer_chain()

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
        self, question: str, history: Sequence[Turn], chosen: Filters, as_of: When | None, k: int, model: str | None
    ) -> Ask:
        options.check_question(question, "question")
        options.check_k(k)
        moment = options.as_of(as_of)
        filters = replace(chosen, known_at=moment if as_of else None)
        return Ask(question.strip(), filters, moment, k, self._answerer(model), tuple(history))

    def _plain(self, question: str) -> Ask:
        return self._asked(question, (), Filters(), None, DEFAULT_K, None)

    def _known(self, chosen: Filters) -> Filters:
        for id in chosen.article_ids or ():
            self._store.catalogue.article(id)
        return chosen

    def _answer_chain(self) -> Runnable[Any, Any]:
        if self._chain is None:
            from rag.chain import in_a_row

            catalogue = self._store.catalogue
            shelf = Shelf(
                search=self._store.search,
                article=catalogue.article,
                current=catalogue.article,
                carriers=self._store.clusters.carriers,
                admits=self._store.words.admits,
                holds=catalogue.holds,
                newest=catalogue.newest,
                outlets=self.outlets,
                weigh=partial(
                    evidence.weigh, rarity=self._store.rarity, embedder=bundled_embedder(), reader=open_reader()
                ),
                english_only=self._store.embedder.name == BundledEmbedder.name,
            )
            self._chain = in_a_row(
                [
                    ("understand", asking.understand),
                    ("retrieve", partial(asking.retrieve, shelf=shelf)),
                    ("weigh", partial(asking.weigh, shelf=shelf)),
                    ("write", partial(asking.write, shelf=shelf)),
                ]
            )
        return self._chain

    def _described(self, query: str, k: int, *, filters: Filters) -> list[tuple[Hit, Article]]:
        options.check_question(query, "query")
        options.check_k(k)
        hits = self._store.search(query, k, filters)
        return [(hit, self._store.catalogue.article(hit.article_id, hit.revision)) for hit in hits]

    def _answerer(self, model: str | None) -> Answerer:
        name = model or self.model
        return ExtractiveAnswerer() if name == EXTRACTIVE else ModelAnswerer(name, self._complete(name))

    def _summarizer(self, model: str | None) -> Summarizer:
        name = model or self.model
        if name == EXTRACTIVE:
            return ExtractiveSummarizer(self._store.embedder)
        return ModelSummarizer(name, self._complete(name))

    def _complete(self, name: str) -> Callable[..., Any]:
        if name not in self._models:
            from rag.chat_model import open_model

            self._models[name] = open_model(name)
        return self._models[name]
