from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import passages
from rag.claims.folding import verbatim
from rag.verify import Check, Source, verify

FERRY = Source(
    "A passenger ferry carrying 187 people capsized in rough seas off the island of Velmora early on Tuesday, "
    "killing at least three people, the coastguard said. Rescuers pulled 171 survivors from the water; 13 "
    "people are still missing. The Star of Arden, built in 1994, had been due for inspection in April. Harbour "
    "master Ilse Brandt said the captain had not been warned about the storm. “Nobody told us the wind would "
    "turn so quickly,” said the first mate, Tomas Okoye. Prime Minister Hana Lindqvist promised $4.5 million "
    "for the victims' families.",
    datetime(2024, 3, 14, 9, tzinfo=UTC),
)
FIRE = Source(
    "A wildfire has destroyed more than 240 homes near Port Callan and forced about 12,000 people to flee since "
    "Saturday. Crews had contained 15% of the blaze, which has burned 9,300 hectares. The state has sent 600 "
    "soldiers and 14 helicopters. Two firefighters were treated for smoke inhalation. Dolores Amaya thanked "
    "Calder Electric. Last year was the driest summer since 1976, and temperatures rose by 2 degrees Celsius.",
    datetime(2024, 8, 20, 9, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            FERRY,
            "A ferry with 187 people aboard capsized off Velmora on 12 March 2024, and at least three died.",
        ),
        (FERRY, "Thirteen people remain missing."),
        (FERRY, "The Star of Arden was due to be inspected in April."),
        (FERRY, "According to Ilse Brandt, the captain was not warned about the storm."),
        (FERRY, "Okoye, the mate, said that “nobody told us the wind would turn so quickly”."),
        (FERRY, "Lindqvist, the prime minister, promised the families of the victims 4.5 million dollars."),
        (FIRE, "The fire has destroyed over 240 homes and burned 9,300 hectares, with 15 percent contained."),
        (FIRE, "Some 12,000 people have been forced to flee since 17 August."),
        (FIRE, "Six hundred soldiers have been sent by the state."),
    ],
)
def test_a_true_paraphrase_is_not_rejected(source: Source, sentence: str) -> None:
    assert verify(sentence, [source]) == Check("supported")


@pytest.mark.parametrize(
    ("source", "sentence", "kind", "found"),
    [
        (FERRY, "A ferry with 178 people aboard capsized near Velmora on Tuesday.", "number", "178"),
        (FERRY, "Lindqvist promised €4.5 million for the families.", "number", "€4.5 million"),
        (FERRY, "The ferry capsized off Velmora on 13 March 2024.", "date", "13 March 2024"),
        (FERRY, "The ferry capsized off Velmora on Wednesday.", "date", "Wednesday"),
        (FERRY, "The Star of Arden had been due for inspection in May.", "date", "May"),
        (FERRY, "The Star of Ardenne was built in 1994.", "name", "Star of Ardenne"),
        (FERRY, "Prime Minister Ilse Lindqvist promised $4.5 million.", "name", "Ilse Lindqvist"),
        (FERRY, "Brandt said the captain had been warned about the storm.", "wording", "warned"),
        (FIRE, "The wildfire has not destroyed more than 240 homes near Port Callan.", "wording", "destroyed"),
        (FIRE, "The wildfire has burned 9,300 acres.", "number", "9,300 acres"),
        (FIRE, "Temperatures fell by 2 degrees Celsius last year.", "wording", "fell"),
        (FIRE, "Calder Electric thanked Dolores Amaya.", "wording", "Calder Electric thanked Dolores Amaya"),
        (FIRE, "The state has sent 14 soldiers.", "wording", "14"),
    ],
)
def test_a_falsified_sentence_is_rejected_and_says_where(
    source: Source, sentence: str, kind: str, found: str
) -> None:
    check = verify(sentence, [source])
    assert check.verdict == "unsupported"
    assert [(problem.kind, problem.found) for problem in check.problems] == [(kind, found)]


DEPOT = Source(
    "The council of Port Merrow voted 27 to 9 on Monday for the new depot. The depot will cost $64m instead of $51m, "
    "an increase of about 25%. Under the lease, the county's share is capped at $20m. Ferry prices went up by 6% last "
    "year, while wages went up by 2%. Ilse Okafor said the old crane would stay empty until spring. The company may "
    "sell the fish market. Volunteers did not rescue every seal. A quick call rescued most of the boats."
)
MINE = Source(
    "A fire killed four people on Sunday and injured nineteen. Owner Tarn Copper reopened the shaft with 45 fewer "
    "workers. The ministry had spoken of six dead, the union of eleven. Inspectors rejected the plan in June, although "
    "nobody objected. About 800 villagers were told to leave. Tarn Copper plans to open a smelter in Lund. The fund "
    "raised ticket prices from $3.20 to $3.90."
)


