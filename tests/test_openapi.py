"""The OpenAPI document: what it says is so, whatever is sent; and its page."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
import schemathesis
from chat_servers import WAIT
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from serving import serving
from ui_records import Page

from rag import Archive
from ui.admission import Admission
from ui.html.manual import manual_html
from ui.serving import app

NAMES = {
    *("ask", "ask_stream", "search", "summarize", "list_articles", "get_article", "get_revisions"),
    *("remove_article", "ingest", "health"),
}
NO_FAULT = {"health", "get_revisions", "remove_article"}
"""Take any name of an article, and nothing else that could be wrong."""
SENT = settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ANYTHING_GOES = [schemathesis.checks.positive_data_acceptance]
"""A day that is none, or a question of nothing but spaces, fits a schema and makes no sense."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that answers whoever asks as often as they like; no name but its own leads anywhere."""
    folder = tmp_path_factory.mktemp("served")
    for number, words in enumerate(("The strike had stopped 40 ships.", "The tram cost £310m.")):
        (folder / f"{number}.txt").write_text(f"News {number}\n\n{words}")
    with pytest.MonkeyPatch.context() as patch, Archive.open(folder / "archive") as archive:
        patch.setattr(app, "Admission", partial(Admission, per_minute=1_000_000))
        patch.setattr(socket, "getaddrinfo", partial(here_alone, socket.getaddrinfo))
        archive.ingest(folder.glob("*.txt"))
        with serving(archive, patch) as address:
            yield address


@pytest.fixture(scope="module")
def told(address: str) -> Any:
    return schemathesis.openapi.from_url(f"{address}openapi.json")


@pytest.mark.parametrize("name", sorted(NAMES))
def test_what_fits_the_document_is_answered_as_it_says(told: Any, name: str) -> None:
    answered(told.find_operation_by_id(name).as_strategy(generation_mode=GenerationMode.POSITIVE))


@pytest.mark.parametrize("name", sorted(NAMES - NO_FAULT))
def test_what_does_not_fit_it_is_refused_as_it_says(told: Any, name: str) -> None:
    answered(told.find_operation_by_id(name).as_strategy(generation_mode=GenerationMode.NEGATIVE))


def test_endpoints_keep_their_names(told: Any) -> None:
    operations = [operation.ok().definition.raw for operation in told.get_all_operations()]
    assert {operation["operationId"] for operation in operations} == NAMES
    assert told.raw_schema["openapi"].startswith("3.1")


def test_every_reply_that_is_an_error_has_one_form(told: Any) -> None:
    for operation in told.get_all_operations():
        for status, reply in operation.ok().definition.raw["responses"].items():
            schemas = [content["schema"] for content in reply["content"].values()]
            assert status == "200" or schemas == [{"$ref": "#/components/schemas/Wrong"}]


def test_the_page_tells_each_endpoint_and_record_without_a_script(told: Any, address: str) -> None:
    reply = httpx.get(f"{address}docs")
    page = Page(reply.text)
    ids = {told["id"] for _, told in page.elements if "id" in told}
    links = {told["href"] for tag, told in page.elements if tag == "a"}
    assert ids >= NAMES
    assert {link.removeprefix("#") for link in links if link and link.startswith("#")} <= ids
    assert not page.tags & {"script", "img", "iframe"}
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", reply.text)
    assert httpx.get(f"{address}page/docs.css").headers["content-type"].startswith("text/css")


def test_the_page_shows_markup_as_text() -> None:
    hostile = "<script>alert(1)</script>`<b>`"
    told = {"openapi": "3.1.0", "info": {"title": hostile, "version": hostile, "description": hostile}, "tags": []}
    page = Page(manual_html(told | {"paths": {}, "components": {"schemas": {hostile: {"description": hostile}}}}))
    assert not page.tags & {"script", "b"}
    assert page.text.count("<script>") == 5


def here_alone(looked_up: Callable[..., Any], host: str, *given: Any, **named: Any) -> Any:
    """Addresses of this machine, and of no other."""
    if host not in ("127.0.0.1", "localhost"):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return looked_up(host, *given, **named)


def answered(cases: Any) -> None:
    """Send cases, and hold each reply against the document."""

    @SENT
    @given(case=cases)
    def sent(case: Any) -> None:
        case.call_and_validate(excluded_checks=ANYTHING_GOES, timeout=WAIT)

    sent()
