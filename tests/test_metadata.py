from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.intake.metadata import article, describe, stated_text
from rag.records import Article, Removed

TEXT = "Nine ships came in."
PLACE = "https://post.example/news/1?page=2"


def stating(address: str | None = None, **fields: object) -> Article:
    return article({"title": "Harbour"} | fields, TEXT, address=address)


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "T", "text": "B.", "url": "https://a.example/1", "source": "S", "authors": ["A", "B"]},
        {"title": "T", "maintext": "B.", "url": "https://a.example/1", "source_domain": "S", "authors": ["A", "B"]},
        {"headline": "T", "articleBody": "B.", "link": "https://a.example/1", "publisher": {"name": "S"},
         "byline": "By A; B"},
        {"title": "T", "text": None, "body": "B.", "url": "https://a.example/1", "outlet": "S",
         "author": [{"name": "A"}, {"name": "B"}]},
    ],
)  # fmt: skip
def test_fields_may_have_the_names_of_news_please_and_json_ld(fields: dict[str, object]) -> None:
    found = article(fields, stated_text(fields))
    assert (found.title, found.text, found.url) == ("T", "B.", "https://a.example/1")
    assert (found.source, found.authors) == ("S", ("A", "B"))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2024-02-28", datetime(2024, 2, 28)),
        ("2024-02-28T08:00:00+01:00", datetime(2024, 2, 28, 7)),
        ("2024-02-28T08:00:00Z", datetime(2024, 2, 28, 8)),
        ("Wed, 28 Feb 2024 08:00:00 -0500", datetime(2024, 2, 28, 13)),
        ("Wed, 28 Feb 2024 08:00:00 EST", datetime(2024, 2, 28, 13)),
        ("15 September 2023", datetime(2023, 9, 15)),
        ("Sept. 15, 2023", datetime(2023, 9, 15)),
        ("28/02/2024", datetime(2024, 2, 28)),
        (1709107200, datetime(2024, 2, 28, 8)),
        (1709107200000, datetime(2024, 2, 28, 8)),
        ("1709107200", datetime(2024, 2, 28, 8)),
    ],
)
def test_times_are_read_as_utc(stated: object, expected: datetime) -> None:
    assert stating(published_at=stated).published_at == expected.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "stated",
    ["soon", "3/4/2023", "September 2023", "10:30", "", [], True, 1e300, "9999-99-99", "0001-01-01T00:00+09:00"],
)
def test_a_time_that_names_no_certain_day_is_none(stated: object) -> None:
    assert stating(published_at=stated).published_at is None


@pytest.mark.parametrize("bad", ["a b", "x" * 81, "../x\n", "é", 1.5, [1], True])
def test_a_bad_id_is_refused(bad: object) -> None:
    with pytest.raises(InputError, match="Bad id"):
        stating(id=bad)


def test_a_good_id_is_kept() -> None:
    assert stating(id="rtqa-00017").id == "rtqa-00017"
    assert stating(id=17).id == "17"


def test_articles_of_other_addresses_have_other_ids() -> None:
    assert stating(url="https://a.example").id != stating().id


def test_an_article_without_title_takes_its_first_line_cut_to_100_characters() -> None:
    found = article({}, "Nine ships " * 30 + "\n\nTwo tugs.")
    assert found.title.startswith("Nine ships Nine")
    assert found.title.endswith("…")
    assert len(found.title) <= 100 < len(found.text)


def test_an_address_that_could_run_code_is_dropped() -> None:
    assert stating(url="javascript:alert(1)").url is None
    assert stating(url='https://a.example/"onclick=').url is None


@pytest.mark.parametrize(
    "stated",
    ["https://post.example/news/1", "http://www.post.example/1", "https://post.example:8443/1"],
)
def test_a_fetched_article_may_state_an_address_of_its_own_host(stated: str) -> None:
    assert stating(PLACE, url=stated).url == stated


@pytest.mark.parametrize(
    "stated",
    [
        "https://times.example/1",
        "https://notpost.example/1",
        "https://post.example.evil.example/1",
        "https://post.example@times.example/1",
        "https://times.example\\@post.example/1",
        "https://times.example\\.post.example/1",
        "https://[/1",
        "https:///1",
        "/news/1",
        None,
    ],
)
def test_a_fetched_article_cannot_claim_the_address_of_another_host(stated: str | None) -> None:
    assert stating(PLACE, url=stated).url == PLACE


