"""What the Evaluation tab shows and does, and how its reports are served."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from evaluating import HOSTILE, a_run, fill, tiny_suite
from harness import a_case
from starlette.testclient import TestClient
from ui_records import Page, Shelf

from eval import suite as suites
from eval.running.kept import keep
from eval.running.runner import Progress
from eval.systems import ours
from rag.errors import ModelError, UsageError
from ui.html.evaluation import progress_html, told_html
from ui.html.links import address
from ui.kept.runs import LISTED, kept_runs
from ui.page.evaluations import Evaluations, Looking, Ran
from ui.serving.app import build_app

WAIT = 60
FIRST, SECOND = "small-2024-05-02T093000.000Z", "small-2024-05-03T093000.000Z"


class Keyless(Shelf):
    """An archive whose model has no key."""

    def described(self, model: str | None = None) -> str:
        raise ModelError("No key for 'openai'. Set OPENAI_API_KEY.")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of runs, which is not there yet."""
    monkeypatch.setenv("GROUNDWIRE_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture
def filled(folder):
    fill(folder)
    return folder


@pytest.fixture
def tiny(folder, tmp_path, monkeypatch):
    """Only the suite ``tiny`` is shipped."""
    monkeypatch.setattr(suites, "SHIPPED", tiny_suite(tmp_path / "suites"))
    return folder


@pytest.fixture
def gate(monkeypatch):
    """Until it is set, only the first case is answered."""
    opened, answer = Event(), ours.answer

    def slow(archive, case, **options):
        assert case.id == "c1" or opened.wait(WAIT)
        return answer(archive, case, **options)

    monkeypatch.setattr(ours, "answer", slow)
    yield opened
    opened.set()


@pytest.fixture
def client(filled):
    with TestClient(build_app(Shelf()), base_url="http://127.0.0.1:7860") as client:
        yield client


def shown(seen):
    """The list and what is shown beside it, as a browser would see them."""
    return Page(seen[1]), Page(seen[2])


def attributes(page, tag):
    return [found for name, found in page.elements if name == tag]


def test_without_a_run_it_is_said_how_to_make_one(folder):
    listed, beside = shown(Evaluations(Shelf()).seen(Looking()))
    assert "press Run, or in a terminal: groundwire eval run" in listed.text
    assert str(folder) in listed.text
    assert beside.text == ""


def test_the_runs_kept_are_listed_newest_first(filled):
    listed, _ = shown(Evaluations(Shelf()).seen(Looking()))
    names = [found["data-run"] for found in attributes(listed, "button")]
    assert names[1:] == [SECOND, FIRST]
    runs = {run.name: run for run in kept_runs().listed}
    assert (runs[FIRST].suite, runs[FIRST].answered, runs[FIRST].started) == (
        "small",
        "extractive",
        "2024-05-02 09:30",
    )
    assert (runs[FIRST].cases, runs[FIRST].failed) == (2, 0)
    assert runs[FIRST].means == {"grounded": 1.0, "answer_match": 1.0, "cites_gold": 1.0}


def test_a_file_that_is_no_report_is_named_and_the_rest_is_shown(filled):
    listed, _ = shown(Evaluations(Shelf()).seen(Looking()))
    assert f"{filled}/torn.json: not JSON" in listed.text
    assert f"{filled}/newer.json: written by a newer version (format 99); upgrade Groundwire." in listed.text
    assert len(attributes(listed, "tr")) == 1 + 3


def test_a_file_that_is_written_again_is_read_again(folder):
    path = keep(a_run(2), folder)
    assert kept_runs().listed[0].cases == 2
    path.unlink()
    keep(a_run(2, suite="small", outcomes=()), folder)
    assert kept_runs().listed[0].cases == 0


def test_more_runs_than_are_listed_are_counted(folder):
    report = a_run(2)
    for _ in range(LISTED + 2):
        keep(report, folder)
    listed, _ = shown(Evaluations(Shelf()).seen(Looking()))
    assert len(attributes(listed, "button")) == LISTED
    assert "2 older files" in listed.text


def test_a_run_is_shown_in_a_frame_that_has_no_origin_and_can_be_opened_alone(filled):
    listed, beside = shown(Evaluations(Shelf()).report(FIRST))
    (frame,), (link,) = attributes(beside, "iframe"), attributes(beside, "a")
    assert frame["sandbox"] == "allow-scripts"
    assert frame["title"]
    assert frame["src"] == link["href"] == address(FIRST)
    assert [one["data-run"] for one in attributes(listed, "button") if one.get("aria-pressed") == "true"] == [FIRST]


@pytest.mark.parametrize("backwards", [False, True])
def test_runs_of_one_minute_are_compared_in_their_order(tmp_path, monkeypatch, backwards):
    monkeypatch.setenv("GROUNDWIRE_RUNS", str(tmp_path))
    run = a_run(2, a_case("a"))
    paths = [keep(replace(run, started=f"2024-05-02T09:30:{second}.000+00:00"), tmp_path) for second in ("05", "40")]
    earlier, later = (path.stem for path in paths)
    chosen, other = (earlier, later) if backwards else (later, earlier)
    _, beside = shown(Evaluations(Shelf()).compare(other, Looking(chosen)))
    assert attributes(beside, "iframe")[0]["src"] == address(later, earlier)


@pytest.mark.parametrize(("run", "other"), [(FIRST, SECOND), (SECOND, FIRST)])
def test_of_two_runs_the_later_is_compared_with_the_earlier(filled, run, other):
    _, beside = shown(Evaluations(Shelf()).compare(other, Looking(run)))
    assert attributes(beside, "iframe")[0]["src"] == address(SECOND, FIRST)


def test_runs_of_different_suites_are_not_compared(filled):
    hostile = kept_runs().listed[0].name
    _, beside = shown(Evaluations(Shelf()).compare(hostile, Looking(FIRST)))
    assert "The reports are of different suites" in beside.text
    assert attributes(beside, "iframe") == []


@pytest.mark.parametrize(
    "name", ["nope", "../runs/small", f"../runs/{FIRST}", "", None, 3, {"x": 1}, HOSTILE, "\ud800"]
)
def test_a_name_that_is_no_kept_runs_gets_one_line(filled, name):
    _, beside = shown(Evaluations(Shelf()).report(name))
    assert "is kept; choose one that is in the list." in beside.text
    assert {tag for tag, _ in beside.elements} == {"p"}


def test_what_a_report_says_of_itself_is_text(filled):
    hostile = kept_runs().listed[0].name
    listed, beside = shown(Evaluations(Shelf()).report(hostile))
    assert HOSTILE in listed.text
    assert HOSTILE in beside.text
    assert {tag for page in (listed, beside) for tag, _ in page.elements}.isdisjoint({"script", "img", "b"})


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (Progress(12, 180, 3, 0.0123), "12 of 180 · 3 from before · $0.01 so far"),
        (Progress(0, 1200, 0, None), "0 of 1,200"),
        (Progress(1, 2, 0, 0.0004), "1 of 2 · under $0.01 so far"),
    ],
)
def test_progress_says_how_far_from_where_and_for_how_much(progress, line):
    assert Page(progress_html(progress)).text == line


