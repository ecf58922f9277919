from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import InputError
from rag.intake.markdown import from_markdown
from rag.intake.metadata import describe
from rag.intake.pages import from_html, text_of

BODY = "<h1>Harbour reopens</h1><p>The harbour of Ostwick reopened on Monday.</p><p>Nine ships came in.</p>"


def page(head: str = "", body: str = BODY, lang: str = "en") -> bytes:
    top = f'<html lang="{lang}"><head><meta charset="utf-8">{head}</head>'
    return f"{top}<body><nav>Home</nav><article>{body}</article></body></html>".encode()


def test_paragraphs_lists_and_tables_of_a_page_are_kept_without_its_headline() -> None:
    body = BODY + "<ul><li>Two tugs</li><li>One ferry</li></ul><table><tr><td>Ships</td><td>9</td></tr></table>"
    text = from_html(page(body=body)).text
    assert text.startswith(
        "The harbour of Ostwick reopened on Monday.\n\nNine ships came in.\n\n- Two tugs\n- One ferry"
    )
    assert "Ships | 9" in text
    assert "Home" not in text


def test_json_ld_is_believed_before_meta_elements_and_guesses() -> None:
    linked = """{"@graph": [{"@type": "WebSite", "name": "x"}, {
        "@type": ["NewsArticle"], "headline": "Ships &amp; trade", "datePublished": "2024-02-28T08:00:00+01:00",
        "author": [{"name": "Ann Roe"}], "publisher": {"name": "The Post"}}]}"""
    head = f'<meta name="author" content="web desk"><script type="application/ld+json">{linked}</script>'
    fields = from_html(page(head)).fields
    assert fields["title"] == "Ships & trade"
    assert fields["published_at"] == "2024-02-28T08:00:00+01:00"
    assert fields["authors"] == [{"name": "Ann Roe"}]
    assert fields["source"] == {"name": "The Post"}


def test_meta_elements_state_id_outlet_time_and_address() -> None:
    head = """<meta name="groundwire:id" content="ostwick-1"><meta property="og:site_name" content="The Post">
    <meta property="article:published_time" content="2024-02-27T10:00Z"><link rel="canonical" href="https://post.example/1">"""
    fields = from_html(page(head, lang="en-GB")).fields
    assert (fields["id"], fields["source"], fields["language"]) == ("ostwick-1", "The Post", "en-GB")
    assert (fields["published_at"], fields["canonical"]) == ("2024-02-27T10:00Z", "https://post.example/1")


def test_a_page_that_states_no_date_has_none() -> None:
    body = BODY + "<p>The strike of 12 May 2019 is long over, and so is that of 2021-06-01.</p>"
    assert from_html(page(body=body)).fields.get("published_at") is None


def test_the_time_element_beside_the_headline_dates_the_page() -> None:
    aside = '<article><time datetime="2019-05-12">older story</time></article>'
    assert from_html(page(body=BODY + '<time datetime="2024-02-28T08:00Z">now</time>')).fields["published_at"]
    assert from_html(page().replace(b"<nav>Home</nav>", aside.encode())).fields.get("published_at") is None


def test_broken_json_ld_is_passed_over() -> None:
    fields = from_html(page('<script type="application/ld+json">{"@type": </script>')).fields
    assert fields["title"] == "Harbour reopens"


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1", "koi8-r", "shift_jis"])
def test_a_declared_charset_is_read(charset: str) -> None:
    words = {"koi8-r": "Порт открыт.", "shift_jis": "港が再開した。"}.get(charset, "Café “Zoë”.")
    body = f"<p>{words} The harbour of Ostwick reopened on Monday.</p>"
    markup = f'<html><head><meta charset="{charset}"></head><body><article>{body}</article></body></html>'
    data = markup.encode("cp1252" if charset == "iso-8859-1" else charset)
    assert words in from_html(data).text


