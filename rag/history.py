"""The file of what readers asked and had summarised, which stands beside the catalogue in the archive's folder."""

from datetime import UTC, datetime, timedelta

from rag.database import Tables

FILE = "history.sqlite3"
"""Its name."""

_TABLES = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY, reader TEXT NOT NULL, title TEXT NOT NULL, began INTEGER NOT NULL, changed INTEGER NOT NULL,
    deleted INTEGER
) WITHOUT ROWID;
CREATE INDEX conversations_reader ON conversations (reader, changed);
CREATE INDEX conversations_deleted ON conversations (deleted) WHERE deleted IS NOT NULL;
CREATE TABLE exchanges (
    conversation TEXT NOT NULL, place INTEGER NOT NULL, key TEXT NOT NULL, asked INTEGER, question TEXT NOT NULL,
    answer TEXT, written TEXT, error TEXT, writer TEXT NOT NULL, searched TEXT NOT NULL,
    judged INTEGER, is_right INTEGER, sentence INTEGER, note TEXT,
    PRIMARY KEY (conversation, place), UNIQUE (conversation, key)
);
CREATE INDEX exchanges_judged ON exchanges (judged) WHERE judged IS NOT NULL;
"""
_SUMMARIES = """
CREATE TABLE summaries (
    id TEXT PRIMARY KEY, reader TEXT NOT NULL, asked INTEGER NOT NULL, form TEXT NOT NULL, summary TEXT, error TEXT,
    writer TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX summaries_reader ON summaries (reader, asked);
"""
# Times are ``micros``. ``answer``, ``written`` and ``summary`` are the JSON of the contract, without hits.

HISTORY = Tables(
    kind="history",
    version=2,
    made=_TABLES + _SUMMARIES,
    upgrades={1: _SUMMARIES},
    otherwise="move it away and a new one is begun in its place",
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(time: datetime) -> int:
    """Microseconds since 1970."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def moment(micros: int) -> datetime:
    """The time of ``micros``, in UTC."""
    return _EPOCH + timedelta(microseconds=micros)
