"""What the page does when its reader acts, and that it reaches for nothing outside."""

import json
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from talking import Clock
from ui_records import ANSWER, PLANT, TOUR, Page, Shelf

from rag.stopping import Stop
from rag.stream import AnswerStream, Done, Stated
from ui.admission import Admission
from ui.html.cited import EMPTY
from ui.kept.conversations import Conversations
from ui.kept.exchange import Exchange
from ui.kept.summaries import KeptSummaries
from ui.page import chat as module
from ui.page.chat import AWAITED, BROKEN_OFF, GONE, LEFT, PACE, Chat, Shown
from ui.page.components import chosen, sound
from ui.page.evaluations import Evaluations
from ui.page.layout import build_page
from ui.page.summaries import Summaries

ANNE, BEN = "a" * 32, "b" * 32


@pytest.fixture
def kept(tmp_path):
    return Conversations(tmp_path)


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def chat(kept, shelf):
    return Chat(shelf, kept, Admission())


def asked(chat, *questions, reader=ANNE, at=""):
    """The id of a conversation of so many questions, and what is shown at the end."""
    shown = None
    for question in questions:
        *_, shown = chat.ask(reader, question, at)
        at = shown.at
    return at, shown


def told(chat, at, reader=ANNE):
    """The exchanges that are kept."""
    return chat.conversations.load(reader, at).exchanges


def test_a_question_is_shown_at_once_and_then_answered(chat):
    first, *_, last = chat.ask(ANNE, "Who?", "")
    assert "Reading the articles" in first.conversation
    assert (first.question, first.editing) == ("", "")
    assert PLANT[:20] in last.conversation
    assert Page(last.panel).quoted(1) == PLANT
    assert [one.awaited for one in told(chat, last.at)] == [False]


def test_what_is_typed_while_an_answer_grows_stays_in_the_box(chat):
    _, *later = chat.ask(ANNE, "Who?", "")
    assert {one.question for one in later} == {None}


class Growing(Shelf):
    """Its answers come sentence by sentence, all that there are at once."""

    def ask_stream(self, question, **options):
        whole = replace(ANSWER, question=question)
        return AnswerStream(iter([*(Stated(one, ()) for one in whole.statements), Done(whole)]), Stop())


@pytest.fixture
def clock(monkeypatch):
    """Moved by what waits for it alone."""
    clock = Clock()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=clock, sleep=clock.sleep))
    return clock


def test_what_a_model_writes_is_drawn_ten_times_a_second_at_most(kept, clock):
    chat = Chat(Growing(), kept, Admission(), model="openai:gpt-5-mini")
    _, *drawn = [clock.now for _ in chat.ask(ANNE, "Who?", "")]
    assert [round(time - drawn[0], 3) for time in drawn] == [0, PACE, PACE]
    assert PACE == 0.1


def test_nobody_waits_to_see_an_answer_grow_that_is_there(kept, clock):
    before = clock.now
    assert len(list(Chat(Growing(), kept, Admission()).ask(ANNE, "Who?", ""))) == 2
    assert clock.now == before


def test_a_conversation_is_found_again_by_its_id_and_only_by_its_reader(chat, shelf, tmp_path):
    at, shown = asked(chat, "Who?", "And then?")
    again = Chat(shelf, Conversations(tmp_path), Admission()).open(ANNE, at)
    assert again.conversation == shown.conversation
    assert Page(again.panel).quoted(1) == PLANT
    assert GONE in Page(chat.open(BEN, at).conversation).text


def test_a_conversation_that_is_gone_is_said_to_be_and_a_new_one_can_begin(chat):
    shown = chat.open(ANNE, "f" * 32)
    assert (shown.at, GONE in Page(shown.conversation).text) == ("", True)
    assert "Start with" in shown.conversation


def test_a_history_that_cannot_be_read_is_said_to_be_and_not_to_be_deleted(shelf, tmp_path):
    (tmp_path / "history.sqlite3").write_bytes(b"no database" * 100)
    shown = Chat(shelf, Conversations(tmp_path), Admission()).open(ANNE, "f" * 32)
    text = Page(shown.conversation).text
    assert "history.sqlite3" in text
    assert GONE not in text


def test_first_questions_are_drafted_once_for_what_the_archive_holds(chat, shelf, monkeypatch):
    drafted = []
    monkeypatch.setattr(module, "suggestions", lambda archive: drafted.append(archive) or ("Who came?",))
    for _ in range(3):
        assert "Who came?" in chat.new().conversation
    assert len(drafted) == 1


