from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rag.fetching.validators import Validators
from rag.intake import web
from rag.intake.readings import Fetched, Finished, Gone, NoMemory, Options, Read, Reading, Unchanged
from rag.records import Article, Failure

TOPICS = "ferry harbour bridge council school market railway library festival orchard".split()


def body(topic: str, sentences: int = 14) -> list[str]:
    """Sentences that differ, of about a dozen words each."""
    places = "north south east west upper lower old new inner outer far near grand little".split()
    return [
        f"On the {place} side of the {topic} the wardens counted {number + 3} visitors before the evening bell rang."
        for number, place in enumerate(places[:sentences])
    ]


def page(topic: str, *, head: str = "", title: str | None = None, sentences: int = 14) -> str:
    heading = title if title is not None else f"The {topic} this week"
    shown = f"<title>{heading}</title>" if heading else ""
    text = "".join(f"<p>{sentence}</p>" for sentence in body(topic, sentences))
    return f"<html><head>{shown}{head}</head><body><article><h1>{heading}</h1>{text}</article></body></html>"


def rss(*items: str, title: str = "The Post") -> str:
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f"<rss version='2.0' {space}><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def item(link: str, *, title: str = "Told", date: str = "2024-05-01T08:00:00Z", more: str = "") -> str:
    return f"<item><link>{link}</link><title>{title}</title><pubDate>{date}</pubDate>{more}</item>"


def full(topic: str) -> str:
    text = "".join(f"<p>{sentence}</p>" for sentence in body(topic))
    return f"<content:encoded><![CDATA[{text}]]></content:encoded>"


@dataclass
class Remembering(NoMemory):
    """What an archive keeps in mind of what was read."""

    wholes: dict[str, tuple[bytes, int]] = field(default_factory=dict)
    keys: set[tuple[str, bytes]] = field(default_factory=set)
    answers: dict[str, Validators] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)

    def take(self, reads: Iterator[Read]) -> list[Read]:
        found = []
        for read in reads:
            found.append(read)
            if isinstance(read, Reading):
                self.keys.add((read.place, read.key))
                self.held[read.place] = self.held.get(read.place, 0) + 1
            elif isinstance(read, Finished):
                self.wholes[read.place] = (read.key, self.held.get(read.place, 0))
            elif isinstance(read, Fetched):
                self.answers[read.address] = read.validators
        return found

    def whole(self, place: str, key: bytes) -> int | None:
        known = self.wholes.get(place)
        return known[1] if known and known[0] == key else None

    def holds(self, place: str, key: bytes) -> bool:
        return (place, key) in self.keys

    def validators(self, address: str, salt: bytes) -> Validators | None:
        return self.answers.get(address)


@dataclass
class Site:
    """A web server, and what was asked of it."""

    server: HTTPServer
    asked: list[str] = field(default_factory=list)

    def __call__(self, path: str) -> str:
        return self.server.url_for(path)

    def has(
        self, path: str, content: str | bytes, type: str = "text/html", *, status: int = 200, etag: str = ""
    ) -> str:
        def answer(request: Request) -> Response:
            self.asked.append(path)
            if etag and request.headers.get("If-None-Match") == etag:
                return Response(status=304, headers={"ETag": etag})
            headers = {"ETag": etag} if etag else {}
            return Response(content, status=status, headers=headers, content_type=type)

        self.server.expect_request(path).respond_with_handler(answer)
        return self(path)


@pytest.fixture
def site(httpserver: HTTPServer) -> Site:
    httpserver.expect_request("/robots.txt").respond_with_data("User-agent: *\nDisallow: /closed/\n")
    return Site(httpserver)


def read(address: str, *, limit: int | None = None) -> list[Read]:
    return list(web.read(address, options=Options(allow_private=True, limit=limit), memory=NoMemory()))


def again(memory: Remembering, address: str) -> list[Read]:
    return memory.take(web.read(address, options=Options(allow_private=True), memory=memory))


def articles(reads: list[Read]) -> list[Article]:
    return [read.article for read in reads if isinstance(read, Reading)]


