"""Logging in, in a real Chromium: on a desktop and a phone, until the session is over, and by a link from elsewhere."""

import re

import pytest
from asking import guarded
from browsing import DESKTOP, PHONE, SIDEWAYS, Visit

PASSWORD = "a long password"


@pytest.fixture(scope="module")
def address():
    with guarded(password=PASSWORD) as address:
        yield address


@pytest.fixture
def window(browser, request):
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark")
    yield Visit(context.new_page())
    context.close()


@pytest.mark.parametrize("window", [DESKTOP, PHONE], ids=["desktop", "phone"], indirect=True)
def test_a_reader_logs_in_is_told_when_the_session_is_over_and_logs_out(window, address):
    page = window.page
    window.watch(address)
    page.goto(address)
    assert page.title() == "Log in · Groundwire"
    assert page.evaluate(SIDEWAYS) <= 0
    page.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    window.wrong.clear()  # Chromium reports the 403
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(".masthead")
    assert page.evaluate("document.cookie") == ""
    assert window.wrong == []
    session = page.context.cookies()
    page.context.clear_cookies(name=re.compile("groundwire_session.*"))
    page.get_by_label("Your question").fill("Who is the plant named after?")
    page.keyboard.press("Enter")
    page.get_by_text("Your session has expired.").wait_for()
    page.context.add_cookies(session)
    page.reload()
    page.get_by_role("button", name="Log out").click()
    page.get_by_text("You are logged out.").wait_for()
    page.goto(address)
    assert page.title() == "Log in · Groundwire"


@pytest.mark.parametrize("window", [DESKTOP], ids=["desktop"], indirect=True)
def test_a_link_from_elsewhere_finds_its_reader_logged_in_and_under_the_same_name(window, address, httpserver):
    page = window.page
    page.goto(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(".masthead")
    before = {one["name"]: one["value"] for one in page.context.cookies()}
    httpserver.expect_request("/elsewhere").respond_with_data(
        f'<a href="{address}#there">go</a>', content_type="text/html"
    )
    page.goto(httpserver.url_for("/elsewhere").replace("127.0.0.1", "localhost"))
    page.get_by_text("go").click()
    page.wait_for_selector(".masthead")
    assert {one["name"]: one["value"] for one in page.context.cookies()} == before
    assert page.url == f"{address}#there"


@pytest.mark.parametrize("window", [DESKTOP], ids=["desktop"], indirect=True)
def test_who_exports_all_after_the_session_is_over_is_told_so(window, address):
    page = window.page
    page.goto(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_selector(".suggestion")
    window.ask("Who is the plant named after?")
    page.get_by_role("tab", name="History").click()
    export = page.get_by_role("link", name="Export all as Markdown")
    export.wait_for()
    page.context.clear_cookies(name=re.compile("groundwire_session.*"))
    export.click()
    page.locator("#notice", has_text="Your session has expired. Log in again").wait_for()
    assert page.locator("#history .open").count() == 1
