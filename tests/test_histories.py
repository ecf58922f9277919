"""What the page does with earlier conversations, and what their files hold."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from ui_records import ANSWER, AS_OF, REFUSED, Page, skipped

from rag.contract import answer_json
from rag.errors import UsageError
from rag.history import FILE
from ui.exports.conversations import exported_conversation, exported_conversations
from ui.html.history import NAMELESS
from ui.kept.conversations import Conversation, Conversations
from ui.kept.exchange import Exchange, Feedback
from ui.page import histories as module
from ui.page.histories import Browsing, Histories
from ui.text.forms import FORMS, SUFFIXES, Form

ADA = "a" * 32
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "![x](https://evil.example/x.png)\n\n# Heading",
    "</blockquote>\u202e{{7*7}} ${alert(1)}",
    "half a pair \ud83d",
]


@pytest.fixture
def histories(tmp_path: Path) -> Iterator[Histories]:
    kept = Conversations(tmp_path)
    yield Histories(kept)
    kept.close()


def fill(histories: Histories, *questions: str) -> list[str]:
    """A conversation for each question."""
    ids = [histories.conversations.begin() for _ in questions]
    for id, question in zip(ids, questions, strict=True):
        histories.conversations.put(ADA, id, Exchange(question, ANSWER, key="1", asked_at=AS_OF))
    return ids


def several(conversations: list[Conversation], form: Form) -> str:
    """The file that holds them all."""
    return "".join(exported_conversations(conversations, form))


def opened(html: str) -> list[str]:
    """The titles that can be pressed, in order."""
    return [Page(found).text for found in re.findall(r'<button type="button" class="open".*?</button>', html)]


def conversation(*exchanges: Exchange, title: str = "Who?") -> Conversation:
    return Conversation("c1", title, AS_OF, AS_OF, exchanges)


def test_the_list_names_each_conversation_newest_first(histories: Histories) -> None:
    fill(histories, "Who?", "When?")
    _, html = histories.seen(ADA, Browsing())
    assert opened(html) == ["When?", "Who?"]
    assert "2 conversations" in Page(html).text
    assert "1 question" in Page(html).text


def test_where_nothing_is_kept_the_list_says_what_comes_here(histories: Histories) -> None:
    _, html = histories.seen(ADA, Browsing())
    assert "No conversation is kept yet." in html
    assert histories.seen("", Browsing())[1] == NAMELESS


def test_a_search_is_kept_while_something_is_deleted_and_an_empty_one_says_so(histories: Histories) -> None:
    one, _, other = fill(histories, "Ferry one?", "Tram?", "Ferry two?")
    browsing, html = histories.search(ADA, " FERRY ", Browsing(offset=50))
    assert (opened(html), browsing.offset) == (["Ferry two?", "Ferry one?"], 0)
    browsing, html = histories.remove(ADA, one, browsing)
    assert opened(html) == ["Ferry two?"]
    _, html = histories.remove(ADA, other, browsing)
    assert "No conversation has all of these words." in html


def test_a_deleted_conversation_can_be_had_back_once(histories: Histories) -> None:
    (id,) = fill(histories, "Who?")
    browsing, html = histories.remove(ADA, id, Browsing())
    assert "Deleted “Who?”" in Page(html).text
    browsing, html = histories.restore(ADA, browsing)
    assert opened(html) == ["Who?"]
    _, html = histories.restore(ADA, browsing)
    assert "cannot be brought back" in html


def test_all_is_deleted_only_when_asked_twice(histories: Histories) -> None:
    fill(histories, "Who?", "When?")
    browsing, html = histories.ask_all(ADA, Browsing())
    assert "Delete 2 conversations" in Page(html).text
    assert opened(html) == ["When?", "Who?"]
    _, html = histories.remove_all(ADA, browsing)
    assert "All conversations are deleted." in html
    assert opened(html) == []


def test_a_long_list_has_pages_and_none_is_empty(histories: Histories, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SIZE", 2)
    ids = fill(histories, "One?", "Two?", "Three?")
    browsing, html = histories.turn(ADA, 2, Browsing())
    assert (opened(html), "3–3 of 3" in Page(html).text) == (["One?"], True)
    browsing, html = histories.remove(ADA, ids[0], browsing)
    assert (opened(html), browsing.offset) == (["Three?", "Two?"], 0)


@pytest.mark.parametrize("sent", [None, "", "no such", 7, ["x"], {"id": 1}, "x" * 10_000, -1, True, 10**30])
def test_whatever_the_browser_sends_is_one_line_or_nothing(histories: Histories, sent: object) -> None:
    fill(histories, "Who?")
    for _, html in (histories.remove(ADA, sent, Browsing()), histories.turn(ADA, sent, Browsing())):
        assert opened(html) == ["Who?"]
    assert histories.search(ADA, sent, Browsing())[1]
    assert histories.exported(ADA, "", sent) == ""


def test_a_conversation_that_is_gone_is_not_exported_in_silence(histories: Histories) -> None:
    (id,) = fill(histories, "Who?")
    histories.remove(ADA, id, Browsing())
    with pytest.raises(UsageError, match="not here any more"):
        histories.exported(ADA, id, "html")


def test_a_history_that_cannot_be_read_is_one_line(histories: Histories, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database at all " * 99)
    for act in (histories.seen, histories.ask_all, histories.remove_all, histories.restore):
        assert 'role="alert"' in act(ADA, Browsing())[1]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_title_is_text_in_the_list(histories: Histories, text: str) -> None:
    (id,) = fill(histories, text)
    told = histories.seen(ADA, Browsing())[1] + histories.remove(ADA, id, Browsing())[1]
    page = Page(told)
    assert page.tags <= {"p", "ul", "li", "button", "time", "span", "a"}
    assert {one["href"] for tag, one in page.elements if tag == "a"} == {
        f"conversations{one}" for one in SUFFIXES.values()
    }
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]


# Files

CONVERSATION = conversation(
    Exchange("Who?", ANSWER, key="1", asked_at=AS_OF, verdict=Feedback(False, 1, "It was one rifle.", AS_OF)),
    Exchange("And Xi?", REFUSED, key="2"),
    Exchange("Why?", error="No key for 'openai'.", key="3"),
)


def test_a_conversation_as_json_has_every_answer_in_full() -> None:
    told = json.loads(exported_conversation(CONVERSATION, "json"))
    assert [one["answer"] for one in told["exchanges"]] == [answer_json(ANSWER), answer_json(REFUSED), None]
    assert told["exchanges"][2]["error"] == "No key for 'openai'."
    assert told["exchanges"][0]["verdict"]["note"] == "It was one rifle."
    both = json.loads(several([CONVERSATION, CONVERSATION], "json"))
    assert [one["id"] for one in both["conversations"]] == ["c1", "c1"]


@pytest.mark.parametrize("form", ["markdown", "html"])
@pytest.mark.parametrize("many", [1, 2])
def test_a_file_tells_every_question_its_quotes_and_its_verdict(form: Form, many: int) -> None:
    text = several([CONVERSATION] * many, form) if many > 1 else exported_conversation(CONVERSATION, form)
    page = Page(text) if form == "html" else Page(MarkdownIt("commonmark", {"html": True}).render(text))
    for citation in ANSWER.citations:
        assert page.text.count(citation.quote) >= many
    for words in ("And Xi?", "No article says.", "Why?", "No key for 'openai'.", "wrong in sentence 2: It was one"):
        assert page.text.count(words) == many
    assert sum(tag == "h1" for tag, _ in page.elements) == (1 if form == "html" else many)


def test_no_level_of_a_files_headings_is_skipped() -> None:
    assert skipped(exported_conversation(CONVERSATION, "html")) == []
    assert skipped(several([CONVERSATION] * 2, "html")) == []


def test_each_number_leads_to_the_source_of_its_own_answer() -> None:
    two = conversation(Exchange("Who?", ANSWER, key="1"), Exchange("Again?", ANSWER, key="2"))
    page = Page(several([two, two], "html"))
    ids = [attributes["id"] for _, attributes in page.elements if attributes.get("id")]
    links = {str(attributes["href"])[1:] for tag, attributes in page.elements if attributes.get("class") == "cite"}
    assert len(ids) == len(set(ids)) == 4 * len(ANSWER.citations)
    assert links <= set(ids)
    assert {link.rpartition("source-")[0] for link in links} == {"c1-q1-", "c1-q2-", "c2-q1-", "c2-q2-"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words_in_every_file(text: str) -> None:
    hostile = conversation(
        Exchange(text, replace(ANSWER, question=text, notes=(text,)), verdict=Feedback(True, None, text, AS_OF)),
        Exchange(text, error=text),
        title=text,
    )
    plain = exported_conversation(replace(CONVERSATION, exchanges=CONVERSATION.exchanges[:1]), "html")
    tags = Page(plain).tags | {"p", "section"}
    assert Page(exported_conversation(hostile, "html")).tags <= tags
    markdown = MarkdownIt("commonmark", {"html": True}).render(several([hostile], "markdown"))
    assert Page(markdown).tags <= {"h1", "h2", "h3", "p", "ul", "li", "em", "strong", "blockquote", "hr", "br", "a"}
    for form in FORMS:
        several([hostile], form).encode()


def test_one_is_exported_under_a_name_of_its_own(histories: Histories) -> None:
    one, _ = fill(histories, "Who is it?", "When?")
    single = histories.exported(ADA, one, "html")
    assert 'data-name="who-is-it.html"' in single
    assert "When?" not in single
    assert histories.exported("", one, "html") == ""


def test_no_conversation_at_all_is_a_whole_file_too() -> None:
    assert json.loads(several([], "json")) == {"conversations": []}
    assert "0 conversations" in several([], "html")


def test_another_readers_conversation_is_not_exported(histories: Histories) -> None:
    (id,) = fill(histories, "Who?")
    with pytest.raises(UsageError, match="not here any more"):
        histories.exported("b" * 32, id, "html")
