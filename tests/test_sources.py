import gzip
import io
import json
import os
import pty
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from rag.intake import formats, kinds, readings, rows, sources
from rag.intake.cleaning import normalise
from rag.intake.readings import Finished, NoMemory, Options, Reading, Unchanged
from rag.intake.sources import expected
from rag.records import Article, Failure


def read(path: Path | str, options: Options | None = None) -> Iterator[Article | Failure]:
    """What a caller sees of reading: articles and failures."""
    for item in sources.read(path, options):
        if isinstance(item, Reading):
            yield item.article
        elif isinstance(item, Failure):
            yield item


def one(path: Path) -> Article:
    (article,) = read(path)
    assert isinstance(article, Article), article
    return article


def fault(path: Path) -> str:
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    assert failure.path == str(path)
    return failure.error


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


Write = Callable[[str, str | bytes], Path]
PRIVATE = Options(allow_private=True)
TEXT = "Harbour reopens\n\nNine ships came in.\n"


def test_first_line_of_a_text_file_is_the_title_and_leftovers_go(write: Write) -> None:
    path = write("a.txt", "\n\n" + TEXT + "\nLeave A Reply\n\nYour email address will not be published.\n")
    article = one(path)
    assert (article.title, article.text) == ("Harbour reopens", "Nine ships came in.")
    assert article.origin == str(path)
    assert len(article.id) == 16


def test_front_matter_states_the_fields_of_markdown(write: Write) -> None:
    fields = "id: ost-1\ntitle: Ships\nauthors: [Ann Roe, Bo Lee]\noutlet: The Post\n"
    fields += "published_at: 2024-02-28\nlanguage: en-GB"
    article = one(write("a.md", f"---\n{fields}\nurl: https://post.example/1\n---\nNine *ships*."))
    assert (article.id, article.title, article.text) == ("ost-1", "Ships", "Nine ships.")
    assert (article.authors, article.source, article.language) == (("Ann Roe", "Bo Lee"), "The Post", "en")
    assert article.published_at == datetime(2024, 2, 28, tzinfo=UTC)
    assert article.url == "https://post.example/1"


def test_bad_lines_are_reported_and_the_rest_goes_on(write: Write) -> None:
    good = json.dumps({"text": "Nine ships came in."})
    lines = [
        good,
        "{broken",
        "",
        '{"title": "T"}',
        '{"text": 5}',
        '{"text": [1]}',
        '{"text": null}',
        "[1]",
        good,
        '{"n": ' + "1" * 5000 + "}",
    ]
    found = list(read(write("a.jsonl", "\n".join(lines))))
    assert [item.line for item in found if isinstance(item, Failure)] == [2, 4, 5, 6, 7, 8, 10]
    kept = [item for item in found if isinstance(item, Article)]
    assert len(kept) == 2
    assert "lacks text" in str(found[2])
    assert "not a string but int" in str(found[3])


def test_json_lines_are_read_one_at_a_time(write: Write) -> None:
    path = write("a.jsonl", '{"text": "Nine ships."}\n' + "{broken\n" * 3)
    found = read(path)
    assert isinstance(next(found), Article)
    assert isinstance(next(found), Failure)


