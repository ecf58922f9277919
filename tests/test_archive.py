"""An archive as its users have it: ingest, ask, remove, reopen, two at once."""

import dataclasses
import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag import Answer, Archive
from rag.errors import ArchiveError, ModelError, UnknownArticle, UsageError

HARBOUR = """---
title: Harbour opens again
id: harbour
source: Coast Courier
url: https://courier.example/harbour
published_at: 2024-03-05T08:00:00Z
---
The harbour of Lindmouth opened again on Tuesday after 12 days. The strike had stopped 40 ships.

Mayor Ada Finch said the town had lost $1.2bn. Dockers will get 7.5 per cent more pay from May.
"""


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.md"
    path.write_text(HARBOUR, encoding="utf-8")
    return path


def quotes_are_exact(archive: Archive, answer: Answer) -> bool:
    return all(
        archive.article(one.article_id, one.revision).text[one.start : one.end] == one.quote
        for one in answer.citations
    )


def test_a_question_is_answered_with_the_sentence_that_answers_it(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    answer = archive.ask("How many ships were stopped by the strike?")
    assert answer.refusal is None
    assert answer.citations[0].quote == "The strike had stopped 40 ships."
    assert answer.statements[0].verdict == "supported"
    assert quotes_are_exact(archive, answer)


def test_ingesting_twice_changes_nothing(archive: Archive, harbour: Path) -> None:
    first, second = archive.ingest([harbour]), archive.ingest([harbour])
    assert (first.added, second.added, second.skipped) == (1, 0, 1)
    assert len(archive.articles()) == 1
    assert archive.doctor() == []


def test_a_changed_file_is_a_new_revision_and_the_old_one_stays_citable(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    before = archive.ask("How many ships were stopped by the strike?")
    harbour.write_text(HARBOUR.replace("40 ships", "44 ships"), encoding="utf-8")
    assert archive.ingest([harbour]).updated == 1
    after = archive.ask("How many ships were stopped by the strike?")
    assert "44 ships" in after.text
    assert after.citations[0].revision == 2
    assert quotes_are_exact(archive, before)
    assert archive.doctor() == []


def test_a_removed_article_is_gone_at_once_and_can_come_back(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    archive.remove("harbour")
    assert archive.search("harbour strike") == []
    assert archive.ask("How many ships were stopped?").refusal is not None
    with pytest.raises(UnknownArticle, match="harbour"):
        archive.remove("harbour")
    assert archive.ingest([harbour]).added == 1
    assert archive.search("harbour strike") != []


def test_another_open_archive_sees_what_one_wrote_and_removed(tmp_path: Path, harbour: Path) -> None:
    with Archive.open(tmp_path / "a") as reader, Archive.open(tmp_path / "a") as writer:
        assert reader.search("strike") == []
        writer.ingest([harbour])
        assert [hit.article_id for hit in reader.search("strike")] == ["harbour"]
        writer.remove("harbour")
        assert reader.search("strike") == []


def test_two_writers_at_once_both_end_with_everything_in(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        for number in range(5):
            (folder / f"{number}.txt").write_text(f"Title {folder.name} {number}\n\nText of {folder.name} {number}.")
    with Archive.open(tmp_path / "a") as one, Archive.open(tmp_path / "a") as two:
        threads = [
            threading.Thread(target=archive.ingest, args=([folder],))
            for archive, folder in zip((one, two), folders, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(one.articles()) == 10
        assert one.doctor() == two.doctor() == []


def test_an_archive_reopened_answers_as_before(tmp_path: Path, harbour: Path) -> None:
    with Archive.open(tmp_path / "a") as archive:
        archive.ingest([harbour])
        before = archive.ask("What did the mayor say the town had lost?")
    with Archive.open(tmp_path / "a", create=False) as archive:
        after = archive.ask("What did the mayor say the town had lost?")
    assert after.statements == before.statements
    assert "$1.2bn" in after.text


def test_reindexing_keeps_articles_answers_and_ids(tmp_path: Path, harbour: Path) -> None:
    with Archive.open(tmp_path / "a") as archive:
        archive.ingest([harbour])
        before = archive.search("strike")
    assert Archive.reindex(tmp_path / "a") == 1
    with Archive.open(tmp_path / "a") as archive:
        assert [hit.passage_id for hit in archive.search("strike")] == [hit.passage_id for hit in before]
        assert archive.doctor() == []


def test_a_filter_that_admits_nothing_refuses_with_that_reason(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    answer = archive.ask("How many ships were stopped?", source="Inland Herald")
    assert answer.refusal is not None
    assert answer.refusal.reason == "filtered_out"
    assert "Inland Herald" in answer.refusal.message


def test_what_was_published_after_as_of_is_not_known_yet(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    assert archive.ask("How many ships were stopped?", as_of="2024-03-04").refusal is not None
    assert archive.ask("How many ships were stopped?", as_of="2024-03-05").refusal is None


def test_an_answer_tells_as_of_and_the_newest_article(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    answer = archive.ask("How many ships were stopped?", as_of=datetime(2024, 4, 1, tzinfo=UTC))
    assert answer.as_of == datetime(2024, 4, 1, tzinfo=UTC)
    assert answer.newest == datetime(2024, 3, 5, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "options", "message"),
    [
        ("  ", {}, "question is empty"),
        ("why " * 25_000, {}, "100,000 characters; at most 4,000"),
        ("Who?", {"k": 0}, "k is 0"),
        ("Who?", {"since": "yesterday"}, "since is 'yesterday'"),
        ("Who?", {"since": "2024-02-01", "until": "2024-01-01"}, "ends before it starts"),
    ],
)
def test_arguments_that_make_no_sense_are_refused_in_one_line(
    archive: Archive, question: str, options: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError, match=message) as raised:
        archive.ask(question, **options)  # type: ignore[arg-type]
    assert "\n" not in str(raised.value)


def test_a_missing_path_is_reported_and_the_rest_goes_in(archive: Archive, harbour: Path) -> None:
    report = archive.ingest(["nowhere.txt", harbour])
    assert report.added == 1
    assert [(failure.path, failure.error) for failure in report.failed] == [
        ("nowhere.txt", "No such file or folder. Check the path.")
    ]


def test_a_folder_that_is_something_else_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    with pytest.raises(ArchiveError, match="no archive"):
        Archive.open(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_a_file_is_not_an_archive(harbour: Path) -> None:
    with pytest.raises(ArchiveError, match="is a file"):
        Archive.open(harbour)


def test_an_archive_that_is_not_there_is_not_made_by_asking(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="groundwire ingest"):
        Archive.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()


def test_an_archive_of_another_embedder_is_refused_with_the_command(tmp_path: Path, harbour: Path) -> None:
    with Archive.open(tmp_path / "a") as archive:
        archive.ingest([harbour])
        archive._store.database.remember({"embedder": "openai:text-embedding-3-small"})
    with pytest.raises(ArchiveError, match="groundwire reindex"):
        Archive.open(tmp_path / "a")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("openai:gpt-5-mini", "OPENAI_API_KEY"),
        ("gpt", "names no model"),
        ("nosuch:model", "nosuch"),
    ],
)
def test_a_model_that_cannot_be_used_is_said_before_anything_is_sent(
    archive: Archive, harbour: Path, model: str, message: str
) -> None:
    archive.ingest([harbour])
    with pytest.raises(ModelError, match=message) as raised:
        archive.ask("How many ships were stopped?", model=model)
    assert "\n" not in str(raised.value)


async def _ask(archive: Archive) -> Answer:
    return await archive.aask("How many ships were stopped?")


def test_asking_is_the_same_awaited_and_in_a_batch(archive: Archive, harbour: Path) -> None:
    import asyncio

    archive.ingest([harbour])
    one = archive.ask("How many ships were stopped?")
    (batched,) = archive.batch(["How many ships were stopped?"])
    awaited = asyncio.run(_ask(archive))
    assert one.statements == batched.statements == awaited.statements


def test_records_cannot_be_changed(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    with pytest.raises(dataclasses.FrozenInstanceError):
        archive.article("harbour").text = "other"  # type: ignore[misc]


def test_a_summary_cites_every_sentence_and_counts_what_it_used(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    summary = archive.summarize(["harbour"], sentences=2)
    assert len(summary.statements) == 2
    assert all(one.citations and one.verdict == "supported" for one in summary.statements)
    assert summary.used == ("harbour",)
    assert summary.unused == ()


def test_an_article_of_short_sentences_is_summarised_too(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("Result\n\nLindmouth won. Brackwater lost.")
    archive.ingest([tmp_path / "short.txt"])
    assert archive.summarize(sentences=2).text == "Lindmouth won. [1] Brackwater lost. [2]"


def test_a_summary_of_a_subject_that_no_article_has_is_refused(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    refusal = archive.summarize(query="penguins of the south pole").refusal
    assert refusal is not None
    assert refusal.reason == "off_topic"


def test_the_time_of_each_step_is_told(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    for seconds in (archive.ask("How many ships were stopped?").seconds, archive.summarize(["harbour"]).seconds):
        assert 0 < seconds.verify < seconds.total
        assert seconds.retrieve + seconds.answer + seconds.verify <= seconds.total


@pytest.mark.parametrize("ids", [("a", "b"), (None, None)])
def test_a_line_put_before_others_takes_no_article_from_them(
    archive: Archive, tmp_path: Path, ids: tuple[str | None, str | None]
) -> None:
    rows = [
        {"title": name, "text": f"Text of {name}."} | ({"id": id} if id else {})
        for name, id in zip("AB", ids, strict=True)
    ]
    lines = [json.dumps(row) + "\n" for row in rows]
    path = tmp_path / "news.jsonl"
    path.write_text(lines[0])
    archive.ingest([path])
    path.write_text(lines[1] + lines[0])
    report = archive.ingest([path])
    assert (report.added, report.updated, report.skipped) == (1, 0, 1)
    assert {article.text for article in archive.articles()} == {"Text of A.", "Text of B."}


def test_a_changed_file_without_id_or_address_is_a_revision_and_its_old_words_are_gone(
    archive: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "harbour.txt"
    path.write_text("Harbour opens\n\nThe strike had stopped 40 ships.")
    archive.ingest([path])
    (citation,) = archive.ask("How many ships had the strike stopped?").citations
    assert archive.standing(citation) == "current"
    path.write_text("Harbour opens\n\nThe walkout had stopped 44 vessels.")
    assert archive.ingest([path]).updated == 1
    assert archive.standing(citation) == "revised"
    assert [one.revision for one in archive.revisions(citation.article_id)] == [1, 2]
    assert archive.article(citation.article_id, 1).text[citation.start : citation.end] == citation.quote
    assert [hit.revision for hit in archive.search("strike ships")] == [2]
    assert archive._store.words.frequency("strike") == 0


def test_a_citation_of_a_removed_article_says_so_and_the_day(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    (citation,) = archive.ask("How many ships were stopped by the strike?").citations
    archive.remove("harbour")
    assert archive.standing(citation) == "source removed"
    with pytest.raises(UnknownArticle, match=r"'harbour' was removed on 20\d\d-\d\d-\d\d"):
        archive.article("harbour")
    archive.ingest([harbour])
    assert archive.standing(citation) == "current"


def test_removing_several_removes_none_if_one_is_unknown(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    with pytest.raises(UnknownArticle, match="nobody"):
        archive.remove("harbour", "nobody")
    assert archive.search("strike") != []
    assert archive.doctor() == []


@pytest.mark.parametrize(
    ("options", "message"),
    [({"fields": {"heading": "Headline"}}, "no field 'heading' to map"), ({"limit": 0}, "limit is 0")],
)
def test_ways_of_reading_that_make_no_sense_are_refused(
    archive: Archive, harbour: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        archive.ingest([harbour], **options)  # type: ignore[arg-type]


def test_another_id_in_the_same_file_is_another_article(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    harbour.write_text(
        HARBOUR.replace("id: harbour", "id: other").replace("url: https://courier.example/harbour\n", "")
    )
    assert archive.ingest([harbour]).added == 1
    assert {article.id for article in archive.articles()} == {"harbour", "other"}


@pytest.mark.parametrize("damage", ["a vector lost", "a vector left over"])
def test_vectors_lost_or_left_over_are_mended_by_the_next_ingest(
    archive: Archive, harbour: Path, damage: str
) -> None:
    archive.ingest([harbour])
    before = archive.search("strike")
    vectors = archive._store.vectors
    if damage == "a vector lost":
        vectors.delete(list(vectors.ids()))
    else:
        vectors.upsert(["gone"], archive._store.embedder.embed(["anything"]))
    assert len(archive.doctor()) == 1
    assert archive.ingest([harbour]).skipped == 1
    assert archive.doctor() == []
    assert archive.search("strike") == before


def test_one_vector_lost_and_one_left_over_are_mended_by_the_doctor(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    before = archive.search("strike")
    vectors = archive._store.vectors
    vectors.delete(list(vectors.ids()))
    vectors.upsert(["gone"], archive._store.embedder.embed(["anything"]))
    assert len(archive.doctor()) == 2
    assert archive.doctor(repair=True) == []
    assert archive.search("strike") == before


def test_a_damaged_index_is_one_clear_line_and_reindexing_replaces_it(tmp_path: Path, harbour: Path) -> None:
    with Archive.open(tmp_path / "a") as archive:
        archive.ingest([harbour])
    for path in (tmp_path / "a" / "vectors").rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged" * 100)
    with Archive.open(tmp_path / "a") as archive, pytest.raises(ArchiveError, match="groundwire reindex") as raised:
        archive.ask("How many ships were stopped?")
    assert "\n" not in str(raised.value)
    assert Archive.reindex(tmp_path / "a") == 1
    with Archive.open(tmp_path / "a") as archive:
        assert archive.doctor() == []
        assert "40 ships" in archive.ask("How many ships were stopped by the strike?").text


def test_an_empty_catalogue_is_not_taken_for_an_archive_when_asking(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "catalogue.sqlite3").touch()
    with pytest.raises(ArchiveError, match="no archive"):
        Archive.open(tmp_path / "a", create=False)


def test_a_period_at_the_end_of_time_is_no_error(archive: Archive, harbour: Path) -> None:
    archive.ingest([harbour])
    archive.ask("What happened at the harbour until 9999-12-31?")


def test_an_empty_outlet_is_refused(archive: Archive) -> None:
    with pytest.raises(UsageError, match="source is empty"):
        archive.ask("Who?", source=" ")


def test_as_many_questions_are_looked_up_at_a_time_as_there_are_cores(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking: list[int] = []
    most: list[int] = []
    reading = archive._store.reading_at_once

    @contextmanager
    def counted() -> Iterator[None]:
        looking.append(threading.get_ident())
        most.append(len(set(looking)))
        with reading():
            yield
        looking.remove(threading.get_ident())

    monkeypatch.setattr(archive._store, "reading_at_once", counted)
    with ThreadPoolExecutor(12) as asking:
        list(asking.map(archive.ask, [f"Who met number {number}?" for number in range(12)]))
    assert 1 <= max(most) <= (os.cpu_count() or 1)
