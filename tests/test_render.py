"""What the terminal shows of answers, summaries, hits and articles."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from ui_records import ANSWER, AS_OF, GIFTS, PLANT, REFUSED, TOUR, september

from rag.records import Answer, Citation, Hit, Period, Statement, Usage
from rag.summary import Summary, Unused
from ui.records import article_text, articles_text
from ui.render import answer_text, clean, hits_text, model_label, summary_text

WIDE = 200


def test_each_citation_is_a_footnote_with_outlet_title_date_and_quote():
    text = answer_text(ANSWER, width=WIDE)
    assert "[1] Kim tours a plant. Amur Courier, 15 September 2023\n    “The plant is named after Yuri" in text
    assert text.startswith(f"{PLANT} [1] ")
    assert "https://courier.example/tour" in text
    assert "Also carried by copy" in text


def test_a_weak_sentence_is_marked_and_its_reason_given():
    text = answer_text(ANSWER, width=WIDE)
    assert "Both gave rifles. [2] (weak)" in text
    assert "Weakly supported:\n- Both gave rifles. [2] (“Both” is “Each” there)" in text


def test_what_was_set_aside_stands_apart_from_the_answer_with_its_reason():
    answer, _, aside = answer_text(ANSWER, width=WIDE).partition("Set aside:")
    assert "Kim bought 12." not in answer
    assert "- Kim bought 12. [2] (no 12 in its cited words)" in aside


def test_a_refusal_names_the_nearest_articles_and_the_newest_date():
    text = answer_text(REFUSED, width=WIDE)
    assert text.startswith("No article says.\n\nNearest articles:\n- Kim tours a plant (15 September 2023)")
    assert "newest article 16 September 2023" in text


def test_the_last_line_says_what_the_answer_rests_on_and_cost():
    answer = replace(ANSWER, model="openai:small", usage=Usage(900, 100, 0.0012))
    last = answer_text(answer, width=WIDE).splitlines()[-1]
    assert last == (
        "as of 20 September 2023 · newest article 16 September 2023 · openai:small"
        " · 900 tokens read, 100 written · $0.0012 · 0.12 s"
    )


def test_how_other_reports_compare_stands_behind_the_sentence():
    first, second = ANSWER.statements
    answer = replace(ANSWER, statements=(replace(first, sources=2, conflict=True), replace(second, superseded=True)))
    text = answer_text(answer, width=WIDE)
    assert f"{PLANT} [1] (2 independent sources; outlets differ; Amur Courier, 15 September 2023)" in text
    assert "(an earlier report; Pacific Wire, 14 September 2023)" in text


def test_what_is_left_open_the_period_and_notes_are_shown():
    period = Period(date(2023, 9, 11), date(2023, 9, 17), "last week")
    answer = replace(ANSWER, unanswered=("who is Xi",), notes=("English only.",), period=period)
    text = answer_text(answer, width=WIDE)
    assert "\n\nOn “who is Xi” the articles say nothing.\n\n[1]" in text
    assert "\n\nEnglish only.\n\n" in text
    assert "“last week” (11 September 2023 to 17 September 2023)" in text.splitlines()[-1]


def test_without_a_model_it_says_so():
    assert model_label("extractive") == "extractive: no language model"
    assert model_label("openai:small") == "openai:small"


def test_a_summary_lists_what_it_left_out():
    summary = Summary(
        "extractive",
        AS_OF,
        september(16),
        (Statement(PLANT, (1,), "supported"),),
        unused=(Unused("x", "Old", "a copy"),),
    )
    assert summary_text(summary).endswith("Left out:\n- Old: a copy")


def test_hits_come_in_rank_order_under_their_titles():
    hits = [Hit("p1", "tour", 1, 0, 19, 0.9, "Kim came on Friday."), Hit("p2", "gone", 1, 0, 4, 0.5, "Text")]
    text = hits_text(hits, {"tour": TOUR})
    assert text.startswith("1. Kim tours a plant. Amur Courier, 15 September 2023 (tour)\n   Kim came on Friday.")
    assert "2. gone\n   Text" in text
    assert hits_text([], {}) == "Nothing found."


def test_a_list_of_articles_keeps_to_one_line_each():
    lines = articles_text([TOUR, replace(GIFTS, title="long " * 50, published_at=None)], width=60).splitlines()
    assert lines[0] == "tour   2023-09-15  Amur Courier: Kim tours a plant"
    assert len(lines) == 2
    assert len(lines[1]) <= 60


def test_an_article_is_shown_with_its_head_and_paragraphs():
    text = article_text(TOUR)
    assert text.startswith(
        "Kim tours a plant\nAmur Courier · Ada Lind · 15 September 2023\nhttps://courier.example/tour"
    )
    assert text.endswith("It builds jets.\n\nThe train left at four.")


@given(st.text())
def test_no_control_character_reaches_the_terminal(text):
    shown = answer_text(replace(REFUSED, refusal=replace(REFUSED.refusal, message=text)))
    assert all(char.isprintable() or char == "\n" for char in shown)
    assert "\x1b" not in clean(text + "\x1b[31m")


@given(st.lists(st.from_regex(r"[a-z]{1,12}", fullmatch=True), min_size=1), st.integers(30, 120))
def test_lines_keep_to_the_width(words, width):
    statement = Statement(" ".join(words), (1,), "supported")
    text = answer_text(replace(ANSWER, statements=(statement,), rejected=(), citations=()), width=width)
    assert all(len(line) <= width for line in text.splitlines())


def test_reports_of_several_days_are_told_apart_beside_their_sentences():
    early, late = (
        Citation(number, "a", 1, "T", None, "Courier", september(day), 0, 1, "x") for number, day in ((1, 3), (2, 9))
    )
    statements = (Statement("Nine died.", (2,), "supported"), Statement("Seven died.", (1,), "supported"))
    answer = Answer("How many?", "extractive", september(9), september(9), statements, (), (early, late))
    assert "Nine died. [2] (Courier, 9 September 2023) Seven died. [1] (Courier, 3 September 2023)" in answer_text(
        answer, width=200
    )
    assert "(Courier" not in answer_text(replace(answer, statements=statements[:1], citations=(late,)), width=200)


def test_a_title_that_is_a_whole_page_is_cut_like_a_headline():
    (near,) = (replace(one, title="word " * 3_000) for one in REFUSED.refusal.nearest[:1])
    shown = answer_text(replace(REFUSED, refusal=replace(REFUSED.refusal, nearest=(near,))), width=80)
    assert len(shown) < 1_000
    assert "…" in shown


def test_joiners_that_scripts_and_emoji_need_are_kept():
    assert clean("می\u200cخواهم 👩\u200d🚀 \x1b[31m") == "می\u200cخواهم 👩\u200d🚀 \N{REPLACEMENT CHARACTER}[31m"