def test_an_overlong_line_is_reported_and_skipped(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LONGEST_LINE", 50)
    path = write("a.jsonl", '{"text": "' + "x" * 200 + '"}\n{"text": "Nine ships."}\n')
    long, article = read(path)
    assert isinstance(long, Failure)
    assert long.line == 1
    assert "too long" in long.error
    assert isinstance(article, Article)
    assert article.text == "Nine ships."


def test_a_web_page_is_not_believed_when_it_dates_itself_in_the_future(write: Write) -> None:
    page = '<html><head><meta name="date" content="{}"></head><body><article><p>Nine ships came in.</p>'
    assert one(write("a.html", page.format("2999-01-01"))).published_at is None
    assert one(write("a.html", page.format("1066-10-14"))).published_at is None
    assert one(write("a.html", page.format("2023-09-15"))).published_at == datetime(2023, 9, 15, tzinfo=UTC)


def test_the_id_comes_from_content_not_from_the_place(write: Write) -> None:
    first, second = one(write("a.txt", TEXT)), one(write("b/c.txt", TEXT.replace("\n", "\r\n")))
    assert first.id == second.id


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "", "It is empty"),
        ("a.md", " \n\t\n", "It is empty"),
        ("a.jsonl", "\n\n", "It is empty"),
        ("a.html", b"", "It is empty"),
        ("a.txt", "Only a title\n", "The article has no text"),
        ("a.txt", b"\x7fELF\0\0", "looks binary"),
        ("a.jsonl", b"\x7fELF\0\0", "looks binary"),
        ("a.txt", "Café\n\nNine.".encode("latin-1"), "Not UTF-8 text (byte 4)"),
        ("a.md", b"\xff\xfeA", "Not UTF-16 text"),
        ("a.png", "x", "Known are .txt, .md"),
        ("a.doc", "x", "Save it as .docx"),
        ("a.html", "<html><body></body></html>", "No article text"),
        ("a.md", "Leave a reply\n", "only leftovers"),
    ],
)
def test_a_bad_file_is_one_clear_failure(write: Write, name: str, content: str | bytes, message: str) -> None:
    assert message in fault(write(name, content))


def test_a_file_that_is_too_large_is_a_failure(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "LARGEST", 20)
    assert "too large" in fault(write("a.txt", TEXT))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_text_with_a_byte_order_mark_is_read(write: Write, encoding: str) -> None:
    assert one(write("a.txt", TEXT.encode(encoding))).title == "Harbour reopens"


def test_a_missing_path_is_a_failure(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", "", "a\0b"):
        assert list(read(path)) == [Failure(str(path), None, "No such file or folder. Check the path.")]


def test_a_password_in_an_address_is_not_repeated() -> None:
    (failure,) = read("http://user:secret@127.0.0.1/page")
    assert isinstance(failure, Failure)
    assert "secret" not in failure.path + failure.error


def piped(monkeypatch: pytest.MonkeyPatch, content: str | bytes) -> list[Article | Failure]:
    data = content if isinstance(content, bytes) else content.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return list(read("-"))


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (TEXT, "Harbour reopens"),
        ("\n\n" + TEXT, "Harbour reopens"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "Harbour reopens"),
        (TEXT.encode("utf-16"), "Harbour reopens"),
        ("<3 harbours\n\nNine ships came in.", "<3 harbours"),
        ("---\ntitle: Ships\n---\nNine ships came in.", "Ships"),
        ("\n <!DOCTYPE html><html><h1>Ships</h1><article><p>Nine ships came in.</p>", "Ships"),
        ("<article><h1>Ships</h1><p>Nine ships came in.</p></article>", "Ships"),
        ('\n\n{"title": "Ships", "text": "Nine ships came in."}', "Ships"),
    ],
)
def test_standard_input_is_read_as_what_it_looks_like(
    monkeypatch: pytest.MonkeyPatch, content: str | bytes, title: str
) -> None:
    (article,) = piped(monkeypatch, content)
    assert isinstance(article, Article), article
    assert (article.title, article.text, article.origin) == (title, "Nine ships came in.", None)


def test_lines_of_standard_input_are_counted_from_its_first(monkeypatch: pytest.MonkeyPatch) -> None:
    found = piped(monkeypatch, '\n\n{"text": "Nine ships."}\n{broken\n\n{"text": "Two tugs."}')
    assert [item.text for item in found if isinstance(item, Article)] == ["Nine ships.", "Two tugs."]
    assert [(item.path, item.line) for item in found if isinstance(item, Failure)] == [("-", 4)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "It is empty"),
        (" \n" * 9000, "It is empty"),
        (b"\x7fELF\0\0", "looks binary"),
        (b"{\0}", "looks binary"),
        ("Café\n\nNine.".encode("latin-1"), "Not UTF-8 text (byte 4)"),
        ("x" * 20_001, "too large"),
    ],
)
def test_bad_standard_input_is_one_clear_failure(
    monkeypatch: pytest.MonkeyPatch, content: str | bytes, message: str
) -> None:
    monkeypatch.setattr(formats, "LARGEST", 20_000)
    (failure,) = piped(monkeypatch, content)
    assert isinstance(failure, Failure)
    assert failure.path == "-"
    assert message in failure.error


