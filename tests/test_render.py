"""What the terminal shows of answers, summaries, hits and articles."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from ui_records import ANSWER, GIFTS, PLANT, REFUSED, TOUR, september
from ui_summaries import BULLETS, DIFFERENCES, DIGEST, SUMMARY, TIMELINE

from rag.records import Answer, Citation, Hit, Period, Refusal, Statement, Usage
from rag.summary import Coverage, Point, Unused
from ui.text.articles import article_text, articles_text
from ui.text.render import answer_text, clean, hits_text, model_label, summary_text

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


def test_a_summary_lists_what_it_left_out_how_long_it_is_and_how_much_it_tells():
    assert (
        "\n\n1 main point not told:\n- It builds jets. (Kim tours a plant)"
        "\n\nLeft out:\n- Plant has a guest: carries the same report as 'tour'"
        "\n\n3 sentences, 15 words (asked for 15 words) · 3 of 4 main points told (81% by weight)"
        " · 2 of 2 articles used\n\nas of 20 September 2023"
    ) in summary_text(SUMMARY, width=WIDE)


def test_only_the_weightiest_of_many_points_not_told_are_named():
    points = tuple(Point("tour", 1, "T", 0, 9, f"Point {n}. " + "word " * 90) for n in range(5))
    text = summary_text(replace(SUMMARY, coverage=Coverage(2, 2, 40, 3, 0.1, points)), width=WIDE)
    assert "37 main points not told, the weightiest 3:\n- Point 0. word" in text
    assert "Point 3" not in text
    assert "word… (T)\n" in text


def test_a_summary_of_unknown_coverage_tells_its_length_alone():
    text = summary_text(replace(SUMMARY, coverage=None), width=WIDE)
    assert "\n\n3 sentences, 15 words (asked for 15 words)\n\n" in text
    assert "main point" not in text


def test_articles_left_out_for_one_reason_are_counted_where_they_are_many():
    copies = [Unused(f"c{n}", f"Copy {n}", f"carries the same report as 'a{n}'") for n in range(500)]
    told = [Unused(f"t{n}", f"Part {n}", f"its story is told under “Story “{n}””") for n in range(6)]
    few = [Unused(f"s{n}", f"Stub {n}", "only a stub of the article: paywall") for n in range(2)]
    text = summary_text(replace(SUMMARY, unused=(*copies, *told, *few)), width=WIDE)
    assert (
        "- 500 articles: carries the same report as another; such as “Copy 0”, “Copy 1”, “Copy 2”\n"
        "- 6 articles: its story is told under another; such as “Part 0”, “Part 1”, “Part 2”\n"
        "- Stub 0: only a stub of the article: paywall\n- Stub 1: only"
    ) in text


def test_a_timeline_has_its_days_in_order_over_what_happened():
    text = summary_text(TIMELINE, width=WIDE)
    assert text.startswith(
        "14 September 2023\n  Both gave rifles. [3] (weak)\n\n"
        "15 September 2023\n  The plant is named after Yuri Gagarin. [1] The train left at four. [2]\n\n[1] "
    )


def test_a_digest_names_the_outlets_of_each_story():
    text = summary_text(DIGEST, width=WIDE)
    assert text.startswith("Kim tours a plant (Amur Courier, Northern Post)\n  The plant is named")
    assert "\n\nA rifle and a glove (Pacific Wire)\n  Both gave" in text


def test_differences_say_who_says_what_even_of_one_day():
    same_day = tuple(replace(one, published_at=september(15)) for one in DIFFERENCES.citations)
    text = summary_text(replace(DIFFERENCES, citations=same_day), width=WIDE)
    assert text.startswith(
        "What was given\n  - The plant is named after Yuri Gagarin. [1] (Amur Courier, 15 September 2023)\n"
        "  - Both gave rifles. [3] (weak) (Pacific Wire, 15 September 2023)\n\nWhen it left\n  - The train"
    )


def test_bullets_stand_on_a_line_each_and_wrap_under_themselves():
    lines = summary_text(BULLETS, width=30).splitlines()
    assert lines[:3] == ["- The plant is named after", "  Yuri Gagarin. [1] (Amur", "  Courier, 15 September 2023)"]


def test_notes_of_a_summary_and_why_it_ends_early_are_shown():
    summary = replace(SUMMARY, notes=("One day was kept.",), incomplete="the server broke off.")
    text = summary_text(summary, width=WIDE)
    assert "\n\nThis summary is incomplete: the server broke off.\n\nOne day was kept.\n\n" in text


def test_a_refused_summary_has_no_length():
    text = summary_text(replace(SUMMARY, statements=(), refusal=Refusal("off_topic", "Nothing on Xi.")), width=WIDE)
    assert text.startswith("Nothing on Xi.")
    assert "sentences" not in text


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
