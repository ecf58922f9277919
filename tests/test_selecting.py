"""Which sentences are chosen where a length must be filled."""

from __future__ import annotations

from stories import march, story

from rag.embedder import bundled_embedder
from rag.summaries.choosing.rivals import Rivals
from rag.summaries.choosing.selecting import Pool, Room, select
from rag.summaries.choosing.weighing import weighed
from rag.summary import Length

OLD = "Nine people died in the flood at Lindmouth."
NEW = "The flood at Lindmouth killed eight people."


def chosen(length: Length, *texts: tuple[str, int]) -> list[str]:
    articles = tuple(story(f"s{day}", text, title="Flood", published_at=march(day)) for text, day in texts)
    sentences, weights = weighed(articles)
    pool = Pool(sentences, weights, Rivals(sentences, bundled_embedder().embed))
    select([pool], Room(length))
    return [sentences[place].text for place in sorted(pool.chosen)]


def test_the_shortest_sentence_is_never_one_whose_figure_a_later_report_gives_otherwise() -> None:
    assert chosen(Length(words=2), (OLD, 4), (NEW, 18)) == [NEW]


def test_a_length_is_not_filled_with_a_figure_that_a_later_report_gives_otherwise() -> None:
    long = (
        "The council of Lindmouth will rebuild the old town and its bridge with money from the state by next summer."
    )
    assert OLD not in chosen(Length(words=8), (f"{long} {OLD}", 4), (f"{NEW} Ada Finch thanked everyone.", 18))