def test_a_second_question_waits_in_the_box_while_one_is_awaited(chat, kept):
    kept.put(ANNE, "c" * 32, Exchange("Who?", key="k"))
    (shown,) = chat.ask(ANNE, "And?", "c" * 32)
    assert shown.question is None
    assert AWAITED in Page(shown.conversation).text


def test_a_question_in_a_conversation_deleted_elsewhere_begins_another(chat, kept):
    before, _ = asked(chat, "Who?")
    kept.delete(ANNE, before)
    at, _ = asked(chat, "And then?", at=before)
    assert [one.question for one in told(chat, at)] == ["And then?"]
    assert kept.load(ANNE, before) is None


def test_what_was_answered_before_goes_with_the_question(chat, shelf):
    asked(chat, "Who?", "And then?")
    assert [turn.question for turn in shelf.asked[1][1]] == ["Who?"]


def test_a_fault_leaves_nothing_awaited(chat, kept):
    kept.put(ANNE, "c" * 32, Exchange("Who?", key="k"))
    shown = chat.failed(ANNE, "c" * 32)
    assert "Something went wrong" in shown
    assert not any(one.awaited for one in told(chat, "c" * 32))


def test_an_answer_whose_reader_turned_to_another_conversation_is_shown_no_more(chat):
    growing = chat.ask(ANNE, "Who?", "")
    at = next(growing).at
    assert chat.new(at).at == ""
    assert set(growing) == {Shown()}
    assert [one.awaited for one in told(chat, at)] == [False]


def test_an_answer_of_a_conversation_that_was_deleted_meanwhile_does_not_come_back(chat, kept):
    growing = chat.ask(ANNE, "Who?", "")
    at = next(growing).at
    kept.delete(ANNE, at)
    chat.new(at)
    assert set(growing) == {Shown()}
    assert kept.load(ANNE, at) is None


def test_a_question_to_a_conversation_that_is_gone_begins_another(chat, kept):
    at, _ = asked(chat, "Who?")
    kept.delete(ANNE, at)
    now, shown = asked(chat, "And then?", at=at)
    assert (now != at, LEFT in shown.conversation) == (True, True)
    assert [one.question for one in told(chat, now)] == ["And then?"]


def test_what_is_done_in_a_conversation_that_is_gone_says_so(chat, kept):
    at, _ = asked(chat, "Who?")
    kept.delete(ANNE, at)
    (shown,) = chat.again(ANNE, at, 1)
    assert (shown.at, GONE in shown.conversation) == ("", True)
    assert GONE in chat.judge(ANNE, at, 1, True, None, None)


def test_no_question_is_asked_again_while_one_is_awaited(chat, kept):
    at, _ = asked(chat, "Who?")
    kept.put(ANNE, at, Exchange("And then?", key="k"))
    (shown,) = chat.again(ANNE, at, 1)
    assert AWAITED in shown.conversation


def test_an_answer_that_another_window_awaited_comes_when_it_is_there(chat, kept):
    at, _ = asked(chat, "Who?")
    kept.put(ANNE, at, Exchange("And then?", key="k"))
    assert chat.looked_again(ANNE, at) == (None, None)
    kept.put(ANNE, at, Exchange("And then?", ANSWER, key="k"))
    conversation, panel = chat.looked_again(ANNE, at)
    assert 'id="turn-2"' in conversation
    assert 'data-turn="2"' in panel


def test_half_a_surrogate_pair_from_a_browser_becomes_a_mark():
    assert sound({"id": "a\ud800", "ids": ["\udfff", 1, None]}) == {"id": "a?", "ids": ["?", 1, None]}


def test_a_reader_who_goes_away_leaves_what_was_certain(chat):
    growing = chat.ask(ANNE, "Who?", "")
    at = next(growing).at
    growing.close()
    (left,) = told(chat, at)
    assert left.error == BROKEN_OFF


def test_a_failed_question_is_asked_again_in_its_place(chat):
    at, _ = asked(chat, "fail now")
    *_, shown = chat.again(ANNE, at, 1)
    assert shown.at == at
    assert len(told(chat, at)) == 1


def test_an_answered_question_asked_again_leaves_its_answer_in_history(chat):
    at, _ = asked(chat, "Who?", "And then?")
    *_, shown = chat.again(ANNE, at, 2)
    assert shown.at != at
    assert [one.question for one in told(chat, shown.at)] == ["Who?", "And then?"]
    assert len(told(chat, at)) == 2


def test_a_changed_question_takes_the_place_of_the_first_in_a_copy(chat):
    at, _ = asked(chat, "Who?", "And then?", "Why?")
    question, editing, note = chat.edit(ANNE, at, 2)
    assert (question, editing) == ("And then?", "2")
    assert "stays in History" in Page(note).text
    *_, shown = chat.ask(ANNE, "And before?", at, editing)
    assert [one.question for one in told(chat, shown.at)] == ["Who?", "And before?"]
    assert len(told(chat, at)) == 3


