"""What readers say of answers becomes cases of a suite: right ones whole, wrong ones with gaps for a person to fill."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from ui_records import ANSWER, REFUSED

from eval.cases import Case
from eval.commands.new import new_command
from eval.drafting import by_readers
from eval.drafting.by_readers import drafted
from eval.drafting.gaps import GAP
from eval.drafting.writing import write
from eval.feedback import Feedback, judged
from eval.report import Settings
from eval.running.runner import Running, run
from eval.suite import load_suite, locate
from rag import Archive
from rag.errors import InputError
from rag.history import FILE
from rag.records import Answer, Statement
from ui.kept.conversations import Conversations
from ui.kept.exchange import Exchange

ADA = "a" * 32
DAY = datetime(2026, 5, 4, 10, tzinfo=UTC)
RIGHT, WRONG = Feedback(True, None, "", DAY), Feedback(False, None, "", DAY)
DAM = "The Halvik Dam was completed on 3 May 2019."
KEEPER = "Jonas Reyl opened the Halvik Dam in Saltmere before 400 guests."
ARTICLES = [
    {"id": "dam", "title": "Halvik Dam is done", "text": f"{DAM} {KEEPER} Ferries went on as before.", "source": "Post"},
    {"id": "choir", "title": "Choir sings", "text": "The Saltmere choir sang for 90 minutes in the old mill on Sunday."},
]  # fmt: skip


@pytest.fixture
def archive(archive: Archive, tmp_path: Path) -> Archive:
    """An archive of two articles."""
    rows = [json.dumps(row | {"published_at": "2026-05-01"}) for row in ARTICLES]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows))
    assert archive.ingest([tmp_path / "rows.jsonl"]).added == 2
    return archive


@pytest.fixture
def kept(archive: Archive) -> Iterator[Conversations]:
    kept = Conversations(archive.folder)
    yield kept
    kept.close()


def say(kept: Conversations, answer: Answer, feedback: Feedback | None, *, id: str = "", key: str = "1") -> str:
    """An answer shown to a reader, and what they said of it."""
    id = id or kept.begin()
    kept.put(ADA, id, Exchange(answer.question, answer, key=key))
    if feedback:
        kept.judge(ADA, id, key, feedback)
    return id


def only(archive: Archive) -> Case:
    (case,) = drafted(archive, many=9).cases
    return case


def test_an_answer_judged_right_bears_its_quotes_and_the_words_that_answer(
    archive: Archive, kept: Conversations
) -> None:
    answer = archive.ask("When was the Halvik Dam completed?")
    say(kept, answer, RIGHT)
    case = only(archive)
    assert (case.question, case.answerable, case.answers) == (answer.question, True, ("3 May 2019",))
    assert ("dam", DAM) in [(gold.article, gold.quote) for gold in case.gold]
    assert case.tags == ("draft", "feedback", "right")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Who opened the Halvik Dam?", "Jonas Reyl"),
        ("How many guests came to the Halvik Dam?", "400"),
        ("Was the Halvik Dam opened?", KEEPER),
    ],
)
def test_what_a_question_asks_for_is_the_expected_answer(question: str, expected: str) -> None:
    assert by_readers._answers(question, [Statement(KEEPER, (1,), "supported")]) == (expected,)


def test_a_refusal_judged_right_is_a_case_without_an_answer(archive: Archive, kept: Conversations) -> None:
    answer = archive.ask("What did the queen of Tonga eat?")
    assert answer.refusal is not None
    say(kept, answer, RIGHT)
    case = only(archive)
    assert (case.answerable, case.answers, case.gold) == (False, (), ())
    assert answer.refusal.message in (case.why or "")


def test_a_wrong_sentence_is_forbidden_and_the_rest_is_what_is_left(archive: Archive, kept: Conversations) -> None:
    answer = archive.ask("When was the Halvik Dam completed?")
    (dam,) = answer.citations[:1]
    two = replace(
        answer,
        statements=(Statement(DAM, (1,), "supported"), Statement("Ferries stopped.", (2,), "weak")),
        citations=(dam, replace(dam, number=2, quote="Ferries went on as before.")),
    )
    say(kept, two, Feedback(False, 1, "", DAY))
    case = only(archive)
    assert case.forbidden == ("Ferries stopped.",)
    assert [(gold.article, gold.quote) for gold in case.gold] == [("dam", dam.quote)]
    assert case.answers == ("3 May 2019",)


@pytest.mark.parametrize("question", ["When was the Halvik Dam completed?", "What did the queen of Tonga eat?"])
def test_what_is_wrong_as_a_whole_has_gaps_and_a_note_fills_one(
    archive: Archive, kept: Conversations, question: str
) -> None:
    answer = archive.ask(question)
    say(kept, answer, WRONG)
    say(kept, replace(answer, question="Another?"), replace(WRONG, note="4 June", at=DAY.replace(hour=9)))
    bare, noted = drafted(archive, many=9).cases
    assert [(gold.article, gold.quote) for gold in bare.gold] == [(GAP, GAP)]
    assert (bare.answers, noted.answers) == ((GAP,), ("4 June",))
    assert bare.forbidden == tuple(statement.text for statement in answer.statements)
    assert "Put in what stands as" in (bare.why or "")


def test_a_follow_up_keeps_what_it_follows(archive: Archive, kept: Conversations) -> None:
    first, second = archive.ask("Who opened the Halvik Dam?"), archive.ask("When was the Halvik Dam completed?")
    id = say(kept, first, None)
    say(kept, REFUSED, None, id=id, key="2")
    say(kept, second, RIGHT, id=id, key="3")
    assert [(turn.question, turn.answer) for turn in only(archive).history] == [(first.question, first.text)]


def test_of_one_answer_the_newest_verdict_counts_and_of_a_deleted_one_none(
    archive: Archive, kept: Conversations
) -> None:
    answer = archive.ask("Who opened the Halvik Dam?")
    ids = [say(kept, answer, RIGHT), say(kept, answer, replace(WRONG, at=DAY.replace(hour=11)))]
    assert [one.feedback.right for one in judged(archive.folder)] == [False]
    kept.delete(ADA, ids[1])
    assert [one.feedback.right for one in judged(archive.folder)] == [True]
    kept.delete_all(ADA)
    assert judged(archive.folder) == ()


def test_answers_whose_articles_are_gone_are_counted(archive: Archive, kept: Conversations) -> None:
    say(kept, archive.ask("When was the Halvik Dam completed?"), RIGHT)
    say(kept, archive.ask("How long did the Saltmere choir sing?"), RIGHT)
    archive.remove("dam")
    drafts = drafted(archive, many=9)
    assert ([case.gold[0].article for case in drafts.cases], drafts.stale) == (["choir"], 1)
    archive.remove("choir")
    with pytest.raises(InputError, match="gone or have changed"):
        drafted(archive, many=9)


def test_a_suite_of_verdicts_loads_at_once_and_runs_when_its_gaps_are_filled(
    archive: Archive, kept: Conversations, tmp_path: Path
) -> None:
    say(kept, archive.ask("When was the Halvik Dam completed?"), RIGHT)
    say(kept, archive.ask("Who opened the Halvik Dam?"), WRONG)
    say(kept, archive.ask("What did the queen of Tonga eat?"), RIGHT)
    file = tmp_path / "said.jsonl"
    write(file, drafted(archive, many=9, licence="ours"))
    with pytest.raises(InputError, match=r"said\.jsonl:\d+: case 'feedback-\d+': no article is called '…'"):
        locate(load_suite(file), archive.articles())
    text = file.read_text()
    gap = f'"answers": ["{GAP}"], "gold": [{{"article": "{GAP}", "quote": "{GAP}"}}]'
    assert text.count(gap) == 1
    file.write_text(
        text.replace(gap, f'"answers": ["Jonas Reyl"], "gold": [{{"article": "dam", "quote": {json.dumps(KEEPER)}}}]')
    )
    report = run(load_suite(file), Settings(), Running(runs=None))
    assert len(report.outcomes) == 3
    assert report.failed == ()


def test_the_command_drafts_from_verdicts(archive: Archive, kept: Conversations, tmp_path: Path) -> None:
    for number in range(3):
        answer = replace(archive.ask("Who opened the Halvik Dam?"), question=f"Who opened it ({number})?")
        say(kept, answer, replace(RIGHT, at=DAY.replace(minute=number)))
    file = tmp_path / "said.jsonl"
    found = CliRunner().invoke(
        new_command, [str(archive.folder), "--feedback", "--out", str(file), "--cases", "2"], catch_exceptions=False
    )
    assert [case.question for case in load_suite(file).cases] == ["Who opened it (2)?", "Who opened it (1)?"]
    assert "1 older judged answers left out; raise --cases" in found.stderr
    assert "2 cases in" in found.stdout


def test_without_any_verdict_the_command_says_where_to_give_one(archive: Archive, kept: Conversations) -> None:
    for _ in range(2):
        with pytest.raises(InputError, match="no answer was judged yet; press Right or Wrong"):
            drafted(archive, many=9)
        say(kept, ANSWER, None)


def test_asking_a_model_beside_verdicts_is_refused(archive: Archive) -> None:
    found = CliRunner().invoke(new_command, [str(archive.folder), "--feedback", "--model", "openai:small"])
    assert found.exit_code == 2
    assert "--feedback asks no model" in found.stderr
    assert not (archive.folder / FILE).exists()