def test_who_answers_is_said_before_a_run():
    assert "nothing leaves this machine" in told_html("extractive")
    assert "openai:m at https://api.example: the questions" in told_html("openai:m at https://api.example")
    assert "No key for" in Evaluations(Keyless()).told()


def test_a_run_is_kept_and_then_shown(tiny):
    evaluations = Evaluations(Shelf())
    steps = list(evaluations.run("tiny"))
    ran, line = steps[-1]
    assert "3 of 3" in steps[-2][1]
    assert ran.kept in Page(line).text
    looking, _, beside = evaluations.ended(ran, Looking(FIRST))
    assert looking == Looking(kept_runs().listed[0].name)
    assert 'title="Report of the run"' in beside
    assert kept_runs().listed[0].cases == 3


def test_a_run_can_be_limited(tiny):
    ran, _ = list(Evaluations(Shelf(), limit=1).run("tiny"))[-1]
    assert (ran.kept, kept_runs().listed[0].cases) == (kept_runs().listed[0].name, 1)


def test_a_stopped_run_keeps_what_was_answered_and_goes_on_from_there(tiny, gate):
    evaluations = Evaluations(Shelf())
    steps = evaluations.run("tiny")
    ran = next(one for one, line in steps if "1 of 3" in line)
    assert "Stopping" in evaluations.stop(ran)
    gate.set()
    assert "Stopped. What was answered is kept" in list(steps)[-1][1]
    assert kept_runs().listed == ()
    again = [Page(line).text for _, line in evaluations.run("tiny")]
    assert "3 of 3" in again[-2]
    assert " from before" in again[-2]


