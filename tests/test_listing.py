"""Lists of articles, a page at a time: the same as filtering and sorting all of them in plain Python."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stories import OTHER, REPORT, Letters, march, story

from rag.archive import Archive
from rag.errors import UnknownArticle, UsageError
from rag.folder import check_folder
from rag.folding import folded
from rag.listing import Listed, Overview
from rag.records import Article
from rag.schema import VERSION

TITLES = (
    "Harbour opens",
    "harbour closes",
    "Élection à Besançon",
    "选举在台北",
    "Выборы",
    "İstanbul'da 40% grève",
    "",
)
SOURCES = ("Courier", "courier", "Le Réveil", None)
LANGUAGES = ("en", "fr", None)
ARTICLES = [
    Article(
        f"{'Ab'[number % 2]}{number}",
        title,
        f"Ships numbered {number} sailed past the {title} quay.",
        f"https://paper.example/{number}",
        SOURCES[number % 4],
        published_at=march(1 + number % 6) if number % 5 else None,
        language=LANGUAGES[number % 3],
    )
    for number, (title, _) in enumerate(product(TITLES, range(4)))
]
WORDS = ("harbour", "HARBOUR", "our", "election", "besançon", "举", "台北", "ВЫБОРЫ", "istanbul", "40%", "a1", "reveil", "*", "nowhere")  # fmt: skip
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "source": st.sampled_from(("COURIER", "Le Réveil", "Herald")),
        "language": st.sampled_from(("en", "FR", "de")),
        "since": st.integers(1, 7).map(march),
        "until": st.just(march(4)),
        "article": st.lists(st.sampled_from([one.id for one in ARTICLES]), min_size=1, max_size=8),
    },
).filter(lambda chosen: chosen.get("since", march(1)) <= chosen.get("until", march(7)))


def opened(folder: Path, *articles: Article) -> Archive:
    check_folder(folder, create=True)
    archive = Archive(folder, model="extractive", embedder=Letters())
    for article in articles:
        archive._store.take(article)
    return archive


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with opened(tmp_path_factory.mktemp("filled") / "archive", *ARTICLES) as archive:
        yield archive


def ids(articles: Sequence[Article | Listed]) -> list[str]:
    return [one.id for one in articles]


def key(sort: str, article: Article) -> tuple[bool, Any]:
    """Nothing to be sorted by comes last."""
    if sort in ("newest", "oldest"):
        seconds = article.published_at.timestamp() if article.published_at else None
        return seconds is None, (seconds or 0) * (-1 if sort == "newest" else 1)
    name = folded(article.title) if sort == "title" else (article.source or "").lower()
    return not name, name


@settings(max_examples=150)
@given(LIMITS, st.lists(st.sampled_from(WORDS), max_size=2), st.sampled_from(("newest", "oldest", "title", "outlet")))
def test_a_listing_is_what_filtering_and_sorting_all_articles_gives(
    filled: Archive, limits: dict[str, Any], words: list[str], sort: str
) -> None:
    every = filled.articles(**limits)
    held = [
        one
        for one in every
        if all(folded(word) in folded(f"{one.title} {one.source or ''} {one.id}") for word in words)
    ]
    wanted = ids(sorted(held, key=lambda one: (key(sort, one), one.id)))
    for offset, limit in ((0, 200), (0, 3), (3, 3), (len(wanted), 1)):
        found = filled.listing(query=" ".join(words), sort=sort, offset=offset, limit=limit, **limits)
        assert ids(found.articles) == wanted[offset : offset + limit]
        assert found.total == len(wanted)


def test_what_is_listed_is_what_the_article_says(filled: Archive) -> None:
    for listed in filled.listing(limit=200).articles:
        one = filled.article(listed.id)
        fields = (one.id, one.revision, one.title, one.source, one.published_at, one.language, one.url, one.stub)
        assert listed == Listed(*fields, copies=0)


@pytest.mark.parametrize(
    "query",
    [
        "ELECTION",
        "élection",
        "besancon election",
        "e\u0301lection",
        "选举",
        "ыборы",
        "istanbul",
        "reveil",
        "0% GREVE",
    ],
)
def test_words_are_found_in_any_script_and_case_with_or_without_accents(filled: Archive, query: str) -> None:
    assert filled.listing(query=query).total > 0


def test_what_looks_like_a_pattern_is_taken_as_it_stands(filled: Archive) -> None:
    assert [filled.listing(query=query).total for query in ("%", "_", "*", "' OR 1 --", "\0")] == [4, 0, 0, 0, 28]


def test_the_other_carriers_of_a_report_are_counted(tmp_path: Path) -> None:
    carriers = [story(id, source=id, published_at=march(2)) for id in ("a", "b", "c")]
    stubs = [story(id, f"Read {id} on.", title=id, stub="paywall") for id in ("s", "t")]
    with opened(tmp_path / "archive", *carriers, story("other", OTHER), *stubs) as archive:
        listed = archive.listing().articles
    assert {one.id: one.copies for one in listed} == {"a": 2, "b": 2, "c": 2, "other": 0, "s": 0, "t": 0}


def test_a_revised_article_is_listed_as_it_is_now(tmp_path: Path) -> None:
    with opened(tmp_path / "archive", story("a"), story("a", OTHER, title="Comet seen", source="Herald")) as archive:
        (listed,) = archive.listing(query="comet herald").articles
        assert (listed.revision, listed.title) == (2, "Comet seen")
        assert archive.listing(query="harbour").total == 0


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"sort": "oddest"}, r"no sort 'oddest'\. Sorts are newest, oldest, title, outlet"),
        ({"offset": -1}, r"offset is -1; .* 0 or more"),
        ({"offset": 2**63}, r"offset is"),
        ({"limit": 0}, r"limit is 0; .* from 1 to 200"),
        ({"limit": 201}, r"limit is 201"),
        ({"query": "x" * 501}, r"query has 501 characters; at most 500"),
    ],
)
def test_a_page_that_makes_no_sense_is_refused(filled: Archive, chosen: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        filled.listing(**chosen)


def test_as_many_words_as_a_query_holds_are_looked_up(filled: Archive) -> None:
    assert filled.listing(query=" ".join(chr(0x4E00 + number) for number in range(250))).total == 0


def test_an_unknown_article_is_refused(filled: Archive) -> None:
    with pytest.raises(UnknownArticle):
        filled.listing(article="nothing")


def test_the_overview_counts_articles_and_outlets_and_knows_the_newest(filled: Archive, archive: Archive) -> None:
    assert filled.overview() == Overview(28, 2, march(6))
    assert filled.outlets() == ["Courier", "Le Réveil"]
    assert filled.languages() == ["en", "fr"]
    assert archive.overview() == Overview(0, 0, None)
    assert (archive.languages(), archive.outlets(), archive.newest(), archive.listing().total) == ([], [], [], 0)


def test_the_newest_are_the_first_of_all(filled: Archive) -> None:
    assert filled.newest(5) == filled.articles()[:5]
    assert filled.newest(100) == filled.articles()


@given(st.text(), st.text())
def test_folding_is_done_once(text: str, other: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(text).split() == folded(f"  {text}\n").split()


def test_an_archive_of_the_third_version_is_listed_when_opened(tmp_path: Path) -> None:
    with opened(tmp_path / "archive", *ARTICLES) as archive:
        wanted = [archive.listing(query="harbour", sort=sort, limit=200) for sort in ("title", "outlet")]
    _lead_back(tmp_path / "archive" / "catalogue.sqlite3")
    with opened(tmp_path / "archive") as archive:
        assert [archive.listing(query="harbour", sort=sort, limit=200) for sort in ("title", "outlet")] == wanted
        assert archive.languages() == ["en", "fr"]
        assert archive.doctor() == []
        assert archive._store.database.row("PRAGMA user_version") == (VERSION,)
        archive._store.take(replace(story("new", REPORT), title="Harbour anew"))
        assert archive.listing(query="anew").total == 1


def _lead_back(path: Path) -> None:
    """Make the catalogue one of version 3."""
    with closing(sqlite3.connect(path)) as db:
        for name in ("published", "heading", "source", "language"):
            db.execute(f"DROP INDEX articles_{name}")
        for name in ("language", "heading", "sought"):
            db.execute(f"ALTER TABLE articles DROP COLUMN {name}")
        db.execute("CREATE INDEX articles_published ON articles (published_at)")
        db.execute("CREATE INDEX revisions_language ON revisions (article_id, revision, language)")
        db.execute("PRAGMA user_version = 3")
        db.commit()