def test_a_terminal_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, end = pty.openpty()
    with open(terminal), open(end) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        (failure,) = read("-")
    assert isinstance(failure, Failure)
    assert "Standard input is a terminal" in failure.error


HEAD = '<link rel="canonical" href="https://times.example/9"><meta name="groundwire:id" content="ost-1">'
WEB_PAGE = f"<html><head>{HEAD}</head><body><article><h1>Schiffe</h1><p>Neun Schiffe aus Köln.</p></article></body>"


@pytest.fixture
def served(httpserver: HTTPServer) -> Callable[..., list[Article | Failure]]:
    httpserver.expect_request("/robots.txt").respond_with_data(status=404)

    def serve(path: str, content: str | bytes, content_type: str) -> list[Article | Failure]:
        httpserver.expect_request(path).respond_with_data(content, content_type=content_type)
        return list(read(httpserver.url_for(path), PRIVATE))

    return serve


Serve = Callable[..., list[Article | Failure]]


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "no-such-charset", "punycode"])
def test_a_page_is_fetched_and_cannot_pass_for_another_article(
    served: Serve, httpserver: HTTPServer, charset: str
) -> None:
    content = WEB_PAGE.encode("latin-1" if charset == "iso-8859-1" else "utf-8")
    (article,) = served("/a", content, f"text/html; charset={charset}")
    assert isinstance(article, Article), article
    assert (article.title, article.text) == ("Schiffe", "Neun Schiffe aus Köln.")
    assert article.url == article.origin == httpserver.url_for("/a")
    assert article.id != "ost-1"