PLAIN = "https://post.example/news/1"


@pytest.mark.parametrize(
    ("fields", "address", "url", "canonical"),
    [
        ({"url": PLAIN, "canonical": "https://times.example/1"}, None, PLAIN, "https://times.example/1"),
        ({"canonical": "https://times.example/1"}, PLAIN, PLAIN, "https://times.example/1"),
        ({"canonical": "https://www.post.example/n1"}, PLAIN, "https://www.post.example/n1", None),
        ({"url": PLAIN, "canonical": "https://post.example/n1"}, None, "https://post.example/n1", None),
        ({"canonical": "https://times.example/1"}, None, "https://times.example/1", None),
        ({"canonical": "https://times.example/"}, PLAIN, PLAIN, None),
        ({"mainEntityOfPage": {"@type": "WebPage", "@id": "https://times.example/1"}}, PLAIN, PLAIN, "https://times.example/1"),
        ({"mainEntityOfPage": True}, PLAIN, PLAIN, None),
        ({}, "https://POST.example/news/1?utm_source=rss#top", PLAIN, None),
        ({}, "https://post.example/dump.jsonl#L12", "https://post.example/dump.jsonl#L12", None),
    ],
)  # fmt: skip
def test_the_address_of_another_outlet_is_kept_apart(
    fields: dict[str, object], address: str | None, url: str, canonical: str | None
) -> None:
    found = stating(address, **fields)
    assert (found.url, found.canonical) == (url, canonical)


def test_the_same_address_with_tracking_is_the_same_article() -> None:
    assert stating(url=f"{PLAIN}?utm_source=rss").id == stating(url=f"{PLAIN}#top").id == stating(url=PLAIN).id


def test_what_was_removed_and_set_aside_is_told() -> None:
    found = describe(
        {"title": "Harbour", "published_at": "2099-01-01"},
        "Harbour\n\nNine ships came in.\n\nShare on Facebook\n\nGetty Images",
        removed=[Removed("Home", "outside the article")],
        now=datetime(2024, 3, 5, tzinfo=UTC),
    )
    assert found.article.text == "Nine ships came in."
    assert [(line.text, line.reason) for line in found.removed] == [
        ("Harbour", "repeated headline"),
        ("Share on Facebook", "share buttons"),
        ("Getty Images", "photo credit"),
        ("Home", "outside the article"),
    ]
    assert found.notes == ("published 2099-01-01 lies in the future; taken in without a date",)


def test_the_path_of_the_address_dates_an_article_that_states_no_time() -> None:
    dated = "https://post.example/2024/03/05/harbour"
    assert stating(url=dated).published_at == datetime(2024, 3, 5, tzinfo=UTC)
    assert stating(url=dated, date="2024-03-01").published_at == datetime(2024, 3, 1, tzinfo=UTC)


def test_web_pages_date_nothing_before_1900_and_newspapers_do() -> None:
    fields = {"title": "Harbour", "date": "1850-01-01"}
    assert article(fields, TEXT).published_at == datetime(1850, 1, 1, tzinfo=UTC)
    assert article(fields, TEXT, latest=datetime(2024, 1, 1, tzinfo=UTC)).published_at is None


def test_a_value_nested_without_end_is_no_title() -> None:
    nested: object = "Ships"
    for _ in range(900):
        nested = [nested]
    assert stating(title=nested).title == TEXT


def test_a_fetched_article_cannot_claim_the_id_of_another() -> None:
    assert stating(PLACE, id="ostwick-1").id == stating(PLACE).id != "ostwick-1"
    assert stating(PLACE, id="not / an id").id == stating(PLACE).id


@given(st.text(max_size=30) | st.from_regex(r"https?://[^\s]{0,20}", fullmatch=True))
def test_whatever_a_fetched_article_states_its_address_is_one_of_its_host(stated: str) -> None:
    found = stating(PLACE, url=stated).url or ""
    assert found == PLACE or "post.example" in found
