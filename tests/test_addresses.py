import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.intake.addresses import are_kin, canonical


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("HTTPS://Post.Example:443/News/1#comments", "https://post.example/News/1"),
        ("http://post.example:80/1?utm_source=rss&utm_medium=feed", "http://post.example/1"),
        ("https://post.example/1?id=7&fbclid=x&gclid=y&page=2", "https://post.example/1?id=7&page=2"),
        ("https://post.example/1?mc_cid=a&_ga=b&at_medium=c&xtor=d", "https://post.example/1"),
        ("https://post.example:8443/1", "https://post.example:8443/1"),
        ("https://post.example", "https://post.example/"),
        ("https://post.example/#!/story/7", "https://post.example/#!/story/7"),
        ("https://post.example/1?source=rss", "https://post.example/1"),
    ],
)
def test_an_address_is_put_in_one_form(stated: str, expected: str) -> None:
    assert canonical(stated) == expected


@pytest.mark.parametrize("kept", ["?cid=17", "?12345", "?gallery=3", "?source=17", "?a=1&a=2", "?p=", "?q=a%20b+c"])
def test_what_may_number_an_article_stays(kept: str) -> None:
    assert canonical(f"https://post.example/story{kept}") == f"https://post.example/story{kept}"


@pytest.mark.parametrize(
    "stated",
    [None, "", "javascript:alert(1)", "/news/1", "https:///1", "https://[/1", "https://ann:secret@post.example/1",
     "https://post.example:99999/", "https://times.example\\@post.example/", "https://a b.example/", "https://x/" + "a" * 2000],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_none(stated: str | None) -> None:
    assert canonical(stated) is None


@given(st.from_regex(r"https?://[a-zA-Z0-9.:\[\]]{1,20}(/[^\s]{0,20})?", fullmatch=True))
def test_a_second_time_changes_nothing(stated: str) -> None:
    once = canonical(stated)
    assert once is None or canonical(once) == once


def test_kin_share_a_host() -> None:
    assert are_kin("https://www.post.example/1", "http://post.example:81/")
    assert not are_kin("https://notpost.example/", "https://post.example/")
    assert not are_kin(None, None)
