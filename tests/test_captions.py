import pytest

from rag.intake.captions import is_caption, is_credit, superfluous

CREDITS = """Photo: AP
Getty Images
(Reuters/Ann Roe)
Ann Roe/Getty Images
Photograph by Ann Roe
Photo credit: Ann Roe/Harbour Post
AP Photo/Ann Roe
Image: Ann Roe via AP
Ann Roe/AFP/Getty Images""".split("\n")


@pytest.mark.parametrize("line", CREDITS)
def test_a_line_that_only_names_who_took_a_picture_is_a_credit(line: str) -> None:
    assert is_credit(line)


@pytest.mark.parametrize(
    "line",
    [
        "Reuters",
        "AP",
        "The photo was taken by Ann Roe.",
        "Photo: nine ships came in on Monday morning",
        "Getty Images sued the makers of the program.",
        "Ann Roe told Reuters that nine ships had come in.",
        "Either/or",
        "Video shows ships coming in.",
    ],
)
def test_other_lines_are_none(line: str) -> None:
    assert not is_credit(line)


def test_a_caption_that_stands_twice_or_repeats_the_text_goes() -> None:
    lines = [
        "Nine ships lie at the quay of Ostwick on Monday. Ann Roe/Getty Images",
        "The harbour reopened on Monday, and forty ships came in.",
        "Nine ships lie at the quay of Ostwick on Monday. (AP Photo/Ann Roe)",
        "And forty ships came in. Photo: Ann Roe",
        "The harbour reopened on Monday. (Ann Roe/Harbour Post)",
    ]
    assert superfluous(lines) == {2: "repeated caption", 4: "repeated caption"}


def test_captions_known_from_the_page_need_no_credit() -> None:
    lines = ["A finished rope at the works", "The rope works closed.", "A finished rope at the works"]
    assert superfluous(lines) == {}
    assert superfluous(lines, ["A finished rope at the works."]) == {2: "repeated caption"}


def test_a_refrain_is_no_caption_however_often_it_stands() -> None:
    lines = ["Haul away, the tide is turning.", "Nine went out.", "Haul away, the tide is turning."]
    assert superfluous(lines) == {}
    assert not is_caption(lines[0])


def test_the_captions_of_a_gallery_run_together_are_no_prose() -> None:
    gallery = (
        "The bridge before it opened. Ann Lee/Getty Images A ferry passes below. Bo Ito/AFP/Getty Images The mayor cuts "
        "the ribbon on Monday. Cy Dahl/AP Children wave from the bank. Di Moe/Reuters"
    )
    prose = "The pictures by Ann Lee/Getty Images and Bo Ito/AP were shown in the town hall, where 300 people came."
    assert superfluous([prose, gallery, prose]) == {1: "picture gallery"}
