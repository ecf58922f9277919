"""Who may ask the page, what the browser may load, and what Gradio's own page loses on the way out."""

import re

import pytest
from starlette.testclient import TestClient
from ui_records import Shelf

from ui.serving.app import build_app
from ui.serving.shell import own_head


@pytest.fixture(scope="module")
def client():
    with TestClient(build_app(Shelf()), base_url="http://127.0.0.1:7860") as client:
        yield client


def test_scripts_run_from_this_machine_or_from_the_page_as_sent(client):
    policy = client.get("/").headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert scripts.count("'sha256-") == len(re.findall(r"<script(?![^>]*src=)", client.get("/").text))
    assert "http" not in policy


def test_the_page_names_no_address_outside(client):
    page = client.get("/")
    assert not re.findall(r"https?://(?!127\.0\.0\.1)[\w.-]+", page.text)
    assert int(page.headers["content-length"]) == len(page.content)
    assert "page/page.css" in page.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "[", ""])
def test_another_name_for_this_machine_is_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        *({"origin": one} for one in ("https://evil.example", "null", "http://127.0.0.1:9999", "http://[", "")),
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_sites_page_is_refused(client, method, headers):
    reply = client.request(method, "/gradio_api/queue/join", headers=headers)
    assert (reply.status_code, reply.json()) == (403, {"error": "A request from another site's page is refused."})


def test_another_sites_form_is_refused_and_its_link_is_not(client):
    led = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.post("/", headers=led).status_code == 403
    assert client.get("/", headers=led).status_code == 200


def test_a_form_of_the_pages_own_without_referrer_is_taken(client):
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    assert client.post("/logout", headers=headers, follow_redirects=False).status_code == 303


def test_a_browser_is_given_a_readers_name_once(client):
    client.cookies.clear()
    given = client.get("/").headers["set-cookie"]
    assert re.match(r"groundwire_reader=[0-9a-f]{32};", given)
    assert {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=34560000"} <= set(given.split("; "))
    assert "set-cookie" not in client.get("/").headers
    assert "set-cookie" in client.get("/", headers={"cookie": "groundwire_reader=../../etc"}).headers


def test_who_is_led_here_by_another_sites_link_is_given_no_new_name(client):
    client.cookies.clear()
    led = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    reply = client.get("/", headers=led)
    assert "set-cookie" not in reply.headers
    assert "page/arrive.js" in reply.text


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/gradio_api/{name}"
            for name in ("upload", "upload_progress", "proxy=http://127.0.0.1", "deep_link", "mcp")
        ),
        *(
            f"/gradio_api/{name}"
            for name in ("vibe-edit", "vibe-code", "component_server", "process_recording", "dev/reload")
        ),
        *(
            f"/gradio_api/{name}"
            for name in ("file=/etc/passwd", "file/etc/passwd", "token", "user", "runs", "", "info=", "Upload")
        ),
        *("/login/", "/logout/", "/monitoring", "/monitoring/summary", "/svelte/x", "/pwa_icon", "/manifest.json"),
    ],
)
def test_doors_the_page_does_not_use_are_shut(client, path):
    assert {client.request(method, path).status_code for method in ("GET", "POST", "HEAD")} == {404}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("queue/join", {"data": [], "fn_index": 99999, "session_hash": "x"}),
        ("run/predict", {"data": [], "fn_index": 99999}),
        ("call/nosuch", {"data": []}),
        ("call/v2/nosuch", {}),
        ("run/0", {"data": [1]}),
    ],
)
def test_a_call_that_the_page_does_not_have_is_one_line(client, path, body):
    reply = client.post(f"/gradio_api/{path}", json=body)
    assert (reply.status_code, list(reply.json())) == (404, ["error"])


def test_a_key_missing_elsewhere_is_a_fault_and_not_told_as_no_such_call(client, monkeypatch, caplog):
    monkeypatch.setattr("gradio.route_utils.compile_gr_request", lambda *_, **__: {}["held"])
    with pytest.raises(KeyError, match="held"):
        client.post("/gradio_api/run/ask", json={"data": []})
    assert caplog.messages == []


def test_a_page_of_before_a_restart_is_told_so_and_no_fault_is_raised(client):
    assert "session_not_found" in client.get("/gradio_api/queue/data?session_hash=before").text


def test_an_enormous_request_is_refused_before_it_is_read(client):
    assert client.post("/gradio_api/run/predict", content=b"x" * 1_000_001).status_code == 413


@pytest.mark.parametrize("path", ["/gradio_api/file=/etc/passwd", "/page/../server.py", "/page/%2e%2e/server.py"])
def test_no_path_leaves_the_pages_own_files(client, path):
    response = client.get(path)
    assert response.status_code >= 400
    assert "import" not in response.text


def test_a_page_without_gradios_parts_is_left_alone():
    assert own_head(b"<p>plain</p>") == b"<p>plain</p>"