def test_the_same_run_twice_at_once_is_refused_in_one_line(tiny, gate):
    evaluations = Evaluations(Shelf())
    first = evaluations.run("tiny")
    next(line for _, line in first if "1 of 3" in line)
    refused, line = list(evaluations.run("tiny"))[-1]
    assert refused == Ran()
    assert "is at this very run" in Page(line).text
    gate.set()
    assert list(first)[-1][0].kept


@pytest.mark.parametrize("suite", ["nope", "../suites/tiny", None, "/etc/passwd", HOSTILE])
def test_only_a_shipped_suite_is_run(tiny, suite):
    ran, line = list(Evaluations(Shelf()).run(suite))[-1]
    assert ran == Ran()
    assert "is shipped; choose one of: tiny." in Page(line).text
    assert not tiny.exists()


def test_a_model_without_a_key_is_said_before_any_case_is_asked(tiny, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    steps = list(Evaluations(Shelf(), model="openai:gpt-5-mini").run("tiny"))
    assert "OPENAI_API_KEY" in Page(steps[-1][1]).text
    assert not any("of 3" in line for _, line in steps)


def test_a_report_is_served_with_its_own_policy_and_only_to_the_pages_own_frame(client):
    response = client.get(f"/{address(FIRST)}")
    assert response.status_code == 200
    assert response.text == Evaluations(Shelf()).document(FIRST)
    assert response.headers["x-frame-options"] == "SAMEORIGIN"
    policy = response.headers["content-security-policy"]
    assert {"default-src 'none'", "frame-ancestors 'self'", "sandbox allow-scripts"} <= set(policy.split("; "))
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert client.get("/").headers["x-frame-options"] == "DENY"


def test_a_comparison_is_served(client):
    assert "<h1>Comparison</h1>" in client.get(f"/{address(SECOND, FIRST)}").text


@pytest.mark.parametrize("path", ["nope", "%2e%2e", f"{FIRST}.json", f"{FIRST}/against/nope", "%ff", "%3Cb%3E"])
def test_what_is_not_kept_is_not_served(client, path):
    response = client.get(f"/evaluations/{path}")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/plain")
    assert "is kept; choose one that is in the list." in response.text


@pytest.mark.parametrize(
    "path", [f"..%2fruns%2f{FIRST}", f"%2e%2e%2fruns%2f{FIRST}.json", f"{FIRST}/against/", "", "/"]
)
def test_no_address_leads_out_of_the_list(client, path):
    assert client.get(f"/evaluations/{path}").status_code == 404


def test_a_report_that_cannot_be_read_or_compared_is_served_as_one_line(client):
    assert "upgrade Groundwire" in client.get("/evaluations/newer").text
    hostile = kept_runs().listed[0].name
    refused = client.get(f"/{address(FIRST, hostile)}")
    assert refused.headers["content-type"].startswith("text/plain")
    assert "different suites" in refused.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_reports_can_only_be_read(client, method):
    assert client.request(method, f"/{address(FIRST)}").status_code in (404, 405)
    assert client.get(f"/{address(FIRST)}").status_code == 200


def test_a_name_in_an_address_stays_one_part_of_it():
    assert address("a/b ?#", "ü\ud800") == "evaluations/a%2Fb%20%3F%23/against/%C3%BC%3F"


def test_an_unknown_report_is_an_error_a_caller_can_catch(folder):
    with pytest.raises(UsageError, match="No run 'x' is kept"):
        Evaluations(Shelf()).document("x")


def test_a_page_that_is_only_opened_loads_nothing_of_a_run():
    program = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from ui_records import Shelf\nfrom ui.serving.app import build_app\nbuild_app(Shelf())\n"
        "print([name for name in sys.modules if name.startswith(('eval.running', 'eval.reports', 'eval.scorers'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