@pytest.mark.parametrize(
    ("source", "sentence", "found"),
    [
        (DEPOT, "The council voted 9 to 27 on Monday for the new depot.", "9 / 27"),
        (DEPOT, "The depot will cost $51m instead of $64m.", "$51m / $64m"),
        (DEPOT, "Ferry prices went up by 2% last year, while wages went up by 6%.", "2% / 6%"),
        (DEPOT, "Ferry prices fell by 6% last year.", "fell"),
        (DEPOT, "Ilse Okafor said the old crane would stay full until spring.", "full"),
        (DEPOT, "Volunteers rescued every seal.", "rescued"),
        (
            DEPOT,
            "The council voted for the new depot, and she secretly breeds penguins.",
            "she secretly breeds penguins",
        ),
        (DEPOT, "Someone is hoarding gold, and the company may sell the fish market.", "Someone is hoarding gold"),
        (MINE, "A fire killed nineteen people on Sunday and injured four.", "nineteen / four"),
        (MINE, "The ministry had spoken of eleven dead, the union of six.", "eleven / six"),
        (MINE, "The fund raised ticket prices from $3.90 to $3.20.", "$3.90 / $3.20"),
        (MINE, "Inspectors approved the plan in June.", "approved"),
        (MINE, "Tarn Copper closed the shaft.", "closed"),
    ],
)
def test_words_that_are_there_and_say_something_else_are_rejected(source: Source, sentence: str, found: str) -> None:
    check = verify(sentence, [source])
    assert check.verdict == "unsupported"
    assert [(problem.kind, problem.found) for problem in check.problems] == [("wording", found)]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (DEPOT, "Councillors voted 27 to 9 for the depot."),
        (DEPOT, "The depot's price rose from $51m to $64m, an increase of roughly 25%."),
        (DEPOT, "Ferry prices rose by 6% while wages rose by 2%."),
        (DEPOT, "The company is considering a sale of the fish market."),
        (DEPOT, "Most of the boats were rescued by a quick call."),
        (MINE, "Nineteen people were injured and four killed by a fire on Sunday."),
        (MINE, "The union had spoken of eleven dead, the ministry of six."),
        (MINE, "Some 800 villagers were told to leave first."),
        (MINE, "Tarn Copper intends to open a smelter in Lund."),
    ],
)
def test_what_looks_turned_round_and_is_not_is_kept(source: Source, sentence: str) -> None:
    assert verify(sentence, [source]) == Check("supported")


@pytest.mark.parametrize("sentence", ["He was murdered.", "It exploded.", "Yes.", "No.", "They did.", "它被烧毁了。"])
def test_a_short_sentence_without_one_word_of_its_source_is_unsupported(sentence: str) -> None:
    assert verify(sentence, [DEPOT]).verdict == "unsupported"


def test_other_words_of_a_script_without_blanks_are_weak() -> None:
    assert verify("他昨天被杀了。", [Source("他被谋杀了，昨天。")]).verdict == "weak"


def test_a_question_is_no_statement() -> None:
    check = verify("Will the new depot cost $64m?", [DEPOT])
    assert (check.verdict, check.problems[0].kind) == ("unsupported", "wording")
    assert "asks" in check.problems[0].message


@pytest.mark.parametrize(
    "sentence", ["The company has sold the fish market.", "The company is selling the fish market."]
)
def test_what_the_source_leaves_open_is_weak_as_a_fact(sentence: str) -> None:
    check = verify(sentence, [DEPOT])
    assert check.verdict == "weak"
    assert "“may”" in check.problems[0].message
    assert verify(sentence, [DEPOT, Source("The company has sold the fish market to a bank.")]).verdict == "supported"


def test_a_rank_is_checked_where_first_tells_no_order_of_events() -> None:
    assert [
        each.found for each in verify("The Arden finished first.", [Source("The Arden was there.")]).problems
    ] == ["first"]


def test_a_message_says_what_the_source_has_instead() -> None:
    [problem] = verify("The Su-35 fleet has 35 jets.", [Source("The Su-35 fleet has 57 jets.")]).problems
    assert problem.message == "The cited text does not say “35”; it says “57”."