@pytest.mark.usefixtures("served")
def test_an_article_has_the_address_that_a_redirect_led_to(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/a").respond_with_data(status=302, headers={"Location": "/b#top"})
    httpserver.expect_request("/b").respond_with_data(TEXT, content_type="text/plain")
    (article,) = read(httpserver.url_for("/a"), PRIVATE)
    assert isinstance(article, Article)
    assert (article.url, article.origin) == (httpserver.url_for("/b"), httpserver.url_for("/a"))


@pytest.mark.parametrize(
    ("path", "content", "content_type", "title"),
    [
        ("/a", TEXT, "text/plain", "Harbour reopens"),
        ("/a", "# Ships\n\nNine.", "text/markdown", "Ships"),
        ("/a.md", "# Ships\n\nNine.", "text/plain", "Ships"),
        ("/a", "---\ntitle: Ships\n---\nNine.", "text/plain", "Ships"),
        ("/a", '{\n  "title": "Ships",\n  "text": "Nine."\n}', "application/json", "Ships"),
    ],
)
def test_what_is_fetched_is_read_by_its_type(
    served: Serve, path: str, content: str, content_type: str, title: str
) -> None:
    (article,) = served(path, content, content_type)
    assert isinstance(article, Article), article
    assert article.title == title


@pytest.mark.parametrize("content_type", ["application/json", "application/x-ndjson", "text/plain"])
def test_lines_that_are_fetched_are_articles_of_addresses_of_their_own(
    served: Serve, httpserver: HTTPServer, content_type: str
) -> None:
    lines = '{"text": "Nine ships."}\n{broken\n{"text": "Two tugs.", "url": "https://times.example/1"}\n'
    first, failure, last = served("/a", lines, content_type)
    place = httpserver.url_for("/a")
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert (first.url, last.url) == (f"{place}#L1", f"{place}#L3")
    assert isinstance(failure, Failure)
    assert (failure.path, failure.line) == (place, 2)


@pytest.mark.parametrize(
    "address", ["ftp://post.example/1", "file:///etc/hostname", "http://", "HTTP://127.0.0.1:1/"]
)
def test_an_address_that_cannot_be_fetched_is_a_failure_that_names_it(address: str) -> None:
    (failure,) = read(address)
    assert isinstance(failure, Failure)
    assert (failure.path, failure.line) == (address, None)


def test_private_addresses_are_fetched_only_where_the_environment_says_so(httpserver: HTTPServer) -> None:
    (failure,) = read(httpserver.url_for("/a"))
    assert "GROUNDWIRE_ALLOW_PRIVATE" in str(failure)
    assert httpserver.log == []


def test_a_folder_is_read_in_order_without_hidden_and_other_files(write: Write, tmp_path: Path) -> None:
    for name in ("b/2.txt", "a.txt", "c.md", ".hidden/x.txt", ".x.txt", "b/run.py"):
        write(name, f"{name}\n\nNine ships.")
    write("README.md", "# About these articles\n\nNotes.")
    write("b/readme.md", "---\ntitle: No note\n---\nNine ships.")
    found = [Path(item.origin or "").relative_to(tmp_path) for item in read(tmp_path) if isinstance(item, Article)]
    assert [str(path) for path in found] == ["a.txt", "b/2.txt", "b/readme.md", "c.md"]


def test_a_folder_without_articles_is_one_failure(write: Write, tmp_path: Path) -> None:
    write("README.md", "# About")
    write("run.py", "print()")
    assert "The folder holds no article" in fault(tmp_path)


def test_one_bad_file_does_not_stop_a_folder(write: Write, tmp_path: Path) -> None:
    write("a.txt", b"\0")
    write("b.txt", TEXT)
    os.symlink(tmp_path / "gone.txt", tmp_path / "c.txt")
    assert [type(item) for item in read(tmp_path)] == [Failure, Article, Failure]


def test_links_that_lead_back_up_and_pipes_do_not_hang(write: Write, tmp_path: Path) -> None:
    write("a.txt", TEXT)
    os.symlink(tmp_path, tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe.txt")
    assert [type(item) for item in read(tmp_path)] == [Article, Failure]


STARTS = [
    b"",
    b"%PDF-1.7\n",
    b"PK\3\4",
    b"\x1f\x8b\x08\0",
    b"<rss><channel><item>",
    b'[{"text": "a"}, ',
    b"title,text\n",
]
KINDS = [kind + packed for kind in kinds.SUPPORTED for packed in ("", ".gz")]


@example(start=b"", data=b"\r\x01", suffix=".csv", packed=False)
@given(st.sampled_from(STARTS), st.binary(max_size=300), st.sampled_from(KINDS), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_bytes_yield_articles_or_failures(
    write: Write, start: bytes, data: bytes, suffix: str, packed: bool
) -> None:
    data = gzip.compress(start + data) if packed else start + data
    for item in read(write("any" + suffix, data)):
        assert isinstance(item, Article | Failure)
        if isinstance(item, Article):
            assert item.title
            assert item.text
            assert normalise(item.title) == item.title
            assert normalise(item.text) == item.text


@given(
    st.dictionaries(
        st.sampled_from(
            ["text", "title", "url", "author", "publisher", "date", "inLanguage", "summary", "id", "text"]
        ),
        st.recursive(
            st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "x"]), inner, max_size=2)
            ),
            max_leaves=4,
        ),
    ),
    st.sampled_from([".md", ".jsonl", ".html"]),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_stated_fields_yield_articles_or_failures(write: Write, fields: dict[str, object], suffix: str) -> None:
    stated = json.dumps(fields)
    linked = json.dumps({"@type": "NewsArticle", **fields})
    page = f'<script type="application/ld+json">{linked}</script><p>Nine ships.</p>'
    content = {
        ".jsonl": stated,
        ".md": f"---\n{stated}\n---\nNine ships.",
        ".html": f"<html><body>{page}</body></html>",
    }
    (item,) = read(write("any" + suffix, content[suffix]))
    assert isinstance(item, Failure) or (item.title and item.text and normalise(item.title) == item.title)