def failures(reads: list[Read]) -> list[Failure]:
    return [read for read in reads if isinstance(read, Failure)]


# Pages


def test_a_page_is_read_finished_and_remembered_by_what_its_server_sent(site: Site) -> None:
    address = site.has("/ferry", page("ferry"), etag='"1"')
    reading, finished, fetched = read(address)
    assert isinstance(reading, Reading)
    assert (reading.place, reading.article.url, reading.article.origin) == (address, address, address)
    assert isinstance(finished, Finished)
    assert fetched == Fetched(address, Validators(etag='"1"'), Options().salt)


def test_a_page_that_its_server_calls_unchanged_is_not_read(site: Site) -> None:
    address = site.has("/ferry", page("ferry"), etag='"1"')
    memory = Remembering()
    again(memory, address)
    assert again(memory, address) == [Unchanged(address, address)]


def test_a_page_without_validators_is_known_by_its_content(site: Site) -> None:
    address = site.has("/ferry", page("ferry"))
    memory = Remembering()
    again(memory, address)
    assert again(memory, address) == [
        Unchanged(address, address, count=1),
        Fetched(address, Validators(), Options().salt),
    ]


def test_a_page_that_is_gone_for_good_says_so(site: Site) -> None:
    address = site.has("/ferry", "", status=410)
    failure, gone = read(address)
    assert isinstance(failure, Failure)
    assert gone == Gone(address)


def test_a_password_in_an_address_is_never_shown() -> None:
    (failure,) = failures(read("https://ada:s3cret@post.example/feed"))
    assert "s3cret" not in failure.path + failure.error


def test_a_front_page_without_an_article_names_the_feeds_it_offers(site: Site) -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='/news.rss'>"
    (failure,) = read(site.has("/", f"<html><head>{link}</head><body><script>start()</script></body></html>"))
    assert isinstance(failure, Failure)
    assert f"offers a feed to ingest: {site('/news.rss')}" in failure.error


def test_a_page_with_an_article_is_an_article_whatever_feeds_it_offers(site: Site) -> None:
    link = "<link rel='alternate' type='application/rss+xml' href='/news.rss'>"
    assert len(articles(read(site.has("/ferry", page("ferry", head=link))))) == 1


def test_lines_of_a_fetched_dump_are_articles_each(site: Site) -> None:
    lines = "\n".join(f'{{"title": "{topic}", "text": "{" ".join(body(topic))}"}}' for topic in TOPICS[:3])
    reads = read(site.has("/dump.jsonl", lines, "application/jsonl"))
    assert [article.title for article in articles(reads)] == TOPICS[:3]
    assert isinstance(reads[-1], Fetched)


# Feeds


@pytest.mark.parametrize("type", ["application/rss+xml", "text/xml", "text/html", "text/plain"])
def test_a_feed_is_known_by_its_content_whatever_its_type(site: Site, type: str) -> None:
    site.has("/ferry", page("ferry"))
    found = articles(read(site.has("/news", rss(item("/ferry")), type)))
    assert [article.url for article in found] == [site("/ferry")]


def test_atom_and_json_feeds_lead_to_pages_too(site: Site) -> None:
    site.has("/ferry", page("ferry"))
    link = "<entry><id>1</id><link href='/ferry'/></entry>"
    atom = site.has("/atom", f"<feed xmlns='http://www.w3.org/2005/Atom'>{link}</feed>", "application/atom+xml")
    json = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "ferry"}]}'
    for address in (atom, site.has("/feed.json", json, "application/json")):
        assert [article.url for article in articles(read(address))] == [site("/ferry")]


def test_only_the_newest_are_taken_up_to_the_limit(site: Site) -> None:
    for topic in TOPICS:
        site.has(f"/{topic}", page(topic))
    items = [item(f"/{topic}", date=f"2024-05-{day:02}") for day, topic in enumerate(TOPICS, 1)]
    reads = read(site.has("/news", rss(*items)), limit=2)
    assert {article.url for article in articles(reads)} == {site("/festival"), site("/orchard")}
    assert site("/news") not in [read.address for read in reads if isinstance(read, Fetched)]


