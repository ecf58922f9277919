from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talking import Clock

from rag.errors import InputError
from rag.fetching import robots
from rag.fetching.robots import Robots, parse
from rag.fetching.threads import Cut


def pause(content: bytes | str, path: str = "/a") -> float:
    return parse("post.example", content if isinstance(content, bytes) else content.encode()).pause(path)


def forbids(content: bytes | str, path: str = "/a") -> bool:
    try:
        pause(content, path)
    except InputError as error:
        return "robots.txt of 'post.example' does not allow it" in str(error)
    return False


@pytest.mark.parametrize(
    ("rules", "forbidden"),
    [
        ("User-agent: *\nDisallow: /", True),
        ("User-agent: *\nDisallow:", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: GroundWire/0.1\nAllow: /", False),
        ("User-agent: ground\nDisallow: /", False),
        ("User-agent: groundwire-more\nDisallow: /", False),
        ("User-agent: other\nUser-agent: groundwire\nDisallow: /", True),
        ("User-agent: groundwire\nAllow: /a\nDisallow: /", False),
        ("user agent groundwire\ndisallow /*a$", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a # not this", True),
        ("Disallow: /", False),
        ("<html><body>Not found</body></html>", False),
    ],
)
def test_the_group_that_names_us_counts_else_that_for_all(rules: str, forbidden: bool) -> None:
    assert forbids(rules) is forbidden


def test_a_path_of_two_slashes_is_still_a_path() -> None:
    assert forbids("User-agent: *\nDisallow: //secret", "//secret/a")


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [("Crawl-delay: 2.5", 2.5), ("Request-rate: 1/20", 20), ("Request-rate: 3/1m", 20), ("Crawl-delay: nan", 0)],
)
def test_the_pace_is_what_either_rule_asks(stated: str, seconds: float) -> None:
    assert pause(f"User-agent: *\n{stated}") == seconds


@pytest.mark.parametrize(
    "stated", ["Crawl-delay: 61", "Crawl-delay: 1e300", "Request-rate: 1/1d", f"Request-rate: 1/{9 * 10**400}"]
)
def test_a_pace_too_slow_to_wait_for_is_refused(stated: str) -> None:
    with pytest.raises(InputError, match=r"^robots.txt of 'post.example' asks for \d{2,10} seconds between requests"):
        pause(f"User-agent: *\n{stated}")


def test_what_is_over_the_bound_is_passed_over_with_the_rule_it_cuts() -> None:
    rules = b"User-agent: *\nDisallow: /private\n"
    filled = rules + b"#" * (robots.LARGEST - len(rules) - 11) + b"\nDisallow: /a"
    assert len(filled) > robots.LARGEST
    assert forbids(filled, "/private")
    assert not forbids(filled, "/b")


@pytest.mark.parametrize(
    "field", ["User-agent: ", "useragent ", "user  \t agent ", "user\u2003agent:", "\x1cuser-agent "]
)
def test_rules_for_thousands_of_crawlers_are_kept_once(field: str) -> None:
    rules = parse("post.example", "".join(f"{field}c{number}\n" for number in range(5000)).encode())
    assert list(rules.parsed._user_agents) in (["another"], [])


@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from(
            [
                "User-agent: *",
                "user agent",
                "Disallow: /",
                "Disallow: /%",
                "Allow: $*$",
                "Crawl-delay: -1",
                "Request-rate: 1/0",
                "Request-rate: /",
                "#",
                ":",
                "\x85",
                "Visit-time: 9",
            ]
        )
    ).map(lambda lines: "\n".join(lines).encode()),
    st.text(max_size=9),
)
def test_whatever_it_holds_it_allows_or_forbids(content: bytes, path: str) -> None:
    forbids(content, "/" + path)


class Reader:
    """Counts how often rules are read."""

    def __init__(self, *answers: bytes | InputError) -> None:
        self.answers = list(answers)
        self.read: list[str] = []

    def __call__(self, origin: str, cut: Cut) -> bytes:
        self.read.append(origin)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, InputError):
            raise answer
        return answer


def ask(rules: Robots, host: str = "post.example") -> float:
    return rules.pause(f"https://{host}", host, "/a", cut=Cut())


def test_rules_are_read_once_a_day_and_a_failure_again_after_minutes() -> None:
    clock, read = Clock(), Reader(InputError("It is down. Try later."), b"")
    rules = Robots(read, clock=clock)
    for _ in range(2):
        with pytest.raises(InputError, match=r"robots.txt of 'post.example' cannot be read.*It is down. Try later"):
            ask(rules)
    clock.now += robots.FAILED
    assert [ask(rules), ask(rules), len(read.read)] == [0, 0, 2]
    clock.now += robots.FRESH
    assert [ask(rules), len(read.read)] == [0, 3]


def test_what_was_asked_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(robots, "ORIGINS", 2)
    read = Reader(b"")
    rules = Robots(read, clock=time.monotonic)
    for host in ("a.example", "b.example", "a.example", "c.example", "a.example", "b.example"):
        ask(rules, host)
    assert [origin[8] for origin in read.read] == ["a", "b", "c", "b"]
