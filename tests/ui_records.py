"""Answers and articles made by hand, and an archive of them, for the tests of what shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Event
from weakref import finalize

from rag.errors import ModelError, UnknownArticle
from rag.listing import Listed, Listing, Overview
from rag.records import Answer, Article, Citation, Nearest, Problem, Refusal, Seconds, Standing, Statement
from rag.stopping import Stop
from rag.stream import AnswerStream, Done

AS_OF = datetime(2023, 9, 20, 8, tzinfo=UTC)
PLANT = "The plant is named after Yuri Gagarin."
TRAIN = "The train left at four."


def september(day: int) -> datetime:
    return datetime(2023, 9, day, tzinfo=UTC)


TOUR = Article(
    "tour",
    "Kim tours a plant",
    f"Kim came on Friday.\n\n{PLANT} It builds jets.\n\n{TRAIN}",
    url="https://courier.example/tour",
    source="Amur Courier",
    authors=("Ada Lind",),
    published_at=september(15),
)
COPY = replace(TOUR, id="copy", title="Plant has a guest", source="Northern Post", published_at=september(16))
GIFTS = Article(
    "gifts", "A rifle and a glove", "Each gave a rifle.", source="Pacific Wire", published_at=september(14)
)


def cite(number: int, article: Article, quote: str, *, also: tuple[str, ...] = ()) -> Citation:
    start = article.text.index(quote)
    return Citation(
        number,
        article.id,
        article.revision,
        article.title,
        article.url,
        article.source,
        article.published_at,
        start,
        start + len(quote),
        quote,
        also,
    )


ANSWER = Answer(
    "Who is the plant named after?",
    "extractive",
    AS_OF,
    september(16),
    statements=(
        Statement(PLANT, (1,), "supported"),
        Statement("Both gave rifles.", (2,), "weak", (Problem("wording", "Both", "“Both” is “Each” there"),)),
    ),
    rejected=(
        Statement("Kim bought 12.", (2,), "unsupported", (Problem("number", "12", "no 12 in its cited words"),)),
    ),
    citations=(cite(1, TOUR, PLANT, also=("copy",)), cite(2, GIFTS, "Each gave a rifle."), cite(3, TOUR, TRAIN)),
    seconds=Seconds(total=0.125),
)
REFUSED = Answer(
    "What did Xi say?",
    "extractive",
    AS_OF,
    september(16),
    refusal=Refusal("not_answered", "No article says.", (Nearest("tour", TOUR.title, TOUR.published_at),)),
)


class Shelf:
    """Stands in for an archive: it answers every question alike, and remembers what it was asked."""

    model = "extractive"

    def __init__(self, *articles: Article, answer: Answer = ANSWER) -> None:
        self.asked: list[tuple[str, tuple[object, ...]]] = []
        self._articles = {(one.id, one.revision): one for one in articles or (TOUR, COPY, GIFTS)}
        self._answer = answer
        self.warm = Event()
        self.folder = Path(mkdtemp(prefix="groundwire-shelf-"))
        finalize(self, rmtree, self.folder)

    def warm_up(self) -> None:
        self.warm.set()

    def described(self, model: str | None = None) -> str:
        return model or self.model

    def ask_stream(
        self, question: str, *, history: tuple[object, ...] = (), model: str | None = None
    ) -> AnswerStream:
        self.asked.append((question, history))
        if question.startswith("fail"):
            raise ModelError("No key for 'openai'. Set OPENAI_API_KEY.")
        return AnswerStream(iter([Done(replace(self._answer, question=question))]), Stop())

    def articles(self) -> list[Article]:
        return list(self._articles.values())

    def newest(self, count: int = 50) -> list[Article]:
        return self.articles()[:count]

    def listing(self, *, limit: int = 50) -> Listing:
        listed = [_listed(one) for one in self.articles()][:limit]
        return Listing(tuple(listed), len(self._articles))

    def overview(self) -> Overview:
        return Overview(len(self._articles), 3, september(16))

    def article(self, id: str, revision: int | None = None) -> Article:
        if (id, revision or 1) not in self._articles:
            raise UnknownArticle(f"No article {id!r}.")
        return self._articles[id, revision or 1]

    def standing(self, citation: Citation) -> Standing:
        known = (citation.article_id, citation.revision) in self._articles
        later = (citation.article_id, citation.revision + 1) in self._articles
        return ("revised" if later else "current") if known else "source removed"


def _listed(one: Article) -> Listed:
    return Listed(one.id, one.revision, one.title, one.source, one.published_at, one.language, one.url, one.stub, 0)


class Page(HTMLParser):
    """What a browser would see in a piece of HTML: its elements, its words, and those inside each mark."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked: list[tuple[str, str]] = []
        self._mark: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag == "mark":
            self._mark = dict(attrs)["data-numbers"]

    def handle_endtag(self, tag: str) -> None:
        self._mark = None if tag == "mark" else self._mark

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._mark is not None:
            self.marked.append((self._mark, data))

    @property
    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}

    def quoted(self, number: int) -> str:
        """The words inside the marks of one citation, joined."""
        return "".join(words for numbers, words in self.marked if str(number) in numbers.split())


def skipped(html: str) -> list[tuple[int, int]]:
    """The headings of a document that are more than one level below the heading before them."""
    levels = [int(tag[1]) for tag, _ in Page(html).elements if tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
    return [(above, level) for above, level in pairwise([0, *levels]) if level > above + 1]
