"""Near-copies of a report are told from different reports."""

from hypothesis import given
from hypothesis import strategies as st

from rag.copies import bands, near, shingles

REPORT = (
    "The dam above the town broke in the early hours of Tuesday, sending water into the lower streets. "
    "Rescuers took forty people from roofs before noon, the district said. Two bridges are closed and the railway "
    "has stopped. The district asked people to stay away from the river until the weekend. Engineers had warned of "
    "cracks in the spillway in May, according to a report seen by the agency."
)


def test_a_copy_with_a_trimmed_end_and_another_headline_is_near() -> None:
    trimmed = "Flood: " + REPORT[: REPORT.index("Engineers")]
    assert near(shingles(REPORT), shingles(trimmed))
    assert set(bands(REPORT)) & set(bands(trimmed))


def test_another_report_of_the_same_event_is_not_near() -> None:
    other = (
        "Forty people were saved from roofs on Tuesday after the dam failed, and engineers spoke of earlier cracks. "
        "The mayor blamed the owner, who denied any fault and promised to pay for the two closed bridges."
    )
    assert not near(shingles(REPORT), shingles(other))


@given(st.text(max_size=200))
def test_every_text_is_near_itself_and_has_the_same_keys(text: str) -> None:
    assert near(shingles(text), shingles(text))
    assert bands(text) == bands(text)