def test_xhtml_with_a_declaration_and_utf_16_with_a_mark_are_read() -> None:
    declared = b'<?xml version="1.0" encoding="UTF-8"?>' + page()
    assert "Nine ships" in from_html(declared).text
    assert "Nine ships" in from_html(page().decode().encode("utf-16")).text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (page(body="<img src=a.png>").replace(b"<nav>Home</nav>", b""), "No article text"),
        (b"<html><body><p>caf\xe9 in the harbour</p></body></html>", r"Not UTF-8 text \(byte 19\)"),
        (b'<html><head><meta charset="klingon"></head><p>caf\xe9</p></html>', "Unknown charset 'klingon'"),
        (b'<html><head><meta charset="base64"></head><p>caf\xe9</p></html>', "Unknown charset 'base64'"),
    ],
)
def test_a_page_that_cannot_be_read_says_why(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_html(data)


def test_markdown_keeps_words_and_paragraphs_only() -> None:
    source = """# Harbour *reopens*

Nine **ships** from [Ostwick](https://x.example) came
in ~~late~~ at `06:00`. ![a ship](ship.png)

## Numbers

- two tugs
- one ferry

1. first
2. second

> A relief, said Roe.

| Ships | Day |
|-------|-----|
| 9     | Mon |
"""
    page = from_markdown(source)
    assert page.fields["title"] == "Harbour reopens"
    assert [line.strip() for line in page.text.split("\n") if line.strip()] == [
        "Nine ships from Ostwick came in late at 06:00.",
        "Numbers",
        "- two tugs",
        "- one ferry",
        "1. first",
        "2. second",
        "A relief, said Roe.",
        "Ships | Day",
        "9 | Mon",
    ]
    assert "06:00. \n\nNumbers\n\n" in page.text
    assert "- two tugs\n- one ferry\n" in page.text


def test_tags_and_scripts_in_markdown_leave_only_words() -> None:
    text = from_markdown("<div>Ships &amp; trade</div>\n\n<script>steal()</script>\n\nNine <b>ships</b>.").text
    assert text.split() == ["Ships", "&", "trade", "Nine", "ships."]


def test_a_heading_that_is_not_the_title_stays_in_the_text() -> None:
    page = from_markdown("---\ntitle: Ships\n---\n# Harbour reopens\n\nNine came in.")
    assert (page.fields["title"], page.text) == ("Ships", "Harbour reopens\n\nNine came in.")
    assert from_markdown("---\ntitle: Ships\n---\n# Ships\n\nNine came in.").text == "Nine came in."


def test_a_rule_further_down_is_no_front_matter() -> None:
    assert from_markdown("Nine ships.\n\n---\n\nTwo tugs.").text.split("\n\n") == ["Nine ships.", "Two tugs."]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("---\ntitle: Ships\nNine came in.\n", "never closed"),
        ("---\ntitle: ok\nurl: [a\n---\nNine", "broken on line 4"),
        ("---\ndate: 2023-13-45\n---\nNine", "broken"),
        ("---\n- a\n- b\n---\nNine", "holds no fields"),
        ("---\na: !!python/name:os.system\n---\nNine", "broken on line 2"),
    ],
)
def test_broken_front_matter_is_named(source: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_markdown(source)


@pytest.mark.parametrize("charset", ["punycode", "idna", "unicode-escape", "undefined", "base64"])
def test_a_codec_that_no_page_is_written_in_is_one_clear_error(charset: str) -> None:
    with pytest.raises(InputError, match="Unknown charset"):
        from_html(f"<meta charset={charset}><p>Text of the café, long enough to be read.</p>".encode("cp1252"))


def test_what_of_the_page_is_not_in_the_text_is_told() -> None:
    page_ = from_html(page().replace(b"<nav>Home</nav>", b"<nav>Home</nav><script>x()</script><p hidden>Secret</p>"))
    assert [(line.text, line.reason) for line in page_.removed] == [("Home", "outside the article")]


def test_what_is_told_of_a_page_is_bounded() -> None:
    links = "".join(f"<li><a href='/{n}'>Link number {n} of the site</a></li>" for n in range(3000))
    found = from_html(page().replace(b"<nav>Home</nav>", f"<nav><ul>{links}</ul></nav>".encode()))
    assert "Nine ships came in." in found.text
    assert len(found.removed) == 200


def test_a_caption_that_repeats_the_text_goes_with_its_reason() -> None:
    figure = "<figure><figcaption>Nine ships came in.</figcaption></figure><p>Nine ships came in.</p>"
    found = from_html(page(body=BODY.replace("<p>Nine ships came in.</p>", figure)))
    assert found.text.count("Nine ships") == 1


def test_a_page_of_over_10_mb_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(InputError, match="The page is too large: 50 MB, over 10 MB"):
        from_html(b"<p>Ships</p>" * 4_166_667)


@pytest.mark.parametrize("tag", ["div", "b", "ul><li", "table><tr><td", "blockquote"])
def test_nesting_without_end_is_read_or_one_clear_error(tag: str) -> None:
    with suppress(InputError):
        assert from_html(page(body=f"<{tag}>" * 3000 + BODY)).fields


def test_a_page_of_more_elements_than_any_article_is_read_by_its_own_marks() -> None:
    found = from_html(page(body="<h1>T</h1>" + "<p>The harbour of Ostwick <b>reopened</b>.</p>" * 12_000))
    assert found.text.count("The harbour of Ostwick reopened.") == 12_000
    assert "Home" not in found.text


def test_nul_bytes_are_left_out() -> None:
    assert "Nine ships came in." in from_html(page().replace(b"ships", b"sh\0ips")).text


def test_a_wrong_label_gives_way_to_what_the_bytes_are() -> None:
    words = "Café “Zoë” in the harbour of Ostwick reopened on Monday."
    labelled = f"<html><head><meta charset='windows-1252'></head><body><p>{words}</p></body></html>"
    assert words in from_html(labelled.encode()).text
    assert words in from_html(labelled.encode(), charset="iso-8859-1").text


def test_the_label_of_the_server_stands_above_that_of_the_page() -> None:
    words = "Порт в Остреве снова открыт для судов."
    data = f"<html><head><meta charset='windows-1252'></head><body><p>{words}</p></body></html>".encode("koi8-r")
    assert words in from_html(data, charset="koi8-r").text
    assert words in from_html(data.replace(b"windows-1252", b"koi8-r"), charset="klingon").text


def test_a_few_broken_bytes_do_not_lose_a_page() -> None:
    body = "<p>The harbour of Ostwick reopened on Monday, é.</p>" * 40
    found = from_html(page(body=body).replace("é".encode(), b"\xe9", 1))
    assert "Monday, \ufffd." in found.text


def test_addresses_are_made_whole_by_the_base_of_the_page() -> None:
    head = "<base href='https://post.example/news/'><link rel='canonical' href='1'><meta property='og:url' content='/n/1'>"
    fields = from_html(page(head)).fields
    assert (fields["canonical"], fields["url"]) == ("https://post.example/news/1", "https://post.example/n/1")
    fields = from_html(page("<link rel='canonical' href='/1'>"), address="https://post.example/a/b").fields
    assert fields["canonical"] == "https://post.example/1"


def test_a_missing_page_is_a_stub_and_an_empty_frame_an_error() -> None:
    missing = b"<html><head><title>404</title></head><body><h1>404</h1><p>Page not found</p></body></html>"
    found = from_html(missing)
    assert describe(found.fields, found.text).article.stub == "not found"


def test_a_wall_beside_a_lead_makes_a_stub_and_goes_from_the_text() -> None:
    wall = "<div><h2>Subscribe to continue reading</h2><p>Plans from 4.90 a month.</p></div>"
    found = from_html(page(body=BODY + wall))
    assert describe(found.fields, found.text).article.stub == "paywall"
    assert "Subscribe" not in found.text


def test_articles_named_in_json_ld_are_taken_where_the_page_shows_less() -> None:
    text = "The harbour of Ostwick reopened on Monday.\\n\\n" + "Nine ships came in on the morning tide. " * 20
    head = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{text}"}}</script>'
    assert from_html(page(head, "<p>The harbour …</p>")).text == text.replace("\\n", "\n").strip()


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>Nine <b>ships</b>&nbsp;came in.</p><p>Two tugs.</p>", "Nine ships came in.\n\nTwo tugs."),
        ("<ul><li>tugs</li><li>ferries</li></ul>", "- tugs\n- ferries"),
        ("<table><tr><td>Ships</td><td>9</td></tr><tr><td>Tugs</td><td>2</td></tr></table>", "Ships | 9\nTugs | 2"),
        ("Ships<br>Tugs<script>x()</script><!-- no -->", "Ships\n\nTugs"),
        ("Ships &amp; trade\n\nNine came in.", "Ships & trade\n\nNine came in."),
        ("5 < 9 and 9 > 5", "5 < 9 and 9 > 5"),
        ("<p></p>", ""),
        ("", ""),
    ],
)
def test_the_words_of_a_fragment_are_read(markup: str, words: str) -> None:
    assert text_of(markup) == words


@given(st.text(st.sampled_from("<>/pbli&;! ab\n\0\"'=")))
def test_any_fragment_is_read(markup: str) -> None:
    assert "\0" not in text_of(f"<p>{markup}")
