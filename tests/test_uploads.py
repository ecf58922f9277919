"""Files and addresses sent over HTTP: under no name of the sender's, within bounds, and gone afterwards."""

from __future__ import annotations

import gzip
import os
import stat
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chat_servers import WAIT
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from serving import serving

from rag import Archive
from rag.contract import ingest_json
from rag.records import IngestReport
from ui.http.api import ingesting, routes
from ui.http.api.uploads import Bounds, ending, receiving, shown

STORY = b"Harbour opens\n\nThe strike had stopped 40 ships."
SMALL = Bounds(file=2_000, files=3, whole=5_000, unpacked=50_000)
Send = Callable[..., httpx.Response]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one folder in which temporary files are made."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> Bounds:
    """Small ones, for the server too."""
    monkeypatch.setattr(routes, "Bounds", lambda: SMALL)
    return SMALL


@pytest.fixture
def client(archive: Archive, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    with serving(archive, monkeypatch) as address, httpx.Client(base_url=address, timeout=WAIT) as client:
        yield client


@pytest.fixture
def send(client: httpx.Client) -> Send:
    """Sends files, each under the name given."""
    return lambda *files: client.post("/api/ingest", files=[("files", file) for file in files])


def seen(folder: Path) -> set[str]:
    """Every file and folder under one, but those of the archive."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if "archive" not in path.parts}


def test_files_are_taken_in_as_the_command_takes_them(send: Send, archive: Archive) -> None:
    rows = b'{"title": "Tram", "text": "The tram cost 310m."}\n{"title": "No text"}\n'
    told = send(("a.txt", STORY), ("rows.jsonl", rows), ("b.md.gz", gzip.compress(b"# Ferry\n\nIt sank."))).json()
    assert (told["added"], told["updated"], told["skipped"]) == (3, 0, 0)
    assert [(one["path"], one["line"]) for one in told["failed"]] == [("rows.jsonl", 2)]
    assert {article.title for article in archive.articles()} == {"Harbour opens", "Tram", "Ferry"}
    assert send(("again.txt", STORY)).json()["skipped"] == 1


HOSTILE = [
    "../../x.txt",
    "..\\..\\x.txt",
    "/etc/cron.d/x.txt",
    "C:\\Windows\\x.txt",
    "\\\\server\\share\\x.txt",
    "a\0b.txt",
    "CON.txt",
    "nul",
    "..",
    ".",
    "/",
    "folder/",
    "x.txt\u202egpj.exe",
    "<script>alert(1)</script>.txt",
    "x" * 5_000 + ".txt",
    "é\n\r\t.txt",
    "~/.ssh/authorized_keys",
    "-rf.txt",
    "%2e%2e%2fx.txt",
    " .txt",
]


def test_no_name_leaves_the_private_folder_which_is_gone_afterwards(
    client: httpx.Client, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, archive: Archive
) -> None:
    before, taken = seen(tmp_path), archive.ingest
    during: set[str] = set()
    modes: set[int] = set()

    def watched(paths: list[Path], **chosen: Any) -> IngestReport:
        during.update(str(path.relative_to(temporary)) for path in temporary.rglob("*") if path.is_file())
        modes.update(stat.S_IMODE(path.stat().st_mode) for path in temporary.iterdir())
        return taken(paths, **chosen)

    monkeypatch.setattr(archive, "ingest", watched)
    for place, name in enumerate(HOSTILE):
        sent = client.post("/api/ingest", content=form((name, STORY + str(place).encode())), headers=FORM)
        assert sent.status_code == 200
        assert all(one["path"] == shown(name) for one in sent.json()["failed"])
    assert seen(tmp_path) == before
    assert {name.partition("/")[2] for name in during} == {"1", "1.txt"}
    assert modes == {0o700}


FORM = {"content-type": "multipart/form-data; boundary=cut"}


def form(*files: tuple[str, bytes]) -> bytes:
    """A body as no client would write it: with names as they are, but for what would end them."""
    parts = [
        b'--cut\r\nContent-Disposition: form-data; name="f"; filename="'
        + name.replace("\r", "").replace("\n", "").encode()
        + b'"\r\n\r\n'
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join(parts) + b"--cut--\r\n"


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_of_a_name_only_a_known_ending_is_used_and_one_line_is_shown(name: str) -> None:
    assert ending(name) in ("", ".doc") or ending(name).removesuffix(".gz") in (
        *(".txt", ".md", ".markdown", ".html", ".htm", ".jsonl", ".ndjson", ".json", ".csv", ".tsv"),
        *(".pdf", ".docx", ".xml", ".rss", ".atom"),
    )
    assert len(shown(name)) <= 200
    assert shown(name).isprintable()


def test_what_holds_no_article_is_told_under_the_name_that_was_given(send: Send) -> None:
    told = send(
        ("x.exe", b"MZ"), ("empty.txt", b""), ("old.doc", b"words"), ("cut.txt.gz", b"\x1f\x8b"), ("a.txt", STORY)
    )
    assert told.json()["added"] == 1
    assert {one["path"]: one["error"].partition(".")[0] for one in told.json()["failed"]} == {
        "x.exe": "Unknown kind of file",
        "empty.txt": "It is empty",
        "old.doc": "Word's old format cannot be read",
        "cut.txt.gz": "The gzip file is cut short: its end is missing",
    }


TOO_MUCH = [
    (413, [("big.txt", b"x" * 2_001)], "'big.txt' is larger than 0.002 MB. Split it."),
    (400, [(f"{n}.txt", STORY) for n in range(4)], "'3.txt' is one file too many: at most 3 are taken in at once."),
    (413, [(f"{n}.txt", b"x" * 1_900) for n in range(3)], "The files are larger than 0.005 MB together."),
]


def test_what_is_too_much_is_refused_whole_in_one_line(
    bounds: Bounds, send: Send, archive: Archive, temporary: Path
) -> None:
    for status, files, line in TOO_MUCH:
        refused = send(*files)
        assert refused.status_code == status
        assert refused.json()["error"].startswith(line)
    assert archive.articles() == []
    assert seen(temporary) == set()


def test_sizes_are_counted_as_they_come_whatever_was_announced(bounds: Bounds, client: httpx.Client) -> None:
    body = form(("big.txt", b"x" * 4_000))
    pieces = (body[start : start + 100] for start in range(0, len(body), 100))
    refused = client.post("/api/ingest", content=pieces, headers=FORM)
    assert "content-length" not in refused.request.headers
    assert (refused.status_code, refused.json()["error"][:24]) == (413, "'big.txt' is larger than")


def test_what_unpacks_to_too_much_fails_and_the_rest_is_taken_in(bounds: Bounds, send: Send) -> None:
    told = send(("bomb.txt.gz", gzip.compress(b"0" * 60_000)), ("a.txt", STORY)).json()
    assert told["added"] == 1
    assert told["failed"] == [{"path": "bomb.txt.gz", "line": None, "error": "It unpacks to over 0.05 MB. Split it."}]


CUT, JSON = FORM["content-type"], "application/json"
NONSENSE = [
    (b"--cut--\r\n", CUT, "No file was sent"),
    (b"", CUT, "The body ends before its last boundary"),
    (form(("a.txt", STORY))[:-9], CUT, "The body ends before its last boundary"),
    (form(("a.txt", STORY)), "multipart/form-data", "The content type of the body names no boundary"),
    (b"junk", CUT, "The body is not multipart/form-data as it says"),
    (b'--cut\r\nContent-Disposition: form-data; name="sync"\r\n\r\ntrue\r\n--cut--\r\n', CUT, "The part 'sync' is no file"),
    (b"--cut\r\n\r\nwords\r\n--cut--\r\n", CUT, "The part '' is no file"),
    (form(("", b"")), CUT, "No file was sent"),
    (b'{"addresses": []}', JSON, "addresses: List should have at least 1 item"),
    (b'{"addresses": ["/etc/passwd"]}', JSON, "Address '/etc/passwd' is none: it must begin with http:// or https://."),
    (b'{"addresses": ["https://a.example", "-"]}', JSON, "Address '-' is none: it must begin with http:// or https://"),
    (b'{"addresses": ["file:///etc/passwd"]}', JSON, "Address 'file:///etc/passwd' is none: it must begin"),
    (b'{"addresses": ["https://a b"]}', JSON, "Address 'https://a b' is none: it must go on with a host's name"),
    (b'{"addresses": ["https://a\\u0000b"]}', JSON, r"Address 'https://a\x00b' is none: it must go on"),
    (b'{"addresses": ["HTTP://"]}', JSON, "Address 'HTTP://' is none: it must go on with a host's name, and hold no"),
    (b'{"addresses": ["' + b"x" * 2000 + b'"]}', JSON, f"Address '{'x' * 59}…' is none: it must begin"),
    (b'{"addresses": ["https://a.example/"], "allow_private": true}', JSON, "There is no option 'allow_private'"),
    (b'{"addresses": ["https://a.example/"], "limit": 0}', JSON, "limit: Input should be greater"),
    (b"{", JSON, "The body is no JSON"),
    (b"\xff", JSON, "The body is no JSON: it is not UTF-8"),
]  # fmt: skip


def test_a_body_that_makes_no_sense_is_one_line(client: httpx.Client) -> None:
    for body, kind, line in NONSENSE:
        refused = client.post("/api/ingest", content=body, headers={"content-type": kind})
        assert refused.status_code == 400
        assert refused.json()["error"].startswith(line)


def test_addresses_go_through_the_door_that_refuses_private_hosts(
    client: httpx.Client, httpserver: HTTPServer, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (
        "<html><head><title>Harbour opens</title></head><body><article><p>"
        + "The strike had stopped 40 ships in all. " * 9
    )
    httpserver.expect_request("/a").respond_with_data(page, content_type="text/html")
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    address = httpserver.url_for("/a")
    told = client.post("/api/ingest", json={"addresses": [address]}).json()
    assert "not a public address" in told["failed"][0]["error"]
    assert httpserver.log == []
    monkeypatch.setenv("GROUNDWIRE_ALLOW_PRIVATE", "1")
    assert client.post("/api/ingest", json={"addresses": [address]}).json()["added"] == 1
    assert archive.articles()[0].url == address


def test_a_caller_that_goes_away_stops_what_it_asked_for(
    client: httpx.Client, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = threading.Event()
    begun = threading.Event()

    def endless(paths: object, *, limit: int | None, stop: Callable[[], bool]) -> IngestReport:
        begun.set()
        while not stop():
            begun.wait(0.01)
        stopped.set()
        return IngestReport()

    monkeypatch.setattr(archive, "ingest", endless)
    with pytest.raises(httpx.ReadTimeout):
        client.post("/api/ingest", json={"addresses": ["https://a.example/"]}, timeout=0.5)
    assert begun.is_set()
    assert stopped.wait(WAIT)


def test_one_upload_too_many_is_told_to_come_again(
    client: httpx.Client, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingesting, "AT_ONCE", 1)
    begun, go = threading.Event(), threading.Event()

    def slow(paths: object, **chosen: Any) -> IngestReport:
        begun.set()
        assert go.wait(WAIT)
        return IngestReport(added=1)

    monkeypatch.setattr(archive, "ingest", slow)
    told: list[httpx.Response] = []
    asked = {"addresses": ["https://a.example/"]}
    first = threading.Thread(target=lambda: told.append(client.post("/api/ingest", json=asked)))
    first.start()
    assert begun.wait(WAIT)
    busy = client.post("/api/ingest", json=asked)
    go.set()
    first.join(WAIT)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "10")
    assert busy.json() == {"error": "Busy: 1 uploads are being taken in. Try again in 10 s."}
    assert told[0].json() == ingest_json(IngestReport(added=1))


def test_a_sender_that_breaks_off_leaves_nothing(client: httpx.Client, temporary: Path, archive: Archive) -> None:
    def breaking() -> Iterator[bytes]:
        yield form(("a.txt", STORY))[:80]
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        client.post("/api/ingest", content=breaking(), headers=FORM)
    assert client.get("/healthz").status_code == 200
    assert archive.articles() == []


def test_nothing_of_an_upload_is_kept_open_or_on_disk(temporary: Path) -> None:
    before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(ZeroDivisionError), receiving(FORM["content-type"], SMALL) as upload:  # noqa: PT012
        upload.write(form(("a.txt", STORY))[:-30])
        assert len(seen(temporary)) == 2
        raise ZeroDivisionError
    assert seen(temporary) == set()
    assert set(os.listdir("/proc/self/fd")) == before
