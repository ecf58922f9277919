"""Who may read: at this machine everyone; elsewhere whoever logs in or sends the token; what others are told."""

import json
import re

import pytest
from asking import PAGE, asked, guarded
from starlette.datastructures import Headers
from starlette.testclient import TestClient
from ui_records import Shelf

from rag.errors import UsageError
from ui.serving.access import Access, is_loopback
from ui.serving.app import build_app
from ui.serving.gate import Gate
from ui.serving.origins import Names
from ui.serving.sessions import IDLE, LONGEST, Sessions
from ui.serving.tries import Tries

PASSWORD, TOKEN = "a long password", "0123456789abcdef-token"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Clock:
    """Stands still until it is set."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def address():
    with guarded(password=PASSWORD, token=TOKEN) as address:
        yield address


@pytest.fixture(scope="module")
def client():
    access = Access(password=PASSWORD, token=TOKEN)
    with TestClient(build_app(Shelf(), access=access), base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


@pytest.fixture
def fresh(client):
    """The same server as nobody has been at it yet."""
    client.post("/login", data={"secret": PASSWORD})
    client.cookies.clear()
    client.get("/config", headers={"Authorization": f"Bearer {TOKEN}"})
    return client


def logged_in(address, *, secret=PASSWORD, onward="/"):
    return asked(address, "/login", "POST", headers=FORM, body=f"secret={secret.replace(' ', '+')}&next={onward}")


def cookie(reply):
    return reply.headers["Set-Cookie"].partition(";")[0]


@pytest.mark.parametrize(
    ("path", "method"),
    [
        *(("/config", "GET"), ("/gradio_api/info", "GET"), ("/gradio_api/heartbeat/1", "GET"), ("/theme.css", "GET")),
        *(("/gradio_api/queue/join", "POST"), ("/gradio_api/run/predict", "POST"), ("/assets/index.js", "GET")),
        *(
            ("/api/ask/stream", "POST"),
            ("/api/articles", "GET"),
            ("/api/ingest", "POST"),
            ("/api/articles/1", "DELETE"),
        ),
        *(("/mcp", "POST"), ("/evaluations/run", "GET"), ("/page/page.js", "GET"), ("/openapi.json", "GET")),
        *(("/", "GET"), ("/", "HEAD"), ("/", "OPTIONS"), ("//config", "GET"), ("/Login", "GET"), ("/nowhere", "GET")),
        *(("/page/page.css/../page.js", "GET"), ("/healthz%2f..%2fconfig", "GET")),
    ],
)
def test_nothing_is_told_to_who_is_not_logged_in(address, path, method):
    reply = asked(address, path, method)
    assert reply.status == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    if method != "HEAD":
        assert json.loads(reply.text) == {"error": "Log in at /login, or send 'Authorization: Bearer TOKEN'."}


def test_openais_clients_read_it_in_their_form(address):
    error = json.loads(asked(address, "/v1/models").text)["error"]
    assert error["message"].startswith("Log in")


@pytest.mark.parametrize("path", ["/login", "/page/login.css", "/page/page.css", "/healthz"])
def test_what_the_log_in_page_needs_and_whether_the_server_lives_is_open(address, path):
    assert asked(address, path).status != 401


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/", "/login"),
        ("/?a=1&b=2", "/login?next=%2F%3Fa%3D1%26b%3D2"),
        ("/docs", "/login?next=%2Fdocs"),
    ],
)
def test_a_page_leads_to_the_log_in_and_on_from_there(address, path, location):
    reply = asked(address, path, headers=PAGE)
    assert (reply.status, reply.headers["Location"]) == (303, location)


def test_who_logs_in_reads_until_logging_out(address):
    reply = logged_in(address)
    mine = {"Cookie": cookie(reply)}
    assert (reply.status, reply.headers["Location"]) == (303, "/")
    assert asked(address, "/", headers={**PAGE, **mine}).status == 200
    assert asked(address, "/config", headers=mine).status == 200
    left = asked(address, "/logout", "POST", headers=mine)
    assert (left.headers["Location"], left.headers["Clear-Site-Data"]) == ("/login?left", '"cache"')
    assert asked(address, "/config", headers=mine).status == 401


def test_the_sessions_cookie_is_for_this_site_and_no_script(address):
    first, second = logged_in(address), logged_in(address)
    attributes = first.headers["Set-Cookie"].split("; ")
    assert {"HttpOnly", "SameSite=strict", "Path=/", f"Max-Age={LONGEST}"} <= set(attributes)
    assert re.fullmatch(r"groundwire_session_\d+=[0-9a-f]{64}", attributes[0])
    assert cookie(first) != cookie(second)


def test_a_wrong_password_opens_nothing_and_is_not_shown_again(address):
    reply = logged_in(address, secret="<b>wrong</b>")
    assert (reply.status, reply.headers["Set-Cookie"]) == (403, None)
    assert 'role="alert">That is not the password.' in reply.text
    assert "wrong" not in reply.text.replace("That is not", "")
    logged_in(address)


@pytest.mark.parametrize("body", ["", "secret=", "secret", "\xff", "secret=" + "a" * 10_000, "&" * 500, "secret=%00"])
def test_a_form_that_is_none_opens_nothing(fresh, body):
    assert fresh.post("/login", content=body.encode("latin-1"), headers=FORM).status_code == 403


@pytest.mark.parametrize(
    ("onward", "location"),
    [
        ("/docs", "/docs"),
        ("/?q=1", "/%3Fq=1"),
        *(
            (evil, "/")
            for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "/%09/evil.example")
        ),
        *(
            (evil, "/")
            for evil in ("/%0d%0aSet-Cookie:%20a=b", "evil.example", "javascript:alert(1)", "/login", "/logout")
        ),
    ],
)
def test_no_log_in_leads_to_another_server(address, onward, location):
    target = logged_in(address, onward=onward).headers["Location"]
    assert target == location or (onward, target) == ("/?q=1", "/?q=1")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer  {TOKEN}", 200),
        *(
            (wrong, 401)
            for wrong in (f"Bearer {PASSWORD}", f"Bearer {TOKEN[:-1]}", "Bearer", f"Basic {TOKEN}", TOKEN)
        ),
    ],
)
def test_programs_send_the_token_and_nothing_else(fresh, sent, status):
    reply = fresh.get("/config", headers={"Authorization": sent})
    assert reply.status_code == status
    assert status == 200 or reply.json() == {"error": "The token is wrong."}


def test_where_only_a_token_is_set_readers_log_in_with_it():
    with TestClient(build_app(Shelf(), access=Access(token=TOKEN)), base_url="http://127.0.0.1") as client:
        assert ">Token</label>" in client.get("/login").text
        assert client.post("/login", data={"secret": TOKEN}, follow_redirects=False).status_code == 303
        assert client.get("/config").status_code == 200


def test_who_is_wrong_too_often_waits_even_if_right_then():
    app = build_app(Shelf(), access=Access(password=PASSWORD, token=TOKEN))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        tokens = [client.get("/config", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(6)]
        wrong = [client.post("/login", data={"secret": f"guess {number}"}).status_code for number in range(5)]
        reply = client.post("/login", data={"secret": PASSWORD})
    # Who guesses tokens locks no reader out.
    assert (tokens, wrong) == ([401] * 5 + [429], [403] * 5)
    assert (reply.status_code, "set-cookie" in reply.headers) == (429, False)
    assert f"Too many tries. Wait {reply.headers['retry-after']} s." in reply.text


def test_each_wait_is_twice_the_one_before_up_to_a_quarter_of_an_hour_and_is_forgotten_after_an_hour():
    clock = Clock()
    tries, waits = Tries(clock=clock), []
    for _ in range(14):
        waits.append(tries.wait("192.0.2.7"))
        clock.now += waits[-1]
        tries.wrong("192.0.2.7")
    assert waits == [0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]
    assert tries.wait("192.0.2.8") == 0
    clock.now += 3600
    assert tries.wait("192.0.2.7") == 0


def test_one_lines_many_addresses_are_one():
    tries = Tries(clock=Clock())
    for number in range(5):
        tries.wrong(f"2001:db8:1:2::{number}")
    assert tries.wait("2001:db8:1:2:ffff::1") == 15
    assert tries.wait("2001:db8:1:3::1") == 0


def test_addresses_without_end_are_not_kept_without_end():
    tries = Tries(clock=Clock())
    for number in range(10_100):
        tries.wrong(f"10.0.{number // 256}.{number % 256}")
    assert len(tries._wrong) == 10_000


def test_a_session_ends_when_idle_or_old():
    clock = Clock()
    sessions = Sessions(clock=clock)
    idle, used = sessions.begin(), sessions.begin()
    for clock.now in range(1000, 1000 + LONGEST, IDLE - 1):
        assert sessions.holds(used)
    assert not sessions.holds(idle)
    clock.now = 1000 + LONGEST
    assert not sessions.holds(used)
    assert sessions._begun == {}


def test_sessions_are_kept_as_digests_and_not_without_end():
    sessions = Sessions(clock=Clock())
    names = [sessions.begin() for _ in range(1_001)]
    assert len(sessions._begun) == 1_000
    assert not sessions.holds(names[0])
    assert sessions.holds(names[-1])
    assert names[-1] not in repr(sessions._begun)


def test_a_session_that_expired_is_said_to_be(address):
    port = address.rstrip("/").rpartition(":")[2]
    old = {"Cookie": f"groundwire_session_{port}={'0' * 64}"}
    assert asked(address, "/", headers={**PAGE, **old}).headers["Location"] == "/login?expired"
    reply = asked(address, "/gradio_api/queue/join", "POST", headers=old, body="{}")
    assert json.loads(reply.text) == {"error": "Your session has expired. Log in again at /login."}
    assert "Your session has expired" in asked(address, "/login?expired").text


def test_a_session_opens_no_other_server():
    first, second = Gate(Access(password=PASSWORD), port=1), Gate(Access(password=PASSWORD), port=2)
    assert first.cookie != second.cookie
    assert not second.sessions.holds(first.sessions.begin())


def test_the_secret_is_nowhere_to_be_read(address, capfd):
    mine = {"Cookie": cookie(logged_in(address))}
    told = "".join(asked(address, path, headers=mine).text for path in ("/", "/config", "/gradio_api/info", "/login"))
    access = Access(password=PASSWORD, token=TOKEN)
    told += repr(access) + str(access) + repr(Gate(access, port=1)) + "".join(capfd.readouterr())
    assert PASSWORD not in told
    assert TOKEN not in told


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"password": "1234567"}, "The password is too short. Take one of 8 characters or more."),
        ({"token": "123456789012345"}, "The token is too short. Take one of 16 characters or more."),
        ({"token": "a token with spaces in it"}, "letters that HTTP cannot carry"),
        ({"token": "ein-schlüssel-mit-ü"}, "letters that HTTP cannot carry"),
        ({"password": "12345678", "anyone": True}, "contradict each other"),
        ({"proxy": "proxy.example"}, "'proxy.example' is no address of a proxy"),
    ],
)
def test_what_protects_nothing_is_refused(options, line):
    with pytest.raises(UsageError, match=re.escape(line)) as error:
        Access(**options)
    assert not any(value in str(error.value) for name, value in options.items() if name in ("password", "token"))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "fe80::1", "news.example", ""])
def test_an_interface_that_others_reach_demands_a_password(host):
    with pytest.raises(
        UsageError, match=r"Set GROUNDWIRE_PASSWORD or GROUNDWIRE_TOKEN .*or let anyone in with --open"
    ):
        Access().check(host)
    for access in (Access(password=PASSWORD), Access(token=TOKEN), Access(anyone=True)):
        access.check(host)


def test_this_machine_alone_demands_nothing():
    assert [host for host in ("127.0.0.1", "localhost", "::1", "127.0.0.2") if not is_loopback(host)] == []
    Access().check("127.0.0.1")


@pytest.mark.parametrize(
    ("host", "access", "answered"),
    [
        ("127.0.0.1", Access(), {"localhost", "127.0.0.1:80", "[::1]:7860", "LOCALHOST"}),
        (
            "127.0.0.1",
            Access(names=("News.Example",)),
            {"localhost", "127.0.0.1:80", "[::1]:7860", "LOCALHOST", "news.example"},
        ),
        (
            "0.0.0.0",
            Access(anyone=True),
            {
                "localhost",
                "127.0.0.1:80",
                "[::1]:7860",
                "LOCALHOST",
                "192.0.2.1",
                "[2001:db8::1]:80",
                "desk",
                "desk.local:1",
            },
        ),
    ],
)
def test_names_that_could_be_another_sites_are_not_answered_to(monkeypatch, host, access, answered):
    monkeypatch.setattr("socket.gethostname", lambda: "Desk")
    asked_for = {
        *(
            "localhost",
            "127.0.0.1:80",
            "[::1]:7860",
            "LOCALHOST",
            "192.0.2.1",
            "[2001:db8::1]:80",
            "desk",
            "desk.local:1",
        ),
        *(
            "news.example",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "evil.example#localhost",
            "",
        ),
    }
    names = Names.of(host, access)
    assert {name for name in asked_for if names.refusal(Headers({"host": name})) is None} == answered


def test_with_a_password_any_name_is_answered_to():
    names = Names.of("0.0.0.0", Access(password=PASSWORD))
    assert names.refusal(Headers({"host": "news.example"})) is None
    assert names.refusal(Headers({"host": "a@b"})) is not None
    assert names.refusal(Headers({})) is not None


def test_a_served_interface_is_reached_by_who_logs_in_and_announced_as_this_machine():
    with guarded(host="0.0.0.0", password=PASSWORD) as address:
        assert address.startswith("http://127.0.0.1:")
        assert asked(address, "/config", headers={"Host": "news.example"}).status == 401
        assert logged_in(address).status == 303


def test_an_open_interface_is_read_by_anyone():
    with guarded(host="0.0.0.0", anyone=True) as address:
        assert asked(address, "/config").status == 200
        assert asked(address, "/config", headers={"Host": "evil.example"}).status == 421
        assert asked(address, "/login").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--host", "0.0.0.0"], "Cannot serve on '0.0.0.0' without a password"),
        (["--password-file", "missing.txt"], "Cannot read a secret from 'missing.txt': No such file or directory."),
        (["--password-file", "empty.txt"], "'empty.txt' holds no secret. Write it on its first line."),
        (["--token-file", "bytes.txt"], "Cannot read a secret from 'bytes.txt': it is no UTF-8 text."),
        (["--password-file", "short.txt"], "The password is too short."),
        (["--host", "0.0.0.0", "--open", "--token-file", "token.txt"], "contradict each other"),
    ],
)
def test_the_command_says_in_a_line_what_is_missing(run, tmp_path, arguments, line):
    for name, held in (("empty", b"\n"), ("bytes", b"\xff\xfe\n"), ("short", b"secret\n"), ("token", TOKEN.encode())):
        (tmp_path / f"{name}.txt").write_bytes(held)
    ran = run("serve", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("groundwire: ")
    assert ran.err.count("\n") == 1
    assert line in ran.err
    assert TOKEN not in ran.err


def test_secrets_come_from_files_then_the_environment(tmp_path, monkeypatch):
    from ui.commands.serve import _access

    given = {"anyone": False, "names": (), "proxy": None}
    monkeypatch.setenv("GROUNDWIRE_PASSWORD", "from the environment")
    monkeypatch.setenv("GROUNDWIRE_TOKEN", TOKEN)
    (tmp_path / "secret").write_text("from a file\r\nsecond line\n")
    access = _access(password_file=str(tmp_path / "secret"), token_file=None, **given)
    assert (access.password, access.token) == ("from a file", TOKEN)
    assert _access(password_file=None, token_file=None, **given).password == "from the environment"
