"""Exports: a result with the exact words it rests on, in which nothing an article says becomes markup."""

import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ui_records import ANSWER, PLANT, REFUSED, TOUR, Page, september, skipped
from ui_summaries import ALL, BULLETS, DIFFERENCES, DIGEST, SUMMARY, TIMELINE

from rag.contract import answer_json, summary_json
from rag.records import Answer, Citation, Nearest, Period, Refusal, Statement
from rag.summary import Coverage, Point, Section, Unused
from ui.exports.exported import exported

# What articles can hold: ingest leaves no control characters but line feeds and tabs in a text.
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n\t"), min_size=1)
NASTY = st.text(st.sampled_from("ab1 .)-+*_`~<>[]()!#&:;/\\\"'\n\t|=$@{}^w"), min_size=1, max_size=60)
HOSTILE = [
    "<script>alert(1)</script>",
    "![x](https://evil.example/x.png) [y](javascript:alert(1))",
    "</blockquote><img src=x onerror=alert(1)>",
    "# Heading\n\nand\n=====\n\n- item\n1. one\n> quoted\n\n    code",
    "https://evil.example www.evil.example evil@evil.example <https://evil.example>",
    "- item\n- item",
    "1986. That was the year.",
    "3) Third",
    "    four spaces before and two after  ",
    "`code` ~~gone~~ **bold** _it_ | a | b |\n|---|---|\n| c | d |",
    "[x]: https://evil.example\n[x][x] [^1] $x$ ${alert(1)} {{x}} &lt;b&gt; &#60;",
    "\u202eright to left\u202c שלום 🛰️  two  spaces \u00a0",
]
URLS = (
    st.sampled_from(["javascript:alert(1)", "https://a.example/?q=<b>&x=`y`#z", "http://[", "data:text/html,x"])
    | WORDS
)


def hostile(text: str, quote: str, url: str) -> Answer:
    """An answer every word of which is chosen by somebody else."""
    citation = Citation(1, text, 2, text, url, text, september(15), 3, 3 + len(quote), quote, (text,))
    return Answer(
        text,
        text,
        ANSWER.as_of,
        september(16),
        statements=(Statement(text, (1,), "weak"), Statement(text, (1,), "supported", conflict=True)),
        rejected=(Statement(text, (), "unsupported"),),
        citations=(citation, replace(citation, number=2, published_at=september(1))),
        period=Period(None, date(2023, 9, 17), text),
        unanswered=(text,),
        notes=(text,),
        incomplete=text,
    )


def hostile_summary(text: str, quote: str, url: str):
    answer = hostile(text, quote, url)
    return replace(
        SUMMARY,
        statements=answer.statements,
        rejected=answer.rejected,
        citations=answer.citations,
        sections=(Section(text, (0, 1), outlets=(text,)),),
        coverage=Coverage(1, 1, 2, 1, 0.5, (Point("x", 1, text, 0, 1, text),)),
        unused=(Unused("x", text, text),),
        notes=(text,),
    )


def rendered(markdown: str) -> Page:
    """What a reader of the Markdown sees, where HTML in it would be let through."""
    return Page(rendered_html(markdown))


def rendered_html(markdown: str) -> str:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)


