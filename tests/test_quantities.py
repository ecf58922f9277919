from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.claims.quantities import Quantity, find, held

SAME = [
    ("two", "2"),
    ("19 fourth-graders", "19 pupils"),
    ("twenty-one", "21"),
    ("two hundred and fifty", "250"),
    ("1,200", "1200"),
    ("1,200", "1.2 thousand"),
    ("1.2k", "1,200"),
    ("$1.2bn", "$1.2 billion"),
    ("1.2 billion dollars", "$1.2bn"),
    ("US$1,200m", "$1,200,000,000"),
    ("$1.2bn", "US$1,200m"),
    ("5%", "5 percent"),
    ("5 per cent", "five percent"),
    ("half", "50%"),
    ("two-thirds", "2/3"),
    ("a third of the vote", "one-third"),
    ("250 bps", "2.5 percentage points"),
    ("25 basis points", "a quarter of a percentage point"),
    ("0.5 percentage points", "half a percentage point"),
    ("a dozen", "12"),
    ("half-dozen", "six"),
    ("first", "1st"),
    ("twenty-first", "21st"),
    ("a million", "1,000,000"),
    ("one and a half million", "1.5m people"),
    ("€3.4m", "3.4 million euros"),
    ("£10", "10 pounds"),
    ("5 million won", "₩5m"),
    ("Rs 500 crore", "₹5 billion"),
    ("12.50 euros", "twelve euros and fifty cents"),
    ("£3.20", "three pounds and twenty pence"),
    ("three point five million", "3.5 million"),
    ("zero point two five percent", "0.25%"),
    ("42 percentage chance", "42% chance"),
    ("Q3", "the third quarter"),
    ("one in ten voters", "10% of voters"),
    ("two out of three", "two-thirds"),
    ("an hour and a half", "90 minutes"),
    ("two weeks", "14 days"),
    ("18 months", "1.5 years"),
    ("24-year-old", "24 years old"),
    ("24-year-old", "Smith, 24, said"),
    ("won 6-1", "6–1"),
    ("10-12 people", "between 10 and 12 people"),
    ("5-10%", "between 5 and 10 percent"),
    ("$2-3 million", "between $2 million and $3 million"),
    ("3:30 p.m.", "15:30"),
    ("3.30pm", "3:30"),
    ("٣٥ people", "35"),
    ("１２", "12"),
    ("1\u202f200", "1,200"),
    ("1 200 people", "1,200"),
    ("12,34,567", "1234567"),
    ("−3°C", "minus three degrees Celsius"),
    ("5 km", "5,000 metres"),
    ("80mph", "80 miles per hour"),
    ("3½ hours", "3.5 hours"),
    ("five-day", "5 days"),
    ("twice", "two times"),
    ("A$5m", "5 million Australian dollars"),
]
OTHER = [
    ("two", "three"),
    ("35", "57"),
    ("250", "two hundred"),
    ("5%", "5 percentage points"),
    ("$5m", "€5m"),
    ("$5m", "$5bn"),
    ("US$5", "A$5"),
    ("5 km", "5 miles"),
    ("5 days", "5 weeks"),
    ("5 tonnes", "5 soldiers"),
    ("three visits", "third visit"),
    ("first", "second"),
    ("half", "a third of"),
    ("won 6-1", "6-2 and 1-0"),
    ("three times", "won 3-1"),
    ("3 pm", "3 am"),
    ("thousands", "hundreds"),
    ("hundreds", "99"),
    ("1.2 million", "1.3 million"),
    ("about 50", "36"),
    ("more than 50", "less than 50"),
    ("35 jets", "Su-35 jets"),
    ("12.40 euros", "twelve euros and fifty cents"),
    ("12 euros", "twelve euros and fifty cents"),
    ("3.5 million", "three point six million"),
    ("42 percentage points", "42% chance"),
    ("Q2", "the third quarter"),
    ("20%", "one in ten voters"),
    ("90 minutes", "an hour and a quarter"),
    ("60 days", "two months"),
    ("more than half", "48%"),
    ("nearly half", "51.3%"),
    ("more than half", "70%"),
    ("half", "51.3%"),
    ("250 bps", "250 percentage points"),
]


