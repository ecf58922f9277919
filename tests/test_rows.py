"""JSON Lines and CSV: fields by the names of the trade or by a mapping, line numbers, bad rows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.intake import rows
from rag.intake.readings import Options, Reading
from rag.intake.sources import expected, read
from rag.records import Article, Failure


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def found(path: Path, mapping: dict[str, str] | None = None) -> tuple[list[Article], list[tuple[int | None, str]]]:
    reads = list(read(path, Options(mapping or {})))
    failures = [(item.line, item.error) for item in reads if isinstance(item, Failure)]
    return [item.article for item in reads if isinstance(item, Reading)], failures


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_of_a_table_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = [["title", "maintext", "date_publish", "authors"], ["Ships", "Nine came in", "2024-02-28", "Ann Roe"]]
    path = written(tmp_path, "a.csv", "\ufeff" + "\n".join(delimiter.join(line) for line in lines))
    (article,), failures = found(path)
    assert failures == []
    assert (article.title, article.text, article.authors) == ("Ships", "Nine came in", ("Ann Roe",))
    assert article.published_at is not None


def test_records_are_placed_where_they_begin(tmp_path: Path) -> None:
    content = 'Title,Text\r\nOne,"Nine ships\r\n\r\ncame, in"\r\n\r\nTwo\r\nThree,"Two ""tugs"" left"\r\n'
    path = written(tmp_path, "a.csv", content)
    places = [item.line for item in read(path) if isinstance(item, Reading | Failure)]
    articles, failures = found(path)
    assert places == [2, 6, 7]
    assert [article.text for article in articles] == ["Nine ships\n\ncame, in", 'Two "tugs" left']
    assert failures == [(6, "The row has 1 values where the header names 2. Quote values that hold a delimiter.")]
    assert expected(path) in (3, 4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "It is empty"),
        ("title,text\n", "It is empty"),
        ("headline,words,day\nShips,Nine,1\n", "No column is the text. There is headline, words, day"),
        (b"title,t\xe9xt\n", "The header is not UTF-8"),
        ("title,text\nShips,Nine".encode("utf-16"), "Convert it to UTF-8"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_failure(tmp_path: Path, content: str | bytes, message: str) -> None:
    articles, ((line, error),) = found(written(tmp_path, "a.csv", content))
    assert (articles, line) == ([], None)
    assert message in error


def test_a_row_that_is_not_utf_8_is_told_by_its_line(tmp_path: Path) -> None:
    articles, failures = found(written(tmp_path, "a.csv", b"title,text\nA,caf\xe9\nB,Nine ships\n"))
    assert [article.title for article in articles] == ["B"]
    assert [line for line, _ in failures] == [2]


def test_fields_are_as_long_as_lines_may_be(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "title,text\nShips," + "Nine ships came in. " * 10_000)
    (article,), _ = found(path)
    assert len(article.text) == 199_999


def test_an_overlong_line_of_a_table_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LONGEST_LINE", 60)
    path = written(tmp_path, "a.csv", "title,text\nA," + "x" * 200 + "\nB,Nine ships\n")
    articles, failures = found(path)
    assert [article.title for article in articles] == ["B"]
    assert [line for line, _ in failures] == [2]


def test_a_quotation_mark_that_is_never_closed_ends_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "LONGEST_LINE", 60)
    path = written(tmp_path, "a.csv", 'title,text\nA,Nine ships\nB,"Two tugs\n' + "C,One raft\n" * 20)
    articles, failures = found(path)
    assert [article.title for article in articles] == ["A"]
    assert len(failures) == 1
    assert "line 3" in failures[0][1]


def test_a_mapping_names_fields_by_paths(tmp_path: Path) -> None:
    item = {"meta": {"kicker": "Harbour"}, "article": {"body": "Nine ships."}, "people": [{"name": "Ann Roe"}]}
    lines = [item, {"meta": {}, "article": {"body": "Two tugs."}}]
    path = written(tmp_path, "a.jsonl", "\n".join(map(json.dumps, lines)))
    mapping = {"title": "meta.kicker", "text": "article.body", "authors": "people.0"}
    (article,), failures = found(path, mapping)
    assert (article.title, article.text, article.authors) == ("Harbour", "Nine ships.", ("Ann Roe",))
    assert failures == [(2, "It lacks 'meta.kicker', which the mapping names. It has meta, article.")]


def test_a_mapping_names_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "a.tsv", "Kopf\tWorte, alle\nHafen\tNeun Schiffe.\n")
    (article,), _ = found(path, {"title": "Kopf", "text": "Worte, alle"})
    assert (article.title, article.text) == ("Hafen", "Neun Schiffe.")
    _, failures = found(path, {"text": "Words"})
    assert failures == [(None, "There is no column 'Words', which the mapping names. There is Kopf, Worte, alle.")]


@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), max_size=5), st.sampled_from(',;"\n'))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_yields_events(tmp_path: Path, values: list[list[str]], mark: str) -> None:
    content = "title,text\n" + "\n".join(f"{one}{mark}{two}" for one, two in values)
    articles, failures = found(written(tmp_path, "a.csv", content.encode("utf-8", "surrogatepass")))
    assert articles or failures


_PEAK = """
import resource, sys
from rag.intake.sources import read
list(read(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in read(sys.argv[2]): pass
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    line = json.dumps({"title": "Ships", "note": "x" * 100_000}) + "\n"  # fails, which is quick
    short, long = written(tmp_path, "a.jsonl", line), written(tmp_path, "b.jsonl", line * 400)
    done = subprocess.run([sys.executable, "-c", _PEAK, short, long], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 5_000  # kilobytes, of a file of 40 MB
