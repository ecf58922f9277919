import gzip
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.intake import sitemaps
from rag.intake.sitemaps import parse

HOME = "https://post.example/sitemap.xml"
SPACE = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
URLSET = f"""<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE}>
<url><loc>https://post.example/old</loc><lastmod>2024-01-01</lastmod></url>
<url><loc>https://post.example/undated</loc></url>
<url><loc> https://post.example/new?a=1&amp;b=2 </loc><news:news>
 <news:publication><news:name>Post</news:name></news:publication>
 <news:publication_date>2024-06-01T10:00:00Z</news:publication_date><news:title>Harbour reopens</news:title>
</news:news></url></urlset>""".encode()
INDEX = f"""<sitemapindex {SPACE}><sitemap><loc>/old.xml.gz</loc><lastmod>2023-01-01</lastmod></sitemap>
<sitemap><loc>/new.xml</loc><lastmod>2024-01-01</lastmod></sitemap></sitemapindex>""".encode()


@pytest.mark.parametrize("data", [URLSET, gzip.compress(URLSET)], ids=["plain", "packed"])
def test_addresses_come_newest_first_with_what_the_news_extension_says(data: bytes) -> None:
    assert sitemaps.is_sitemap(data)
    new, old, undated = parse(data, HOME).entries
    assert (new.address, new.title) == ("https://post.example/new?a=1&b=2", "Harbour reopens")
    assert (new.published_at, old.modified_at) == ("2024-06-01T10:00:00Z", "2024-01-01")
    assert undated.address == "https://post.example/undated"


def test_an_index_names_sitemaps_and_no_pages() -> None:
    sitemap = parse(INDEX, HOME)
    assert [child.address for child in sitemap.sitemaps] == [
        "https://post.example/new.xml",
        "https://post.example/old.xml.gz",
    ]
    assert sitemap.entries == ()


def test_a_text_of_nothing_but_addresses_is_a_sitemap() -> None:
    data = b"\xef\xbb\xbfhttps://post.example/a\r\n\r\nhttps://post.example/b\r\nhttps://post.example/a\r\n"
    assert sitemaps.is_sitemap(data)
    assert [entry.address for entry in parse(data, HOME).entries] == [
        "https://post.example/a",
        "https://post.example/b",
    ]
    assert not sitemaps.is_sitemap(b"See https://post.example/a")


def test_a_sitemap_that_breaks_off_gives_what_came_before_and_says_so() -> None:
    sitemap = parse(URLSET[: URLSET.index(b"<news:title>")], HOME)
    assert [entry.address for entry in sitemap.entries] == [
        "https://post.example/old",
        "https://post.example/undated",
    ]
    assert "broken XML" in str(sitemap.note)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<html><body>No</body></html>", "begins with <html>"),
        (b"<urlset><url><loc>https", "names no address"),
        (gzip.compress(URLSET, mtime=0)[:40], "cut short"),
        (gzip.compress(b"<urlset>" + b" " * sitemaps.LARGEST, mtime=0), "too large"),
    ],
)
def test_what_is_no_sitemap_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse(data, HOME)


def test_addresses_past_the_bound_are_left_out_aloud() -> None:
    lines = b"".join(b"https://post.example/%d\n" % n for n in range(sitemaps.MOST_ADDRESSES + 1))
    sitemap = parse(lines, HOME)
    assert len(sitemap.entries) == sitemaps.MOST_ADDRESSES
    assert "over 50,000 addresses" in str(sitemap.note)


def test_entities_name_no_file_and_do_not_grow() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    dtd = f'<!DOCTYPE urlset SYSTEM "file:///etc/hostname" [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/hostname">{laughs}]>'
    data = f"{dtd}<urlset><url><loc>https://post.example/&l11;&f;</loc></url></urlset>".encode()
    assert [entry.address for entry in parse(data, HOME).entries] == ["https://post.example/&l11;&f;"]


PIECES = [
    URLSET,
    INDEX,
    gzip.compress(URLSET, mtime=0),
    b"<url>",
    b"<loc>",
    b"https://a.example/\n",
    b"]]>",
    b"&#0;",
    b"\x1f\x8b",
]


@given(st.one_of(st.binary(), st.lists(st.sampled_from(PIECES) | st.binary(max_size=8)).map(b"".join)))
def test_any_bytes_are_a_sitemap_or_an_input_error(data: bytes) -> None:
    sitemaps.is_sitemap(data)
    with suppress(InputError):
        assert all(entry.address for entry in parse(data, HOME).entries)
