import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.intake.cleaning import clean, cleaned, normalise

NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "\r\n\t \x0b\x0c\x85\u2028\u2029\xa0\u3000\u200b\u200d\ufeff\xad\u202e\u2066\u0301e\U0001f3f4"
        ),
        st.characters(min_codepoint=0xE0000, max_codepoint=0xE007F),
        st.characters(min_codepoint=0xD800, max_codepoint=0xDFFF, categories=["Cs"]),
    )
)


@given(NASTY)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(NASTY)
def test_normalised_text_holds_nothing_unseen(text: str) -> None:
    out = normalise(text)
    assert unicodedata.is_normalized("NFC", out)
    assert not [char for char in out if char != "\n" and unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert not set(out) & set("\xa0\u200b\ufeff\xad\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert out == out.strip()
    assert "  " not in out
    assert "\n\n\n" not in out


@given(NASTY)
def test_cleaned_text_is_normalised(text: str) -> None:
    assert normalise(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("a\xa0\t \u3000b  \n  c", "a b\nc"),
        ("one\n\n\n\n \n two", "one\n\ntwo"),
        ("cafe\u0301", "caf\xe9"),
        ("\ufeffsoft\xadly \u202ehid\u200bden\u202c", "softly hidden"),
        ("“It’s – no…”", "“It’s – no…”"),
        ("half \ud83d pair", "half \ufffd pair"),
    ],
)
def test_characters_are_normalised(raw: str, expected: str) -> None:
    assert normalise(raw) == expected


ENGLAND = "\U0001f3f4" + "".join(chr(0xE0000 + ord(char)) for char in "gbeng\x7f")
JOINED = ["نمی\u200cدانم", "👩\u200d👩\u200d👧 ✈\ufe0f", "שלום\u200f!", "क्\u200dष", ENGLAND]


@pytest.mark.parametrize("text", JOINED)
def test_joiners_direction_marks_and_flags_stay(text: str) -> None:
    assert normalise(text) == text


def test_orders_hidden_in_tag_characters_are_removed() -> None:
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "obey me")
    assert normalise(f"Plain words{hidden}.") == "Plain words."


LEFTOVERS = """Leave A Reply
Leave a Reply Cancel reply
Your email address will not be published. Required fields are marked *
Save my name, email, and website in this browser for the next time I comment.
Share on Facebook
Share this:
Click to share on Twitter (Opens in new window)
Tweet
Facebook Twitter WhatsApp Email
Facebook | X | LinkedIn
We use cookies to improve your experience on our website.
This site uses cookies. By using it you consent to our Cookie Policy.
Accept all cookies
By continuing to use this site you agree to our use of cookies.
Subscribe to our newsletter
• Sign up for our daily newsletter
NEWSLETTER: Sign up to get the headlines in your inbox
ADVERTISEMENT
Story continues below advertisement
Read more: Flood defences to be raised
RELATED: Ferry service resumes
Related articles
You may also like
Continue reading
Click here to see all the pictures
© 2023 The Harbour Post. All rights reserved.
Copyright 2023 Harbour Media. This material may not be republished.
Comments (12)
Print this article
Follow us on Facebook
Follow Ann Roe on Twitter @annroe.""".split("\n")


@pytest.mark.parametrize("line", LEFTOVERS)
def test_a_whole_line_of_page_furniture_is_a_leftover(line: str) -> None:
    assert clean(f"The port reopened.\n\n{line}\n\nShips came in.") == "The port reopened.\n\nShips came in."


NEWS = """The regulator said we use cookies to track children on our website.
We use cookies and cream in every cake, the baker said on her website.
“We use cookies to improve your experience on our website,” the notice read.
For years she sent a monthly newsletter to friends.
The plan was simple: get voters onto a mailing list.
Sign up for a newsletter and your address is sold, the study found.
To get the discount customers must sign up for the shop's newsletter.
Subscribe, tweet and share: how the campaign won.
Apps named in the order: Facebook, X, TikTok
"Leave a reply," the note said.
Comments made by the minister drew anger.
Advertisements for the drug were banned.
Latest news: the ferry has docked.
The report continues.
(c) the 2019 agreement on grain
Name
Facebook
Related companies were fined.
More, more, more""".split("\n")


@pytest.mark.parametrize("line", NEWS)
def test_news_that_only_mentions_such_words_stays(line: str) -> None:
    assert clean(f"The port reopened.\n\n{line}\n\nShips came in.").split("\n\n")[1] == line


