"""The LangChain edge: callbacks see the steps, and nothing is traced away unasked."""

from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.language_models import FakeListChatModel
from pytest_httpserver import HTTPServer

from rag import Archive
from rag.chain import in_a_row


class Names(BaseCallbackHandler):
    def __init__(self) -> None:
        self.seen: list[str] = []

    def on_chain_start(self, serialized: Any, inputs: Any, *, name: str = "", **more: Any) -> None:
        self.seen.append(name)


def test_callbacks_see_every_step_by_name(seeded: Archive) -> None:
    names = Names()
    seeded.as_chain().invoke("Who visited the plant?", config={"callbacks": [names]})
    assert [name for name in names.seen if name in {"understand", "retrieve", "weigh", "write"}] == [
        "understand",
        "retrieve",
        "weigh",
        "write",
    ]


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
    seeded.ask("Who visited the plant?")
    assert httpserver.log == []
    assert names.seen == []


def test_any_chat_model_of_langchain_can_write(tmp_path: Path, archive: Archive) -> None:
    article = tmp_path / "a.txt"
    article.write_text("Harbour\n\nThe strike stopped 40 ships.")
    archive.ingest([article])
    chat = FakeListChatModel(responses=["The strike stopped forty ships [1]."])
    answer = archive.ask("How many ships did the strike stop?", model=chat)
    assert answer.text == "The strike stopped forty ships. [1]"