def test_what_a_page_does_not_state_is_filled_from_its_entry(site: Site) -> None:
    site.has("/ferry", page("ferry", title=""))
    author = "<author>desk@post.example (Bo Lind)</author>"
    (article,) = articles(read(site.has("/news", rss(item("/ferry", title="Ferry counted", more=author)))))
    assert (article.title, article.authors) == ("Ferry counted", ("Bo Lind",))
    assert str(article.published_at) == "2024-05-01 08:00:00+00:00"


def test_what_a_page_states_stands_above_its_entry(site: Site) -> None:
    stated = "<meta property='article:published_time' content='2024-04-30T06:00:00Z'><meta name='author' content='Ada Holm'>"
    site.has("/ferry", page("ferry", head=stated))
    (article,) = articles(read(site.has("/news", rss(item("/ferry", more="<author>Bo Lind</author>")))))
    assert (article.title, article.authors) == ("The ferry this week", ("Ada Holm",))
    assert str(article.published_at) == "2024-04-30 06:00:00+00:00"


@pytest.mark.parametrize("path", ["/missing", "/closed/ferry", "/frame"])
def test_the_whole_text_in_a_feed_stands_in_for_a_page_that_cannot_be_read(site: Site, path: str) -> None:
    site.has("/missing", "", status=404)
    site.has("/frame", "<html><body><script>start()</script></body></html>")
    reads = read(site.has("/news", rss(item(path, title="Ferry", more=full("ferry")))))
    (reading,) = [read for read in reads if isinstance(read, Reading)]
    assert (reading.article.title, reading.article.url, reading.article.source) == ("Ferry", site(path), "The Post")
    assert body("ferry")[3] in reading.article.text
    assert "taken from the feed, since its page cannot be read: " in reading.notes[-1]


def test_the_whole_text_in_a_feed_stands_in_for_a_page_that_shows_its_beginning(site: Site) -> None:
    site.has("/ferry", page("ferry", sentences=3))
    (reading,) = [
        read for read in read_all(site, rss(item("/ferry", more=full("ferry")))) if isinstance(read, Reading)
    ]
    assert body("ferry")[-1] in reading.article.text
    assert reading.notes[-1] == "taken from the feed, since its page shows less of it"


def test_a_summary_does_not_stand_in_for_a_page(site: Site) -> None:
    site.has("/missing", "", status=404)
    reads = read(site.has("/news", rss(item("/missing", more="<description>Short.</description>"))))
    (failure,) = reads
    assert isinstance(failure, Failure)
    assert (failure.path, "404" in failure.error) == (site("/missing"), True)


def test_a_withdrawn_page_is_gone_even_if_the_feed_still_has_its_text(site: Site) -> None:
    site.has("/ferry", "", status=410)
    failure, gone = read(site.has("/news", rss(item("/ferry", more=full("ferry")))))
    assert isinstance(failure, Failure)
    assert gone == Gone(site("/ferry"))


def test_a_feed_cannot_give_the_page_of_another_site_a_text(site: Site) -> None:
    elsewhere = site("/missing").replace("localhost", "127.0.0.1")
    site.has("/missing", "", status=404)
    (article,) = articles(read(site.has("/news", rss(item(elsewhere, more=full("ferry"))))))
    assert (article.url, article.canonical) == (None, elsewhere)
    assert article.origin == f"{site('/news')}#{elsewhere}"


def test_pages_of_other_sites_are_fetched_like_any(site: Site) -> None:
    site.has("/ferry", page("ferry"))
    elsewhere = site("/ferry").replace("localhost", "127.0.0.1")
    assert [article.url for article in articles(read(site.has("/news", rss(item(elsewhere)))))] == [elsewhere]


def test_entries_without_link_are_articles_of_their_own(site: Site) -> None:
    items = [
        f"<item><guid isPermaLink='false'>{n}</guid><title>No {n}</title>{full(TOPICS[n])}</item>" for n in (1, 2)
    ]
    found = articles(read(site.has("/news", rss(*items))))
    assert [(article.title, article.url) for article in found] == [("No 1", None), ("No 2", None)]
    assert [article.origin for article in found] == [f"{site('/news')}#1", f"{site('/news')}#2"]


