from __future__ import annotations

import gzip
import itertools
import socket
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from talking import Clock, Talker, give_names
from werkzeug import Request, Response

from rag.errors import InputError
from rag.fetching import bodies, door
from rag.fetching.bodies import PDF
from rag.fetching.door import is_public
from rag.fetching.fetch import Fetcher, GoneError, Page
from rag.fetching.validators import Validators

PRIVATE = ["10.0.0.8", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
Names = Callable[..., list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    return partial(give_names, monkeypatch)


@pytest.fixture
def talker() -> Iterator[Talker]:
    talker = Talker()
    yield talker
    talker.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def fetch(url: str, *, allow_private: bool = False, seconds: float = 5) -> Page:
    """What is there, robots.txt unasked."""
    with Fetcher(allow_private=allow_private, seconds=seconds, robots=False, pause=0) as fetcher:
        return fetcher.fetch(url)


def refusal(url: str, *, allow_private: bool = False, seconds: float = 5) -> str:
    with pytest.raises(InputError) as caught:
        fetch(url, allow_private=allow_private, seconds=seconds)
    message = str(caught.value)
    assert "\n" not in message
    return message


def answer(httpserver: HTTPServer, *, status: int = 200, content: bytes = b"Nine ships.", **headers: str) -> str:
    """The address of a page that answers so."""
    stated = {"Content-Type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    httpserver.expect_request("/a").respond_with_data(content, status=status, headers=stated)
    return httpserver.url_for("/a")


def test_a_page_is_fetched_with_its_type_and_charset(httpserver: HTTPServer) -> None:
    url = answer(httpserver, Content_Type="Text/HTML; Charset='ISO-8859-1'")
    assert fetch(url + "#top", allow_private=True) == Page(url, b"Nine ships.", "text/html", "cp1252")
    headers = httpserver.log[0][0].headers
    assert headers["Host"] == f"localhost:{httpserver.port}"
    assert headers["User-Agent"].startswith("Groundwire/")


def test_a_gzipped_page_is_decompressed(httpserver: HTTPServer) -> None:
    text = b"Nine ships came in. " * 5000
    content = gzip.compress(text[:50_000]) + gzip.compress(text[50_000:])
    url = answer(httpserver, content=content, Content_Encoding="gzip")
    assert fetch(url, allow_private=True).content == text


def test_a_redirect_is_followed_without_cookies_to_the_page_it_names(httpserver: HTTPServer) -> None:
    url = answer(httpserver, status=301, Location="/b", Set_Cookie="who=me; Path=/")
    httpserver.expect_request("/b").respond_with_data("Nine ships.", content_type="text/plain")
    assert fetch(url, allow_private=True).url == httpserver.url_for("/b")
    assert "Cookie" not in httpserver.log[1][0].headers


def test_proxies_of_the_environment_are_passed_over(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetch(answer(httpserver), allow_private=True).content == b"Nine ships."


def test_a_private_address_is_refused_before_anything_is_sent(httpserver: HTTPServer) -> None:
    for host in ("127.0.0.1", "localhost", "2130706433", "017700000001", "0x7f.1", "127.1", "0"):
        assert "not a public address" in refusal(f"http://{host}:{httpserver.port}/a")
    for host in ("::1", "::", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1"):
        assert "not a public address" in refusal(f"http://[{host}]:{httpserver.port}/a")
    assert httpserver.log == []


def test_a_name_with_a_private_address_among_others_is_refused(names: Names) -> None:
    asked = names(post=[["93.184.215.14", "10.0.0.8"]])
    assert "'post.example' is 10.0.0.8" in refusal("http://post.example/")
    assert asked == ["post.example"]


def test_a_name_is_resolved_once_and_connected_to_as_it_was_checked(httpserver: HTTPServer, names: Names) -> None:
    asked = names(post=[["127.0.0.1"], ["10.0.0.8"]])
    answer(httpserver)
    assert fetch(f"http://post.example:{httpserver.port}/a", allow_private=True).content == b"Nine ships."
    assert asked == ["post.example"]
    assert httpserver.log[0][0].headers["Host"] == f"post.example:{httpserver.port}"


@pytest.mark.parametrize("place", [*PRIVATE, "[::1]", "[::ffff:10.0.0.8]", "2130706433"])
def test_a_redirect_to_a_private_address_is_refused(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, names: Names, place: str
) -> None:
    hops = [True]  # the first stands for a public server
    monkeypatch.setattr(door, "is_public", lambda address: hops.pop() if hops else is_public(address))
    names(post=[["127.0.0.1"]])
    answer(httpserver, status=302, Location=f"http://{place}:{httpserver.port}/secret")
    assert "not a public address" in refusal(f"http://post.example:{httpserver.port}/a")
    assert [request.path for request, _ in httpserver.log] == ["/a"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("/a", "redirects in a circle"),
        ("", "without a new address"),
        ("file:///etc/passwd", "It redirects to 'file:///etc/passwd'. Only http and https"),
        ("//user:word@127.0.0.1/", "user name or password"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_refused(httpserver: HTTPServer, place: str, message: str) -> None:
    assert message in refusal(answer(httpserver, status=302, Location=place), allow_private=True)
    assert len(httpserver.log) == 1


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://post.example/1", "Only http and https addresses are fetched, not 'ftp'"),
        ("file:///etc/passwd", "Only http and https"),
        ("//post.example/1", "Only http and https"),
        ("http://user@post.example/", "user name or password"),
        ("http://:word@post.example/", "user name or password"),
        ("http://times.example\\@post.example/", "user name or password"),
        ("http://", "lacks a host"),
        ("http:///etc", "lacks a host"),
        ("http://post.example:0/", "no such port"),
        ("http://post.example:99999/", "no such port"),
        ("http://post.example:x/", "Not a web address"),
        ("http://[::1/", "Not a web address"),
        ("http://post.example/\r\nHost: x", "Not a web address"),
        ("http://①.example/", "Not a web address"),
        ("http://a..b/", "There is no host 'a..b'"),
        (f"http://{'a' * 64}.example/", "There is no host 'aaa"),
        ("http://xn--/", "There is no host 'xn--'"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, message: str) -> None:
    assert message in refusal(url)


ODD = st.sampled_from([*"/\\@:[]%?#.0é①\0", "http://", "//", "::1", "xn--", "..", "a.example"])


@given(url=st.text() | st.lists(ODD, max_size=9).map("".join))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_taken_for_an_address_is_fetched_or_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    def unknown(*place: object, **more: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    refusal(url)
    refusal(f"http://{url}")


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "404 (Not Found) instead of a page. Check"),
        (401, "wants a login"),
        (403, "may not be read from here"),
        (429, "wants to be asked less"),
        (500, "500 (Internal Server Error) instead of a page: the server failed. Try later"),
        (204, "204 (No Content)"),
        (304, "304 (Not Modified)"),
        (599, "Status 599 instead"),
    ],
)
def test_another_status_is_named(httpserver: HTTPServer, status: int, message: str) -> None:
    assert message in refusal(answer(httpserver, status=status), allow_private=True)


@pytest.mark.parametrize("content_type", ["image/png", "text/htmlx", "application/octet-stream"])
def test_another_type_is_refused(httpserver: HTTPServer, content_type: str) -> None:
    assert f"Its type is {content_type!r}" in refusal(
        answer(httpserver, Content_Type=content_type), allow_private=True
    )


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_what_is_too_large_is_refused(httpserver: HTTPServer, coding: str) -> None:
    # Gzipped it travels at a thousandth of its size: what counts is the size once decompressed.
    content = bytes(bodies.LARGEST + 1)
    packed = gzip.compress(content) if coding else content
    message = refusal(answer(httpserver, content=packed, Content_Encoding=coding), allow_private=True)
    assert "too large: over 10 MB" in message


def test_a_small_page_that_would_swell_does_not_fill_the_memory(httpserver: HTTPServer) -> None:
    url = answer(httpserver, content=gzip.compress(bytes(60_000_000)), Content_Encoding="gzip")
    tracemalloc.start()
    assert "too large" in refusal(url, allow_private=True)
    assert tracemalloc.get_traced_memory()[1] < 4 * bodies.LARGEST
    tracemalloc.stop()


def test_an_endless_page_is_not_read_to_its_end(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "LARGEST", 100_000)

    def respond(request: Request) -> Response:
        return Response(itertools.repeat(b"x" * 10_000), content_type="text/html")

    httpserver.expect_request("/a").respond_with_handler(respond)
    assert "too large" in refusal(httpserver.url_for("/a"), allow_private=True)


@pytest.mark.parametrize(
    ("content", "coding", "message"),
    [
        (b"Nine ships", "gzip", "compression is broken"),
        (gzip.compress(b"Nine ships", mtime=0)[:-4], "gzip", "cut short"),
        (b"", "gzip", "cut short"),
        (b"Nine ships", "br", "compressed as 'br'"),
    ],
)
def test_broken_compression_is_refused(httpserver: HTTPServer, content: bytes, coding: str, message: str) -> None:
    assert message in refusal(answer(httpserver, content=content, Content_Encoding=coding), allow_private=True)


@pytest.mark.parametrize(
    ("start", "repeated"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\n", b"a: b\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x"),
        (b"", b""),
    ],
    ids=["status", "headers", "content", "silence"],
)
def test_a_server_that_sends_a_little_now_and_then_is_left_at_the_deadline(
    talker: Talker, start: bytes, repeated: bytes
) -> None:
    url = talker.say(start, *[repeated] * 40)
    assert "No whole answer from '127.0.0.1' in 0.2 seconds" in refusal(url, allow_private=True, seconds=0.2)


@pytest.mark.parametrize("place", ["http://[::1", ":A://["])
def test_a_redirect_to_no_address_is_refused(talker: Talker, place: str) -> None:
    url = talker.say(f"HTTP/1.1 302 Found\r\nLocation: {place}\r\n\r\n".encode())
    assert f"{place!r}, which is no web address" in refusal(url, allow_private=True)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"220 mail ready\r\n", "What '127.0.0.1' answers is not HTTP"),
        (HEAD + b"Content-Length: 9\r\n\r\nx", "was cut short"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", "was cut short"),
        (HEAD + b"Content-Length: 9\r\nContent-Length: 8\r\n\r\nx", "is not HTTP"),
        (HEAD + b"Content-Length: 99999999999\r\n\r\nx", "over 10 MB, the most for text/html"),
        (b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 40_000, "is not HTTP"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 2000, "is not HTTP"),
    ],
)
def test_a_server_that_breaks_the_protocol_is_refused(talker: Talker, said: bytes, message: str) -> None:
    assert message in refusal(talker.say(said), allow_private=True)


def test_a_longer_answer_than_stated_is_read_as_stated(talker: Talker) -> None:
    assert fetch(talker.say(HEAD + b"Content-Length: 4\r\n\r\nNine ships"), allow_private=True).content == b"Nine"


def test_a_connection_that_ends_before_a_byte_is_tried_once_more(talker: Talker) -> None:
    url = talker.say_each([], [HEAD + b"\r\nNine ships."], [])
    assert fetch(url, allow_private=True).content == b"Nine ships."
    talker.close()


def test_a_connection_that_ends_twice_before_a_byte_is_one_clear_line(talker: Talker) -> None:
    assert "'127.0.0.1' ends the connection without an answer" in refusal(talker.say_each([], []), allow_private=True)
    assert len(talker.heard) == 2


def test_a_certificate_is_asked_for_the_name_not_the_address(talker: Talker, names: Names) -> None:
    names(post=[["127.0.0.1"]])
    talker.say(b"not TLS")
    assert "No connection to 'post.example'" in refusal(f"https://post.example:{talker.port}/", allow_private=True)
    assert b"post.example" in talker.heard[0]


def test_a_port_that_nobody_listens_on_is_one_clear_line() -> None:
    assert "No connection to '127.0.0.1'" in refusal("http://127.0.0.1:1/", allow_private=True)


def test_a_page_gone_for_good_is_told_apart(httpserver: HTTPServer) -> None:
    with pytest.raises(GoneError, match="410"):
        fetch(answer(httpserver, status=410), allow_private=True)


def test_a_page_that_has_not_changed_is_not_sent_again(httpserver: HTTPServer) -> None:
    since = Validators('"a-1"', "Mon, 02 Nov 2026 09:00:00 GMT")
    url = answer(httpserver, ETag=since.etag or "", Last_Modified=since.last_modified or "")
    with Fetcher(allow_private=True, robots=False) as fetcher:
        assert fetcher.fetch(url).validators == since
        httpserver.clear()
        httpserver.expect_request("/a", headers={"If-None-Match": '"a-1"'}).respond_with_data(status=304)
        page = fetcher.fetch(url, validators=since)
    assert (page.unchanged, page.content, page.validators) == (True, b"", since)
    assert httpserver.log[0][0].headers["If-Modified-Since"] == since.last_modified


@pytest.mark.parametrize("etag", ["a\r\nHost: evil.example", "a\0b", "é", "x" * 1001, ""])
def test_a_validator_that_cannot_be_sent_as_it_stands_is_not_sent(httpserver: HTTPServer, etag: str) -> None:
    url = answer(httpserver)
    with Fetcher(allow_private=True, robots=False) as fetcher:
        fetcher.fetch(url, validators=Validators(etag, "Mon, 02 Nov 2026 09:00:00 GMT"))
    headers = httpserver.log[0][0].headers
    assert "If-None-Match" not in headers
    assert "If-Modified-Since" in headers


@pytest.mark.parametrize(("statuses", "moved"), [((301, 308), True), ((301, 302), False), ((), False)])
def test_only_permanent_redirects_move_a_page(httpserver: HTTPServer, statuses: tuple[int, ...], moved: bool) -> None:
    for number, status in enumerate(statuses):
        to = {"Location": f"/{number + 1}"}
        httpserver.expect_request(f"/{number}").respond_with_data(status=status, headers=to)
    httpserver.expect_request(f"/{len(statuses)}").respond_with_data("Nine ships.", content_type="text/html")
    assert fetch(httpserver.url_for("/0"), allow_private=True).moved is moved


def test_the_sixth_redirect_is_not_followed(httpserver: HTTPServer) -> None:
    for number in range(9):
        to = {"Location": f"/{number + 1}"}
        httpserver.expect_request(f"/{number}").respond_with_data(status=302, headers=to)
    assert "redirects more than 5 times" in refusal(httpserver.url_for("/0"), allow_private=True)
    assert len(httpserver.log) == 6


def waiting(clock: Clock) -> Fetcher:
    return Fetcher(allow_private=True, robots=False, clock=clock, sleep=clock.sleep)


RETRY = b"HTTP/1.1 503 Busy\r\nDate: Mon, 02 Nov 2026 09:00:00 GMT\r\nContent-Length: 0\r\nRetry-After: "


@pytest.mark.parametrize("wait", [b"20", b"Mon, 02 Nov 2026 09:00:20 GMT"])
def test_a_server_that_asks_to_wait_a_little_is_asked_again_then(talker: Talker, clock: Clock, wait: bytes) -> None:
    url = talker.say_each([RETRY + wait + b"\r\n\r\n"], [HEAD + b"\r\nNine ships."])
    with waiting(clock) as fetcher:
        assert fetcher.fetch(url).content == b"Nine ships."
    assert clock.now == pytest.approx(1020)


def test_a_server_that_asks_to_wait_long_is_left_alone_so_long(talker: Talker, clock: Clock) -> None:
    url = talker.say_each([RETRY + b"300\r\n\r\n"], [HEAD + b"\r\nNine ships."])
    with waiting(clock) as fetcher:
        for seconds in (300, 200):
            with pytest.raises(InputError, match=f"asks to wait {seconds} seconds"):
                fetcher.fetch(url)
            clock.now += 100
        assert len(talker.heard) == 1
        clock.now += 100
        assert fetcher.fetch(url).content == b"Nine ships."


def test_a_public_host_is_asked_at_most_once_a_second(
    httpserver: HTTPServer, names: Names, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr(door, "is_public", lambda address: True)
    names(post=[["127.0.0.1"]])
    answer(httpserver)
    url = f"http://post.example:{httpserver.port}/a"
    with Fetcher(robots=False, clock=clock, sleep=clock.sleep) as fetcher:
        assert [page.url for _, page in fetcher.fetch_each([(url, None)] * 4) if isinstance(page, Page)] == [url] * 4
    assert clock.now == pytest.approx(1003)


@pytest.mark.parametrize(
    ("path", "stated", "content", "kind"),
    [
        ("/a", "", b"%PDF-1.7", PDF),
        ("/a", "", b"Nine ships.", "text/plain"),
        ("/a.csv.gz", "application/octet-stream", b"\x1f\x8bxx", "application/gzip"),
        ("/a%2Epdf", "application/octet-stream", b"%PDF-1.7", PDF),
        ("/a", "application/rss+xml; charset=utf-8", b"<rss/>", "application/rss+xml"),
        ("/a", "application/x-gzip", b"\x1f\x8bxx", "application/gzip"),
    ],
)
def test_the_type_is_as_stated_or_as_path_and_content_show(
    talker: Talker, path: str, stated: str, content: bytes, kind: str
) -> None:
    header = f"Content-Type: {stated}\r\n\r\n" if stated else "\r\n"
    url = talker.say(b"HTTP/1.1 200 OK\r\n" + header.encode() + content)
    page = fetch(url.rstrip("/") + path, allow_private=True)
    assert (page.content_type, page.content) == (kind, content)


def test_a_dump_that_its_server_unpacks_on_the_way_has_the_type_of_what_is_in_it(httpserver: HTTPServer) -> None:
    packed = gzip.compress(b"title,text\n")
    headers = {"Content-Type": "application/x-gzip", "Content-Encoding": "gzip"}
    httpserver.expect_request("/a.csv.gz").respond_with_data(packed, headers=headers)
    page = fetch(httpserver.url_for("/a.csv.gz"), allow_private=True)
    assert (page.content_type, page.content) == ("text/csv", b"title,text\n")


def test_a_type_that_is_not_asked_for_is_refused_unread(httpserver: HTTPServer) -> None:
    url = answer(httpserver, Content_Type=PDF)
    with Fetcher(allow_private=True, robots=False) as fetcher, pytest.raises(InputError, match="Its type is"):
        fetcher.fetch(url, accept=["text/html"])


def robots(httpserver: HTTPServer, rules: str, *, status: int = 200) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data(rules, status=status, content_type="text/plain")


def test_what_robots_txt_forbids_is_not_asked_for(httpserver: HTTPServer) -> None:
    robots(httpserver, "User-agent: *\nDisallow: /a")
    with Fetcher(allow_private=True) as fetcher:
        for _ in range(2):
            with pytest.raises(InputError, match=r"robots.txt of 'localhost' does not allow it"):
                fetcher.fetch(answer(httpserver))
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt"]


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(httpserver: HTTPServer) -> None:
    robots(httpserver, "User-agent: Groundwire\nDisallow: /b")
    url = answer(httpserver, status=302, Location="/b")
    with Fetcher(allow_private=True) as fetcher, pytest.raises(InputError, match="does not allow"):
        fetcher.fetch(url)
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt", "/a"]


@pytest.mark.parametrize(("status", "asked"), [(404, True), (403, True), (500, False), (503, False), (429, False)])
def test_without_robots_txt_all_is_allowed_and_nothing_while_it_cannot_be_read(
    httpserver: HTTPServer, status: int, asked: bool
) -> None:
    robots(httpserver, "", status=status)
    url = answer(httpserver)
    with Fetcher(allow_private=True) as fetcher:
        if asked:
            assert fetcher.fetch(url).content == b"Nine ships."
        else:
            with pytest.raises(InputError, match=r"robots.txt of 'localhost' cannot be read.*Try later"):
                fetcher.fetch(url)


def test_robots_txt_may_not_lead_to_a_private_address(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, names: Names
) -> None:
    hops = [True]
    monkeypatch.setattr(door, "is_public", lambda address: hops.pop() if hops else is_public(address))
    names(post=[["127.0.0.1"]])
    to = {"Location": f"http://127.0.0.1:{httpserver.port}/secret"}
    httpserver.expect_request("/robots.txt").respond_with_data(status=302, headers=to)
    with Fetcher() as fetcher, pytest.raises(InputError, match=r"robots.txt of 'post.example' cannot be .* public"):
        fetcher.fetch(f"http://post.example:{httpserver.port}/a")
    assert [request.path for request, _ in httpserver.log] == ["/robots.txt"]


def test_the_pace_that_robots_txt_asks_for_is_kept(httpserver: HTTPServer, clock: Clock) -> None:
    robots(httpserver, "User-agent: *\nCrawl-delay: 7")
    url = answer(httpserver)
    with Fetcher(allow_private=True, clock=clock, sleep=clock.sleep) as fetcher:
        for _ in range(3):
            fetcher.fetch(url)
    assert clock.now == pytest.approx(1014)


def test_of_many_each_comes_with_its_address_and_a_bad_one_stops_none(httpserver: HTTPServer) -> None:
    url = answer(httpserver)
    wanted = [url, "ftp://post.example/", httpserver.url_for("/none"), url.replace("localhost", "127.0.0.1")]
    with Fetcher(allow_private=True, robots=False) as fetcher:
        found = list(fetcher.fetch_each((address, None) for address in wanted))
    assert sorted(address for address, _ in found) == sorted(wanted)
    assert {address: type(page) for address, page in found if isinstance(page, Page)} == {url: Page, wanted[3]: Page}


def test_closing_ends_a_request_that_hangs(talker: Talker, httpserver: HTTPServer) -> None:
    hanging = talker.say(HEAD + b"\r\n", *[b"x"] * 500)
    quick = answer(httpserver)
    with Fetcher(allow_private=True, robots=False, seconds=60) as fetcher:
        found = fetcher.fetch_each([(hanging, None), (quick, None)])
        assert next(found)[0] == quick
        found.close()
    talker.close()  # waits until what it says is no more heard
    assert not talker.talking
