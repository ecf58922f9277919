"""What a hostile request, machine or network gets: every header on every kind of reply, and no file, room or time."""

import asyncio
import json
import re
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import uvicorn
from asking import PAGE, asked, guarded, told
from chat_servers import WAIT
from starlette.requests import Request
from starlette.responses import JSONResponse
from uvicorn.server import ServerState

from ui.serving import body
from ui.serving.protocol import MOST_CONNECTIONS, Bounded
from ui.serving.shell import Shell

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
HOSTILE = {
    **{
        f"GRADIO_{name}": "1" for name in ("SHARE", "VIBE_MODE", "MCP_SERVER", "DEBUG", "PROFILING", "LOCAL_DEV_MODE")
    },
    **{
        f"GRADIO_{name}": "True"
        for name in ("ANALYTICS_ENABLED", "RUN_HISTORY", "SSR_MODE", "HOT_RELOAD", "CACHE_EXAMPLES")
    },
    **{
        "GRADIO_SERVER_NAME": "0.0.0.0",
        "GRADIO_ROOT_PATH": "https://evil.example/app",
        "GRADIO_ALLOWED_PATHS": "/,/etc",
    },
    **{
        "GRADIO_NODE_SERVER_NAME": "evil.example",
        "GRADIO_SHARE_SERVER_ADDRESS": "evil.example:7000",
        "GRADIO_TEMP_DIR": "/",
    },
    **{"FORWARDED_ALLOW_IPS": "*", "WEB_CONCURRENCY": "4", "UVICORN_HOST": "0.0.0.0", "HF_TOKEN": "hf_nobody"},
}


@pytest.fixture(scope="module")
def address():
    """A server started where every variable that could open something says that it should."""
    with guarded(environment=HOSTILE) as address:
        yield address


def kinds(address):
    """One reply of every kind, by its name."""
    led = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    style = asked(address, "/page/page.css")
    return {
        "page": asked(address, "/", headers=PAGE),
        "head": asked(address, "/", "HEAD"),
        "data": asked(address, "/config"),
        "style": style,
        "unchanged": asked(address, "/page/page.css", headers={"If-None-Match": style.headers["ETag"]}),
        "script": asked(address, "/page/page.js"),
        "redirect": asked(address, "/login"),
        "arrival": asked(address, "/", headers=led),
        "missing": asked(address, "/nowhere"),
        "wrong method": asked(address, "/api/ask/stream", "PUT"),
        "wrong request": asked(address, "/api/ask/stream", "POST", body="{"),
        "foreign": asked(address, "/", "POST", headers={"Origin": "https://evil.example"}),
        "misnamed": asked(address, "/", headers={"Host": "evil.example"}),
        "shut": asked(address, "/gradio_api/upload", "POST"),
        "too large": asked(address, "/", "POST", headers={"Content-Length": "1000001"}),
        "report": asked(address, "/evaluations/none"),
    }


def test_every_kind_of_reply_carries_the_headers(address):
    replies = kinds(address)
    assert [replies[kind].status for kind in ("page", "unchanged", "missing", "too large")] == [200, 304, 404, 413]
    for kind, reply in replies.items():
        headers = reply.headers
        assert headers["X-Content-Type-Options"] == "nosniff", kind
        assert headers["Referrer-Policy"] == "no-referrer", kind
        assert headers["X-Frame-Options"] == ("SAMEORIGIN" if kind == "report" else "DENY"), kind
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; "), kind
        assert "Server" not in headers, kind
        assert "Access-Control-Allow-Origin" not in headers, kind


def test_a_stream_carries_the_headers(address):
    connection = HTTPConnection(urlsplit(address).netloc, timeout=WAIT)
    connection.request("GET", "/gradio_api/heartbeat/1")
    headers = connection.getresponse().headers
    assert headers["Content-Type"].startswith("text/event-stream")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert headers["X-Frame-Options"] == "DENY"
    connection.close()


def test_nothing_is_loaded_from_elsewhere_and_no_image_ever(address):
    for kind, reply in kinds(address).items():
        policy = dict(part.split(" ", 1) for part in reply.headers["Content-Security-Policy"].split("; "))
        allowed = {source for name, sources in policy.items() for source in sources.split()}
        known = {"'self'", "'none'", "data:", "'unsafe-inline'", "'unsafe-eval'", "allow-scripts"}
        assert {source for source in allowed if not source.startswith("'sha256-")} <= known, kind
        assert policy.get("img-src", "'none'") in ("'none'", "'self' data:"), kind


def test_no_variable_of_another_program_opens_anything(address):
    config = json.loads(asked(address, "/config").text)
    assert address.startswith("http://127.0.0.1:")
    assert config["root"] == address.rstrip("/")
    assert "evil.example" not in json.dumps(config) + asked(address, "/").text
    assert not config["vibe_mode"]
    assert not config.get("mcp_server")
    assert not config["analytics_enabled"]
    assert not config["dev_mode"]