def test_a_broken_feed_is_noted_once(site: Site) -> None:
    for topic in TOPICS[:2]:
        site.has(f"/{topic}", page(topic))
    broken = rss(item("/ferry"), item("/harbour"), "<item><link>/bri")[: -len("</channel></rss>")]
    readings = [read for read in read_all(site, broken) if isinstance(read, Reading)]
    assert [len([note for note in reading.notes if "broken XML" in note]) for reading in readings] == [1, 0]


def read_all(site: Site, feed: str) -> list[Read]:
    return read(site.has("/news", feed, "application/rss+xml"))


def test_an_empty_feed_is_no_failure(site: Site) -> None:
    assert read_all(site, rss()) == [Fetched(site("/news"), Validators(), Options().salt)]


def test_one_bad_entry_leaves_the_others_and_has_the_feed_read_again(site: Site) -> None:
    site.has("/ferry", page("ferry"))
    site.has("/missing", "", status=404)
    memory = Remembering()
    address = site.has("/news", rss(item("/missing"), item("/ferry")), etag='"f"')
    reads = again(memory, address)
    assert (len(articles(reads)), len(failures(reads))) == (1, 1)
    assert memory.validators(address, Options().salt) is None


def test_an_unchanged_feed_is_followed_no_further(site: Site) -> None:
    site.has("/ferry", page("ferry"))
    address = site.has("/news", rss(item("/ferry")), etag='"f"')
    memory = Remembering()
    again(memory, address)
    site.asked.clear()
    assert again(memory, address) == [Unchanged(address, address)]
    assert site.asked == ["/news"]


def test_pages_of_a_changed_feed_are_asked_for_with_what_is_known(site: Site) -> None:
    site.has("/ferry", page("ferry"), etag='"1"')
    address = site.has("/news", rss(item("/ferry")))
    memory = Remembering()
    again(memory, address)
    assert Unchanged(site("/ferry"), site("/ferry")) in again(memory, address)


def test_a_page_whose_feed_says_when_it_was_last_modified_is_not_even_asked_for(site: Site) -> None:
    site.has("/ferry", page("ferry"))
    link = "<entry><id>1</id><link href='/ferry'/><updated>2024-05-01T10:00:00Z</updated></entry>"
    address = site.has("/news", f"<feed xmlns='http://www.w3.org/2005/Atom'>{link}</feed>")
    memory = Remembering()
    again(memory, address)
    site.asked.clear()
    assert Unchanged(site("/ferry"), site("/ferry"), count=1) in again(memory, address)
    assert site.asked == ["/news"]


def test_a_text_taken_from_a_feed_is_known_again(site: Site) -> None:
    site.has("/missing", "", status=404)
    address = site.has("/news", rss(item("/missing", more=full("ferry"))))
    memory = Remembering()
    (reading,) = [read for read in again(memory, address) if isinstance(read, Reading)]
    assert Unchanged(reading.name, reading.place, keys=(reading.key,)) in again(memory, address)


def test_articles_come_while_others_are_still_to_be_fetched(site: Site) -> None:
    for topic in TOPICS:
        site.has(f"/{topic}", page(topic))
    address = site.has("/news", rss(*(item(f"/{topic}") for topic in TOPICS)))
    reads = web.read(address, options=Options(allow_private=True), memory=NoMemory())
    assert isinstance(next(reads), Reading)
    reads.close()  # type: ignore[attr-defined]
    assert len(site.asked) < len(TOPICS)


# Sitemaps


def urlset(*addresses: str, date: str = "") -> str:
    stated = date and f"<lastmod>{date}</lastmod>"
    return f"<urlset>{''.join(f'<url><loc>{address}</loc>{stated}</url>' for address in addresses)}</urlset>"


