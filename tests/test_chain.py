"""The LangChain edge: callbacks see the steps, and nothing is traced away unasked."""

from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import FakeListChatModel
from pytest_httpserver import HTTPServer

from rag import Archive
from rag.chain import in_a_row

STEPS = ["understand", "find", "retrieve", "weigh", "gather", "write"]
QUESTION = "Who visited the plant?"


class Names(BaseCallbackHandler):
    """Remembers the names of the steps, and what chat models were asked and wrote."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.asked: list[str] = []
        self.wrote: list[str] = []

    def on_chain_start(self, serialized: Any, inputs: Any, *, name: str = "", **more: Any) -> None:
        self.seen.append(name)

    def on_chat_model_start(self, serialized: Any, messages: Any, **more: Any) -> None:
        self.asked.append(messages[0][-1].text)

    def on_llm_end(self, response: Any, **more: Any) -> None:
        self.wrote.append(response.generations[0][0].text)


def test_callbacks_see_every_step_by_name(seeded: Archive) -> None:
    names = Names()
    seeded.as_chain().invoke(QUESTION, config={"callbacks": [names]})
    assert [name for name in names.seen if name in STEPS] == STEPS


def test_callbacks_see_what_a_model_is_asked_and_what_it_writes(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Harbour\n\nThe strike stopped 40 ships.")
    names = Names()
    chat = FakeListChatModel(responses=["The strike stopped forty ships [1]."])
    with Archive.open(tmp_path / "archive", model=chat) as archive:
        archive.ingest([tmp_path / "a.txt"])
        archive.as_chain().invoke("How many ships did the strike stop?", config={"callbacks": [names]})
    assert "Question: How many ships did the strike stop?" in names.asked[0]
    assert names.wrote == ["The strike stopped forty ships [1]."]


async def test_the_chain_is_a_runnable_like_any_other(seeded: Archive) -> None:
    chain = seeded.as_chain()
    answer = chain.invoke(QUESTION)
    questions = [QUESTION, "What is the weather on Mars?"]
    expected = [answer.text, chain.invoke(questions[1]).text]
    assert [one.text for one in chain.batch(questions)] == expected
    assert [one.text for one in await chain.abatch(questions)] == expected
    assert (await chain.ainvoke(QUESTION)).text == answer.text
    assert [one.text async for one in chain.astream(QUESTION)] == [answer.text]
    assert [one.text for one in chain.stream(QUESTION)] == [answer.text]


def test_steps_run_in_order() -> None:
    chain = in_a_row([("one", lambda number: number + 1), ("two", lambda number: number * 10)])
    assert chain.invoke(1) == 20


def test_a_shell_that_traces_does_not_get_the_articles(
    seeded: Archive, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "none")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", httpserver.url_for(""))
    names = Names()
    seeded.ask(QUESTION)
    assert httpserver.log == []
    assert names.seen == []


def test_any_chat_model_of_langchain_can_write(tmp_path: Path, archive: Archive) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Harbour\n\nThe strike stopped 40 ships.")
    archive.ingest([article])
    chat = FakeListChatModel(responses=["The strike stopped forty ships [1]."])
    answer = archive.ask("How many ships did the strike stop?", model=chat)
    assert answer.text == "The strike stopped forty ships. [1]"
