"""An archive that is about other things is told from one that does not answer, however small it is."""

from pathlib import Path

import pytest

from rag import Archive, evidence, question, topic
from rag.embedder import bundled_embedder
from rag.reader import open_reader
from rag.records import Article, Hit

STORIES = {
    "Ferry runs aground": "A ferry ran aground off Lindmouth on Monday. The 84 passengers were brought ashore by boats.",
    "Council votes on rent": "The council of Saltmere voted to freeze rents for a year. Eleven members were against it.",
    "New telescope opens": "A telescope with a mirror of eight metres opened in the hills. It looks for faint galaxies.",
    "Bakers win prize": "Two bakers from Harbour Street won the county prize for rye bread. The dough rests for a day.",
}


def hit(number: int, score: float, title: str, text: str) -> tuple[Hit, Article]:
    article = Article(str(number), title, text)
    return Hit(f"p{number}", article.id, 1, 0, len(text), score, text), article


def judged(asked: str, scores: list[float]) -> tuple[tuple[float, ...], bool]:
    """Features and verdict for a question over hits with the scores given."""
    found = [
        hit(number, score, *story) for number, (score, story) in enumerate(zip(scores, STORIES.items(), strict=False))
    ]
    articles = {one.article_id: article for one, article in found}
    read = question.read(asked)
    sentences = evidence.candidates([one for one, _ in found], lambda id, _: articles[id])
    weighed = evidence.weigh(
        read, sentences, rarity=lambda _: 1.0, embed=bundled_embedder().embed, reader=open_reader()
    )
    return topic.features(sentences, weighed), topic.held(read, sentences, weighed)


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ("How many passengers were on the ferry?", True),
        ("Who voted against the freeze of rents?", True),
        ("Which enzyme breaks down lactose in milk?", False),
        ("What do whales eat?", False),
    ],
)
@pytest.mark.parametrize("count", [1, 2, 4])
def test_what_archives_of_a_few_articles_are_about_is_known(
    archive: Archive, tmp_path: Path, asked: str, about: bool, count: int
) -> None:
    for number, (title, text) in enumerate(list(STORIES.items())[: max(count, 2) if "rents" in asked else count]):
        path = tmp_path / f"{number}.md"
        path.write_text(f"---\ntitle: {title}\n---\n{text}\n")
        archive.ingest([path])
    refusal = archive.ask(asked).refusal
    assert (refusal is None or refusal.reason != "off_topic") == about


def test_a_hit_that_stands_out_speaks_for_the_topic() -> None:
    standing_out, _ = judged("How many passengers were on the ferry?", [0.7, 0.2, 0.2, 0.2])
    alike, _ = judged("How many passengers were on the ferry?", [0.7, 0.69, 0.69, 0.69])
    assert standing_out[0] > alike[0]
    assert standing_out[1:] == pytest.approx(alike[1:])


def test_hits_that_a_small_archive_lacks_count_as_usual() -> None:
    one, _ = judged("How many passengers were on the ferry?", [0.7])
    assert one[0] == pytest.approx(topic.USUAL * (topic.DEEP - 1) / topic.DEEP)


@pytest.mark.parametrize(
    ("asked", "about"),
    [("Wie viele Passagiere waren auf der Fähre?", True), ("Welches Enzym spaltet Laktose in der Milch?", False)],
)
def test_elsewhere_than_in_english_words_tell_the_topic(
    archive: Archive, tmp_path: Path, asked: str, about: bool
) -> None:
    path = tmp_path / "faehre.md"
    path.write_text("---\ntitle: Fähre auf Grund\n---\nAuf der Fähre vor Lindmouth waren 84 Passagiere.\n")
    archive.ingest([path])
    refusal = archive.ask(asked).refusal
    assert (refusal is None or refusal.reason != "off_topic") == about


def test_nothing_weighed_is_no_topic() -> None:
    assert not topic.held(question.read("What happened?"), [], [])
