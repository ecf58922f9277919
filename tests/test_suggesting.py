"""First questions, from the archive's own newest articles."""

from dataclasses import replace

from ui_records import COPY, GIFTS, Shelf

from ui.page.suggesting import suggestions


def test_suggested_questions_turn_to_each_outlet_once_before_any_twice():
    older = replace(GIFTS, id="older", title="Older")
    asked = suggestions(Shelf(GIFTS, older, COPY), count=3)
    assert asked[0] == f"What is known about “{GIFTS.title}”?"
    assert asked[2] == "What is known about “Older”?"


def test_no_articles_suggest_no_questions(archive):
    assert suggestions(archive) == ()


def test_suggestions_are_answered_by_the_archive(seeded):
    asked = suggestions(seeded)
    assert len(asked) == 4
    assert [one for one in asked if seeded.ask(one).refusal] == []
    assert [one for one in asked if not one.startswith("What is known about")]
