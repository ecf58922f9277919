"""The cited articles beside an answer: whole, quotes marked to the character, links safe."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_records import ANSWER, COPY, GIFTS, PLANT, REFUSED, TOUR, TRAIN, Page, Shelf, cite

from rag.records import Article, Citation
from ui.html.cited import EMPTY, article_html, link_html, single_html, sources_html
from ui.html.sources import Sources
from ui.html.sources import sources as found

SOURCES = Sources({("tour", 1): TOUR, ("gifts", 1): GIFTS}, {"copy": COPY})
NASTY = st.text(st.sampled_from("ab &<>\"'\n\r\t{}$`é🛰️‮שa\u0301"), min_size=1, max_size=60)


@st.composite
def quoted_articles(draw: st.DrawFn) -> tuple[Article, list[Citation]]:
    text = draw(NASTY)
    article = Article("a", "A", text)
    spans = draw(st.lists(st.tuples(st.integers(0, len(text) - 1), st.integers(1, 20)), max_size=5))
    quotes = []
    for number, (start, length) in enumerate(spans, 1):
        end = min(len(text), start + length)
        quotes.append(Citation(number, "a", 1, "A", None, None, None, start, end, text[start:end]))
    return article, quotes


@given(quoted_articles())
def test_marks_hold_exactly_the_quotes_and_the_article_stays_whole(case):
    article, quotes = case
    page = Page(article_html(article, quotes))
    assert page.text == article.text
    for quote in quotes:
        assert page.quoted(quote.number) == quote.quote


def test_quotes_that_overlap_are_both_whole():
    quotes = [cite(1, TOUR, "named after Yuri"), cite(2, TOUR, "Yuri Gagarin")]
    page = Page(article_html(TOUR, quotes))
    assert (page.quoted(1), page.quoted(2)) == ("named after Yuri", "Yuri Gagarin")


def test_an_article_cited_twice_is_shown_once_under_both_numbers():
    page = Page(sources_html(ANSWER, SOURCES, turn=1))
    assert [tag for tag, _ in page.elements].count("details") == 2
    assert page.quoted(1) == PLANT
    assert page.quoted(3) == TRAIN


def test_the_card_of_the_chosen_number_is_open():
    cards = [
        attributes
        for tag, attributes in Page(sources_html(ANSWER, SOURCES, turn=1, current=2)).elements
        if tag == "details"
    ]
    assert ["open" in card for card in cards] == [False, True]


def test_a_number_that_no_citation_has_still_shows_the_sources():
    assert 'data-current="1"' in sources_html(ANSWER, SOURCES, turn=1, current=99)


def test_carriers_of_one_report_are_named_by_outlet_and_can_be_opened():
    assert 'data-article="copy" dir="auto">Northern Post</button>' in sources_html(ANSWER, SOURCES, turn=1)


def test_a_removed_article_is_said_to_be_gone_and_its_quote_is_kept():
    html = sources_html(ANSWER, Sources({("gifts", 1): GIFTS}, {}), turn=1)
    assert "Source removed" in html
    assert Page(html).quoted(1) == PLANT


def test_a_revised_article_is_said_to_be_revised():
    since = replace(SOURCES, revised=frozenset({("tour", 1)}))
    assert sources_html(ANSWER, since, turn=1).count("has been revised since") == 1
    assert "revised since" not in sources_html(ANSWER, SOURCES, turn=1)


def test_an_answer_that_cites_nothing_has_no_sources():
    assert sources_html(REFUSED, Sources({}, {}), turn=1) == EMPTY


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "http://[x", "https://a b", "", None],
)
def test_an_address_that_is_not_a_web_address_is_no_link(url):
    assert link_html(url, "Read <it>") == "Read &lt;it&gt;"


def test_a_link_gives_nothing_away():
    html = link_html('https://a.example/?q="x"&y', "Read")
    [(_, attributes)] = Page(html).elements
    assert attributes["href"] == 'https://a.example/?q="x"&y'
    assert attributes["rel"] == "noopener noreferrer nofollow"


def test_one_article_alone_has_no_marks_and_shows_its_text():
    page = Page(single_html(replace(TOUR, title="<i>Tour</i>", revision=2)))
    assert page.marked == []
    assert TOUR.text in page.text
    assert "<i>Tour</i>" in page.text
    assert "revision 2" in page.text


def _compared(**marks):
    """Two sentences of two articles, the second marked as compared with the first."""
    first, second = ANSWER.statements
    return replace(ANSWER, statements=(first, replace(second, **marks)), rejected=())


def test_a_card_tells_what_other_outlets_say_otherwise():
    first, second = ANSWER.statements
    both = replace(ANSWER, statements=(replace(first, conflict=True), replace(second, conflict=True)), rejected=())
    text = Page(sources_html(both, found(Shelf(), both), turn=1)).text
    assert f"Other outlets differ:{second.text}2" in text
    assert f"Other outlets differ:{first.text}1" in text


def test_a_card_of_an_earlier_report_tells_what_the_newer_says():
    answer = _compared(superseded=True)
    text = Page(sources_html(answer, found(Shelf(), answer), turn=1)).text
    assert text.count("A newer report says otherwise:") == 1
    assert f"A newer report says otherwise:{ANSWER.statements[0].text}1" in text


def test_articles_that_agree_say_nothing_of_each_other():
    assert "otherwise" not in Page(sources_html(ANSWER, found(Shelf(), ANSWER), turn=1)).text