def test_what_to_expect_is_counted_by_files_and_lines(write: Write, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT)
    (folder / "b.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    (folder / "README.md").write_text("notes")
    assert expected(folder) == 3
    assert expected("-") is None
    assert expected("http://127.0.0.1/feed") is None


class Known(NoMemory):
    """Remembers what reading told, as the archive does."""

    def __init__(self, reads: list[readings.Read]) -> None:
        self.wholes = {(item.place, item.key) for item in reads if isinstance(item, Finished)}
        self.keys = {(item.place, item.key) for item in reads if isinstance(item, Reading)}

    def whole(self, place: str, key: bytes) -> int | None:
        return 7 if (place, key) in self.wholes else None

    def holds(self, place: str, key: bytes) -> bool:
        return (place, key) in self.keys


def test_an_unchanged_file_is_passed_over_whole(write: Write) -> None:
    path = write("a.jsonl", '{"text": "Nine ships."}\n{"text": "Two tugs."}\n')
    first = list(sources.read(path))
    assert [type(item) for item in first] == [Reading, Reading, Finished]
    assert list(sources.read(path, memory=Known(first))) == [Unchanged(str(path), str(path), count=7)]


def test_of_a_changed_file_only_changed_lines_are_read(write: Write) -> None:
    first = list(sources.read(write("a.jsonl", '{"text": "Nine ships."}\n{"text": "Two tugs."}\n')))
    path = write("a.jsonl", '{"text": "One raft."}\n{"text": "Nine ships."}\n{"text": "Two tugs."}')
    second = list(sources.read(path, memory=Known(first)))
    assert [type(item) for item in second] == [Reading, Unchanged, Unchanged, Finished]


def test_another_mapping_reads_an_unchanged_file_anew(write: Write) -> None:
    path = write("a.jsonl", '{"text": "Nine ships.", "kicker": "Harbour"}\n')
    first = list(sources.read(path))
    again, _ = sources.read(path, Options({"title": "kicker"}), Known(first))
    assert isinstance(again, Reading)
    assert again.article.title == "Harbour"


def test_a_file_of_which_something_failed_is_not_finished(write: Write) -> None:
    found = list(sources.read(write("a.jsonl", '{"text": "Nine ships."}\n{broken\n')))
    assert [type(item) for item in found] == [Reading, Failure]


def test_a_file_that_changes_while_it_is_read_is_not_finished(write: Write) -> None:
    path = write("a.jsonl", '{"text": "Nine ships."}\n')
    reads = sources.read(path)
    first = next(reads)
    with path.open("a") as file:
        file.write('{"text": "Two tugs."}\n')
    (last,) = (item for item in reads if not isinstance(item, Reading))
    assert isinstance(first, Reading)
    assert isinstance(last, Failure)
    assert "changed while it was read" in last.error


def test_a_pipe_or_device_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jsonl")
    assert "Not a regular file" in fault(tmp_path / "pipe.jsonl")
    assert expected(tmp_path / "pipe.jsonl") == 1
    os.symlink("/dev/zero", tmp_path / "endless.txt")
    assert "Not a regular file" in fault(tmp_path / "endless.txt")


def test_a_mapping_to_an_unknown_field_is_refused_once(write: Write) -> None:
    path = write("a.jsonl", '{"text": "Nine ships."}\n' * 3)
    (failure,) = sources.read(path, Options({"headline": "x"}))
    assert isinstance(failure, Failure)
    assert "Known are id, title, text" in failure.error


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(TEXT.encode(), mtime=0),
        gzip.compress(b'{"title": "Harbour reopens", "text": "Nine ships came in."}', mtime=0),
        b'[{"title": "Harbour reopens", "text": "Nine ships came in."}]',
        b'{\n"title": "Harbour reopens",\n"text": "Nine ships came in."\n}',
        b'{"@graph": [{"@type": "NewsArticle", "headline": "Harbour reopens", "articleBody": "Nine ships came in."}]}',
        b"Title;Text\nHarbour reopens;Nine ships came in.\n",
        b"<?xml version='1.0'?><rss><channel><item><title>Harbour reopens</title><guid>http://a.example/1</guid>"
        b"<description>Nine ships came in.</description></item></channel></rss>",
    ],
)
def test_any_kind_may_be_piped_in(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    (article,) = piped(monkeypatch, content)
    assert isinstance(article, Article), article
    assert (article.title, article.text) == ("Harbour reopens", "Nine ships came in.")


def test_quotation_marks_in_json_lines_do_not_join_lines_in_the_count(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text('{"text": "A 12\\" pipe."}\n{"text": "Two."}\n{"text": "Three."}\n', encoding="utf-8")
    assert expected(path) == 3
