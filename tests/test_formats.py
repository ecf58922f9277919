"""Kinds of input, and documents that hold several articles: JSON and feeds."""

import io
import json
from pathlib import Path

import pytest

from rag.intake import formats, kinds
from rag.intake.readings import NoMemory, Options, Place, Reading
from rag.intake.sources import read
from rag.records import Failure

PLACE = Place("a", "/a", origin="/a")
ITEM = {"headline": "Ships", "articleBody": "Nine ships came in."}


def events(content: object, kind: str) -> list[object]:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return list(formats.readings(io.BytesIO(data), kind, PLACE, options=Options(), memory=NoMemory()))


@pytest.mark.parametrize(
    ("content_type", "url", "content", "kind"),
    [
        ("text/html", "https://a.example/x.pdf", b"<p>", ".html"),
        ("application/json", "https://a.example/", b'{"text": "a"}', ".json"),
        ("application/json", "https://a.example/", b'{"text": "a"}\n{"text": "b"}', ".jsonl"),
        ("application/feed+json", "https://a.example/", b"{}", ".json"),
        ("application/rss+xml", "https://a.example/", b"<rss>", ".xml"),
        ("text/plain", "https://a.example/x.csv?y", b"title", ".csv"),
        ("text/plain", "https://a.example/x", b"Ships\n\nNine", ".txt"),
        ("application/gzip", "https://a.example/x.jsonl.gz", b"\x1f\x8b", ".jsonl.gz"),
        ("application/gzip", "https://a.example/x", b"\x1f\x8b", ".gz"),
        ("application/octet-stream", "https://a.example/x", b"%PDF-1.7", ".pdf"),
    ],
)
def test_what_is_fetched_has_a_kind(content_type: str, url: str, content: bytes, kind: str) -> None:
    assert formats.kind_of(content_type, url, content) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.TXT", ".txt"),
        ("a.jsonl.gz", ".jsonl.gz"),
        ("a.gz", None),
        ("a.tar.gz", None),
        ("gz", None),
        ("a.doc", None),
    ],
)
def test_the_kind_of_a_file_is_its_ending(name: str, kind: str | None) -> None:
    assert kinds.kind_of_name(name) == kind


@pytest.mark.parametrize(
    "document",
    [
        ITEM,
        [ITEM],
        {"@graph": [{"@type": "WebSite", "name": "The Post"}, {"@type": ["NewsArticle"], **ITEM}]},
        {"status": "ok", "articles": [ITEM]},
        {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Ships", "content_text": "Nine ships came in."}]},
    ],
)  # fmt: skip
def test_a_json_document_may_have_any_of_these_shapes(document: object) -> None:
    (found,) = events(document, ".json")
    assert isinstance(found, Reading), found
    assert (found.article.title, found.article.text) == ("Ships", "Nine ships came in.")


def test_an_object_a_line_is_read_whatever_the_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(f"{json.dumps(ITEM)}\n{{broken}}\n{json.dumps(ITEM)}\n")
    assert [item.line for item in read(tmp_path / "a.json") if isinstance(item, Reading | Failure)] == [1, 2, 3]


def test_a_bad_object_of_a_list_is_told_by_its_number() -> None:
    first, second, third = events([ITEM, 5, {**ITEM, "articleBody": "Two tugs."}], ".json")
    assert isinstance(first, Reading)
    assert isinstance(third, Reading)
    assert first.article.origin is third.article.origin is None
    assert second == Failure("a", None, "Object 2: Not an object but int. Write an article as an object.")


FEED = b"""<rss><channel><title>The Post</title>
<item><title>Ships</title><link>https://post.example/1</link><description>&lt;p>Nine ships.&lt;/p></description></item>
<item><title>Tugs</title><link>https://post.example/2</link></item></channel></rss>"""


def test_a_feed_on_disk_yields_what_it_carries_itself() -> None:
    first, second = events(FEED, ".xml")
    assert isinstance(first, Reading)
    assert (first.article.text, first.article.url, first.article.source) == (
        "Nine ships.", "https://post.example/1", "The Post",
    )  # fmt: skip
    assert "only the summary that its feed carries" in first.notes
    assert isinstance(second, Failure)
    assert "https://post.example/2" in second.error


def test_a_sitemap_on_disk_is_refused() -> None:
    data = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.example/</loc></url></urlset>'
    assert events(data, ".xml") == [
        Failure("a", None, "A sitemap only lists addresses. Give its address instead of its file.")
    ]
