from __future__ import annotations

import ssl
import textwrap
from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talking import Talker, give_names

from rag.errors import InputError
from rag.fetching import door
from rag.fetching.door import is_public
from rag.fetching.fetch import Fetcher

PRIVATE = ["10.0.0.8", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1"]
NO_HOSTS = [
    "192.0.0.9",
    "192.0.0.170",
    "168.63.129.16",
    "fc00::1",
    "fe80::1%2",
    "ff02::1",
    "fec0::1",
    "::",
    "3fff::1",
]
Names = Callable[..., list[str]]
# Of a certificate for post.example that nobody has signed. The key protects nothing.
KEY = (
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8w2Lbw6R5hVnP3mP8x7IQEzpRiz0fEFGkRV58pphTv2hRANCAAS6"
    "U3Hn+LOSS8DXv5SsFjIKcZ9RcfrpigzXqJngKVY/BTWp2acfqImB+P/jRACTloNsfCREdP00r4vl24DJdou3"
)
CERTIFICATE = (
    "MIIBnjCCAUSgAwIBAgIUMVC+WHOYexG2WY67rHdLse82emkwCgYIKoZIzj0EAwIwFzEVMBMGA1UEAwwMcG9zdC5leGFtcGxlMCAX"
    "DTI2MTEyMzEzMDQwMloYDzIxMjYxMDMwMTMwNDAyWjAXMRUwEwYDVQQDDAxwb3N0LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjO"
    "PQMBBwNCAAS6U3Hn+LOSS8DXv5SsFjIKcZ9RcfrpigzXqJngKVY/BTWp2acfqImB+P/jRACTloNsfCREdP00r4vl24DJdou3o2ww"
    "ajAdBgNVHQ4EFgQUcnnSOkh0zX5eUjKsWTUgsned5I0wHwYDVR0jBBgwFoAUcnnSOkh0zX5eUjKsWTUgsned5I0wDwYDVR0TAQH/"
    "BAUwAwEB/zAXBgNVHREEEDAOggxwb3N0LmV4YW1wbGUwCgYIKoZIzj0EAwIDSAAwRQIgC3oYdwJWb8n+x9rcrGHzJ7b+LaHlyM+T"
    "RuEmUhh6likCIQCB3VepmsEYlLeI8KcL77UAOmlSEz61C4ApDLAKysP2lQ=="
)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    parts = {"PRIVATE KEY": KEY, "CERTIFICATE": CERTIFICATE}
    lines = [
        [f"-----BEGIN {name}-----", *textwrap.wrap(part, 64), f"-----END {name}-----"] for name, part in parts.items()
    ]
    path = tmp_path / "certificate.pem"
    path.write_text("\n".join(chain(*lines)) + "\n")
    return path


@pytest.fixture
def talker(certificate: Path) -> Iterator[Talker]:
    """One that speaks TLS."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    talker = Talker(tls=tls)
    yield talker
    talker.close()


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    return partial(give_names, monkeypatch)


def trust(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    monkeypatch.setattr(door, "_tls", lambda: ssl.create_default_context(cafile=str(certificate)))


def secure(talker: Talker, name: str, *said: bytes) -> bytes:
    port = talker.say(*said).rstrip("/").rpartition(":")[2]
    with Fetcher(allow_private=True, robots=False) as fetcher:
        return fetcher.fetch(f"https://{name}.example:{port}/").content


PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nNine ships."


def test_a_page_is_fetched_over_tls(
    talker: Talker, names: Names, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    names(post=[["127.0.0.1"]])
    trust(monkeypatch, certificate)
    assert secure(talker, "post", PAGE) == b"Nine ships."


def test_a_certificate_that_nobody_signed_is_refused_in_one_line(talker: Talker, names: Names) -> None:
    names(post=[["127.0.0.1"]])
    with pytest.raises(InputError, match=r"^The certificate of 'post.example' proves nothing: self-signed[^\n]*$"):
        secure(talker, "post", PAGE)


def test_a_certificate_of_another_host_is_refused(
    talker: Talker, names: Names, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    names(times=[["127.0.0.1"]])
    trust(monkeypatch, certificate)
    with pytest.raises(InputError, match=r"The certificate of 'times.example' proves nothing: Hostname mismatch"):
        secure(talker, "times", PAGE)


def test_a_redirect_from_https_to_http_is_refused(
    talker: Talker, names: Names, monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    names(post=[["127.0.0.1"]])
    trust(monkeypatch, certificate)
    with pytest.raises(InputError, match=r"redirects from https to 'http://post.example/', which is not secure"):
        secure(talker, "post", b"HTTP/1.1 302 Found\r\nLocation: http://post.example/\r\n\r\n")


@pytest.mark.parametrize("host", ["127。0。0。1", "127.0.0.1.", "0x7f000001", "[0:0:0:0:0:ffff:7f00:1]"])
def test_no_spelling_of_a_private_address_is_connected_to(talker: Talker, host: str) -> None:
    with Fetcher() as fetcher, pytest.raises(InputError, match=r"not a public address|There is no host"):
        fetcher.fetch(f"http://{host}:{talker.port}/")
    assert talker.heard == []


@pytest.mark.parametrize(
    "host", ["0177.0.0.1", "127%2e0.0.1", "１２７.0.0.1", "ⓛocalhost", "127.0.0.1%00.example", "[::1%25lo]"]
)
def test_tricks_of_spelling_lead_nowhere(talker: Talker, host: str) -> None:
    with Fetcher() as fetcher, pytest.raises(InputError):
        fetcher.fetch(f"http://{host}:{talker.port}/")
    assert talker.heard == []


ANY = st.ip_addresses() | st.integers(0, 2**32 - 1).map(lambda number: IPv6Address((0x64FF9B << 96) + number))


@given(ANY)
def test_what_python_knows_to_be_special_is_not_public(address: IPv4Address | IPv6Address) -> None:
    special = address.is_private or address.is_loopback or address.is_link_local or address.is_multicast
    special = special or address.is_reserved or address.is_unspecified or not address.is_global
    wraps = address in IPv6Network("64:ff9b::/96")  # NAT64 is "reserved", and as public as what it stands for
    assert not (is_public(str(address)) and special and not wraps)


@given(st.ip_addresses(v=4))
def test_no_spelling_of_an_address_is_more_public_than_the_address(address: IPv4Address) -> None:
    number = int(address)
    assert not is_public(str(IPv6Address((0xFFFF << 32) + number)))
    assert not is_public(str(IPv6Address((0x2002 << 112) + (number << 80) + 1)))
    assert not is_public(str(IPv6Address((0x20010000 << 96) + (number ^ 0xFFFFFFFF))))
    assert is_public(str(IPv6Address((0x64FF9B << 96) + number))) == is_public(str(address))


@pytest.mark.parametrize("address", [*PRIVATE, *NO_HOSTS])
def test_what_only_some_machines_reach_is_not_public(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4, network=IPv4Network("8.0.0.0/8")) | st.ip_addresses(v=6, network="2606:4700::/32"))
def test_addresses_of_the_open_internet_are_public(address: IPv4Address | IPv6Address) -> None:
    assert is_public(str(ip_address(str(address))))
