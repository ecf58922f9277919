import io
import json
import os
import pty
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from rag.intake import sources
from rag.intake.cleaning import normalise
from rag.intake.sources import expected, read
from rag.records import Article, Failure


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
    monkeypatch.setattr(sources, "LONGEST_LINE", 50)
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
        ("a.pdf", "x", "Known are .txt, .md"),
        ("a.html", "<html><body></body></html>", "No article text"),
        ("a.md", "Leave a reply\n", "only leftovers"),
    ],
)
def test_a_bad_file_is_one_clear_failure(write: Write, name: str, content: str | bytes, message: str) -> None:
    assert message in fault(write(name, content))


def test_a_file_that_is_too_large_is_a_failure(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "LARGEST", 20)
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
    monkeypatch.setattr(sources, "LARGEST", 20_000)
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
def served(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Article | Failure]]:
    monkeypatch.setenv("GROUNDWIRE_ALLOW_PRIVATE", "1")

    def serve(path: str, content: str | bytes, content_type: str) -> list[Article | Failure]:
        httpserver.expect_request(path).respond_with_data(content, content_type=content_type)
        return list(read(httpserver.url_for(path)))

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
    (article,) = read(httpserver.url_for("/a"))
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


@given(st.binary(max_size=300), st.sampled_from([".txt", ".md", ".html", ".jsonl"]))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_bytes_yield_articles_or_failures(write: Write, data: bytes, suffix: str) -> None:
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
