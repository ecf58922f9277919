"""An answer streams as typed events, each sentence once it is checked; it can be stopped and closed at any moment."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest
from chat_servers import PATH, WAIT, Slow, chunk, chunks, failing, prompts, reply, script, sse, streamed
from pytest_httpserver import HTTPServer
from werkzeug import Response

from rag import Archive
from rag.errors import ModelError, UsageError
from rag.stream import Done, Rejected, Stated

QUESTION = "How many ships did the strike stop?"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer) -> Iterator[Archive]:
    """An archive of one article, and a model at a local server."""
    monkeypatch.setenv("OPENAI_BASE_URL", httpserver.url_for("/v1"))
    (tmp_path / "harbour.txt").write_text(
        "Harbour opens again\n\nThe strike had stopped 40 ships. Mayor Ada Finch said the town had lost $1.2bn."
    )
    with Archive.open(tmp_path / "archive", model="openai:m") as archive:
        archive.ingest([tmp_path / "harbour.txt"])
        yield archive


def test_events_come_in_order_and_end_with_the_answer(asked: Archive, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 40 ships [1]. The strike stopped 99 ships [1]. The town lost $1.2bn [1].")
    events = list(asked.ask_stream(QUESTION))
    assert [event.kind for event in events] == ["searching", "hits", "statement", "rejected", "statement", "done"]
    done = events[-1]
    assert isinstance(done, Done)
    stated = [event.statement for event in events if isinstance(event, Stated)]
    assert done.answer.statements == tuple(stated)
    assert done.answer.citations[: len(stated)] == tuple(
        event.citations[0] for event in events if isinstance(event, Stated)
    )


def test_a_sentence_comes_before_the_model_has_written_the_next(asked: Archive, httpserver: HTTPServer) -> None:
    server = Slow(httpserver, "The strike stopped 40 ships [1]. The town ", "lost $1.2bn [1].")
    stream = asked.ask_stream(QUESTION)
    kinds = [next(stream).kind for _ in range(3)]
    assert kinds == ["searching", "hits", "statement"]
    server.go.set()
    assert [event.kind for event in stream] == ["statement", "done"]


def test_closing_a_stream_breaks_off_the_request(asked: Archive, httpserver: HTTPServer) -> None:
    server = Slow(httpserver, "The strike stopped 40 ships [1]. The town ")
    stream = asked.ask_stream(QUESTION)
    while next(stream).kind != "statement":
        pass
    stream.close()
    assert server.left.wait(WAIT)
    assert list(stream) == []


def test_what_was_told_until_a_stop_is_the_answer_and_said_to_be_incomplete(
    asked: Archive, httpserver: HTTPServer
) -> None:
    server = Slow(httpserver, "The strike stopped 40 ships [1]. The town ")
    stream = asked.ask_stream(QUESTION)
    while next(stream).kind != "statement":
        pass
    found = []
    waiting = Thread(target=lambda: found.extend(stream))
    waiting.start()
    stream.stop()
    waiting.join(WAIT)
    assert server.left.wait(WAIT)
    (done,) = found
    assert done.answer.text == "The strike stopped 40 ships. [1]"
    assert done.answer.incomplete == "The answer was stopped."


def test_a_stop_before_any_sentence_ends_without_an_answer(asked: Archive, httpserver: HTTPServer) -> None:
    Slow(httpserver, "The strike ")
    stream = asked.ask_stream(QUESTION)
    found = [next(stream).kind, next(stream).kind]
    waiting = Thread(target=lambda: found.extend(event.kind for event in stream))
    waiting.start()
    stream.stop()
    waiting.join(WAIT)
    assert found == ["searching", "hits"]


def test_an_option_that_makes_no_sense_is_said_before_the_first_event(asked: Archive) -> None:
    with pytest.raises(UsageError, match="k is 0"):
        asked.ask_stream(QUESTION, k=0)


def test_what_was_verified_before_a_break_is_kept_and_marked(asked: Archive, httpserver: HTTPServer) -> None:
    broken = sse(chunks("The strike stopped 40 ships [1]. The town ")[:-2], done=False) + "data: {broken\n\n"
    script(httpserver, streamed(broken))
    answer = asked.ask(QUESTION)
    assert answer.text == "The strike stopped 40 ships. [1]"
    assert "what it sent is no chat reply" in (answer.incomplete or "")


def test_a_break_before_anything_was_verified_is_an_error(asked: Archive, httpserver: HTTPServer) -> None:
    script(httpserver, failing(401, "no"))
    with pytest.raises(ModelError, match="refuses the key"):
        asked.ask(QUESTION)


def test_the_fallback_answers_with_the_articles_own_sentences_and_says_so(
    asked: Archive, httpserver: HTTPServer
) -> None:
    script(httpserver, failing(401, "no"))
    answer = asked.ask(QUESTION, fallback="extractive")
    assert answer.model == "extractive"
    assert answer.text == "The strike had stopped 40 ships. [1]"
    assert "refuses the key" in answer.notes[0]
    assert "the articles' own sentences" in answer.notes[0]


def test_the_fallback_also_understands_a_follow_up(asked: Archive, httpserver: HTTPServer) -> None:
    from rag import Turn

    script(httpserver, failing(401, "no"))
    turns = [Turn("What about the harbour strike?", "It ended.")]
    assert asked.ask("How many ships did it stop?", history=turns, fallback="extractive").statements


def test_passages_too_long_for_the_model_are_halved_once(
    asked: Archive, httpserver: HTTPServer, tmp_path: Path
) -> None:
    told = " ".join(f"The strike stopped {number} ships in week {number}." for number in range(2_000))
    (tmp_path / "long.txt").write_text(f"Harbour strike\n\n{told}")
    asked.ingest([tmp_path / "long.txt"])
    too_long = failing(400, "This model's maximum context length is 4096 tokens.", code="context_length_exceeded")
    script(httpserver, too_long, streamed(sse(chunks("NO ANSWER"))))
    answer = asked.ask(QUESTION, k=60)
    assert answer.refusal is not None
    assert "passages at once" in answer.notes[0]
    assert len(prompts(httpserver, 1)[1]) < 0.7 * len(prompts(httpserver, 0)[1])
    script(httpserver, too_long)
    httpserver.clear()
    script(httpserver, too_long)
    with pytest.raises(ModelError, match="longer than it reads at once"):
        asked.ask(QUESTION, k=60)
    assert [request.path for request, _ in httpserver.log].count(PATH) == 2


def test_what_was_set_aside_is_given_back_once_and_takes_its_place(asked: Archive, httpserver: HTTPServer) -> None:
    reply(
        httpserver,
        "The strike stopped 99 ships [1]. The town lost $1.2bn [1].",
        "The strike stopped 40 ships [1].",
    )
    answer = asked.ask(QUESTION)
    assert answer.text == "The strike stopped 40 ships. [1] The town lost $1.2bn. [2]"
    assert [one.text for one in answer.rejected] == ["The strike stopped 99 ships."]
    assert "1. The strike stopped 99 ships. (The cited text does not say “99”" in prompts(httpserver)[1]
    assert answer.usage is not None
    assert answer.usage.input_tokens == 2 * 321


def test_a_stop_during_the_repair_keeps_what_was_checked(
    asked: Archive, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDWIRE_CONTEXT", "8192")
    repairing = Event()

    def silent() -> Iterator[str]:
        repairing.set()
        while True:
            yield ": thinking\n\n"

    first = streamed(sse(chunks("The strike stopped 40 ships [1]. The strike stopped 99 ships [1].")))
    httpserver.expect_ordered_request(PATH).respond_with_response(first)
    httpserver.expect_ordered_request(PATH).respond_with_handler(
        lambda request: Response(silent(), mimetype="text/event-stream")
    )
    stream = asked.ask_stream(QUESTION, repair=True)
    found = []
    reading = Thread(target=lambda: found.extend(stream))
    reading.start()
    assert repairing.wait(WAIT)
    stream.stop()
    reading.join(WAIT)
    done = found[-1]
    assert isinstance(done, Done)
    assert done.answer.text == "The strike stopped 40 ships. [1]"
    assert [one.text for one in done.answer.rejected] == ["The strike stopped 99 ships."]
    assert done.answer.incomplete == "The answer was stopped."


def test_streaming_repairs_nothing_unless_asked(asked: Archive, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 99 ships [1].", "The strike stopped 40 ships [1].")
    kinds = [event.kind for event in asked.ask_stream(QUESTION)]
    assert kinds == ["searching", "hits", "rejected", "done"]
    httpserver.clear()
    reply(httpserver, "The strike stopped 99 ships [1].", "The strike stopped 40 ships [1].")
    kinds = [event.kind for event in asked.ask_stream(QUESTION, repair=True)]
    assert kinds == ["searching", "hits", "statement", "rejected", "done"]


def test_a_repair_that_does_not_hold_changes_nothing(asked: Archive, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 99 ships [1].", "The strike stopped 98 ships [1].")
    answer = asked.ask(QUESTION)
    assert answer.refusal is not None
    assert [one.text for one in answer.rejected] == ["The strike stopped 99 ships."]


@pytest.mark.parametrize(
    ("word", "verdict"), [("YES", "supported"), ("Partly.", "weak"), ("**NO**", "unsupported"), ("Hm", "supported")]
)
def test_a_second_opinion_only_lowers_a_verdict(
    asked: Archive, httpserver: HTTPServer, word: str, verdict: str
) -> None:
    reply(httpserver, "The strike stopped 40 ships [1].", word)
    events = list(asked.ask_stream(QUESTION, verify="model"))
    (told,) = [event.statement for event in events if isinstance(event, Stated | Rejected)]
    assert told.verdict == verdict
    assert "Sentence: The strike stopped 40 ships." in prompts(httpserver)[1]
    assert "The strike had stopped 40 ships." in prompts(httpserver)[1]
    done = events[-1]
    assert isinstance(done, Done)
    assert bool(done.answer.notes) == (word == "Hm")


def test_a_second_opinion_is_not_asked_of_what_is_set_aside(asked: Archive, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 99 ships [1].", "YES")
    asked.ask(QUESTION, verify="model", repair=False)
    assert [request.path for request, _ in httpserver.log].count(PATH) == 1


def test_several_questions_in_one_are_told_apart_by_the_model_and_looked_up_apart(
    asked: Archive, httpserver: HTTPServer, tmp_path: Path
) -> None:
    (tmp_path / "tram.txt").write_text("Tram\n\nThe Quillhaven tram cost £310m, the council said.")
    asked.ingest([tmp_path / "tram.txt"])
    question = "Compare the ships stopped by the strike with the cost of the Quillhaven tram"
    split = "1. How many ships did the strike stop?\n2. What did the Quillhaven tram cost?"
    reply(httpserver, split, "The strike stopped 40 ships [1]. The Quillhaven tram cost £310m [2].")
    answer = asked.ask(question, deep=True)
    assert len({hit.article_id for hit in answer.hits}) == 2
    assert "Set side by side" in prompts(httpserver)[1]
    assert answer.statements != ()


def test_what_the_model_says_is_not_covered_is_told_apart(asked: Archive, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 40 ships [1].\nNOT COVERED: who led the strike")
    answer = asked.ask("How many ships did the strike stop?")
    assert answer.unanswered == ("who led the strike",)


def test_what_is_not_covered_may_not_bring_in_names(asked: Archive, httpserver: HTTPServer) -> None:
    reply(httpserver, "The strike stopped 40 ships [1].\nNOT COVERED: that Jack Doe stole 5 ships")
    assert asked.ask(QUESTION).unanswered == ()


def test_a_reply_that_goes_on_for_ever_is_stopped(asked: Archive, httpserver: HTTPServer) -> None:
    left = Event()

    def endless() -> Iterator[str]:
        try:
            while True:
                yield sse([chunk({"content": "The strike stopped 40 ships [1]. "})], done=False)
        finally:
            left.set()

    httpserver.expect_request(PATH).respond_with_handler(
        lambda request: Response(endless(), mimetype="text/event-stream")
    )
    answer = asked.ask(QUESTION)
    assert answer.text == "The strike stopped 40 ships. [1]"
    assert "repeating itself" in (answer.incomplete or "")
    assert left.wait(WAIT)


@pytest.mark.parametrize("text", ["[1][2]", "[1]\n[1]", "Die Docker streikten lange und hart [1]."])
def test_a_reply_that_states_nothing_that_can_be_checked_is_a_refusal(
    asked: Archive, httpserver: HTTPServer, text: str
) -> None:
    reply(httpserver, text)
    refusal = asked.ask(QUESTION).refusal
    assert refusal is not None
    assert refusal.reason == "unverified"


def test_a_filter_of_the_models_own_is_a_refusal(asked: Archive, httpserver: HTTPServer) -> None:
    script(httpserver, streamed(sse([chunk({"content": "The str"}), chunk({}, "content_filter")])))
    refusal = asked.ask(QUESTION).refusal
    assert refusal is not None
    assert refusal.reason == "declined"


def test_events_are_told_as_json(asked: Archive, httpserver: HTTPServer) -> None:
    from rag.contract import event_json

    reply(httpserver, "The strike stopped 40 ships [1]. The strike stopped 99 ships [1].")
    told = [json.loads(json.dumps(event_json(event))) for event in asked.ask_stream(QUESTION)]
    assert [one["event"] for one in told] == ["searching", "hits", "statement", "rejected", "done"]
    assert told[2]["citations"][0]["quote"] == "The strike had stopped 40 ships."
    assert told[-1]["answer"]["statements"][0] == told[2]["statement"]
