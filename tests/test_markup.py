"""What the page shows of a conversation, and that nothing in it is taken for markup."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_records import ANSWER, PLANT, REFUSED, TOUR, Page

from rag.listing import Overview
from rag.records import Period, Statement
from ui.html.markup import error_html, escape, refusal_html
from ui.html.turns import answer_html, conversation_html, masthead_html, welcome_html
from ui.kept.exchange import Exchange

HELD = Overview(1_593, 1, TOUR.published_at)
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "![x](https://evil.example/x.png)",
    "${alert(1)} {{constructor.constructor('alert(1)')()}} {% raw %}",
    "</textarea></details><iframe src=//evil.example>",
    "&lt;b&gt; &amp; \ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_shown_and_are_never_markup(text):
    answer = replace(
        ANSWER,
        statements=(Statement(text, (1,), "weak"),),
        rejected=(Statement(text, (), "unsupported"),),
        model=text,
        unanswered=(text,),
        notes=(text,),
        period=Period(None, date(2023, 9, 17), text),
    )
    exchanges = [Exchange(text, answer), Exchange(text, error=text), Exchange(text)]
    page = Page(conversation_html(exchanges) + welcome_html([text]) + masthead_html(HELD, model=text))
    assert page.tags.isdisjoint({"script", "img", "iframe", "b"})
    assert [tag for tag, _ in page.elements].count("textarea") == 1  # that for a note on the answer
    assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
    assert page.text.count(text.replace("\ud800", "?")) >= 8


@given(st.text())
def test_escaped_text_reads_back_as_it_was(text):
    page = Page(f'<p title="{escape(text)}">{escape(text)}</p>')
    assert [tag for tag, _ in page.elements] == ["p"]
    assert page.text == page.elements[0][1]["title"]


def test_every_number_of_a_sentence_is_a_link_that_names_turn_and_number():
    links = [attributes for tag, attributes in Page(answer_html(ANSWER, turn=3)).elements if tag == "a"]
    # Those of the sentences, then those of the weak one and the rejected one where they are explained.
    assert [(link["data-turn"], link["data-number"]) for link in links] == [("3", number) for number in "1222"]
    assert links[0]["href"] == "#quote-3-1"
    assert links[0]["aria-label"] == "Citation 1"


def test_a_weak_sentence_is_marked_where_it_stands_and_explained_one_click_away():
    html = answer_html(ANSWER, turn=1)
    assert '<span class="badge">weak</span>' in html
    assert (
        'aria-label="1 sentence only weakly supported, question 1">1 sentence only weakly supported</summary>' in html
    )
    assert "“Both” is “Each” there" in html


def test_a_rejected_sentence_is_only_inside_the_closed_details():
    before, _, after = answer_html(ANSWER, turn=1).partition('<details class="doubts rejected">')
    assert "Kim bought 12." not in before
    assert "Kim bought 12." in after
    assert "no 12 in its cited words" in after


def test_a_refusal_offers_its_nearest_articles_and_says_how_new_the_archive_is():
    html = answer_html(REFUSED, turn=1)
    assert "No article says." in html
    assert 'data-article="tour" dir="auto">Kim tours a plant</button>' in html
    assert "newest article 16 September 2023" in html
    assert refusal_html(ANSWER, level=3) == ""


def test_the_basis_names_the_model_and_the_day_of_asking():
    html = answer_html(ANSWER, turn=1)
    assert "<li>extractive: no language model</li>" in html
    assert "<li>as of 20 September 2023</li>" in html


def test_a_failure_is_one_line():
    assert Page(error_html("No key.\nTraceback:\n  x")).text == "No key. Traceback: x"


def test_a_conversation_keeps_its_turns_in_order_and_awaits_the_last():
    html = conversation_html([Exchange("first", ANSWER), Exchange("second")])
    assert html.index("first") < html.index(PLANT[:20]) < html.index("second") < html.index("Reading the articles")
    assert 'id="turn-2"' in html
    assert conversation_html([]) == ""


def test_the_conversation_names_itself_and_a_line_stands_below_its_turns():
    html = conversation_html([Exchange("first")], at='a"b', note=error_html("Not kept."))
    assert 'data-at="a&quot;b"' in html
    assert html.index("first") < html.index("Not kept.")


def test_where_there_is_nothing_to_ask_of_it_is_said_what_to_do():
    assert "Add some in the view Library" in Page(welcome_html([])).text
    assert "Add some" not in Page(welcome_html(["Who?"])).text


def test_an_enormous_last_word_is_not_kept_on_the_line_of_its_number():
    answer = replace(ANSWER, statements=(Statement("W" * 5_000, (1,), "supported"),))
    assert f"{'W' * 100}</span>" not in answer_html(answer, turn=1)
    assert '<span class="tail"><a class="cite"' in answer_html(answer, turn=1)


def test_the_masthead_counts_articles_and_outlets_and_dates_the_newest():
    assert Page(masthead_html(HELD, model="extractive: no language model")).text == (
        "Groundwire1,593 articles1 outletnewest 15 September 2023extractive: no language model"
    )