def bears(claim: str, source: str) -> bool:
    claimed = find(claim)
    assert claimed, claim
    return all(held(quantity, find(source)) for quantity in claimed)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_number_written_otherwise_is_held_both_ways(one: str, other: str) -> None:
    assert bears(one, other)
    assert bears(other, one)


@pytest.mark.parametrize(("claim", "source"), OTHER)
def test_another_number_or_unit_is_not_held(claim: str, source: str) -> None:
    assert not bears(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("about 50", "49"),
        ("more than 1,000", "1,024"),
        ("nearly 50%", "48%"),
        ("nearly half", "48%"),
        ("more than half", "51.3%"),
        ("dozens", "36"),
        ("two people", "both"),
    ],
)
def test_a_rough_number_is_held_by_the_exact_one_but_not_the_other_way_round(claim: str, source: str) -> None:
    assert bears(claim, source)
    assert not bears(source, claim) or find(source)[0].kind == "implied"


@pytest.mark.parametrize(
    "text", ["Su-35", "Covid-19", "F-16", "G20", "MH17", "B-52s", "the second half", "a quarter", "May", ""]
)
def test_codes_and_halves_of_a_match_are_no_numbers(text: str) -> None:
    assert all(quantity.words == "second" for quantity in find(text))


def test_five_m_may_be_millions_or_metres() -> None:
    [quantity] = find("5m")
    assert quantity.readings == ((Fraction(5_000_000), "number"), (Fraction(5), "length"))


def test_a_number_says_where_it_stands() -> None:
    text = "Nearly 1.2 billion dollars, or 5 %"
    assert [text[each.start : each.end] for each in find(text)] == ["1.2 billion dollars", "5 %"]
    assert [(each.value, each.kind) for each in find(text)] == [(1_200_000_000, "dollar"), (5, "percent")]


@given(st.integers(0, 10**12))
def test_any_number_is_itself_with_and_without_commas(number: int) -> None:
    assert [quantity.value for quantity in find(f"{number:,}")] == [number]
    assert [quantity.value for quantity in find(f"they had {number} of")] == [number]


PIECES = [
    "two",
    "-",
    " ",
    "half",
    "a ",
    "hundred",
    "and ",
    "million",
    "$",
    "5",
    ".",
    ",",
    "%",
    "hat trick",
    "us$",
    "third",
]
PIECES += [
    "per cent",
    "°c",
    "bn",
    "\u202f",
    "½",
    "3:30",
    "pm",
    "İ",
    "٣",
    "dozens of ",
    "point",
    "km",
    "minus ",
    "won",
    "rs",
    "1/2",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text())
def test_anything_is_read_without_an_error(text: str) -> None:
    for quantity in find(text):
        assert isinstance(quantity, Quantity)
        assert text[quantity.start : quantity.end] == quantity.words
        assert held(quantity, [quantity])


@pytest.mark.parametrize(
    ("claimed", "said", "borne"),
    [
        ("exactly 40%", "about 40%", False),
        ("more than 40%", "about 40%", False),
        ("at least 1,200", "some 1,200", False),
        ("at least $516m", "capped at $516m", False),
        ("exactly 1,200", "at least 1,200", False),
        ("exactly 1,200", "1,200", True),
        ("about 40%", "about 40%", True),
        ("nearly 40%", "about 40%", True),
        ("up to $516m", "capped at $516m", True),
        ("at least 240", "more than 240", True),
        ("40%", "about 40%", True),
    ],
)
def test_a_bound_is_borne_only_by_one_that_does_not_contradict_it(claimed: str, said: str, borne: bool) -> None:
    [quantity] = find(claimed)
    assert held(quantity, find(said)) is borne