def inert(page: Page, urls: set[str]) -> bool:
    """Whether nothing in it runs, loads or leads anywhere but to the addresses given."""
    leading = {attributes.get("href") for tag, attributes in page.elements if tag == "a"}
    outside = {link for link in leading if link and not link.startswith("#")}
    handlers = [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    loading = page.tags & {"script", "img", "iframe", "object", "embed", "form", "base", "svg", "audio", "video"}
    return not loading and not handlers and outside <= urls


class Sources(HTMLParser):
    """The words of each blockquote."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes: list[str] = []
        self._inside = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "blockquote":
            self._inside = True
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "blockquote"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.quotes[-1] += data


@given(WORDS | NASTY, WORDS | NASTY, URLS)
def test_html_reads_back_to_the_exact_quotes_and_nothing_in_it_acts(text, quote, url):
    for result in (hostile(text, quote, url), hostile_summary(text, quote, url)):
        html = exported(result, "html")
        assert Sources(html).quotes == [quote, quote]
        assert inert(Page(html), {url} if url.startswith("http") else set())


@given(WORDS | NASTY, WORDS | NASTY)
def test_markdown_shows_the_exact_quotes_and_no_markup_of_an_article(text, quote):
    plain = rendered(exported(hostile("plain", "plain", "plain"), "markdown"))
    page = rendered(exported(hostile(text, quote, "javascript:alert(1)"), "markdown"))
    assert page.text.count(f"“{quote}”") >= 2
    assert inert(page, set())
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("make", [hostile, hostile_summary])
def test_words_that_look_like_markup_stay_words_in_markdown(make, text):
    plain = rendered(exported(make("plain", "plain", "plain"), "markdown"))
    page = rendered(exported(make(text, text, text), "markdown"))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert page.text.count(text) >= 8


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("make", [hostile, hostile_summary])
def test_words_that_look_like_markup_stay_words_in_html(make, text):
    plain = Page(exported(make("plain", "plain", "plain"), "html"))
    page = Page(exported(make(text, text, text), "html"))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    assert page.text.count(text) >= 8


def test_bare_addresses_are_broken_for_renderers_that_link_them():
    text = exported(hostile("http://evil.example www.evil.example a@evil.example", "q", "x"), "markdown")
    assert "http:" not in text
    assert "www." not in text
    assert "a@" not in text


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_only_addresses_of_the_web_are_links(form):
    for url, linked in (("https://a.example/?q=<b>&x=1", True), ("javascript:alert(1)", False), ("/etc", False)):
        text = exported(hostile("t", "q", url), form)
        page = rendered(text) if form == "markdown" else Page(text)
        assert (
            "a" in {tag for tag, attributes in page.elements if "://" in (attributes.get("href") or "")}
        ) is linked


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("result", [ANSWER, SUMMARY, BULLETS, TIMELINE, DIGEST, DIFFERENCES])
def test_each_source_has_outlet_title_date_address_place_and_quote(result, form):
    text = exported(result, form)
    page = rendered(text) if form == "markdown" else Page(text)
    for words in (
        "Kim tours a plant",
        "Amur Courier, 15 September 2023",
        "https://courier.example/tour",
        "Article tour, revision 1, characters 21–59",
        "Also carried by copy",
        PLANT,
    ):
        assert words in page.text.partition("Sources")[2]
    assert TOUR.text[21:59] == PLANT


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_doubts_coverage_and_the_basis_are_told(form):
    text = exported(DIGEST, form)
    page = rendered(text) if form == "markdown" else Page(text)
    told, _, aside = page.text.partition("Set aside")
    assert "Kim bought 12." not in told
    assert "no 12 there" in aside
    assert "weak" in told.partition("Weakly supported")[0]
    for words in (
        "3 of 4 main points told",
        "It builds jets.",
        "Plant has a guest: carries the same report as 'tour'",
    ):
        assert words in aside
    assert page.text.rstrip().endswith(
        "as of 20 September 2023 · newest article 16 September 2023 · extractive: no language model"
    )


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_refusal_is_exported_with_the_nearest_articles(form):
    nearest = (Nearest("x", "<b>Near</b>", september(3)),)
    text = exported(replace(REFUSED, refusal=Refusal("off_topic", "Nothing <i>here</i>.", nearest)), form)
    page = rendered(text) if form == "markdown" else Page(text)
    assert "Nothing <i>here</i>." in page.text
    assert "<b>Near</b> (3 September 2023)" in page.text


def test_a_number_in_the_html_leads_to_its_quote():
    page = Page(exported(SUMMARY, "html"))
    links = {attributes["href"] for tag, attributes in page.elements if attributes.get("class") == "cite"}
    ids = {f"#{attributes['id']}" for _, attributes in page.elements if "id" in attributes}
    assert links == {"#source-1", "#source-2", "#source-3"} == ids


def test_the_html_stands_alone_and_lets_nothing_in():
    page = Page(exported(SUMMARY, "html"))
    (policy,) = [one["content"] for tag, one in page.elements if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert page.tags.isdisjoint({"link", "script", "img", "base"})
    assert ("html", {"lang": "en"}) in page.elements
    assert "url(" not in page.text
    assert "@import" not in page.text


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_no_level_of_the_headings_is_skipped(form):
    for result in (ANSWER, REFUSED, *ALL.values()):
        text = exported(result, form)
        assert skipped(text if form == "html" else rendered_html(text)) == []


def test_json_is_what_the_command_prints():
    assert json.loads(exported(ANSWER, "json")) == answer_json(ANSWER)
    assert json.loads(exported(DIGEST, "json")) == json.loads(json.dumps(summary_json(DIGEST)))


@pytest.mark.parametrize("form", ["markdown", "html", "json"])
def test_what_cannot_be_encoded_is_replaced(form):
    assert exported(hostile("a\ud800b", "q", "x"), form).encode()


def test_no_control_character_is_in_an_exported_page_of_text():
    text = exported(hostile("a\x1b[31m\x00\x7f\x9b\r\nb", "q\x1b", "x\x1b"), "markdown")
    assert all(char.isprintable() or char == "\n" for char in text)
