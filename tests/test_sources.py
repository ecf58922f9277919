import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag import sources
from rag.cleaning import normalise
from rag.errors import InputError
from rag.records import Article, Failure
from rag.sources import read


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


def from_line(write: Write, **fields: object) -> Article:
    return one(write("a.jsonl", json.dumps({"title": "Harbour", "text": "Nine ships came in."} | fields)))


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


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "T", "text": "B.", "url": "https://a.example/1", "source": "S", "authors": ["A", "B"]},
        {"title": "T", "maintext": "B.", "url": "https://a.example/1", "source_domain": "S", "authors": ["A", "B"]},
        {"headline": "T", "articleBody": "B.", "link": "https://a.example/1", "publisher": {"name": "S"},
         "byline": "By A; B"},
        {"title": "T", "text": None, "body": "B.", "url": "https://a.example/1", "outlet": "S",
         "author": [{"name": "A"}, {"name": "B"}]},
    ],
)  # fmt: skip
def test_a_line_may_use_the_names_of_news_please_and_json_ld(write: Write, fields: dict[str, object]) -> None:
    article = one(write("a.jsonl", json.dumps(fields)))
    assert (article.title, article.text, article.url) == ("T", "B.", "https://a.example/1")
    assert (article.source, article.authors) == ("S", ("A", "B"))


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
    assert [(item.origin or "").rpartition("#")[2] for item in kept] == ["L1", "L9"]
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
    assert (article.origin or "").endswith("#L2")


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2024-02-28", datetime(2024, 2, 28)),
        ("2024-02-28T08:00:00+01:00", datetime(2024, 2, 28, 7)),
        ("2024-02-28T08:00:00Z", datetime(2024, 2, 28, 8)),
        ("Wed, 28 Feb 2024 08:00:00 -0500", datetime(2024, 2, 28, 13)),
        ("Wed, 28 Feb 2024 08:00:00 EST", datetime(2024, 2, 28, 13)),
        ("15 September 2023", datetime(2023, 9, 15)),
        ("Sept. 15, 2023", datetime(2023, 9, 15)),
        ("28/02/2024", datetime(2024, 2, 28)),
        (1709107200, datetime(2024, 2, 28, 8)),
        (1709107200000, datetime(2024, 2, 28, 8)),
        ("1709107200", datetime(2024, 2, 28, 8)),
    ],
)
def test_times_are_read_as_utc(write: Write, stated: object, expected: datetime) -> None:
    assert from_line(write, published_at=stated).published_at == expected.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "stated",
    ["soon", "3/4/2023", "September 2023", "10:30", "", [], True, 1e300, "9999-99-99", "0001-01-01T00:00+09:00"],
)
def test_a_time_that_names_no_certain_day_is_none(write: Write, stated: object) -> None:
    assert from_line(write, published_at=stated).published_at is None


def test_a_web_page_is_not_believed_when_it_dates_itself_in_the_future(write: Write) -> None:
    page = '<html><head><meta name="date" content="{}"></head><body><article><p>Nine ships came in.</p>'
    assert one(write("a.html", page.format("2999-01-01"))).published_at is None
    assert one(write("a.html", page.format("1066-10-14"))).published_at is None
    assert one(write("a.html", page.format("2023-09-15"))).published_at == datetime(2023, 9, 15, tzinfo=UTC)


def test_the_id_comes_from_content_not_from_the_place(write: Write) -> None:
    first, second = one(write("a.txt", TEXT)), one(write("b/c.txt", TEXT.replace("\n", "\r\n")))
    assert first.id == second.id
    assert from_line(write, url="https://a.example").id != from_line(write).id


@pytest.mark.parametrize("bad", ["a b", "x" * 81, "../x\n", "é", 1.5, [1], True])
def test_a_bad_id_is_reported(write: Write, bad: object) -> None:
    assert "Bad id" in fault_of_line(write, id=bad)


def fault_of_line(write: Write, **fields: object) -> str:
    (failure,) = read(write("a.jsonl", json.dumps({"text": "Nine."} | fields)))
    assert isinstance(failure, Failure)
    assert failure.line == 1
    return failure.error


def test_a_good_id_is_kept(write: Write) -> None:
    assert from_line(write, id="rtqa-00017").id == "rtqa-00017"
    assert from_line(write, id=17).id == "17"


def test_an_article_without_title_takes_its_first_line_cut_to_100_characters(write: Write) -> None:
    path = write("a.jsonl", json.dumps({"text": "Nine ships " * 30 + "\n\nTwo tugs."}))
    assert one(path).title.startswith("Nine ships Nine")
    assert one(path).title.endswith("…")
    assert len(one(path).title) <= 100 < len(one(path).text)


def test_an_address_that_could_run_code_is_dropped(write: Write) -> None:
    assert from_line(write, url="javascript:alert(1)").url is None
    assert from_line(write, url='https://a.example/"onclick=').url is None


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "", "The file is empty"),
        ("a.md", " \n\t\n", "The file is empty"),
        ("a.jsonl", "\n\n", "The file is empty"),
        ("a.html", b"", "The file is empty"),
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


def test_a_missing_path_raises_at_once(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", "", "a\0b"):
        with pytest.raises(InputError, match="No such file or folder"):
            read(path)


@pytest.mark.parametrize("place", ["https://post.example/1", "HTTP://post.example", "-"])
def test_an_address_is_a_failure(place: str) -> None:
    (failure,) = read(place)
    assert isinstance(failure, Failure)
    assert "Only files and folders are read" in failure.error


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
