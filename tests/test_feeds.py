import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.intake import feeds
from rag.intake.feeds import parse

HOME = "https://post.example/feeds/news.xml"

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Post</title><link>https://post.example/</link>
<item><title>Ferry &lt;em&gt;late&lt;/em&gt; &amp;amp; full</title><link>/news/ferry?utm_source=rss</link>
 <guid isPermaLink="false">17</guid><pubDate>Mon, 03 Jun 2024 08:00:00 GMT</pubDate>
 <dc:creator>Ada Holm</dc:creator><description>Short.</description>
 <content:encoded><![CDATA[<p>The ferry was late.</p>]]></content:encoded></item>
<item><title>Bridge opens</title><link>https://post.example/news/bridge</link>
 <pubDate>Tue, 04 Jun 2024 08:00:00 GMT</pubDate><author>desk@post.example (Bo Lind)</author></item>
</channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://post.example/a/"><title>Post</title>
<author><name>The Desk</name></author>
<entry xml:base="b/"><title type="html">Rain &amp;amp; wind</title><id>tag:post.example,2024:9</id>
 <link rel="enclosure" href="rain.mp3"/><link rel="alternate" type="text/html" href="rain.html"/>
 <published>2024-06-01T10:00:00Z</published><updated>2024-06-02T10:00:00Z</updated>
 <content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>It <h:b>rained</h:b>.</h:p></h:div></content>
</entry></feed>"""

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://post.example/"><title>Old Post</title></channel>
<item rdf:about="https://post.example/1"><title>Mill burns</title><link>https://post.example/1</link>
 <dc:date>2003-05-06T07:08:09Z</dc:date><dc:creator>C. Dahl</dc:creator></item></rdf:RDF>"""

JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "Post", "authors": [{"name": "The Desk"}],
"items": [{"id": "7", "url": "/seven", "title": "Seven boats", "content_html": "<p>Seven.</p>",
 "date_published": "2024-06-01T10:00:00Z", "date_modified": "2024-06-01T11:00:00Z"}, {"id": "no text"}]}"""


def test_rss_entries_come_newest_first_with_absolute_clean_addresses() -> None:
    feed = parse(RSS, HOME)
    bridge, ferry = feed.entries
    assert (feed.title, bridge.title, bridge.authors) == ("The Post", "Bridge opens", ("Bo Lind",))
    assert ferry.address == "https://post.example/news/ferry"
    assert (ferry.title, ferry.id, ferry.authors) == ("Ferry late & full", "17", ("Ada Holm",))
    assert (ferry.summary, ferry.html) == ("Short.", "<p>The ferry was late.</p>")


def test_atom_links_are_relative_to_the_base_nearest_to_them() -> None:
    (entry,) = parse(ATOM, HOME).entries
    assert entry.address == "https://post.example/a/b/rain.html"
    assert (entry.title, entry.authors) == ("Rain & wind", ("The Desk",))
    assert (entry.published_at, entry.modified_at) == ("2024-06-01T10:00:00Z", "2024-06-02T10:00:00Z")
    assert entry.html is not None
    assert "<p>It <b>rained</b>.</p>" in entry.html


def test_items_of_rss_1_stand_beside_the_channel() -> None:
    feed = parse(RDF, HOME)
    (entry,) = feed.entries
    assert (feed.title, entry.title, entry.id) == ("Old Post", "Mill burns", "https://post.example/1")
    assert (entry.published_at, entry.authors) == ("2003-05-06T07:08:09Z", ("C. Dahl",))


@pytest.mark.parametrize("start", [b"<rss version='0.91'>", b"<rss>", b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss>"])
def test_early_rss_is_read_with_names_of_characters_that_only_html_knows(start: bytes) -> None:
    item = b"<item><title>Caf&eacute;&nbsp;closes &a;</title><link>http://post.example/c</link></item>"
    (entry,) = parse(start + b"<channel>" + item + b"</channel></rss>", None).entries
    assert (entry.title, entry.address) == ("Café closes &a;", "http://post.example/c")


def test_json_feed_entries_carry_the_same_fields() -> None:
    feed = parse(JSON, "https://post.example/feed.json")
    (entry,) = feed.entries
    assert (entry.address, entry.id, entry.authors) == ("https://post.example/seven", "7", ("The Desk",))
    assert (entry.html, entry.modified_at) == ("<p>Seven.</p>", "2024-06-01T11:00:00Z")


def test_plain_text_of_a_json_feed_is_no_markup() -> None:
    item = b'{"id": "1", "url": "https://a.example/1", "content_text": "2 < 3 <b>"}'
    (entry,) = parse(b'{"version": "https://jsonfeed.org/version/1", "items": [' + item + b"]}", None).entries
    assert entry.html == "2 &lt; 3 &lt;b&gt;"


def test_an_address_that_comes_twice_is_one_entry_the_newest() -> None:
    item = "<item><title>{}</title><link>https://a.example/x{}</link><pubDate>{}</pubDate></item>"
    items = item.format("Old", "?utm_medium=rss", "2024-01-01") + item.format("New", "#top", "2024-01-02")
    (entry,) = parse(f"<rss><channel>{items}</channel></rss>".encode(), None).entries
    assert (entry.title, entry.address) == ("New", "https://a.example/x")


def test_the_original_address_stands_above_feedburners_own() -> None:
    feed = b"""<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>
