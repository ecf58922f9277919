"""What no program should send over HTTP, and what each is told: one line, never a failure of the server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from chat_servers import WAIT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import serving

from rag import Archive
from ui.admission import Admission
from ui.serving import app


@pytest.fixture(scope="module")
def client(seeded: Archive) -> Iterator[httpx.Client]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "Admission", partial(Admission, per_minute=100_000))
        with serving(seeded, patch) as address, httpx.Client(base_url=address, timeout=WAIT) as client:
            yield client


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (b"", "The body is no JSON object"),
        (b"[]", "The body is no JSON object"),
        (b"{", "The body is no JSON: Expecting property name"),
        (b"\xff", "The body is no JSON: it is not UTF-8"),
        (b"[" * 100_000, "The body is no JSON: it is too deep"),
        (b'{"question": "a", "k": ' + b"9" * 5_000 + b"}", "The body is no JSON: it holds a number"),
        (b'{"question": "\\ud800"}', "question: It holds half a surrogate pair"),
        (b'{"question": "a", "\\ud800": 1}', "A name of an option: It holds half a surrogate pair"),
        (b'{"question": "a\\u0000"}', "question: It holds the character U+0000"),
        (b'{"question": "a", "k": NaN}', "k: Input should be a valid integer"),
        (b'{"question": "a", "k": 1e999}', "k: Input should be a valid integer"),
        (b'{"question": "a", "k": 1000000}', "k: Input should be less than or equal to 200"),
        (b'{"question": "a", "k": true}', "k: Input should be a valid integer"),
        (b'{"question": "a", "model": "openai:x"}', "There is no option 'model'"),
        (b'{"question": "a", "history": [{"question": "b"}]}', "'history.0.answer' is missing"),
        (b'{"question": "a", "since": "soon"}', "since is 'soon'; write a date"),
        (b'{"question": " "}', "The question is empty"),
        (b'{"question": "' + b"a" * 900_000 + b'"}', "question: String should have at most 4000 characters"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_one_line(client: httpx.Client, body: bytes, line: str) -> None:
    for path in ("/api/ask", "/api/ask/stream"):
        refused = client.post(path, content=body, headers={"content-type": "application/json; charset=utf-8"})
        assert refused.status_code == 400
        assert refused.json()["error"].startswith(line)
        assert "\n" not in refused.json()["error"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["question", "query", "ids", "k", "history", "article", "since", "as_of", "addresses", "words"]), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip


@given(path=st.sampled_from(["ask", "ask/stream", "search", "summarize", "ingest"]), body=JSON)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_is_too_much(client: httpx.Client, path: str, body: Any) -> None:
    answered = client.post(f"/api/{path}", content=json.dumps(body), headers={"content-type": "application/json"})
    assert answered.status_code in (200, 400, 404)
    assert answered.status_code == 200 or set(answered.json()) == {"error"}


@pytest.mark.parametrize("day", ["0001-01-01T00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(client: httpx.Client, day: str) -> None:
    for name in ("since", "until", "as_of"):
        for path, asked in (("ask", {"question": "Who met whom?"}), ("search", {"query": "Kim"}), ("summarize", {})):
            if (path, name) != ("search", "as_of"):
                body = asked | {name: day, "source": "Meridian Courier"}
                assert client.post(f"/api/{path}", json=body).status_code in (200, 400)
        if name != "as_of":
            assert client.get("/api/articles", params={name: day}).status_code in (200, 400)


def test_a_body_of_another_type_is_refused(client: httpx.Client) -> None:
    for path in ("ask", "search", "ingest"):
        refused = client.post(f"/api/{path}", content="{}", headers={"content-type": "text/plain"})
        assert refused.status_code == 415
        assert refused.json()["error"].startswith("The body is 'text/plain'. Send ")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/ask", 405),
        ("PUT", "/healthz", 405),
        ("POST", "/docs", 405),
        ("GET", "/api/nothing", 404),
        ("GET", "/api/articles/a%2Fb", 404),
        ("GET", "/api/articles/a%0A%2F", 404),
        ("GET", "/api/articles/..%2F..%2Fetc%2Fpasswd", 404),
        ("GET", "/api/articles/%00", 404),
        ("GET", "/api/articles?limit=201", 400),
        ("GET", "/api/articles?offset=-1", 400),
        ("GET", "/api/articles?sort=best", 400),
        ("GET", "/api/articles?text=1", 400),
        ("GET", "/api/articles?q=%00", 400),
        ("GET", "/api/articles?q=%ff", 200),
        ("GET", "/api/articles/kim-plant-visit?revision=99999999999999999999", 400),
    ],
)
def test_a_path_or_parameter_that_is_none_is_told_so(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answered = client.request(method, path)
    assert answered.status_code == status
    assert status == 200 or set(answered.json()) == {"error"}
    assert ("allow" in answered.headers) == (status == 405)