@pytest.mark.parametrize("sources", [[], [Source("")], [Source(" \n")]])
def test_a_sentence_without_a_source_is_unsupported(sources: list[Source]) -> None:
    check = verify("Kim met Putin.", sources)
    assert check.verdict == "unsupported"
    assert [problem.kind for problem in check.problems] == ["citation"]


def test_two_sources_bear_a_sentence_together_but_a_quotation_must_be_whole_in_one() -> None:
    parts = [Source("Brandt spoke of “a sudden"), Source("storm” in which 13 people drowned.")]
    assert verify("Brandt spoke of a storm in which 13 drowned.", parts).verdict == "supported"
    assert [each.kind for each in verify("Brandt spoke of “a sudden storm”.", parts).problems] == ["quotation"]


@pytest.mark.parametrize(
    "denial", ["It is not true that", "It is false that", "She denied that", "There is no evidence that"]
)
def test_words_cut_out_of_a_denial_are_not_the_sentence(denial: str) -> None:
    source = Source(f"{denial} Ilse Brandt was warned about the storm.")
    assert verify("Ilse Brandt was warned about the storm.", [source]).verdict == "unsupported"


def test_a_sentence_about_something_else_is_unsupported_and_one_in_other_words_weak() -> None:
    assert verify("Shares of the chipmaker closed sharply lower.", [FERRY]).verdict == "unsupported"
    assert verify("The passenger vessel overturned in heavy weather near the island.", [FERRY]).verdict == "weak"


def test_a_day_is_read_against_the_article_it_stands_in() -> None:
    older = Source("Talks were held on Tuesday.", datetime(2024, 3, 7, tzinfo=UTC))
    newer = Source("Talks were held on Tuesday.", datetime(2024, 3, 14, tzinfo=UTC))
    assert verify("Talks were held on 5 March.", [newer, older]).verdict == "supported"
    assert verify("Talks were held on 5 March.", [newer]).verdict == "unsupported"
    assert verify("Talks were held earlier this week.", [newer]).verdict == "supported"


PIECES = [
    "Kim Jong Un met ",
    "Žďár ",
    "“we won”",
    " on Sept. 15, 2023. ",
    "\r\n",
    "U.S. ",
    "did not ",
    "🎉 ",
    "שלום עולם ",
]
PIECES += [
    "$1.2bn ",
    "’s ",
    "said. ",
    "It is ",
    "two ",
    "\n\n",
    "\xa0",
    "\u2028",
    '"',
    "‘ok’ ",
    "1\u202f200 ",
    "no. ",
    "…",
]
PIECES += ["e\u0301", "İ ", ", ", "! ", "A", "?"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=16).map("".join) | st.text()


@given(TEXTS)
def test_a_sentence_cut_from_a_text_is_supported_by_it(text: str) -> None:
    for sentence in (text[span.start : span.end] for span in passages.sentences(text)):
        if verbatim(sentence):
            assert verify(sentence, [Source(text)]) == Check("supported")


@pytest.mark.parametrize("unseen", ["\u200b", "\u200d \u2060"])
def test_what_no_reader_sees_is_not_supported(unseen: str) -> None:
    assert verify(unseen, [Source(f"{unseen}The tram opened on Monday.")]).verdict == "unsupported"


@given(TEXTS, TEXTS, TEXTS)
def test_more_sources_never_add_something_missing(sentence: str, one: str, two: str) -> None:
    alone = verify(sentence, [Source(one, FERRY.published_at)])
    both = verify(sentence, [Source(one, FERRY.published_at), Source(two, FIRE.published_at)])
    if alone.problems and alone.problems[0].kind != "citation":
        missing = {problem for problem in both.problems if problem.kind != "wording"}
        assert {(each.kind, each.found) for each in missing} <= {(each.kind, each.found) for each in alone.problems}


@pytest.mark.parametrize("written", ["the third quarter of 2021", "Q3 2021"])
def test_the_quarter_of_a_year_is_checked_beside_the_year(written: str) -> None:
    report = [Source(f"Revenue grew in {written}.")]
    assert verify("Revenue grew in the third quarter.", report).verdict == "supported"
    assert verify("Revenue grew in Q3 2021.", report).verdict == "supported"
    assert [each.found for each in verify("Revenue grew in the second quarter of 2021.", report).problems] == [
        "second"
    ]
    assert [each.found for each in verify("Revenue grew in Q2.", report).problems] == ["Q2"]