<link>https://feeds.example/~r/9</link><feedburner:origLink>https://post.example/9</feedburner:origLink></item></channel></rss>"""
    assert [entry.address for entry in parse(feed, None).entries] == ["https://post.example/9"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.example/x", "https://u:p@a.example/"]
)
def test_only_plain_web_addresses_are_entries(link: str) -> None:
    feed = parse(f"<rss><channel><item><link>{link}</link><title>T</title></item></channel></rss>".encode(), None)
    assert feed.entries == ()
    assert "left out: 1" in feed.notes[0]


def test_a_feed_that_breaks_off_gives_what_came_before_and_says_so() -> None:
    feed = parse(RSS[: RSS.index(b"<author>")], HOME)
    assert [entry.title for entry in feed.entries] == ["Ferry late & full"]
    assert "broken XML (line 9:" in feed.notes[0]


def test_a_bare_ampersand_in_a_link_loses_nothing() -> None:
    feed = parse(b"<rss><channel><item><link>http://a.example/?x=1&y=2&copy=3</link></item></channel></rss>", None)
    assert [entry.address for entry in feed.entries] == ["http://a.example/?x=1&y=2&copy=3"]


def test_a_feed_in_another_charset_is_read_as_declared() -> None:
    text = '<?xml version="1.0" encoding="{}"?><rss><channel><title>Smörgås</title></channel></rss>'
    assert parse(text.format("iso-8859-1").encode("latin-1"), None).title == "Smörgås"
    wide = text.format("utf-16").encode("utf-16")
    assert feeds.is_feed(wide)
    assert parse(wide, None).title == "Smörgås"


def test_an_empty_feed_is_a_feed() -> None:
    assert parse(b"<rss><channel><title>Quiet</title></channel></rss>", None).entries == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<!doctype html><html><body>Hello</body></html>", "Not a feed but a web page"),
        (b"<rss><channel><title>Cut", "broken XML and holds no entry"),
        (b'{"version": "1", "items": []}', "other JSON"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "JSON feed is broken"),
        (b"plain words", "Broken XML"),
        (b"<rss>" + b" " * feeds.LARGEST, "too large"),
    ],
)
def test_what_is_no_feed_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse(data, HOME)


def test_entities_name_no_file_and_do_not_grow() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    dtd = f'<!DOCTYPE rss SYSTEM "file:///etc/hostname" [<!ENTITY l0 "ha"><!ENTITY f SYSTEM "file:///etc/hostname">{laughs}]>'
    feed = parse(f"{dtd}<rss><channel><title>&l11; &f;</title></channel></rss>".encode(), None)
    assert feed.title == "&l11; &f;"


HEAD, ITEM = b"<rss><channel>", b"<rss><channel><item>"
HOSTILE = {
    "names of addresses": ITEM + b"<author>" + b"a." * 500_000,
    "blank lines": b"\n" * 1_000_000 + HEAD,
    "attributes": HEAD + b"<a " + b" ".join(b'a%d="1"' % n for n in range(100_000)) + b">",
    "open elements": ITEM * 50_000,
    "titles": ITEM + b"<title>" * 140_000,
    "brackets": ITEM + b"<author>@" + b"(" * 1_000_000,
    "tags in a title": ITEM + b"<title>" + b"&lt;a " * 200_000,
    "declarations": b"<!DOCTYPE x [" + b"] " * 500_000,
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_was_made_to_take_long_takes_no_time(data: bytes) -> None:
    # By the time this process works, which other work does not lengthen; what grows with the square takes minutes.
    began = time.process_time()
    with suppress(InputError):
        parse(data, HOME)
    assert time.process_time() - began < 5


def test_entries_past_the_bound_are_left_out_aloud() -> None:
    items = b"".join(b"<item><link>http://a.example/%d</link></item>" % n for n in range(feeds.MOST_ENTRIES + 2))
    feed = parse(b"<rss><channel>" + items + b"</channel></rss>", None)
    assert len(feed.entries) == feeds.MOST_ENTRIES
    assert "over 5,000 entries" in feed.notes[0]


def test_feeds_that_a_page_offers_are_found() -> None:
    page = b"""<html><head><link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate"
type="application/feed+json" href="feed.json"><link rel="stylesheet" type="application/rss+xml" href="x"></head>"""
    assert feeds.offered(page, "https://a.example/b/") == ("https://a.example/rss", "https://a.example/b/feed.json")


PIECES = [
    RSS,
    ATOM,
    RDF,
    JSON,
    b"<item>",
    b"<entry>",
    b"</",
    b"<![CDATA[",
    b"&#x110000;",
    b"&",
    b'"items": [',
    b'{"id": 1e999}',
]


@given(st.one_of(st.binary(), st.lists(st.sampled_from(PIECES) | st.binary(max_size=8)).map(b"".join)))
def test_any_bytes_are_a_feed_or_an_input_error(data: bytes) -> None:
    feeds.is_feed(data)
    with suppress(InputError):
        assert parse(data, HOME).entries is not None


@given(st.sampled_from([RSS, ATOM, RDF, JSON]), st.integers(0, 900), st.binary(max_size=12))
def test_a_feed_with_a_hole_in_it_is_read_or_refused(data: bytes, at: int, hole: bytes) -> None:
    try:
        entries = parse(data[:at] + hole + data[at + len(hole) :], HOME).entries
    except InputError:
        return
    assert all((entry.address or entry.id or "").isprintable() for entry in entries)
