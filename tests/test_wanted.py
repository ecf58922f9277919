"""What in a sentence could answer is found by what the question asks for, and compared by what it means."""

from datetime import UTC, datetime

import pytest

from rag.question import read
from rag.wanted import agree, differ, lacks, mentions

WEDNESDAY = datetime(2024, 5, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "sentence", "found"),
    [
        ("How many people died?", "On 3 March at 2:47 a.m. nine people died.", ["nine"]),
        ("How much did it cost?", "The strike cost £31m over 16 days.", ["£31m"]),
        ("How many days did it last?", "The strike cost £31m over 16 days.", ["16 days"]),
        ("How many kilometres is it long?", "Line 4 has 19 stops on 14.5 kilometres.", ["14.5 kilometres"]),
        ("How many pounds did it cost?", "The strike cost £31m over 16 days.", ["£31m"]),
        ("How long is the line?", "Line 4 has 19 stops on 14.5 kilometres.", ["14.5 kilometres"]),
        ("How old is the mayor?", "Ada Finch, 61, earns £90,000.", ["61"]),
        ("What share voted?", "Of 2,140 members 71% voted in 3 days.", ["2,140", "71%"]),
        ("How much more do they earn?", "They earn 4.4% more from 1 May.", ["4.4%"]),
        ("How much is a ticket?", "From 1 May, after 14 years, a ticket costs $2.40.", ["$2.40"]),
        ("How much damage was done?", "Two-thirds of 90 homes were hit, at a cost of $4m.", ["Two-thirds", "$4m"]),
        ("How many of the 12 came?", "Of the 12, seven came.", ["seven"]),
        ("When did the dam break?", "It broke on Tuesday, the judge said.", ["Tuesday"]),
        ("Who gave Kim the rifle?", "Putin gave Kim the rifle.", ["Putin"]),
        ("Why did it break?", "It broke because of 12 cracks.", []),
    ],
)
def test_only_what_is_asked_for_is_a_mention(question: str, sentence: str, found: list[str]) -> None:
    assert [one.words for one in mentions(read(question), sentence, WEDNESDAY)] == found


@pytest.mark.parametrize(
    ("question", "holds", "holds_not"),
    [
        ("How many people died?", "Nine died.", "Some of them died at 2 a.m."),
        ("When did it break?", "It broke in 1974.", "It broke."),
        ("When did it break?", "Since May 3, 1974, it leaks.", "50 000 litres ran out, 1,974 of them at once."),
        ("Where did they meet?", "They met in the harbour.", "They met."),
        ("Who came?", "Ada Finch came.", "He came."),
        ("What did she say?", "“No,” she said.", "She left."),
    ],
)
def test_a_sentence_without_any_of_its_kind_lacks_it(question: str, holds: str, holds_not: str) -> None:
    assert not lacks(read(question), holds)
    assert lacks(read(question), holds_not)


@pytest.mark.parametrize(
    ("question", "one", "other", "same"),
    [
        ("How many came?", "About 1,900 people came.", "1,912 people came.", True),
        ("How many came?", "1,900 people came.", "1,500 people came.", False),
        ("How much did it cost?", "It cost £31m.", "It cost 31 million pounds.", True),
        ("How much did it cost?", "It cost £31m.", "It cost £44m.", False),
        ("When did it break?", "It broke on Tuesday.", "It broke on 14 May 2024.", True),
        ("When did it break?", "It broke on Tuesday.", "It broke on 13 May 2024.", False),
        ("How long is it?", "It is 1.2 kilometres long.", "It is 3,937 feet long.", True),
        ("How long is it?", "It is 1.2 kilometres long.", "It is 4,200 feet long.", False),
        ("Who drove?", "Ada Finch drove.", "Finch drove.", True),
        ("Who drove?", "Ada Finch drove.", "Bo Larsen drove.", False),
    ],
)
def test_mentions_are_compared_by_what_they_mean(question: str, one: str, other: str, same: bool) -> None:
    first, second = (mentions(read(question), text, WEDNESDAY)[0] for text in (one, other))
    assert agree(first, second) is same
    assert differ(first, second) is not same


def test_a_share_and_a_count_do_not_contradict_each_other() -> None:
    asked = read("How many came?")
    assert not differ(mentions(asked, "40% came.")[0], mentions(asked, "1,900 came.")[0])


@pytest.mark.parametrize("loose", ["Hundreds came.", "Both came."])
def test_loose_figures_differ_from_none(loose: str) -> None:
    first, second = (mentions(read("How many came?"), text, WEDNESDAY)[0] for text in ("12 came.", loose))
    assert not differ(first, second)