@pytest.mark.parametrize(
    "start",
    ["/gradio_api/file=", "/gradio_api/file/", "/file=", "/file/", "/static/", "/assets/", "/page/", "/evaluations/"],
)
@pytest.mark.parametrize(
    "path",
    [
        *(
            "/etc/passwd",
            "../../../../etc/passwd",
            "%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
            "..%2f..%2f..%2fetc%2fpasswd",
        ),
        *(
            "//etc/passwd",
            "/proc/self/environ",
            "/proc/self/cwd/pyproject.toml",
            "/dev/fd/0",
            "file:///etc/passwd",
            "/etc/passwd%00.css",
        ),
        *(
            "%5c%5cevil.example%5cshare",
            "..%5c..%5cetc%5cpasswd",
            "C:%5cWindows%5cwin.ini",
            "http://127.0.0.1:1/",
            "....//....//etc/passwd",
        ),
    ],
)
def test_no_path_reads_a_file(address, start, path):
    reply = asked(address, start + path)
    assert reply.status in (400, 403, 404)
    assert "root:" not in reply.text
    assert "PYTHONPATH" not in reply.text


def test_no_link_in_a_folder_of_gradios_is_followed(address, tmp_path):
    (tmp_path / "link.css").symlink_to("/etc/passwd")
    for start in ("/gradio_api/file=", "/page/", "/static/"):
        assert asked(address, f"{start}{tmp_path}/link.css").status in (403, 404)


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Gradio-Server", "X-Forwarded-Proto", "Forwarded", "X-Direct-Url"]
)
def test_nobody_is_believed_to_be_a_proxy(address, header):
    for value in ("evil.example", "https", "http://evil.example"):
        assert json.loads(asked(address, "/config", headers={header: value}).text)["root"] == address.rstrip("/")


def test_who_guesses_is_known_by_where_the_requests_come_from():
    with guarded(password="a long password") as address:
        guesses = [guess(address, f"192.0.2.{number}").status for number in range(6)]
    assert guesses == [403] * 5 + [429]


def test_a_proxy_that_is_named_is_believed():
    with guarded(password="a long password", proxy="127.0.0.1") as address:
        guesses = [guess(address, f"192.0.2.{number}").status for number in range(6)]
        right = guess(address, "192.0.2.9", "a+long+password")
    assert guesses == [403] * 6
    assert right.status == 303
    assert "Secure" in right.headers["Set-Cookie"].split("; ")


def guess(address, asker, secret="wrong"):
    claims = {"X-Forwarded-For": asker, "X-Forwarded-Proto": "https"}
    return asked(address, "/login", "POST", headers={**FORM, **claims}, body=f"secret={secret}")


@pytest.mark.parametrize("path", ["/api/ask/stream", "/gradio_api/queue/join", "/login", "/nowhere"])
def test_a_body_that_says_it_is_too_large_is_refused_unread(address, path):
    reply = asked(address, path, "POST", headers={"Content-Length": "1000001"})
    assert (reply.status, "larger than 1,000,000 bytes" in reply.text) == (413, True)


@pytest.mark.parametrize("path", ["/api/ask/stream", "/gradio_api/queue/join"])
def test_a_body_that_does_not_say_is_counted(address, path):
    reply = asked(address, path, "POST", body=[b"x" * 100_000] * 11, headers={"Content-Type": "application/json"})
    assert (reply.status, json.loads(reply.text)) == (413, {"error": "The request is larger than 1,000,000 bytes."})
    assert asked(address, "/config").status == 200


def test_only_articles_may_be_larger(address):
    assert asked(address, "/api/ingest", "POST", headers={"Content-Length": "100000001"}).status == 413
    assert asked(address, "/api/ingest/", "POST", headers={"Content-Length": "1000001"}).status == 413
    assert body.largest("/api/ingest") == 100_000_000


@pytest.mark.parametrize("length", ["-1", "1e3", "x", "9" * 500, "٣"])
def test_a_length_that_is_none_is_refused(address, length):
    sent = f"POST /config HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    assert re.match(r"HTTP/1.1 4(00|13) ", told(address, sent.encode()))


def test_headers_are_bounded_whole_and_while_they_come(address):
    start = b"GET /config HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nX-Long: "
    whole = told(address, start + b"a" * 33_000 + b"\r\n\r\n")
    endless = told(address, start + b"a" * 64_000)
    for reply in (whole, endless):
        assert reply.startswith("HTTP/1.1 431 ")
        assert reply.endswith("The headers are larger than 32,000 bytes.")


