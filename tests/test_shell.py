"""Who may ask the page, what the browser may load, and what Gradio's own page loses on the way out."""

import re

import pytest
from starlette.testclient import TestClient
from ui_records import Shelf

from ui.server import build_app
from ui.shell import own_head


@pytest.fixture(scope="module")
def client():
    with TestClient(build_app(Shelf()), base_url="http://127.0.0.1:7860") as client:
        yield client


def test_every_answer_carries_the_headers(client):
    for path in ("/", "/page/page.css", "/config", "/nowhere"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


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


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
def test_another_sites_page_is_refused(client, origin):
    assert client.post("/gradio_api/queue/join", json={}, headers={"origin": origin}).status_code == 403


@pytest.mark.parametrize(
    "path", ["/gradio_api/upload", "/gradio_api/proxy=http://127.0.0.1", "/login", "/monitoring"]
)
def test_doors_the_page_does_not_use_are_shut(client, path):
    assert client.post(path).status_code == 404


def test_an_enormous_request_is_refused_before_it_is_read(client):
    assert client.post("/gradio_api/run/predict", content=b"x" * 1_000_001).status_code == 413


@pytest.mark.parametrize("path", ["/gradio_api/file=/etc/passwd", "/page/../server.py", "/page/%2e%2e/server.py"])
def test_no_path_leaves_the_pages_own_files(client, path):
    response = client.get(path)
    assert response.status_code >= 400
    assert "import" not in response.text


def test_a_page_without_gradios_parts_is_left_alone():
    assert own_head(b"<p>plain</p>") == b"<p>plain</p>"
