"""Articles as text for a terminal: whole, listed, with their revisions, copies, and what cleaning took out."""

from dataclasses import replace

import pytest
from stories import OTHER, march, story

from rag.clusters import Cluster
from rag.records import Removed
from ui.text.articles import article_text, articles_text, cluster_text, clusters_text, removed_text, revisions_text

HARBOUR = story(
    "harbour", "The strike is over. Ships sail.", source="Coast Courier", published_at=march(5), language="en"
)
COPY = replace(HARBOUR, id="copy", source=None, published_at=None)
CLUSTER = Cluster("harbour#1", "harbour", "it was published first, on 2024-03-05 08:00 UTC", ("harbour", "copy"))
BOTH = {"harbour": HARBOUR, "copy": COPY}


def test_revisions_show_the_sentences_that_left_and_came() -> None:
    after = replace(HARBOUR, text="The strike is over. Ships sail at noon.", revision=2, modified_at=march(6))
    assert revisions_text([HARBOUR, after]) == (
        "revision 1, 5 March 2024: Harbour opens again\n\n"
        "revision 2, 6 March 2024: Harbour opens again\n- Ships sail.\n+ Ships sail at noon."
    )


def test_a_sentence_that_is_only_wrapped_otherwise_did_not_change() -> None:
    wrapped = "The strike of the dockers in the harbour of Lindmouth is now\nover after twelve days."
    text = revisions_text(
        [replace(HARBOUR, text=wrapped.replace("\n", " ")), replace(HARBOUR, text=wrapped, revision=2)]
    )
    assert text.endswith("only its fields changed")


def test_a_revision_of_other_fields_says_so() -> None:
    after = replace(HARBOUR, title="Harbour reopens", revision=2)
    assert revisions_text([HARBOUR, after]).endswith(
        "revision 2, 5 March 2024: Harbour reopens\nonly its fields changed"
    )


def test_one_revision_alone_has_no_changes() -> None:
    assert revisions_text([HARBOUR]) == "revision 1, 5 March 2024: Harbour opens again"


def test_a_report_names_its_original_with_the_reason_and_the_carriers() -> None:
    assert cluster_text(CLUSTER, BOTH, width=200) == (
        "harbour is the original of 2 carriers: it was published first, on 2024-03-05 08:00 UTC\n- copy: no outlet, no date"
    )


def test_reports_are_listed_under_their_headlines() -> None:
    text = clusters_text([CLUSTER, CLUSTER], BOTH, width=200)
    assert [block.splitlines()[0] for block in text.split("\n\n")] == ["Harbour opens again"] * 2


def test_where_nothing_is_there_is_a_line_that_says_so() -> None:
    assert articles_text([]) == "No articles."
    assert clusters_text([], {}) == "No report is carried by more than one article."
    assert removed_text([]) == "Nothing was removed."


def test_what_cleaning_took_out_stands_after_what_it_was_taken_for() -> None:
    removed = [Removed("We use cookies.", "cookie banner"), Removed("Sign up\nnow!", "newsletter")]
    assert removed_text(removed).splitlines()[0] == "cookie banner: We use cookies."
    assert "newsletter: Sign up" in removed_text(removed)


def test_a_stub_is_marked_in_the_list_and_on_its_own() -> None:
    stub = replace(HARBOUR, stub="paywall")
    assert articles_text([stub], width=200) == "harbour  2024-03-05  [paywall] Coast Courier: Harbour opens again"
    assert "only a stub (paywall): kept out of answers" in article_text(stub)
    assert "stub" not in article_text(HARBOUR)


def test_a_listed_article_keeps_to_one_line_of_the_width() -> None:
    (line,) = articles_text([replace(HARBOUR, title="Long " * 90 + "\nend")], width=60).splitlines()
    assert len(line) <= 60
    assert line.endswith("…")


@pytest.mark.parametrize("evil", ["\x1b[2J", "\x07", "\x9b31m", "\u202e"])
def test_control_characters_of_articles_do_not_reach_the_terminal(evil: str) -> None:
    article = replace(HARBOUR, text=f"{OTHER} {evil} end", title=f"a{evil}b", source=f"s{evil}t")
    revised = replace(article, text=f"{OTHER} {evil} otherwise", revision=2)
    for text in (
        article_text(article),
        articles_text([article]),
        revisions_text([article, revised]),
        clusters_text([CLUSTER], {"harbour": article, "copy": article}),
        removed_text([Removed(f"a{evil}b", "caption")]),
    ):
        assert evil not in text