@pytest.mark.parametrize(
    "sent", [b"\x16\x03\x01\x02\x00\x01\x00", b"hello\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\0" * 100]
)
def test_what_is_not_http_is_said_not_to_be(address, sent):
    reply = told(address, sent)
    assert reply.startswith("HTTP/1.1 400 ")
    assert reply.endswith("The request is not HTTP.")


def test_no_websocket_is_opened(address):
    upgrade = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\nSec-WebSocket-Key: eA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    assert not told(address, upgrade).startswith("HTTP/1.1 101")


class Wire:
    """A connection's other end, which keeps what is written to it."""

    def __init__(self):
        self.sent, self.closed = b"", False

    def write(self, data):
        self.sent += data

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed

    def get_extra_info(self, name, default=None):
        return default

    def pause_reading(self):
        pass

    def resume_reading(self):
        pass


def connected(*, others=0):
    config, state = uvicorn.Config(Shell(JSONResponse({})), http=Bounded, ws="none", log_config=None), ServerState()
    state.connections.update(range(others))
    protocol, wire = Bounded(config=config, server_state=state, app_state={}), Wire()
    protocol.connection_made(wire)
    return protocol, wire


async def test_a_head_that_never_ends_is_waited_for_only_so_long():
    protocol, wire = connected()
    protocol.data_received(b"GET / HTTP/1.1\r\nHo")
    assert protocol._timer is not None
    protocol._late()
    assert (wire.closed, wire.sent.startswith(b"HTTP/1.1 408 ")) == (True, True)


async def test_a_connection_that_says_nothing_is_closed():
    protocol, wire = connected()
    protocol._late()
    assert (wire.closed, wire.sent) == (True, b"")


async def test_a_request_at_work_is_not_timed_by_its_head():
    protocol, wire = connected()
    protocol.data_received(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert protocol._timer is None
    protocol._late()
    assert not wire.closed
    await asyncio.gather(*protocol.tasks)
    assert b" 200 OK" in wire.sent
    protocol.connection_lost(None)


async def test_one_connection_too_many_is_told_so():
    protocol, wire = connected(others=MOST_CONNECTIONS)
    assert (wire.closed, wire.sent.startswith(b"HTTP/1.1 503 ")) == (True, True)
    assert wire.sent.endswith(b"Busy: too many connections are open. Try again in 5 s.")
    assert protocol._timer is None


async def reading(scope, receive, send):
    """An application that answers with how much it read."""
    await JSONResponse({"read": len(await Request(scope, receive).body())})(scope, receive, send)


async def sent_to(app, *parts):
    """What the shell around an application replies to a body in parts, after which nothing more comes."""
    replied, left = [], [{"type": "http.request", "body": part, "more_body": True} for part in parts]

    async def receive():
        if not left:
            await asyncio.Event().wait()
        return left.pop(0)

    async def send(message):
        replied.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/x",
        "query_string": b"",
        "scheme": "http",
        "client": None,
    }
    await Shell(app)({**scope, "headers": [(b"host", b"localhost")]}, receive, send)
    return replied[0]["status"], replied[-1]["body"].decode()


async def test_a_body_that_stops_coming_is_waited_for_only_so_long(monkeypatch):
    monkeypatch.setattr(body, "_PATIENCE", 0.0)
    assert await sent_to(reading, b"half") == (408, '{"error":"The request came too slowly. Send it again."}')


async def test_a_body_that_is_too_large_is_refused_whatever_the_application_makes_of_its_end(monkeypatch):
    monkeypatch.setattr(body, "LARGEST", 10)
    said = (413, '{"error":"The request is larger than 10 bytes."}')

    async def silent(scope, receive, send):
        while (await receive())["type"] != "http.disconnect":
            pass

    async def mistaken(scope, receive, send):
        while (await receive())["type"] != "http.disconnect":
            pass
        await JSONResponse({"read": "all"})(scope, receive, send)

    for app in (reading, silent, mistaken):
        assert await sent_to(app, b"12345", b"67890", b"!") == said


async def test_an_application_that_fails_is_not_taken_for_a_refusal():
    async def failing(scope, receive, send):
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await sent_to(failing, b"1")


def test_a_reply_once_begun_is_not_cut_into_by_a_refusal(monkeypatch):
    monkeypatch.setattr(body, "LARGEST", 10)

    async def eager(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await receive()
        await receive()
        await send({"type": "http.response.body", "body": b"done"})

    assert asyncio.run(sent_to(eager, b"12345678", b"12345678")) == (200, "done")


def test_many_connections_at_once_are_all_answered(address):
    together, statuses = threading.Barrier(60), []

    def ask():
        together.wait(WAIT)
        statuses.append(asked(address, "/config").status)

    threads = [threading.Thread(target=ask) for _ in range(60)]
    [thread.start() for thread in threads]
    [thread.join(WAIT) for thread in threads]
    assert statuses == [200] * 60
