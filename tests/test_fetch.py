import gzip
import itertools
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from rag.errors import InputError
from rag.intake import fetch as fetching
from rag.intake.fetch import Page, fetch, is_public

PRIVATE = ["10.0.0.8", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
Names = Callable[..., list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Gives names addresses, one answer after another for each time they are asked; returns what was asked."""
    real = socket.getaddrinfo

    def give(**answers: list[list[str]]) -> list[str]:
        asked: list[str] = []

        def resolve(host: str, port: int, *rest: int, **more: int) -> list[object]:
            if not host.endswith(".example"):
                return list(real(host, port, *rest, **more))
            asked.append(host)
            found = answers[host.removesuffix(".example")][asked.count(host) - 1]
            return [place for address in found for place in real(address, port, type=socket.SOCK_STREAM)]

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        return asked

    return give


class Talker:
    """A server that says one thing, in pieces a little apart, whatever it hears."""

    def __init__(self) -> None:
        self.heard = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=lambda: None)

    def say(self, *pieces: bytes) -> str:
        """The address where it will say so."""
        self._thread = threading.Thread(target=self._talk, args=(pieces,), daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self.port}/"

    def _talk(self, pieces: Iterable[bytes]) -> None:
        connection, _ = self._listener.accept()
        with connection, suppress(OSError):
            self.heard = connection.recv(65536)
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(0.01)

    def close(self) -> None:
        self._thread.join(5)
        self._listener.close()


@pytest.fixture
def talker() -> Iterator[Talker]:
    talker = Talker()
    yield talker
    talker.close()


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
    monkeypatch.setattr(fetching, "is_public", lambda address: hops.pop() if hops else is_public(address))
    names(post=[["127.0.0.1"]])
    answer(httpserver, status=302, Location=f"http://{place}:{httpserver.port}/secret")
    assert "not a public address" in refusal(f"http://post.example:{httpserver.port}/a")
    assert [request.path for request, _ in httpserver.log] == ["/a"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("/a", "redirects more than 5 times"),
        ("", "without a new address"),
        ("file:///etc/passwd", "It redirects to 'file:///etc/passwd'. Only http and https"),
        ("//user:word@127.0.0.1/", "user name or password"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_refused(httpserver: HTTPServer, place: str, message: str) -> None:
    assert message in refusal(answer(httpserver, status=302, Location=place), allow_private=True)
    assert len(httpserver.log) == (6 if place == "/a" else 1)


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
    [(404, "404 (Not Found)"), (500, "500 (Internal"), (204, "204 (No Content)"), (599, "Status 599 instead")],
)
def test_another_status_is_named(httpserver: HTTPServer, status: int, message: str) -> None:
    assert message in refusal(answer(httpserver, status=status), allow_private=True)


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "text/htmlx", ""])
def test_another_type_is_refused(httpserver: HTTPServer, content_type: str) -> None:
    assert f"Its type is {content_type!r}" in refusal(
        answer(httpserver, Content_Type=content_type), allow_private=True
    )


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_what_is_too_large_is_refused(httpserver: HTTPServer, coding: str) -> None:
    # Gzipped it travels at a thousandth of its size: what counts is the size once decompressed.
    content = bytes(fetching.LARGEST + 1)
    packed = gzip.compress(content) if coding else content
    message = refusal(answer(httpserver, content=packed, Content_Encoding=coding), allow_private=True)
    assert "too large: over 10 MB" in message


def test_a_small_page_that_would_swell_does_not_fill_the_memory(httpserver: HTTPServer) -> None:
    url = answer(httpserver, content=gzip.compress(bytes(60_000_000)), Content_Encoding="gzip")
    tracemalloc.start()
    assert "too large" in refusal(url, allow_private=True)
    assert tracemalloc.get_traced_memory()[1] < 4 * fetching.LARGEST
    tracemalloc.stop()


def test_an_endless_page_is_not_read_to_its_end(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 100_000)

    def respond(request: Request) -> Response:
        return Response(itertools.repeat(b"x" * 10_000), content_type="text/html")

    httpserver.expect_request("/a").respond_with_handler(respond)
    assert "too large" in refusal(httpserver.url_for("/a"), allow_private=True)


@pytest.mark.parametrize(
    ("content", "coding", "message"),
    [
        (b"Nine ships", "gzip", "compression is broken"),
        (gzip.compress(b"Nine ships")[:-4], "gzip", "cut short"),
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


CUT_SHORT = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nx"


@pytest.mark.parametrize("said", [b"220 mail ready\r\n", b"", CUT_SHORT], ids=["mail", "nothing", "cut short"])
def test_a_server_that_does_not_speak_http_is_refused(talker: Talker, said: bytes) -> None:
    assert "What '127.0.0.1' answers is not HTTP" in refusal(talker.say(said), allow_private=True)


def test_a_certificate_is_asked_for_the_name_not_the_address(talker: Talker, names: Names) -> None:
    names(post=[["127.0.0.1"]])
    talker.say(b"not TLS")
    assert "No connection to 'post.example'" in refusal(f"https://post.example:{talker.port}/", allow_private=True)
    assert b"post.example" in talker.heard


def test_a_port_that_nobody_listens_on_is_one_clear_line() -> None:
    assert "No connection to '127.0.0.1'" in refusal("http://127.0.0.1:1/", allow_private=True)


@given(st.ip_addresses(v=4))
def test_no_spelling_of_an_address_is_more_public_than_the_address(address: IPv4Address) -> None:
    number = int(address)
    assert not is_public(str(IPv6Address((0xFFFF << 32) + number)))
    assert not is_public(str(IPv6Address((0x2002 << 112) + (number << 80) + 1)))
    assert is_public(str(IPv6Address((0x64FF9B << 96) + number))) == is_public(str(address))


@pytest.mark.parametrize("address", [*PRIVATE, "168.63.129.16", "fc00::1", "fe80::1%2", "ff02::1", "fec0::1", "::"])
def test_what_only_some_machines_reach_is_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4, network=IPv4Network("8.0.0.0/8")) | st.ip_addresses(v=6, network="2606:4700::/32"))
def test_addresses_of_the_open_internet_are_public(address: IPv4Address | IPv6Address) -> None:
    assert is_public(str(address))
