"""Markers are read however a model writes them, and go to the sentence they stand in or behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.written.markers import Marked
from rag.written.replied import ReplyReader, read_reply


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Kim came. [1]", [Marked("Kim came.", (1,))]),
        ("Kim came [1].", [Marked("Kim came.", (1,))]),
        ("Kim came.[1] Putin left.[2]", [Marked("Kim came.", (1,)), Marked("Putin left.", (2,))]),
        ("Kim came [1][2].", [Marked("Kim came.", (1, 2))]),
        ("Kim came [1, 3].", [Marked("Kim came.", (1, 3))]),
        ("Kim came [2-4].", [Marked("Kim came.", (2, 3, 4))]),
        ("Kim came【3】.", [Marked("Kim came.", (3,))]),
        ("Kim came【3†source】.", [Marked("Kim came.", (3,))]),
        ("- Kim came [1].\n- Putin left [2].", [Marked("Kim came.", (1,)), Marked("Putin left.", (2,))]),
        ("**Kim** came `today` [1](http://outside.example/x).", [Marked("Kim came today.", (1,))]),
        ("Kim\x00 came\x07 [1].", [Marked("Kim came.", (1,))]),
        ("[1] Kim came.", [Marked("Kim came.", (1,))]),
        ("Kim came.", [Marked("Kim came.", ())]),
        ("Kim came [1]. He left.", [Marked("Kim came.", (1,)), Marked("He left.", ())]),
        ("Kim came [1-900].", [Marked("Kim came.", (1, 900))]),
        ("[sic] Kim [came]", [Marked("[sic] Kim [came]", ())]),
        ("", []),
        ("Kim came [^1].", [Marked("Kim came.", (1,))]),
        ("Kim came.¹ Putin left.²", [Marked("Kim came.", (1,)), Marked("Putin left.", (2,))]),
        ("Kim came [passage 2].", [Marked("Kim came.", (2,))]),
        ("Kim came [Passages 1 and 2].", [Marked("Kim came.", (1, 2))]),
        ("Kim came [source: 1].", [Marked("Kim came.", (1,))]),
        ("Kim came. [1].", [Marked("Kim came.", (1,))]),
        ("In [2023] Kim came [1].", [Marked("In [2023] Kim came.", (1,))]),
        (
            "The U.S. Army came [1]. Mr. Smith left [2].",
            [Marked("The U.S. Army came.", (1,)), Marked("Mr. Smith left.", (2,))],
        ),
        ("1. Kim came [1].\n2. Putin left [2].", [Marked("Kim came.", (1,)), Marked("Putin left.", (2,))]),
        ("- [x] Kim came [1].", [Marked("Kim came.", (1,))]),
        ("> Kim came [1].", [Marked("Kim came.", (1,))]),
        ("19 ships came [1].", [Marked("19 ships came.", (1,))]),
        ("## What came\nKim came [1].", [Marked("Kim came.", (1,))]),
        ("**What came**\nKim came [1].", [Marked("Kim came.", (1,))]),
        ("Kim came [1].\n---\nPutin left [2].", [Marked("Kim came.", (1,)), Marked("Putin left.", (2,))]),
        ("Kim came [1].\n\n[1]: http://outside.example", [Marked("Kim came.", (1,))]),
        ("Kim came [1].\n\n**Sources:**\n- [1] The Courier", [Marked("Kim came.", (1,))]),
        ("```\nrm -rf /\n```\nKim came [1].", [Marked("Kim came.", (1,))]),
        ("| Outlet | Cost |\n|---|---|\n| Meridian | £41m [1] |\n", [Marked("Outlet: Meridian; Cost: £41m", (1,))]),
        ("金正恩来了。[1]他走了。[2]", [Marked("金正恩来了。", (1,)), Marked("他走了。", (2,))]),
        ("The fire took 10 km² [1].", [Marked("The fire took 10 km².", (1,))]),
        ("“He came. He left,” she said [1]. So", [Marked("“He came. He left,” she said.", (1,)), Marked("So", ())]),
        ('"He came. He left," she said [1]. So', [Marked('"He came. He left," she said.', (1,)), Marked("So", ())]),
        ("Kim came [1].\n\nSources: [1], [2]", [Marked("Kim came.", (1,))]),
        ("| Meridian | £41m [1] |", [Marked("Meridian; £41m", (1,))]),
    ],
)
def test_markers_are_read_from_every_common_form(reply: str, expected: list[Marked]) -> None:
    assert read_reply(reply) == expected


@given(st.text(max_size=300))
def test_any_reply_is_read_without_inventing_text(reply: str) -> None:
    assert all(
        set(marked.text) <= set(reply) for marked in read_reply(reply) if "|" not in reply and "&" not in reply
    )


PIECES = [
    *(
        "Kim came",
        " ",
        ". ",
        "\n",
        "[1]",
        "[2",
        "]",
        "【3†a】",
        "U.S. ",
        "Mr. ",
        "3.5 ",
        "“So it is.” ",
        "| a |",
        "|---|",
    ),
    *(
        "<b>",
        "<script>",
        "</script>",
        "<think>",
        "</think>",
        "<!--",
        "-->",
        "<",
        "&lt;",
        "```",
        "# ",
        "- ",
        "1. ",
        "**",
    ),
    *("![x](http://a.example)", "[here](", "http://a.example)", "Sources:", "¹", "。", "来了", "\u202e", "\r\n"),
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=30).map("".join), st.data())
def test_where_a_reply_is_cut_changes_nothing(reply: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=12)))
    reader = ReplyReader()
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(reply)], strict=True):
        found += reader.feed(reply[start:end])
    assert [*found, *reader.finish()] == read_reply(reply)


def test_a_sentence_comes_once_the_next_has_begun_with_the_markers_behind_it() -> None:
    reader = ReplyReader()
    assert reader.feed("Kim came. [1") == []
    assert reader.feed("] Putin") == []
    assert reader.feed(" left") == [Marked("Kim came.", (1,))]
    assert reader.finish() == [Marked("Putin left", ())]


def test_a_quotation_that_ends_with_another_sort_of_mark_holds_nothing_up() -> None:
    reader = ReplyReader()
    told = reader.feed('“Today is the way forward," he said. [1] The strike ended. [2] It cost a lot')
    assert [one.text for one in told] == ['“Today is the way forward," he said.', "The strike ended."]


def test_the_end_of_a_line_ends_a_sentence() -> None:
    assert ReplyReader().feed("Kim came [1].\n") == [Marked("Kim came.", (1,))]


@pytest.mark.parametrize(
    "reply",
    [
        "<script>alert(1)</script>Kim came [1].",
        "Kim <b onclick='x'>came</b> [1].",
        "Kim came [1].<!-- say nothing -->",
        "&lt;img src=x onerror=alert(1)&gt;Kim came [1].",
        "![Kim](http://outside.example/k.png) Kim came [1].",
        "[Kim](http://outside.example) came [1].",
        "Kim came ![x](http://outside.example/k.png) [1].",
        "<think>Perhaps he came. Or not.</think>Kim came [1].",
        "Kim \u202ecame\u200b [1].",
        "Kim came [1].\n<script>never closed",
        "<style>p { color: red }</style>\nKim came [1].",
    ],
)
def test_nothing_hostile_is_left_of_a_reply(reply: str) -> None:
    assert read_reply(reply) == [Marked("Kim came.", (1,))]


def test_a_closing_tag_cut_behind_its_slash_is_still_a_tag() -> None:
    reader = ReplyReader()
    assert [*reader.feed("Kim came</"), *reader.feed("b> [1]."), *reader.finish()] == [Marked("Kim came.", (1,))]


def test_half_a_surrogate_pair_is_replaced() -> None:
    assert read_reply("Kim\ud83d came [1].") == [Marked("Kim\ufffd came.", (1,))]


def test_a_row_of_raised_digits_is_no_marker() -> None:
    assert read_reply("Kim came." + "¹" * 5_000)[0].numbers == ()


def test_a_long_reply_on_one_line_without_an_end_is_read_in_pieces() -> None:
    words = [word for marked in read_reply("U.S. " * 10_000) for word in marked.text.split()]
    assert len(words) == 10_000
