import pytest

from rag.intake.metadata import describe
from rag.intake.stubs import kind

STORY = "The harbour of Ostwick reopened on Monday after nine days in which no ship could enter. "


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The question before the court is simple.\n\nSubscribe to continue reading.\n\nAlready a subscriber? Log in",
            "paywall",
        ),
        ("You have reached your limit of free articles this month.", "paywall"),
        ("Diesen Artikel weiterlesen mit Plus", "paywall"),
        ("Checking your browser before accessing post.example.\n\nRay ID: 7f2c", "bot check"),
        ("Please verify that you are a human.", "bot check"),
        ("Sorry, the page you are looking for could not be found.\n\nTry the search.", "not found"),
        ("404 - Page not found", "not found"),
        ("We use cookies and similar technologies on this site.\n\nManage your cookie preferences", "cookie notice"),
        ("Get the news in your inbox.\n\nEnter your email address\n\nYou can unsubscribe at any time.", "newsletter"),
    ],
)
def test_what_stands_in_the_place_of_an_article_is_told(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        STORY * 6 + "\n\nSubscribe to our newsletter.",
        STORY * 7 + "\n\nSubscribe to continue reading.",
        STORY * 2 + "\n\nSign up for our newsletter to get the news in your inbox.",
        "The Courier said readers must subscribe to continue reading its site from May.",
        "Publishers who put up a paywall lose a third of their readers, a study found on Monday.\n\nMost come back.",
        "The regulator said the site uses cookies without consent.\n\nIt fined the outlet 40,000 crowns.",
        "The council could not find the page of the ledger on which the loan was booked.",
        "Nine ships came in.",
        "",
    ],
)
def test_an_article_is_no_stub(text: str) -> None:
    assert kind(text) is None


def test_a_page_that_says_it_must_be_paid_for_is_a_stub_only_with_little_text() -> None:
    lead = "When the cannons were switched on, two villages sued for the cloud…"
    assert kind(lead, free=False) == "paywall"
    assert kind(lead, free=True) is kind(lead) is None
    assert kind(STORY * 6, free=False) is None
    assert kind("Nine ships came in.\nTwo sank.\nThe port is open.", free=False) is None


def test_titles_of_missing_pages_and_checks_count_with_little_text() -> None:
    assert kind("Go to the front page.", title="404 Not Found") == "not found"
    assert kind("One moment.", title="Just a moment...") == "bot check"
    assert kind(STORY * 6, title="Page not found: how a library lost its maps") is None


def test_nothing_but_leftovers_is_kept_as_a_stub_where_it_has_a_name() -> None:
    found = describe({"title": "Who owns the snow?"}, "Subscribe to our newsletter\n\nShare on Facebook")
    assert (found.article.stub, found.article.title) == ("newsletter", "Who owns the snow?")
    assert found.article.text == "Subscribe to our newsletter\n\nShare on Facebook"
    assert describe({"url": "https://post.example/1"}, "Share on Facebook").article.stub == "leftovers"


def test_a_stated_stub_is_believed_and_an_unknown_kind_is_not() -> None:
    assert describe({"stub": "paywall"}, STORY).article.stub == "paywall"
    assert describe({"stub": "nonsense"}, STORY).article.stub is None
