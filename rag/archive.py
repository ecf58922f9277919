"""Archive: the one way in. Wires the parts together; nothing else does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from rag import asking, evidence, options, question, settings
from rag.answer import EXTRACTIVE, Answerer, ExtractiveAnswerer, ModelAnswerer
from rag.asking import Ask, Shelf
from rag.citing import Draft
from rag.embedder import Embedder, open_embedder
from rag.options import When
from rag.question import Question
from rag.records import (
    Answer,
    Article,
    Failure,
    Filters,
    Hit,
    IngestReport,
    Refusal,
    Seconds,
    Summary,
    Turn,
    Unused,
)
from rag.store import Store, check_folder
from rag.summary import ExtractiveSummarizer, ModelSummarizer, Summarizer

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

DEFAULT_K = 10
SUMMARIZED = 20
"""Articles a summary of a query reads at most."""


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
            return store.rebuild()
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
        self, paths: Iterable[str | Path], *, progress: Callable[[IngestReport], None] | None = None
    ) -> IngestReport:
        """Take in files, folders, addresses and standard input (``-``); skip what is known and unchanged.

        What cannot be read is in the report, and the rest goes on.

        Raises:
            ArchiveBusy: another process has been writing for too long.
        """
        from rag.intake import sources

        began = time.perf_counter()
        report = IngestReport()
        self._store.mend()
        for path in paths:
            for read in sources.read(path):
                report = self._take(read, report)
                if progress is not None:
                    progress(report)
        return replace(report, seconds=time.perf_counter() - began)

    def articles(
        self, *, since: When | None = None, until: When | None = None, source: str | None = None
    ) -> list[Article]:
        """Current articles, newest first."""
        return list(self._store.catalogue.articles(options.filters(since, until, source)))

    def article(self, id: str, revision: int | None = None) -> Article:
        """An article's current revision, or the one asked for.

        Raises:
            UnknownArticle: there is none.
        """
        return self._store.catalogue.article(id, revision)

    def remove(self, id: str) -> None:
        """Forget an article and its revisions, in search at once.

        Raises:
            UnknownArticle: there is none.
            ArchiveBusy: another process has been writing for too long.
        """
        self._store.remove(id)

    # Questions

    def ask(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        since: When | None = None,
        until: When | None = None,
        source: str | None = None,
        as_of: When | None = None,
        k: int = DEFAULT_K,
        model: str | None = None,
    ) -> Answer:
        """Answer a question from the articles, every sentence cited and checked, or refuse with the reason.

        Raises:
            UsageError: an argument makes no sense.
            ModelError: the model cannot be used.
        """
        from rag.chain import private

        ask = self._asked(question, history, since, until, source, as_of, k, model)
        with private():
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
    ) -> list[Hit]:
        """The ``k`` passages that fit a query best.

        Raises:
            UsageError: the query is empty or too long, or ``k`` is less than 1.
        """
        options.check_question(query, "query")
        options.check_k(k)
        return self._store.search(query, k, options.filters(since, until, source))

    def summarize(
        self,
        ids: Sequence[str] = (),
        *,
        query: str | None = None,
        since: When | None = None,
        until: When | None = None,
        source: str | None = None,
        sentences: int | None = None,
        words: int | None = None,
        as_of: When | None = None,
        model: str | None = None,
    ) -> Summary:
        """Summarise whole articles: those named, those that fit a query, or those that the filters admit.

        Raises:
            UnknownArticle: an id is unknown.
            UsageError: a length is less than 1.
        """
        began = time.perf_counter()
        moment = options.as_of(as_of)
        length = options.length(sentences, words)
        filters = replace(options.filters(since, until, source), known_at=moment if as_of else None)
        articles, unused = self._to_summarize(ids, query, filters)
        writer = self._summarizer(model)
        draft = writer.summarize(articles, length=length, subject=query) if articles else _nothing(query)
        used = tuple(dict.fromkeys(citation.article_id for citation in draft.citations))
        unused += [_unused(one, "no room in the length asked for") for one in articles if one.id not in used]
        spent = time.perf_counter() - began
        return Summary(
            model=writer.name,
            as_of=moment,
            newest=max((one.published_at for one in articles if one.published_at), default=None),
            statements=draft.statements,
            rejected=draft.rejected,
            citations=draft.citations,
            used=used,
            unused=tuple(unused),
            refusal=draft.refusal,
            usage=draft.usage,
            seconds=Seconds(answer=spent - draft.seconds, verify=draft.seconds, total=spent),
        )

    def check_model(self) -> None:
        """Refuse a model that cannot be used before anything is asked of it.

        Raises:
            ModelError: the model is unknown, or has no key.
        """
        self._answerer(None)

    # Other programs

    def as_retriever(self, k: int = DEFAULT_K) -> BaseRetriever:
        """The archive's search as a LangChain retriever."""
        from rag.retriever import NewsRetriever

        return NewsRetriever(search=self._described, k=k)

    def as_chain(self) -> Runnable[str, Answer]:
        """The chain that ``ask`` runs, taking a question."""
        from rag.chain import in_a_row

        return in_a_row([("question", self._plain)]) | self._answer_chain()

    def doctor(self) -> list[str]:
        """What is wrong with the archive, one line each; empty when nothing is."""
        return self._store.findings()

    # Inside

    def _take(self, read: Article | Failure, report: IngestReport) -> IngestReport:
        if isinstance(read, Failure):
            return replace(report, failed=(*report.failed, read))
        match self._store.take(read):
            case "added":
                return replace(report, added=report.added + 1)
            case "updated":
                return replace(report, updated=report.updated + 1)
            case _:
                return replace(report, skipped=report.skipped + 1)

    def _asked(
        self,
        question: str,
        history: Sequence[Turn],
        since: When | None,
        until: When | None,
        source: str | None,
        as_of: When | None,
        k: int,
        model: str | None,
    ) -> Ask:
        options.check_question(question, "question")
        options.check_k(k)
        moment = options.as_of(as_of)
        filters = replace(options.filters(since, until, source), known_at=moment if as_of else None)
        return Ask(question.strip(), filters, moment, k, self._answerer(model), tuple(history))

    def _plain(self, question: str) -> Ask:
        return self._asked(question, (), None, None, None, None, DEFAULT_K, None)

    def _answer_chain(self) -> Runnable[Any, Any]:
        if self._chain is None:
            from rag.chain import in_a_row

            catalogue = self._store.catalogue
            shelf = Shelf(
                search=self._store.search,
                article=catalogue.article,
                current=catalogue.article,
                carriers=catalogue.cluster,
                newest=catalogue.newest,
                weigh=self._weigh,
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

    def _described(self, query: str, k: int) -> list[tuple[Hit, dict[str, Any]]]:
        described = []
        for hit in self.search(query, k=k):
            article = self._store.catalogue.article(hit.article_id, hit.revision)
            metadata = {
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
            described.append((hit, metadata))
        return described

    def _weigh(self, asked: Question, sentences: Sequence[evidence.Sentence]) -> list[evidence.Evidence]:
        return evidence.weigh(asked, sentences, rarity=self._store.rarity, embedder=self._store.embedder)

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

    def _to_summarize(
        self, ids: Sequence[str], query: str | None, filters: Filters
    ) -> tuple[list[Article], list[Unused]]:
        """The articles a summary reads, one of each report's near-copies, and what that leaves out."""
        if ids:
            found = [self._store.catalogue.article(id) for id in dict.fromkeys(ids)]
        elif query is not None:
            options.check_question(query, "query")
            hits = self._store.search(query, 5 * SUMMARIZED, filters)
            on_topic = evidence.on_subject(
                question.read(query), hits, self._store.catalogue.article, self._store.rarity
            )
            found = [self._store.catalogue.article(id) for id in on_topic[:SUMMARIZED]]
        else:
            found = list(self._store.catalogue.articles(filters))
        kept: dict[str, Article] = {}
        unused = []
        for article in found:
            name = self._store.catalogue.cluster_name(article.id)
            if name in kept:
                unused.append(_unused(article, f"carries the same report as '{kept[name].id}'"))
            else:
                kept[name] = article
        return list(kept.values()), unused


def _nothing(query: str | None) -> Draft:
    if query is not None:
        message = f"There is no article about '{query}' to summarise within the filters given."
        return Draft(refusal=Refusal("off_topic", message))
    return Draft(refusal=Refusal("filtered_out", "There is no article to summarise within the filters given."))


def _unused(article: Article, reason: str) -> Unused:
    return Unused(article.id, article.title, reason)
