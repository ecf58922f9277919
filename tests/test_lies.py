"""What the product makes of lies of every kind, told about the sample articles, and of true sentences in other words."""

from functools import cache
from random import Random

import pytest

from benchmarks.lies import Case, Page, pages_of, samples, tell_again, tell_lies
from benchmarks.lying import HARD, INVENTED, KINDS, NEGATED, WRONG, Truth, lie, people
from benchmarks.paraphrasing import paraphrase

TEXT = (
    "Mayor Ada Finch said on Monday that 40 ships were waiting. “We will not pay twice,” said Max Orme, the director."
)


@cache
def pages() -> tuple[Page, ...]:
    return tuple(pages_of(samples()))


@cache
def told() -> tuple[Case, ...]:
    return tuple(tell_lies(pages(), 4 * len(KINDS), seed=3))


def test_lies_are_told_of_every_kind() -> None:
    assert {case.kind for case in told()} == set(KINDS)
    assert all(case.text != case.true for case in told() if case.kind not in (WRONG, INVENTED))


@pytest.mark.parametrize("kind", [*HARD, WRONG, INVENTED])
def test_a_changed_figure_date_name_quotation_or_citation_is_never_supported(kind: str) -> None:
    passed = [case.text for case in told() if case.kind == kind and case.checked.check.verdict == "supported"]
    assert passed == []


@pytest.mark.parametrize("kind", NEGATED)
def test_of_a_negation_put_in_or_taken_away_hardly_any_is_supported(kind: str) -> None:
    verdicts = [case.checked.check.verdict for case in told() if case.kind == kind]
    assert verdicts.count("supported") <= 1


def test_true_sentences_in_other_words_are_kept() -> None:
    verdicts = [case.checked.check.verdict for case in tell_again(pages(), 60, seed=3)]
    assert verdicts.count("unsupported") <= 1
    assert verdicts.count("supported") >= 54


def test_the_same_seed_tells_the_same() -> None:
    assert [case.text for case in tell_lies(pages(), 50, seed=5)] == [
        case.text for case in tell_lies(pages(), 50, seed=5)
    ]


def test_people_are_those_with_a_title_or_a_voice() -> None:
    assert people(TEXT) == ["Ada Finch", "Max Orme"]


def test_a_figure_of_a_lie_is_not_in_the_article() -> None:
    found = lie("figure", Truth(TEXT.split(" “")[0], TEXT, 1, ()), [TEXT], Random(1))
    assert found is not None
    assert "40 ships" not in found.text


def test_what_no_rule_fits_is_left_as_it_is() -> None:
    assert paraphrase("Grass grows here.", [], Random(1)) == ("Grass grows here.", ())
