"""A reader's conversations outlast the page, the server and a kill, and nobody else sees them."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ui_records import ANSWER, AS_OF, REFUSED

from eval.feedback import Feedback
from rag import Archive
from rag.errors import GroundwireError, UsageError
from rag.history import FILE, HISTORY
from rag.records import (
    Answer,
    Citation,
    Nearest,
    Period,
    Problem,
    Refusal,
    Seconds,
    Statement,
    Usage,
)
from ui.kept.conversations import KEPT_DELETED, Conversation, Conversations
from ui.kept.exchange import Exchange
from ui.kept.records import BROKEN_OFF, exchange_of, title_of, values

ADA, BEN = "a" * 32, "b" * 32
ASKED = Exchange("Who?", ANSWER, key="1", asked_at=AS_OF)
WRONG = Feedback(False, 1, "It was one rifle.", AS_OF)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Conversations]:
    kept = Conversations(tmp_path)
    yield kept
    kept.close()


def put(kept: Conversations, *exchanges: Exchange, reader: str = ADA) -> str:
    """A new conversation of those exchanges."""
    id = kept.begin(reader)
    for exchange in exchanges:
        kept.put(reader, id, exchange)
    return id


def loaded(kept: Conversations, id: str) -> Conversation:
    found = kept.load(ADA, id)
    assert found is not None
    return found


def questions(kept: Conversations, id: str) -> list[str]:
    found = kept.load(ADA, id)
    return [exchange.question for exchange in found.exchanges] if found else []


def titles(kept: Conversations, search: str = "", reader: str | None = ADA) -> list[str]:
    return [entry.title for entry in kept.listed(reader, search).entries]


def test_a_conversation_is_there_after_a_restart_word_for_word(tmp_path: Path, kept: Conversations) -> None:
    id = put(kept, ASKED, Exchange("And Xi?", REFUSED, key="2"), Exchange("x", error="No key.", key="3"))
    again = Conversations(tmp_path)
    found = again.load(ADA, id)
    assert found is not None
    assert found.exchanges == (
        ASKED, Exchange("And Xi?", REFUSED, key="2"), Exchange("x", error="No key.", key="3"),
    )  # fmt: skip
    assert found.title == "Who?"
    again.close()


def test_nothing_is_kept_of_a_conversation_that_only_began(kept: Conversations) -> None:
    assert kept.load(ADA, kept.begin(ADA)) is None
    assert kept.listed(ADA).total == 0


def test_an_exchange_put_again_replaces_itself_and_keeps_its_place(kept: Conversations) -> None:
    id = put(kept, Exchange("One?", key="1", asked_at=AS_OF), Exchange("Two?", key="2"))
    kept.put(ADA, id, Exchange("One?", ANSWER, key="1"))
    found = loaded(kept, id)
    assert found.exchanges[0] == Exchange("One?", ANSWER, key="1", asked_at=AS_OF)
    assert questions(kept, id) == ["One?", "Two?"]


def test_another_reader_sees_and_changes_nothing(kept: Conversations) -> None:
    id = put(kept, ASKED)
    with pytest.raises(UsageError, match="another reader's"):
        kept.put(BEN, id, ASKED)
    with pytest.raises(UsageError, match="no longer kept"):
        kept.judge(BEN, id, "1", WRONG)
    kept.judge(BEN, id, "1", None)
    kept.delete(BEN, id)
    kept.delete_all(BEN)
    assert kept.load(BEN, id) is None
    assert kept.fork(BEN, id, "1") is None
    assert titles(kept, reader=BEN) == []
    assert questions(kept, id) == ["Who?"]


def test_without_a_reader_nothing_is_kept_and_no_file_made(tmp_path: Path, kept: Conversations) -> None:
    id = kept.begin(None)
    kept.put(None, id, ASKED)
    kept.delete(None, id)
    kept.delete_all(None)
    assert (kept.load(None, id), kept.fork(None, id, "1"), kept.restore(None, id)) == (None, None, 0)
    assert kept.listed(None).total == 0
    assert not (tmp_path / FILE).exists()


def test_a_browser_without_cookies_finds_its_conversation_by_id_and_no_list_of_others(kept: Conversations) -> None:
    id = put(kept, ASKED, reader="")
    kept.delete_all("")
    found = kept.load("", id)
    assert found is not None
    assert kept.listed("").total == 0
    assert kept.load(ADA, id) is None


def test_a_question_left_by_another_server_is_broken_off_and_one_being_answered_is_not(
    tmp_path: Path, kept: Conversations
) -> None:
    id = put(kept, Exchange("Who?", key="1"))
    later = Conversations(tmp_path)
    here, there = loaded(kept, id), loaded(later, id)
    assert [one.awaited for one in here.exchanges] == [True]
    assert [one.error for one in there.exchanges] == [BROKEN_OFF]
    later.close()


# Editing an earlier question


def test_a_fork_copies_what_came_before_and_loses_nothing(kept: Conversations) -> None:
    id = put(kept, ASKED, Exchange("And then?", REFUSED, key="2"), Exchange("More?", ANSWER, key="3"))
    kept.judge(ADA, id, "1", WRONG)
    made = kept.fork(ADA, id, "3")
    assert made is not None
    assert questions(kept, id) == ["Who?", "And then?", "More?"]
    copy = loaded(kept, made)
    assert [replace(one, key="") for one in copy.exchanges] == [
        replace(ASKED, key="", verdict=WRONG), Exchange("And then?", REFUSED),
    ]  # fmt: skip
    assert {one.key for one in copy.exchanges}.isdisjoint({"1", "2", "3", ""})


def test_a_fork_before_the_first_question_is_a_new_conversation_and_one_before_none_is_none(
    kept: Conversations,
) -> None:
    id = put(kept, ASKED)
    made = kept.fork(ADA, id, "1")
    assert made not in (None, id)
    assert kept.fork(ADA, id, "9") is None
    assert kept.listed(ADA).total == 1


def test_a_question_still_awaited_is_broken_off_in_a_copy(kept: Conversations) -> None:
    made = kept.fork(ADA, put(kept, Exchange("One?", key="1"), Exchange("Two?", key="2")), "2")
    found = loaded(kept, made or "")
    assert found.exchanges[0].error == BROKEN_OFF


# Lists


def test_the_list_is_newest_first_with_counts_and_pages(kept: Conversations) -> None:
    first = put(kept, ASKED)
    for number in range(4):
        put(kept, Exchange(f"Question {number}?", REFUSED))
    kept.put(ADA, first, Exchange("And?", REFUSED, key="2"))
    page, rest = kept.listed(ADA, limit=2), kept.listed(ADA, offset=2, limit=9)
    assert [(one.title, one.exchanges) for one in page.entries] == [("Who?", 2), ("Question 3?", 1)]
    assert [one.title for one in rest.entries] == ["Question 2?", "Question 1?", "Question 0?"]
    assert page.total == rest.total == 5


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ferry strike", True), ("STRIKE", True), ("cafe", True), ("strasse", True), ("гагарин", True),
        ("渡轮", True), ("नौका", True), ("gagarin", True), ("ferry gagarin", True), ("ferry xi", False),
        ("100%", False), ("_", False), ("'", False), ('"', False), ("", True), ("  ", True),
    ],
)  # fmt: skip
def test_a_search_finds_all_words_in_any_case_and_script(kept: Conversations, search: str, found: bool) -> None:
    put(kept, Exchange("Ferry strike at the Café, Straße 1? Гагарин 渡轮停航 नौका", key="0"), ASKED)
    put(kept, Exchange("Xi?", REFUSED))
    assert any(title.startswith("Ferry") for title in titles(kept, search)) is found


def test_a_title_is_one_short_line() -> None:
    assert title_of("  Who\n is\tit? ") == "Who is it?"
    long = title_of("Why did the ferry stop at noon " * 9)
    assert len(long) <= 80
    assert long.endswith("the…")
    assert title_of("渡" * 200) == "渡" * 79 + "…"


# Deleting


def test_a_deleted_conversation_is_out_of_sight_until_it_is_brought_back(kept: Conversations) -> None:
    one, two = put(kept, ASKED), put(kept, Exchange("Xi?", REFUSED))
    kept.delete(ADA, one, two)
    assert (titles(kept), kept.load(ADA, one)) == ([], None)
    assert kept.restore(BEN, one) == 0
    assert kept.restore(ADA, one, "no such") == 1
    assert titles(kept) == ["Who?"]


def test_what_was_deleted_long_ago_leaves_the_file(tmp_path: Path, kept: Conversations) -> None:
    old, new = put(kept, ASKED), put(kept, ASKED)
    kept.delete(ADA, old, new)
    ago = timedelta(microseconds=1) + KEPT_DELETED
    edit(
        tmp_path, "UPDATE conversations SET deleted = deleted - ? WHERE id = ?", ago / timedelta(microseconds=1), old
    )
    put(kept, Exchange("Anything?", key="1"))
    assert kept.restore(ADA, old, new) == 1
    assert edit(tmp_path, "SELECT count(*) FROM exchanges WHERE conversation = ?", old) == [(0,)]


def test_all_deleted_is_gone_for_good(tmp_path: Path, kept: Conversations) -> None:
    one, other = put(kept, ASKED), put(kept, ASKED, reader=BEN)
    trashed = put(kept, ASKED)
    kept.delete(ADA, trashed)
    kept.delete_all(ADA)
    assert kept.restore(ADA, one, trashed) == 0
    assert edit(tmp_path, "SELECT conversation FROM exchanges") == [(other,)]


def test_an_answer_that_comes_after_the_deletion_brings_nothing_back_but_a_question_does(
    kept: Conversations,
) -> None:
    id = put(kept, Exchange("Who?", key="1"))
    kept.delete_all(ADA)
    kept.put(ADA, id, ASKED)
    assert kept.listed(ADA).total == 0
    kept.put(ADA, id, Exchange("And now?", key="2"))
    assert (questions(kept, id), titles(kept)) == (["And now?"], ["And now?"])


def test_an_answer_that_comes_to_a_deleted_conversation_is_there_when_it_is_brought_back(
    kept: Conversations,
) -> None:
    id = put(kept, Exchange("Who?", key="1"))
    kept.delete(ADA, id)
    kept.put(ADA, id, ASKED)
    assert kept.load(ADA, id) is None
    kept.restore(ADA, id)
    found = loaded(kept, id)
    assert found.exchanges == (ASKED,)


# Verdicts


def test_a_verdict_stays_with_its_answer_and_can_be_changed_and_taken_back(kept: Conversations) -> None:
    id = put(kept, ASKED)
    seen = []
    for verdict in (WRONG, Feedback(True, None, "", AS_OF), None):
        kept.judge(ADA, id, "1", verdict)
        kept.put(ADA, id, ASKED)
        found = kept.load(ADA, id)
        seen.append(found and found.exchanges[0].verdict)
    assert seen == [WRONG, Feedback(True, None, "", AS_OF), None]


def test_a_verdict_goes_with_the_answer_it_was_given_on(kept: Conversations) -> None:
    id = put(kept, ASKED)
    kept.judge(ADA, id, "1", WRONG)
    kept.put(ADA, id, Exchange("Who?", key="1"))
    kept.put(ADA, id, replace(ASKED, answer=REFUSED))
    assert loaded(kept, id).exchanges[0].verdict is None


@pytest.mark.parametrize(("key", "sentence"), [("9", None), ("2", None), ("1", 2), ("1", -1)])
def test_a_verdict_on_nothing_that_is_there_is_one_line(kept: Conversations, key: str, sentence: int | None) -> None:
    id = put(kept, ASKED, Exchange("x", error="No key.", key="2"))
    with pytest.raises(UsageError, match=r"no longer kept|has no sentence"):
        kept.judge(ADA, id, key, Feedback(False, sentence, "", AS_OF))


# Exactness

TIMES = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))
WORDS = st.text(max_size=30)
PLACES = st.integers(0, 10**9)
CITATIONS = st.builds(
    Citation, PLACES, WORDS, PLACES, WORDS, st.none() | WORDS, st.none() | WORDS, st.none() | TIMES, PLACES, PLACES,
    WORDS, st.lists(WORDS, max_size=2).map(tuple),
)  # fmt: skip
PROBLEMS = st.builds(Problem, st.sampled_from(["number", "date", "opinion"]), WORDS, WORDS)
STATEMENTS = st.builds(
    Statement, WORDS, st.lists(PLACES, max_size=3).map(tuple), st.sampled_from(["supported", "weak", "unsupported"]),
    st.lists(PROBLEMS, max_size=2).map(tuple), st.integers(1, 9), st.booleans(), st.booleans(),
)  # fmt: skip
DAYS = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
NEAREST = st.builds(Nearest, WORDS, WORDS, st.none() | TIMES)
REFUSALS = st.builds(Refusal, st.sampled_from(["off_topic", "declined"]), WORDS, st.lists(NEAREST, max_size=2).map(tuple))  # fmt: skip
TIMINGS = st.builds(Seconds, *[st.floats(0, 1e6)] * 4)
ANSWERS = st.builds(
    Answer, WORDS, WORDS, TIMES, st.none() | TIMES, st.lists(STATEMENTS, max_size=3).map(tuple),
    st.lists(STATEMENTS, max_size=2).map(tuple), st.lists(CITATIONS, max_size=3).map(tuple), st.just(()),
    st.none() | REFUSALS, st.none() | st.builds(Usage, PLACES, PLACES, st.none() | st.floats(0, 1e6)), TIMINGS,
    st.none() | st.builds(Period, DAYS, DAYS, WORDS), st.lists(WORDS, max_size=2).map(tuple),
    st.lists(WORDS, max_size=2).map(tuple), st.none() | st.text(min_size=1, max_size=30),
)  # fmt: skip


@example(answer=replace(ANSWER, question="a\0b"), written=None, asked=None)
@given(answer=ANSWERS, written=st.none() | ANSWERS, asked=st.none() | TIMES)
def test_every_answer_comes_back_equal_to_what_was_put(
    tmp_path_factory: pytest.TempPathFactory, answer: Answer, written: Answer | None, asked: datetime | None
) -> None:
    kept = Conversations(tmp_path_factory.getbasetemp())
    exchange = Exchange(answer.question, answer, None, written, "1", asked)
    found = loaded(kept, put(kept, exchange))
    kept.close()
    assert found.exchanges == (exchange,)


def test_the_hits_of_an_answer_are_left_out_and_its_citations_are_not(kept: Conversations, seeded: Archive) -> None:
    answer = seeded.ask("Who hosted Kim Jong Un?")
    assert answer.hits
    assert answer.citations
    found = loaded(kept, put(kept, Exchange("Who?", answer, key="1")))
    assert found.exchanges[0].answer == replace(answer, hits=())


@pytest.mark.parametrize("text", ["half a pair \ud83d", "a\0b", "<script>alert(1)</script>", "'; DROP TABLE x; --"])
def test_hostile_text_is_kept_as_text(kept: Conversations, text: str) -> None:
    id = put(kept, Exchange(text, replace(ANSWER, question=text), key="1"))
    kept.judge(ADA, id, "1", Feedback(True, None, text, AS_OF))
    shown = text.replace("\ud83d", "?")
    found = loaded(kept, id)
    (one,) = found.exchanges
    assert (one.question, one.verdict and one.verdict.note) == (shown, shown)
    assert titles(kept, text) == [shown.replace("\0", " ")]


# Many at once


def test_two_tabs_and_another_process_write_at_once_and_nothing_is_lost(tmp_path: Path, kept: Conversations) -> None:
    id = put(kept, ASKED)
    other = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), id, "20"], stdout=subprocess.PIPE)

    def tab(name: str) -> None:
        for number in range(20):
            kept.put(ADA, id, Exchange(f"{name} {number}", REFUSED))

    tabs = [threading.Thread(target=tab, args=[name]) for name in "xy"]
    for one in tabs:
        one.start()
    for one in tabs:
        one.join()
    assert other.communicate(timeout=60)[0].split() == [b"%d" % number for number in range(20)]
    expected = {f"{name} {number}" for name in ("x", "y", "process") for number in range(20)} | {"Who?"}
    assert sorted(questions(kept, id)) == sorted(expected)


WRITER = f"""
import sys
from pathlib import Path
from ui.kept.conversations import Conversations
from ui.kept.exchange import Exchange
kept = Conversations(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    kept.put("{ADA}", sys.argv[2], Exchange(f"process {{number}}", error="none"))
    print(number, flush=True)
"""


def test_a_kill_between_writes_loses_nothing_that_was_acknowledged(tmp_path: Path, kept: Conversations) -> None:
    id = put(kept, ASKED)
    for killed_after in (3, 11):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), id, "100000"], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        acknowledged = [writer.stdout.readline() for _ in range(killed_after)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += writer.stdout.readlines()
        writer.wait()
        writer.stdout.close()
        told = {f"process {int(line)}" for line in acknowledged if line.endswith(b"\n")}
        assert told <= set(questions(kept, id))


# Bad storage


def damaged(path: Path) -> None:
    path.write_bytes(b"not a database, only text " * 99)


def newer(path: Path) -> None:
    edit(path.parent, f"PRAGMA user_version = {HISTORY.version + 1}")


def of_others(path: Path) -> None:
    edit(path.parent, "CREATE TABLE letters (text)")


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("spoil", [damaged, newer, of_others, a_folder])
def test_a_file_that_cannot_be_used_is_one_line_and_is_left_alone(tmp_path: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(tmp_path / FILE)
    kept = Conversations(tmp_path)
    for act in (lambda: put(kept, ASKED), lambda: kept.listed(ADA), lambda: kept.delete_all(ADA)):
        with pytest.raises(GroundwireError, match=FILE) as raised:
            act()
        assert "\n" not in str(raised.value)
    kept.close()


CRAMPED = f"""
import os, resource, sys
from pathlib import Path
from rag.errors import GroundwireError
from ui.kept.conversations import Conversations
from ui.kept.exchange import Exchange
folder, what = Path(sys.argv[1]), sys.argv[2]
kept = Conversations(folder)
kept.listed("{ADA}")
if what == "full":
    size = (folder / "{FILE}").stat().st_size + 4096
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
else:
    kept.close()
    os.chmod(folder, 0o555)
    os.chmod(folder / "{FILE}", 0o444)
    if os.getuid() == 0:
        os.setuid(65534)
for number in range(30):
    try:
        kept.put("{ADA}", f"id{{number}}", Exchange("y" * 4000, error="no"))
    except GroundwireError as error:
        print(error)
        break
"""


@pytest.mark.parametrize("what", ["full", "read-only"])
def test_a_disk_that_takes_no_more_is_one_line_and_what_was_kept_is_there(
    what: str,
) -> None:
    # Beside tmp_path, whose parents only their owner may enter.
    with tempfile.TemporaryDirectory(dir=Path(tempfile.gettempdir())) as place:
        os.chmod(place, 0o755)
        folder = Path(place) / "archive"
        folder.mkdir()
        kept = Conversations(folder)
        id = put(kept, ASKED)
        kept.close()
        ran = subprocess.run(
            [sys.executable, "-c", CRAMPED, str(folder), what], capture_output=True, text=True, check=True
        )
        (line,) = ran.stdout.splitlines()
        assert "Check the folder's permissions and the space on its disk." in line
        folder.chmod(0o755)
        assert loaded(kept, id).exchanges == (ASKED,)
        kept.close()


def test_a_history_damaged_while_it_is_open_is_one_line(tmp_path: Path, kept: Conversations) -> None:
    put(kept, ASKED)
    kept.close()
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(GroundwireError, match="Restore it from a backup"):
        titles(kept)


def test_an_archive_removed_under_an_open_page_is_one_line_and_its_next_is_used(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "archive"
    folder.mkdir()
    kept = Conversations(folder)
    put(kept, ASKED)
    shutil.rmtree(folder)
    with pytest.raises(GroundwireError, match="Check the folder"):
        put(kept, ASKED)
    folder.mkdir()
    put(kept, Exchange("Anew?", key="1"))
    assert titles(kept) == ["Anew?"]
    kept.close()


def test_an_answer_in_a_form_that_cannot_be_read_is_told_and_the_rest_is_there(
    tmp_path: Path, kept: Conversations
) -> None:
    id = put(kept, ASKED, Exchange("Xi?", REFUSED, key="2"))
    edit(tmp_path, """UPDATE exchanges SET answer = '{"question": 1}' WHERE key = '1'""")
    found = loaded(kept, id)
    assert "cannot be read any more" in str(found.exchanges[0].error)
    assert found.exchanges[1].answer == REFUSED


def test_an_archive_opens_beside_a_history_that_is_alone_in_its_folder(tmp_path: Path) -> None:
    kept = Conversations(tmp_path)
    put(kept, ASKED)
    with Archive.open(tmp_path) as archive:
        assert archive.articles() == []
    kept.close()


def test_columns_are_those_that_are_read() -> None:
    row = values(ASKED, "me")
    read = tuple(row.get(name) for name in ("key", "asked", "question", "answer", "written", "error", "writer"))
    assert exchange_of((*read, None, None, None, None), "me") == ASKED


def edit(folder: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    """What a statement finds in the file of a history."""
    connection = sqlite3.connect(folder / FILE)
    with connection:
        found = connection.execute(sql, values).fetchall()
    connection.close()
    return found