def test_the_fields_of_a_comment_form_go_with_it() -> None:
    form = "Leave a Reply\n\nComment *\nName *\nEmail *\nWebsite\n\nPost Comment"
    assert clean(f"Ships came in.\n\n{form}") == "Ships came in."


def test_a_list_of_networks_without_a_button_is_news() -> None:
    listed = "The order names:\nFacebook\nInstagram\nTikTok"
    assert clean(listed) == listed
    assert clean("Ships came in.\nFacebook\nTwitter\nEmail\nPrint") == "Ships came in."


def test_a_long_paragraph_is_never_a_leftover() -> None:
    paragraph = "Read more: " + "the ferry sank. " * 40
    assert clean(paragraph) == paragraph.strip()


PIECES = [*LEFTOVERS, *NEWS, "", "Name *", "Email", "Facebook", "Twitter", "Email", "Print", "Submit", "Nine ships came in.",
          "More:Why the ferry never runs on Mondays in winter", "Getty Images", "Photo: Ann Roe/Harbour Post",
          "Ships at the quay on Monday. (Ann Roe/Harbour Post)", "A long sentence of prose that fills the line. " * 4]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_cleaning_twice_changes_nothing(lines: list[str]) -> None:
    once = clean("\n".join(lines))
    assert clean(once) == normalise(once) == once


@given(st.lists(st.sampled_from(PIECES), max_size=25))
def test_every_line_is_kept_or_told_as_removed(lines: list[str]) -> None:
    text = normalise("\n".join(lines))
    found = cleaned(text)
    told = [line.text for line in found.removed] + [line for line in found.text.split("\n") if line]
    assert sorted(told) == sorted(line for line in text.split("\n") if line)


def test_what_was_removed_is_told_in_order_with_its_reason() -> None:
    found = cleaned("Share on Facebook\n\nNine ships came in.\n\nSubscribe to our newsletter")
    assert [(line.text, line.reason) for line in found.removed] == [
        ("Share on Facebook", "share buttons"),
        ("Subscribe to our newsletter", "newsletter"),
    ]


PROSE = "The harbour reopened on Monday after nine days in which forty ships lay in the strait and waited for the ice to go."


def test_a_link_to_another_report_between_paragraphs_goes_and_a_list_of_that_form_stays() -> None:
    link = "Winter travel:What ferry lines owe you when boats are late"
    assert clean(f"{PROSE}\n\n{link}\n\n{PROSE}") == f"{PROSE}\n\n{PROSE}"
    listed = "\n".join(f"Best {ship}:The vessel with the longest name of all" for ship in ("tug", "ferry", "yacht"))
    assert clean(f"{PROSE}\n\n{listed}\n\n{PROSE}") == f"{PROSE}\n\n{listed}\n\n{PROSE}"


def test_the_headline_goes_from_the_top_and_nowhere_else() -> None:
    text = "Ships come in!\n\nNine of them.\n\nShips come in!"
    assert cleaned(text, title="Ships come in").text == "Nine of them.\n\nShips come in!"
    assert cleaned("Ships come in", title="Ships come in").text == "Ships come in"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Port Ferrow, Orlavia CPA —", "dateline"),
        ("CPA —", "dateline"),
        ("River levels rise:Will the old bridge hold?", "related links"),
        ("Opinion: The council has waited too long for this bridge", "related links"),
        ("Hear more about the bridge", "related links"),
    ],
)
def test_a_line_of_its_own_between_paragraphs_is_told_for_what_it_is(line: str, reason: str) -> None:
    told = cleaned(f"{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH.replace('nine', 'ten')}").removed
    assert [(one.text, one.reason) for one in told] == [(line, reason)]


@pytest.mark.parametrize(
    "line",
    [
        "Port Ferrow, Orlavia CPA — The bridge opened on Monday.",
        "The mayor said:No one was there.",
        "Opinion: it was divided.",
        "Hear more about the bridge? Nobody wanted to.",
    ],
)
def test_a_sentence_of_nearly_that_form_stays(line: str) -> None:
    assert line in clean(f"{PARAGRAPH}\n\n{line}\n\n{PARAGRAPH.replace('nine', 'ten')}")


PARAGRAPH = "The council of Port Ferrow met on Monday and voted for the bridge by nine votes to two."