ROWERS = Source(
    "Ann Lowe and Bo Hart rowed past Ohio, Texas Point and Utah Rock. Mel Orr, 25, and Cy Dunn, 30, watched."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Two rowers, Ann Lowe and Bo Hart, rowed past Ohio.",
        "There were four rowers: Ann Lowe, Bo Hart, Mel Orr, and Cy Dunn.",
        "Two of them, Mel Orr, 25, and Cy Dunn, 30, watched.",
        "Step 3: Ann Lowe rowed past Ohio.",
        "The second half of the text says that Mel Orr watched.",
    ],
)
def test_a_number_that_the_sentence_itself_bears_out_is_no_problem(sentence: str) -> None:
    assert not [each for each in verify(sentence, [ROWERS]).problems if each.kind == "number"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Three rowers, Ann Lowe and Bo Hart, rowed past Ohio.", "Three"),
        ("Two people rowed past Ohio, Texas Point and Utah Rock.", "Two"),
        ("Step 3 is to row past Ohio.", "3"),
        ("Ann Lowe rowed past Ohio in the second half.", "second"),
        ("Three watched: Mel Orr, 25, and Cy Dunn, 30.", "Three"),
    ],
)
def test_a_number_that_the_names_behind_it_do_not_make_is_a_problem(sentence: str, found: str) -> None:
    assert found in [each.found for each in verify(sentence, [ROWERS]).problems if each.kind == "number"]


PLAN = Source(
    "The mayor praised the “Harbour Renewal Plan”. “[T]he US pier held,” she said. “It is up to us.” "
    "Fees were higher than a year ago. THE LANTERN FESTIVAL opens in May."
)


@pytest.mark.parametrize(
    ("quoted", "borne"),
    [
        ("harbour renewal plan", True),
        ("harbour removal plan", False),
        ("the US pier held", True),
        ("the us pier held", False),
        ("It is up to US", False),
        ("Lantern Festival", True),
        ("Lantern Festivals", False),
        ("the US pier [never] held", False),
    ],
)
def test_a_quotation_may_differ_in_a_titles_capitals_and_in_brackets_but_not_in_words(
    quoted: str, borne: bool
) -> None:
    kinds = [each.kind for each in verify(f"The mayor spoke of “{quoted}”.", [PLAN]).problems]
    assert ("quotation" not in kinds) is borne


def test_last_year_may_be_a_year_ago_but_no_other_time() -> None:
    assert verify("Fees were higher than last year.", [PLAN]).verdict == "supported"
    assert [each.found for each in verify("Fees were higher than last month.", [PLAN]).problems] == ["last month"]
    assert [each.found for each in verify("Fees were higher than next year.", [PLAN]).problems] == ["next year"]


YARD = Source(
    "Mr. Hart said the 5G network doubled. The non-GAAP profit doubled. Mrs. Lee used the code FIT15ABC. Orr agreed."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Mr Hart said the 5G network doubled.",
        "Mrs. Lee used the code FIT15ABC.",
        "Ms. Orr agreed.",
        "The non-GAAP profit doubled.",
    ],
)
def test_titles_and_codes_as_the_source_has_them_are_no_problem(sentence: str) -> None:
    assert verify(sentence, [YARD]) == Check("supported")


@pytest.mark.parametrize(
    ("sentence", "kind", "found"),
    [
        ("Mrs. Hart said the 5G network doubled.", "wording", "Mrs. Hart"),
        ("Mr. Lee's code was FIT15ABC.", "wording", "Mr. Lee"),
        ("Mr. Hart said the 4G network doubled.", "name", "4G"),
        ("Mrs. Lee used the code FIT15ABD.", "name", "FIT15ABD"),
        ("The non-IFRS profit doubled.", "name", "non-IFRS"),
        ("The non-GAAP profit tripled.", "wording", "tripled"),
    ],
)
def test_another_title_code_or_growth_is_a_problem(sentence: str, kind: str, found: str) -> None:
    assert (kind, found) in [(each.kind, each.found) for each in verify(sentence, [YARD]).problems]


def test_a_growth_may_be_told_by_two_figures() -> None:
    sources = [Source("Sales rose from 2 to 6 tonnes.")]
    assert verify("Sales tripled to 6 tonnes.", sources).verdict != "unsupported"


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The harbour reopened after the long strike ended, and curl.", "weak"),
        ("The harbour reopened after the long strike ended, and the moon lay upon the silver sea.", "weak"),
        ("The harbour reopened after the long strike ended, and the ferries sailed.", "supported"),
    ],
)
def test_a_part_that_no_sentence_of_the_source_has_to_do_with_is_marked(sentence: str, verdict: str) -> None:
    source = Source(
        "The harbour reopened when the long strike ended. The ferries sailed at noon. Fish is dear by the sea."
    )
    assert verify(sentence, [source]).verdict == verdict