def test_an_answer_is_judged_and_the_verdict_taken_back(chat):
    at, _ = asked(chat, "Who?")
    assert "You said that this is right." in Page(chat.judge(ANNE, at, 1, True, None, None)).text
    shown = chat.judge(ANNE, at, 1, False, 1, "It was in May.")
    assert "You said that this is wrong: sentence 2." in Page(shown).text
    assert told(chat, at)[0].verdict.note == "It was in May."
    assert "Is this right?" in Page(chat.judge(ANNE, at, 1, None, None, None)).text


@pytest.mark.parametrize("place", [-1, 2, "0", None, 1.5, True])
def test_a_sentence_that_is_none_is_not_judged(chat, place):
    at, _ = asked(chat, "Who?")
    chat.judge(ANNE, at, 1, False, place, {"x": 1})
    verdict = told(chat, at)[0].verdict
    assert (verdict.sentence, verdict.note) == (None, "")


def test_to_judge_in_a_conversation_that_is_gone_says_that_it_is(chat, kept):
    at, _ = asked(chat, "Who?")
    kept.delete(ANNE, at)
    assert GONE in Page(chat.judge(ANNE, at, 1, True, None, None)).text


def test_a_number_of_an_earlier_turn_brings_back_its_sources(chat):
    at, _ = asked(chat, "Who?", "fail")
    assert 'data-turn="1" data-current="3"' in chat.cited(ANNE, at, 1, 3)


@pytest.mark.parametrize("turn", [0, 3, -1, "x", None, 1.5, {"x": 1}, True, "9" * 30])
def test_a_turn_that_is_none_shows_no_sources(chat, turn):
    at, _ = asked(chat, "fail", "fail")
    assert chat.cited(ANNE, at, turn, 1) == EMPTY
    assert chat.edit(ANNE, at, turn) == ("", "", "")
    (shown,) = chat.again(ANNE, at, turn)
    assert shown == chat.open(ANNE, at)


def test_an_article_can_be_opened_and_an_unknown_one_is_said_to_be(chat):
    assert TOUR.text in Page(chat.article("tour")).text
    assert Page(chat.article("<b>")).text == "No article '<b>'."


def test_an_answer_can_be_kept_as_a_file_with_its_quotes(chat):
    at, _ = asked(chat, "fail", ANSWER.question)
    page = Page(chat.exported(ANNE, at, 2, "html"))
    ((_, attributes),) = page.elements
    assert (attributes["data-name"], attributes["data-type"]) == ("who-is-the-plant-named-after.html", "text/html")
    assert f">{PLANT}</blockquote>" in page.text


def test_an_answer_is_copied_with_its_sources_as_plain_text(chat):
    at, _ = asked(chat, "Who?")
    text = Page(chat.copied(ANNE, at, 1)).text
    assert text.startswith(f"{PLANT} [1]")
    assert f"“{PLANT}”" in text


@pytest.mark.parametrize(
    ("turn", "form"), [(1, "html"), (0, "html"), (3, "html"), ("x", "html"), (2, "exe"), (2, None)]
)
def test_what_is_no_answer_or_no_form_makes_no_file(chat, turn, form):
    at, _ = asked(chat, "fail", "Who?")
    assert chat.exported(ANNE, at, turn, form) == ""


def test_starting_over_keeps_the_conversation(kept, shelf):
    chat = Chat(shelf, kept, Admission(), questions=("Who came?",))
    at, _ = asked(chat, "Who?")
    shown = chat.new()
    assert (shown.at, shown.panel, shown.question) == ("", EMPTY, "")
    assert "Who came?" in shown.conversation
    assert len(told(chat, at)) == 1


def test_event_data_of_any_shape_is_taken_apart():
    assert chosen({"turn": 2}, "turn") == 2
    assert chosen("turn", "turn") is None
    assert chosen({}, "turn") is None


def test_the_page_reports_nothing_names_no_outside_font_and_offers_four_calls(chat, shelf):
    summaries = Summaries(shelf, KeptSummaries(shelf.folder), chat.admission)
    config = build_page(chat, summaries, Evaluations(shelf)).get_config_file()
    assert config["analytics_enabled"] is False
    assert config["stylesheets"] == []
    offered = {one["api_name"] for one in config["dependencies"] if one["api_visibility"] != "private"}
    assert offered == {"ask", "search", "summarize", "article"}
    components = json.dumps(config["components"], default=str)
    assert re.findall(r"https?://(?!courier.example)\w+", components) == []
