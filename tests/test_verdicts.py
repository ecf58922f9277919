"""What a judge's reply is read as: kindly where it says one thing, not at all where it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.judging.verdicts import RIGHT, SUPPORT, read_verdict


@pytest.mark.parametrize(
    "reply",
    [
        "SUPPORTED",
        "supported.",
        "**Supported**",
        "- `supported`",
        "“Supported”",
        "Yes",
        "true",
        "Verdict: supported",
        "The final answer is: **Supported**",
        '{"supported": true}',
        '```json\n{"verdict": "SUPPORTED", "reason": "40 ships"}\n```',
        '{"supported": 1}',
        "Supported: the quotation gives 40 ships.",
        "Yes, the quotation says so.",
        "Is the part about Finch unsupported? No quotation names her, but one says “the mayor”.\n\nSUPPORTED",
    ],
)
def test_support_is_read_however_it_is_dressed(reply: str) -> None:
    assert read_verdict(reply, SUPPORT) is True


@pytest.mark.parametrize(
    "reply",
    [
        "UNSUPPORTED",
        "Not supported.",
        "partly",
        "**Verdict:** unsupported",
        '{"verdict": "unsupported"}',
        '{"supported": 0}',
        "No. The quotation says 41.",
        "Unsupported: the claim is not supported by a quotation.",
        "I ask whether the sentence is supported.\nThe quotation says 41.\n\nUNSUPPORTED",
    ],
)
def test_lack_of_support_is_read_however_it_is_dressed(reply: str) -> None:
    assert read_verdict(reply, SUPPORT) is False


@pytest.mark.parametrize(
    "reply",
    [
        "",
        " \n ",
        "NaN",
        "7",
        '{"supported": NaN}',
        '{"supported": 0.5}',
        '{"score": 7}',
        '{"supported": true, "verdict": "unsupported"}',
        "{broken",
        "supported or unsupported",
        "SUPPORTED / UNSUPPORTED",
        "Supported\n\nUnsupported",
        "Supported\n\nBut the figure is not supported.",
        "Yes. The date, however, is unsupported.",
        "The claim is supported. The figure is not supported.",
        "It is not unsupported.",
        "The sentence is fully supported by the passage.",
        "It is not fully supported by the quotations.",
        "Supported? No, the source says otherwise.",
        "It is supported by nothing in the text.",
        "None of it is supported.",
        "The claim that it is supported is false.",
        "SUPPORTED: no",
        "Is it supported? NO",
        "Supported, but only in part.",
        "I cannot say whether it is supported.",
        "It may be supported.",
        "The troops supported the coup.",
        "Oui, la phrase est soutenue.",
        "Ja.",
        "No tengo dudas: la frase está respaldada.",
        "支持",
        "I am only a language model.",
    ],
)
def test_what_does_not_clearly_say_one_thing_is_no_verdict(reply: str) -> None:
    assert read_verdict(reply, SUPPORT) is None


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("YES", True),
        ("Yes, both say 40.", True),
        ("The answer is correct.", True),
        ("NO\n\nThe expected answer is 40, this one says 41.", False),
        ("It is not correct.", None),
        ("Correct answer: nine. The given answer says ten.", None),
        ("wrong", False),
        ("Supported", None),
        ("Yes and no.", None),
    ],
)
def test_the_other_question_has_words_of_its_own(reply: str, verdict: bool | None) -> None:
    assert read_verdict(reply, RIGHT) is verdict


@given(st.text(max_size=300))
def test_no_reply_breaks_the_reader(reply: str) -> None:
    assert read_verdict(reply, SUPPORT) in (True, False, None)
    assert read_verdict("{" + reply + "}", RIGHT) in (True, False, None)
