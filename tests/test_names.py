from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.claims import lexicon
from rag.claims.names import find, is_plural, matches

FOUND = [
    ("Foreign Minister Sergei Lavrov met Theresa May on Friday.", ["Sergei Lavrov", "Theresa May"]),
    ("Residents fled. Police said so. Putin did not.", ["Putin"]),
    ("Meanwhile Putin left the White House", ["Putin", "White House"]),
    ("White House officials", ["White House"]),
    ("Former President Donald Trump and King Charles III", ["Donald Trump", "Charles III"]),
    ("the Far Eastern Federal University", ["Far Eastern Federal University"]),
    ("the Ministry of Defence", ["Ministry of Defence"]),
    ("Su-35 jets, Covid-19 and the G20", ["Su-35", "Covid-19", "G20"]),
    ("Žďár nad Sázavou and O'Brien's dog", ["Žďár", "Sázavou", "O'Brien"]),
    ("Bashar al-Assad met Ursula von der Leyen", ["Bashar al-Assad", "Ursula von der Leyen"]),
    ("U.S. President Joe Biden, in St. Petersburg", ["U.S.", "Joe Biden", "Petersburg"]),
    ("North Korea’s Kim in Komsomolsk-on-Amur", ["North Korea", "Kim", "Komsomolsk-on-Amur"]),
    ("“We won,” said Biden. I'm sure.", ["Biden"]),
    ("He died in World War I.", ["World War I"]),
    ("World War I ended. After the War I left.", ["World War I", "War"]),
    ("KIM VISITS MILITARY PLANT IN RUSSIA", []),
    ("Who accompanies Kim?", ["Kim"]),
    ("what did putin say", []),
]
HELD = [
    ("Putin", "Vladimir Putin spoke"),
    ("Vladimir Putin", "Vladimir Vladimirovich Putin"),
    ("Joe Biden", "Joe and Hunter Biden"),
    ("George W. Bush", "George Bush"),
    ("Kim Jong-il", "Kim Jong Il's father"),
    ("Žďár", "Zdar hockey"),
    ("Zelenskyy", "Zelensky said"),
    ("UN", "the United Nations said"),
    ("UN Security Council", "the United Nations Security Council"),
    ("U.S. Embassy", "a U.S. Embassy spokesman"),
    ("U.S.", "American officials"),
    ("the U.S", "in the U.S. and"),
    ("Britain", "the UK"),
    ("Russia", "Russian jets"),
    ("Russian-made", "made in Russia"),
    ("North Korean", "North Korea said"),
    ("Nato", "NATO"),
    ("Lamb of God", "heavy LAMB OF GOD live"),
    ("Ministry of Defence", "the Defence Ministry"),
    ("Defence Ministry", "the Ministry of Defence"),
    ("FEFU", "Far Eastern Federal University"),
    ("Centers for Disease Control", "the Centers for Disease Control said"),
    ("Su-35", "two Su-35s"),
    ("Su-35", "the Su 35"),
    ("Covid-19", "COVID-19 cases"),
    ("Q2", "in the second quarter"),
    ("O'Brien", "O’Brien's"),
    ("Astrophysicist Amy Mainzer", "Amy Mainzer, an astrophysicist"),
    ("Robert Miller", "Bob Miller"),
    ("National Rowing Contributions", "lower NRCs"),
    ("Massachusetts", "in Boston, Mass. today"),
    ("Texas", "Houston, TX"),
    ("Mohammad Ali", "Muhammad Ali"),
    ("Islamic State", "ISIS fighters"),
    ("Executive Tim Cook", "CEO Tim Cook, an executive"),
    ("ResNet-50", "a ResNet 50"),
    ("Tony Albanese", "Anthony Albanese"),
    ("London", "many Londoners"),
    ("New Yorkers", "in New York"),
    ("Republican Party", "the Republicans"),
    ("Republicans", "the GOP"),
    ("Conservatives", "the Tories"),
    ("Democratic Party", "most Democrats"),
    ("World War II", "the Second World War"),
    ("World War One", "before World War I"),
    ("Justice Department", "the Dept. of Justice"),
    ("Apple Inc.", "Apple said"),
    ("Covid-19", "the coronavirus pandemic"),
    ("United States National Film Registry", "the National Film Registry of the U.S."),
]
NOT_HELD = [
    ("Rob Miller", "Bob Miller"),
    ("National Rowing Contributions", "lower NRDs"),
    ("Paris Hilton", "the Hilton in Paris"),
    ("Muhammad Ali", "Muhammad and then Ali"),
    ("Nevada", "Houston, TX"),
    ("ResNet-101", "ResNet-50"),
    ("Apollo-12", "Apollo-11 and 12 men"),
    ("Robert Miller", "Bob Mills"),
    ("Robert", "Bob"),
    ("Tony Albanese", "Toby Albanese"),
    ("Leeds", "many Londoners"),
    ("Democratic Party", "the Republicans"),
    ("World War I", "World War II and the Second World War"),
    ("World War II", "the First World War"),
    ("Treasury Department", "the Dept. of Justice"),
    ("Apple Bank", "Apple said"),
    ("Sars-2", "the coronavirus pandemic"),
    ("United States National Film Registry", "the National Film Registry of Canada"),
    ("Kim Jong Un", "Kim said"),
    ("Kim Jong Il", "Kim Jong Un met Il Divo"),
    ("Kim Jong Un", "Kim Jong Il and the UN"),
    ("Sergei Lavrov", "Sergei Shoigu and Lavrov"),
    ("Hunter Biden", "Joe Biden"),
    ("South Korea", "North Korea"),
    ("Niger", "Nigerian"),
    ("US", "tell us about it"),
    ("WHO", "who said so"),
    ("Su-37", "Su-35"),
    ("Su-3", "Su-35"),
    ("G20", "G7"),
    ("Biden", "Bidenomics"),
    ("Vladimir Putin", "Vladimir, said Putin"),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_names_are_found_without_titles_and_sentence_starts(text: str, expected: list[str]) -> None:
    assert [name.words for name in find(text)] == expected


@pytest.mark.parametrize(("name", "text"), HELD)
def test_a_name_is_held_in_any_of_its_spellings(name: str, text: str) -> None:
    assert matches(name, text)


@pytest.mark.parametrize(("name", "text"), NOT_HELD)
def test_another_name_or_half_of_one_is_not_held(name: str, text: str) -> None:
    assert not matches(name, text)


def test_a_code_is_told_from_a_name() -> None:
    assert [(name.words, name.kind) for name in find("Sukhoi Su-35")] == [("Sukhoi", "name"), ("Su-35", "code")]


def test_the_list_of_common_words_is_what_its_recipe_makes() -> None:
    shipped = (lexicon.FOLDER / "common_words.txt").read_text("ascii").split()
    assert shipped == lexicon.derive()
    assert lexicon.common("Residents")
    assert not lexicon.common("Lavrov")


PIECES = [
    "United ",
    "Nations ",
    "Kim ",
    "Jong-",
    "un",
    "U.S. ",
    "of ",
    "the ",
    "’s ",
    "’",
    ". ",
    "“",
    "Su-35",
    "A",
    "I ",
    "é",
]
PIECES += [
    "İstanbul ",
    "\r\n",
    "UN ",
    "al-",
    "Mr. ",
    "President ",
    "May ",
    "and ",
    "& ",
    "🎉",
    "שלום ",
    "LAMB ",
    "OF ",
    "-",
    "9",
    "\xa0",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join) | st.text()


@given(TEXTS)
def test_a_text_holds_every_name_found_in_it(text: str) -> None:
    for name in find(text):
        assert text[name.start : name.end] == name.words
        assert matches(name.words, text)


@example("AA'A0", "")
@given(TEXTS, TEXTS)
def test_more_text_never_loses_a_name(text: str, more: str) -> None:
    for name in find(text):
        assert matches(name.words, f"{text}\n{more}")


@pytest.mark.parametrize(
    ("word", "plural"), [("Councillors", True), ("Dockers", True), ("Brown", False), ("Sanders", False)]
)
def test_a_plural_of_a_word_written_small_is_no_name(word: str, plural: bool) -> None:
    assert is_plural(word, "The council met the dock workers in brown coats.") is plural
