import pytest

from rag.intake.leftovers import KICKER, key, reason


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Share on Facebook", "share buttons"),
        ("Follow Ann Roe on Twitter @annroe.", "share buttons"),
        ("Subscribe to our newsletter", "newsletter"),
        (
            "This story is part of the Dockside newsletter. To get it in your inbox, sign up for free, here.",
            "newsletter",
        ),
        ("We use cookies to improve your experience on our website.", "cookie notice"),
        ("Leave a Reply Cancel reply", "comment form"),
        ("ADVERTISEMENT", "advertisement"),
        ("Related: Ferry service resumes", "related links"),
        ("More:Why the ferry to Lune never runs on Mondays", "related links"),
        ("How the harbour was dredged 01:43 - Source: OTV", "related links"),
        ("© 2023 The Harbour Post", "copyright"),
        ("Continue reading", "navigation"),
        ("Ann Roe covers ports for the Courier. Follow her on Twitter at @annroe.", "author's details"),
        ("Ann Roe can be reached at roe@courier.example.", "author's details"),
        ("Support local journalism. Start your online subscription.", "appeal for support"),
    ],
)
def test_each_leftover_has_its_reason(line: str, expected: str) -> None:
    assert reason(key(line)) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Residents can be reached by boat only.",
        "“Follow us on Twitter,” the banner read.",
        "Hackers told followers to email them at x@mail.example, police said.",
        "More than 40 ships came in.",
        "The minister can be reached at min@gov.example, the letter said.",
    ],
)
def test_prose_has_none(line: str) -> None:
    assert reason(key(line)) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Summer travel:What ferry lines owe you when boats are late", True),
        ("TECHNOLOGY: Ticket sales are down, but ferries still fill", True),
        ("Is the strait ready?:Pilots offer few details on the new lane", True),
        ("Perk:We had run out of flour by Friday and nobody came.", False),
        ("The plan is simple: get everyone off the island before noon today", False),
        ("DNC: Roe spoke for the harbour on the first night", False),
        ("Final: Kolm 38, Brunn 35", False),
        ("'Too late:' Roe attacks the council over the ferry again", False),
    ],
)
def test_a_kicker_is_a_word_or_two_a_colon_and_a_headline(line: str, expected: bool) -> None:
    assert (KICKER.fullmatch(line) is not None) is expected
