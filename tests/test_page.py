"""What the page does when its reader acts, and that it reaches for nothing outside."""

import json

import pytest
from ui_records import ANSWER, PLANT, TOUR, Page, Shelf

from ui.chat import Chat, chosen
from ui.cited import EMPTY
from ui.conversation import Exchange
from ui.page import build_page


def last(updates):
    """What is shown at the end."""
    return list(updates)[-1]


def test_a_question_is_shown_at_once_and_then_answered():
    chat = Chat(Shelf())
    awaited, shown, box = chat.put("Who?", ())
    assert "Reading the articles" in shown
    assert box == ""
    done, shown, panel = last(chat.answer(awaited))
    assert PLANT[:20] in shown
    assert Page(panel).quoted(1) == PLANT
    assert [one.awaited for one in done] == [False]


def test_a_second_question_waits_in_the_box_while_one_is_awaited():
    chat = Chat(Shelf())
    awaited, _, _ = chat.put("Who?", ())
    same, _, box = chat.put("And?", awaited)
    assert same == awaited
    assert box == "And?"


def test_answering_twice_asks_once():
    shelf = Shelf()
    done, _, _ = last(Chat(shelf).answer((Exchange("Who?"),)))
    again, _, _ = last(Chat(shelf).answer(done))
    assert again == done
    assert len(shelf.asked) == 1


def test_a_fault_leaves_nothing_awaited():
    told, shown = Chat(Shelf()).failed((Exchange("a", ANSWER), Exchange("b")))
    assert told[0].answer is ANSWER
    assert "Something went wrong" in (told[1].error or "")
    assert "Traceback" not in shown


def test_a_number_of_an_earlier_turn_brings_back_its_sources():
    exchanges = (Exchange("a", ANSWER), Exchange("b", error="no"))
    html = Chat(Shelf()).cited(1, 3, exchanges)
    assert 'data-turn="1" data-current="3"' in html


@pytest.mark.parametrize("turn", [0, 3, -1, "1", None, 1.5, {"x": 1}, True])
def test_a_turn_that_is_none_shows_no_sources(turn):
    exchanges = (Exchange("a", error="no"), Exchange("b", error="no"))
    assert Chat(Shelf()).cited(turn, 1, exchanges) == EMPTY


def test_an_article_can_be_opened_and_an_unknown_one_is_said_to_be():
    chat = Chat(Shelf())
    assert TOUR.text in Page(chat.article("tour")).text
    assert Page(chat.article("<b>")).text == "No article '<b>'."


def test_an_answer_can_be_kept_as_a_file_with_its_quotes():
    page = Page(Chat(Shelf()).exported(2, "html", (Exchange("a", error="no"), Exchange("b", ANSWER))))
    ((_, attributes),) = page.elements
    assert (attributes["data-name"], attributes["data-type"]) == ("who-is-the-plant-named-after.html", "text/html")
    assert f">{PLANT}</blockquote>" in page.text


@pytest.mark.parametrize(
    ("turn", "form"), [(1, "html"), (0, "html"), (3, "html"), ("2", "html"), (2, "exe"), (2, None)]
)
def test_what_is_no_answer_or_no_form_makes_no_file(turn, form):
    assert Chat(Shelf()).exported(turn, form, (Exchange("a", error="no"), Exchange("b", ANSWER))) == ""


def test_starting_over_forgets_the_conversation():
    exchanges, shown, panel, box = Chat(Shelf(), questions=("Who came?",)).again()
    assert (exchanges, panel, box) == ((), EMPTY, "")
    assert "Who came?" in shown


def test_event_data_of_any_shape_is_taken_apart():
    assert chosen({"turn": 2}, "turn") == 2
    assert chosen("turn", "turn") is None
    assert chosen({}, "turn") is None


def test_the_page_reports_nothing_names_no_outside_font_and_offers_no_call():
    config = build_page(Shelf()).get_config_file()
    assert config["analytics_enabled"] is False
    assert config["stylesheets"] == []
    assert {dependency["api_visibility"] for dependency in config["dependencies"]} == {"private"}
    assert "http" not in json.dumps(config["components"], default=str).replace("https://courier.example", "")
