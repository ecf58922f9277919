"""An outlet that no article is from is told, with the outlets there are."""

from __future__ import annotations

import json

from commands import Run

from rag import Archive
from rag.outlets import missing
from rag.records import Article

OUTLETS = [
    "Meridian Courier",
    "Northgate Observer",
    "Orlavia Daily",
    "Quillhaven Echo",
    "Saltmere Chronicle",
    "Tidewater Post",
]


def test_an_outlet_that_is_there_is_not_missing() -> None:
    assert missing("tidewater POST", OUTLETS) is None


def test_the_closest_spelling_comes_first_and_few_are_listed() -> None:
    message = missing("Tidwater Post", OUTLETS)
    assert message is not None
    assert message.startswith("No article is from 'Tidwater Post'. Outlets here: Tidewater Post, ")
    assert message.endswith(" and 1 more.")


def test_a_part_of_an_outlets_name_is_taken_for_it() -> None:
    assert "Outlets here: Saltmere Chronicle," in str(missing("chronicle", OUTLETS))


def test_where_no_article_names_its_outlet_that_is_said() -> None:
    assert missing("Echo", []) == "No article is from 'Echo': none here names its outlet. Leave the source out."


def test_outlets_are_listed_once_however_they_are_spelled(archive: Archive) -> None:
    for id, source in (("a", "The Echo"), ("b", "the echo"), ("c", None), ("d", "Courier")):
        archive._store.take(Article(id, id, f"Text {id}.", source=source))
    assert archive.outlets() == ["Courier", "The Echo"]


def test_search_summaries_and_lists_tell_a_missing_outlet(run: Run, archive: Archive) -> None:
    archive._store.take(Article("a", "Harbour", "The strike is over.", source="The Echo"))
    archive.close()
    line = "No article is from 'Ekho'. Outlets here: The Echo."
    for command in (("search", "strike"), ("articles", "list")):
        ran = run(*command, "--source", "Ekho", "--json")
        assert (ran.code, json.loads(ran.out), ran.err) == (0, [], f"groundwire: {line}\n")
    refusal = json.loads(run("summarize", "--source", "Ekho", "--json").out)["refusal"]
    assert (refusal["reason"], refusal["message"]) == ("filtered_out", line)