def index(*sitemaps: tuple[str, str]) -> str:
    inner = (f"<sitemap><loc>{loc}</loc>{date and f'<lastmod>{date}</lastmod>'}</sitemap>" for loc, date in sitemaps)
    return f"<sitemapindex>{''.join(inner)}</sitemapindex>"


def test_a_sitemap_leads_to_its_pages_and_dates_them(site: Site) -> None:
    site.has("/ferry", page("ferry", title=""))
    news = "<n:news xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><n:publication_date>2024-05-01T08:00:00Z</n:publication_date><n:title>Ferry</n:title></n:news>"
    data = f"<urlset><url><loc>{site('/ferry')}</loc>{news}</url></urlset>"
    (article,) = articles(read(site.has("/sitemap.xml", data, "application/xml")))
    assert (article.title, str(article.published_at)) == ("Ferry", "2024-05-01 08:00:00+00:00")


def test_an_index_leads_to_packed_sitemaps_and_plain_ones(site: Site) -> None:
    for topic in TOPICS[:3]:
        site.has(f"/{topic}", page(topic))
    site.has("/a.xml.gz", gzip.compress(urlset(site("/ferry")).encode()), "application/gzip")
    site.has("/b.txt", f"{site('/harbour')}\n{site('/bridge')}\n", "text/plain")
    reads = read(site.has("/sitemap.xml", index(("/a.xml.gz", ""), ("/b.txt", "")), "text/xml"))
    assert {article.url for article in articles(reads)} == {site(f"/{topic}") for topic in TOPICS[:3]}
    assert failures(reads) == []


def test_the_newest_of_all_sitemaps_are_taken_and_older_sitemaps_not_fetched(site: Site) -> None:
    for topic in TOPICS:
        site.has(f"/{topic}", page(topic))
    site.has("/old.xml", urlset(*map(site, ("/ferry", "/harbour")), date="2023-01-01"))
    site.has("/new.xml", urlset(*map(site, ("/bridge", "/council")), date="2024-01-01"))
    address = site.has("/sitemap.xml", index(("/old.xml", "2023-01-01"), ("/new.xml", "2024-01-01")))
    assert {article.url for article in articles(read(address, limit=2))} == {site("/bridge"), site("/council")}
    assert "/old.xml" not in site.asked


def test_addresses_of_other_sites_are_left_out_aloud(site: Site) -> None:
    site.has("/ferry", page("ferry"))
    reads = read(
        site.has("/sitemap.xml", urlset(site("/ferry"), "https://other.example/a", "https://other.example/b"))
    )
    assert len(articles(reads)) == 1
    (failure,) = failures(reads)
    assert "2 addresses of other sites, such as https://other.example/a" in failure.error


def test_sitemaps_that_lead_in_a_circle_or_too_deep_come_to_an_end(site: Site) -> None:
    site.has("/1", index(("/1", ""), ("/2", "")))
    site.has("/2", index(("/1", ""), ("/3", "")))
    site.has("/3", index(("/4", "")))
    site.has("/4", urlset(site("/ferry")))
    (failure,) = failures(read(site("/1")))
    assert "over 3 deep" in failure.error
    assert site.asked == ["/1", "/2", "/3"]


def test_one_bad_sitemap_leaves_the_others(site: Site) -> None:
    site.has("/ferry", page("ferry"))
    site.has("/bad.xml", "<html><body>Sorry</body></html>")
    site.has("/good.xml", urlset(site("/ferry")))
    reads = read(site.has("/sitemap.xml", index(("/bad.xml", ""), ("/good.xml", ""))))
    assert len(articles(reads)) == 1
    assert [failure.path for failure in failures(reads)] == [site("/bad.xml")]


def test_a_page_that_a_sitemap_calls_unmodified_is_not_asked_for(site: Site) -> None:
    site.has("/ferry", page("ferry"))
    address = site.has("/sitemap.xml", urlset(site("/ferry"), date="2024-05-01T10:00:00+00:00"))
    memory = Remembering()
    again(memory, address)
    site.asked.clear()
    again(memory, address)
    assert site.asked == ["/sitemap.xml"]
