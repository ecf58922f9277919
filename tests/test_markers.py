"""Markers are read however a model writes them, and go to the sentence they stand in or behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.markers import Marked, read


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
    ],
)
def test_markers_are_read_from_every_common_form(reply: str, expected: list[Marked]) -> None:
    assert read(reply) == expected


@given(st.text(max_size=300))
def test_any_reply_is_read_without_inventing_text(reply: str) -> None:
    assert all(set(marked.text) <= set(reply) for marked in read(reply))
