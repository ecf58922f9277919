"""The catalogue keeps articles, their revisions, and that they were there once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag.catalogue import Catalogue, Known
from rag.database import Database
from rag.errors import UnknownArticle
from rag.records import Article, Citation, Filters, Removed
from rag.schema import CATALOGUE

KIM = Article(
    id="kim",
    title="Kim visits",
    text="Kim visited a plant. He saw jets.",
    url="https://courier.example/kim",
    source="Courier",
    authors=("A. Writer",),
    published_at=datetime(2023, 9, 15, 8, tzinfo=UTC),
    modified_at=datetime(2023, 9, 16, 8, tzinfo=UTC),
    language="en",
    description="A visit.",
    origin="/news/kim.txt",
    canonical="https://wire.example/kim",
    stub="paywall",
)
LEFT = replace(KIM, title="Kim leaves", text="Kim left by train.", revision=2)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    database = Database(tmp_path / "catalogue.sqlite3", CATALOGUE)
    yield Catalogue(database)
    database.close()


def cited(article: Article, quote: str) -> Citation:
    start = article.text.index(quote)
    where = (article.title, article.url, article.source, article.published_at)
    return Citation(1, article.id, article.revision, *where, start, start + len(quote), quote)


def test_an_article_comes_back_as_it_was_put(catalogue: Catalogue) -> None:
    catalogue.put(KIM)
    assert catalogue.article("kim") == KIM


def test_a_revision_becomes_the_current_one_and_the_old_one_is_kept(catalogue: Catalogue) -> None:
    catalogue.put(KIM)
    catalogue.put(LEFT)
    assert catalogue.article("kim") == LEFT
    assert catalogue.article("kim", 1) == KIM
    assert catalogue.revisions("kim") == [KIM, LEFT]
    assert (catalogue.count(), catalogue.ids()) == (1, ["kim"])


@pytest.mark.parametrize(
    ("other", "is_known"),
    [
        (Article("kim", "x", "y"), True),
        (Article("new", "x", "y", url=KIM.url), True),
        (Article("new", "x", "y", url="https://courier.example/other"), False),
        (Article("new", "x", "y", origin=KIM.origin), False),
        (Article("new", "x", "y"), False),
    ],
)
def test_an_article_is_known_again_by_id_or_address(catalogue: Catalogue, other: Article, is_known: bool) -> None:
    catalogue.put(KIM)
    known = catalogue.match(other)
    assert (known and known.id) == (KIM.id if is_known else None)


def test_an_article_without_address_is_known_again_by_where_it_was_read(catalogue: Catalogue) -> None:
    catalogue.put(replace(KIM, url=None))
    known = catalogue.match(Article("new", "x", "y", origin=KIM.origin))
    assert known is not None
    assert known.id == "kim"
    assert catalogue.match(Article("new", "x", "y", origin=KIM.origin, url=KIM.url)) is None


def test_the_id_counts_before_the_address(catalogue: Catalogue) -> None:
    catalogue.put(KIM)
    catalogue.put(Article("another", "x", "y", url="https://courier.example/other"))
    known = catalogue.match(Article("another", "x", "y", url=KIM.url))
    assert known is not None
    assert known.id == "another"


def test_what_is_held_already_is_told_by_its_digest(catalogue: Catalogue) -> None:
    catalogue.put(KIM)
    twin = replace(KIM, id="new", url=None, origin=None)
    catalogue.put(replace(KIM, id="addressless", url=None, origin=None))
    assert catalogue.match(twin) == Known("addressless", 1, twin.digest)
    assert catalogue.match(replace(twin, text="Kim left by train.")) is None


def test_what_cleaning_took_out_is_kept_a_revision(catalogue: Catalogue) -> None:
    banner = Removed("We use cookies – “all” of them.", "cookie banner")
    catalogue.put(KIM, removed=[banner])
    catalogue.put(LEFT)
    assert catalogue.removed("kim") == []
    assert catalogue.removed("kim", 1) == [banner]
    with pytest.raises(UnknownArticle, match="'kim' in revision 3"):
        catalogue.removed("kim", 3)


def test_a_removed_article_is_gone_with_all_revisions_and_the_day_is_named(catalogue: Catalogue) -> None:
    catalogue.put(KIM)
    catalogue.put(LEFT)
    catalogue.remove("kim")
    day = catalogue.gone("kim")
    assert day is not None
    for missing in (catalogue.article, catalogue.revisions, catalogue.removed, catalogue.remove):
        with pytest.raises(UnknownArticle, match=f"'kim' was removed on {day:%Y-%m-%d}"):
            missing("kim")
    assert catalogue.count() == 0


def test_an_article_that_came_back_is_not_gone(catalogue: Catalogue) -> None:
    catalogue.put(KIM)
    catalogue.remove("kim")
    catalogue.put(KIM)
    assert catalogue.gone("kim") is None


def test_a_citation_is_current_then_revised_then_without_source(catalogue: Catalogue) -> None:
    citation = cited(KIM, "He saw jets.")
    catalogue.put(KIM)
    assert catalogue.standing(citation) == "current"
    catalogue.put(LEFT)
    assert catalogue.standing(citation) == "revised"
    catalogue.remove("kim")
    assert catalogue.standing(citation) == "source removed"


def test_an_article_that_came_back_with_other_words_is_not_what_was_cited(catalogue: Catalogue) -> None:
    catalogue.put(replace(KIM, text="Kim stayed at home. He saw nobody."))
    assert catalogue.standing(cited(KIM, "He saw jets.")) == "source removed"


def test_articles_are_listed_newest_first_and_those_without_a_date_last(catalogue: Catalogue) -> None:
    for id, day in (("b", 14), ("c", None), ("a", 14), ("d", 16)):
        time = day and datetime(2023, 9, day, tzinfo=UTC)
        catalogue.put(replace(KIM, id=id, published_at=time))
    assert [article.id for article in catalogue.articles(Filters())] == ["d", "a", "b", "c"]
    assert catalogue.newest(Filters()) == datetime(2023, 9, 16, tzinfo=UTC)
    assert catalogue.newest(Filters(until=datetime(2023, 9, 15, tzinfo=UTC))) == datetime(2023, 9, 14, tzinfo=UTC)


def test_filters_are_inclusive_and_ignore_the_case_of_the_outlet(catalogue: Catalogue) -> None:
    catalogue.put(KIM)
    moment = KIM.published_at
    assert list(catalogue.articles(Filters(since=moment, until=moment, source="courier", article_ids=("kim",))))
    assert list(catalogue.articles(Filters(source="Gazette"))) == []
    assert list(catalogue.articles(Filters(article_ids=("xi",)))) == []
    assert list(catalogue.articles(Filters(known_at=datetime(2023, 9, 14, tzinfo=UTC)))) == []


def test_the_language_of_the_current_revision_counts_in_any_case(catalogue: Catalogue) -> None:
    catalogue.put(replace(KIM, language="de"))
    catalogue.put(replace(KIM, language="en", revision=2))
    assert [one.id for one in catalogue.articles(Filters(language="EN"))] == ["kim"]
    assert list(catalogue.articles(Filters(language="de"))) == []
    catalogue.put(replace(KIM, language=None, revision=3))
    assert list(catalogue.articles(Filters(language="en"))) == []


def test_every_change_is_a_new_generation(catalogue: Catalogue) -> None:
    before = catalogue.generation
    catalogue.next_generation()
    assert catalogue.generation > before


def test_an_unknown_article_is_named_with_what_to_do(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownArticle, match=r"No article 'xi'.*articles list"):
        catalogue.article("xi")
