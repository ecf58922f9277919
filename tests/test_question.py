"""What a question asks for is read off its words."""

import pytest

from rag.question import read


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("How many ships were stopped?", "quantity"),
        ("What percentage voted for the strike?", "quantity"),
        ("How old was the driver?", "quantity"),
        ("Who is the plant named after?", "person"),
        ("When did the dam break?", "date"),
        ("What year was it built?", "date"),
        ("Where did they meet?", "place"),
        ("In which town is the dam?", "place"),
        ("Why was the line delayed?", "reason"),
        ("What did the mayor say about the strike?", "speech"),
        ("Is the bridge open?", "anything"),
    ],
)
def test_what_is_asked_for_is_known(text: str, asks: str) -> None:
    assert read(text).asks == asks


def test_what_the_asker_knows_already_is_not_asked_for() -> None:
    asked = read("What did Putin give Kim besides a rifle?")
    assert asked.besides == ("rifl",)
    assert "rifl" not in asked.stems


def test_a_question_without_a_subject_is_open() -> None:
    assert read("What happened?").open
    assert read("What did they do?").open
    assert not read("What happened at the dam?").open
    assert not read("What happened to Kim Jong Un?").open


@pytest.mark.parametrize("text", ["Why?", "Who is it?", "the of and", "(((((", "…", "🚆❓", "what was that and why"])
def test_a_question_without_a_telling_word_asks_for_no_overview(text: str) -> None:
    assert not read(text).open


@pytest.mark.parametrize("text", ["Why?", "((((", "the of and", "Who is it?"])
def test_a_question_that_tells_nothing_is_empty(text: str) -> None:
    assert read(text).empty


@pytest.mark.parametrize("text", ["What happened?", "Kim", "ferry", "Что случилось?"])
def test_a_question_with_a_subject_or_open_is_not_empty(text: str) -> None:
    assert not read(text).empty
